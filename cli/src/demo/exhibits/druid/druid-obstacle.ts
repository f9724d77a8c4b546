import { type DruidAvailability, druidAvailability } from '@capstan/testkit';
import { hasJars } from '../../../../../packages/testkit/src/druid/real/jars.ts';
import { findJava, WANTED_JAVA } from '../../../../../packages/testkit/src/druid/real/java.ts';
import { memoryObstacle } from '../../memory-obstacle.ts';
import type { DruidWish } from '../exhibits.ts';

/** Of Druid, Kafka and ZooKeeper together, measured. */
const needed = { what: 'a real Druid with Kafka', bytes: 2_000_000_000 } as const;

/** What is looked at on the machine. */
export interface DruidSight {
  /** Whether all that is started is in the cache. */
  readonly isFetched: boolean;
  /** The major version; undefined without any. */
  readonly java: number | undefined;
  /** Bytes; undefined where that cannot be told. */
  readonly memory: number;
  /** Whether it can be had at all. Takes seconds where it is not fetched. */
  readonly availability: () => Promise<DruidAvailability>;
}

/** Why no real Druid is shown, and what to do about it; undefined when it is. */
export async function druidObstacle(wish: Exclude<DruidWish, 'left-out'>): Promise<string | undefined> {
  return await obstacleIn(wish, {
    isFetched: (await Promise.all([hasJars('server'), hasJars('kafka')])).every(Boolean),
    java: (await findJava())?.major,
    memory: process.availableMemory(),
    availability: druidAvailability,
  });
}

/** What {@link druidObstacle} says of a machine. Only what was asked for is fetched: it takes minutes. */
export async function obstacleIn(
  wish: Exclude<DruidWish, 'left-out'>,
  { isFetched, java, memory, availability }: DruidSight,
): Promise<string | undefined> {
  const tight = memoryObstacle(needed, memory);
  if (tight !== undefined) return tight;
  if (isFetched && java === WANTED_JAVA) return undefined;
  const available = await availability();
  if (available.kind === 'Missing') return available.why;
  if (wish === 'asked') return undefined;
  return 'its jars are not on this machine yet: npm run demo -- --druid fetches them once, in two minutes or more';
}
