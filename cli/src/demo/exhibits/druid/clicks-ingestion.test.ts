import { DruidIngestion } from '@capstan/druid-operator';
import { describe, expect, it } from 'vitest';
import { clicksIngestion } from './clicks-ingestion.ts';

describe('the ingestion of the demo', () => {
  const ingestion = clicksIngestion('http://127.0.0.1:8888', { topic: 'clicks', bootstrapServers: '127.0.0.1:9092' });

  it('is one that the API server takes as it is', () => {
    expect([DruidIngestion.unknownFields(ingestion), DruidIngestion.validate(ingestion)]).toEqual([[], []]);
  });

  it('reads the topic from its beginning into a data source of the same name', () => {
    expect(ingestion.spec.ingestion.nativeSpec.spec).toMatchObject({
      dataSchema: { dataSource: 'clicks' },
      ioConfig: {
        topic: 'clicks',
        consumerProperties: { 'bootstrap.servers': '127.0.0.1:9092' },
        useEarliestOffset: true,
      },
    });
  });
});
