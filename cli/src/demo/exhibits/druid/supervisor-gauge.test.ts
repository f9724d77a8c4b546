import { callDruid, eventually, FakeDruid } from '@capstan/testkit';
import { expect, it } from 'vitest';
import { clicksIngestion } from './clicks-ingestion.ts';
import { SupervisorGauge } from './supervisor-gauge.ts';

it('a gauge tells what Druid says of a supervisor, and nothing before there is one and while Druid does not answer', async () => {
  await using druid = await FakeDruid.start();
  await using gauge = SupervisorGauge.start({ url: druid.url }, 'clicks');
  let told = 0;
  gauge.subscribe(() => {
    told += 1;
  });
  await eventually(() => expect(told).toBeGreaterThan(0));
  expect(gauge.reading).toBeUndefined();

  const { nativeSpec } = clicksIngestion(druid.url, { topic: 'clicks', bootstrapServers: 'kafka:9092' }).spec.ingestion;
  await callDruid({ url: druid.url }, { method: 'POST', path: '/druid/indexer/v1/supervisor', body: nativeSpec });
  druid.supervisor('clicks')?.reports({ minimumLag: { 0: 200 }, latestOffsets: { 0: 600 } });
  await eventually(() => expect(gauge.reading).toEqual({ tasks: 0, offsets: { lag: 200, read: 400 } }));

  druid.inject({ on: { method: 'GET' }, fault: { do: 'drop' } });
  await eventually(() => expect(gauge.reading).toBeUndefined());
});
