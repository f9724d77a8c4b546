import { expect, it } from 'vitest';
import { kafkaSpec, Stage } from './a-stage.fixture.ts';

it('a status that is written half way through a pass notes what may be there, and tells nothing of Ready', async () => {
  const compaction = { skipOffsetFromLatest: 'PT1H' };
  const ingestion = { type: 'kafka', spec: JSON.stringify(kafkaSpec()), compaction };
  const stage = new Stage({ druidCluster: 'tiny', suspend: true, ingestion });
  await stage.settle();
  const ended = stage.statuses.findIndex(({ conditions = [] }) => conditions.length > 0);
  const halfWay = stage.statuses.slice(0, ended);
  expect(halfWay[0]?.submitting?.ids).toContain('clicks');
  expect(halfWay.at(-1)).toMatchObject({ id: 'clicks', compactionDataSource: 'clicks' });
  expect(stage.condition('Ready')?.status).toBe('True');
});
