import type { DruidIngestion } from '@capstan/druid-operator';
import type { TopicFeed } from './topic-feed.ts';

/**
 * An ingestion of a topic into the data source of its name, like `deploy/samples/druid/kafka.yaml`, but with periods so short
 * that one sees it move.
 *
 * @param router address of the Druid to ask
 */
export function clicksIngestion(
  router: string,
  { topic, bootstrapServers }: Pick<TopicFeed, 'topic' | 'bootstrapServers'>,
) {
  return {
    apiVersion: 'druid.apache.org/v1alpha1',
    kind: 'DruidIngestion',
    metadata: { namespace: 'default', name: topic },
    spec: {
      druidCluster: 'outside',
      endpoint: { url: router },
      deletionPolicy: 'Terminate',
      ingestion: { type: 'kafka', nativeSpec: { type: 'kafka', spec: supervisorSpec(topic, bootstrapServers) } },
    },
  } satisfies DruidIngestion;
}

/** As Druid takes it. */
function supervisorSpec(topic: string, bootstrapServers: string) {
  return {
    dataSchema: {
      dataSource: topic,
      timestampSpec: { column: 'timestamp', format: 'auto' },
      dimensionsSpec: { dimensions: [] },
      granularitySpec: { type: 'uniform', segmentGranularity: 'HOUR', queryGranularity: 'NONE' },
    },
    ioConfig: {
      topic,
      inputFormat: { type: 'json' },
      consumerProperties: { 'bootstrap.servers': bootstrapServers },
      useEarliestOffset: true,
      taskDuration: 'PT10M',
      startDelay: 'PT1S',
      period: 'PT2S',
    },
    // Nothing here loads segments, so a task that has published does not wait for that.
    tuningConfig: { type: 'kafka', offsetFetchPeriod: 'PT5S', handoffConditionTimeout: 1_000 },
  };
}
