import { type RealDruid, startDruid } from '@capstan/testkit';
import { DemoFailure } from '../../demo-failure.ts';
import type { Backstage } from '../exhibit.ts';
import { TopicFeed } from './topic-feed.ts';

/** A Druid, and a topic that something comes into. */
export interface Source {
  readonly druid: RealDruid;
  readonly feed: TopicFeed;
}

const topic = 'clicks';
/** Records that wait in the topic before anybody reads it. */
const firstBurst = 200;

/**
 * Starts Druid and Kafka, and a topic with the first records in it.
 * @throws {DruidError} for what cannot be started
 */
export async function startSource({ dir, steps, signal, cleanup }: Backstage): Promise<Source> {
  const druid = await steps.follow((onProgress) => startDruid({ kafka: true, dir, onProgress, signal }));
  cleanup.use(druid);
  cleanup.defer(() => endIndexer(druid));
  const { kafka } = druid;
  if (kafka === undefined) throw new DemoFailure('Druid was started without Kafka');
  const feed = cleanup.use(new TopicFeed(kafka, topic));
  signal.throwIfAborted();
  await steps.run(`Creating topic ${topic}`, async (note) => {
    await kafka.createTopic(topic);
    await feed.send(firstBurst);
    note(`Created topic ${topic} with ${firstBurst} records`);
  });
  signal.throwIfAborted();
  return { druid, feed };
}

/** Its tasks would hold it up for as long as it may take to stop; what they have read goes with Druid. */
function endIndexer({ pids }: RealDruid): void {
  const { indexer } = pids;
  if (indexer === undefined) return;
  try {
    process.kill(indexer, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
