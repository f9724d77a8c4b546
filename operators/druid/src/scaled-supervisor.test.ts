import { minutes } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { kafkaIngestion, kafkaSpec, Stage } from './a-stage.fixture.ts';
import type { JsonObject } from './druid/druid-api.ts';
import { valueAt } from './spec/json-object.ts';

const autoScalerConfig = { enableTaskAutoScaler: true, taskCountMin: 1, taskCountMax: 6 };

function scaledSpec(more: object = {}) {
  return kafkaSpec('clicks', { taskCount: 1, autoScalerConfig, ...more });
}

/** Druid writes the count into the spec. */
function scale({ druid }: Stage, taskCount: number): void {
  const shown = druid.supervisors.get('clicks') ?? {};
  const spec = valueAt(shown, 'spec') as JsonObject; // the specs of these tests have one
  const ioConfig = { ...(spec['ioConfig'] as JsonObject), taskCount };
  druid.supervisors.set('clicks', { ...shown, spec: { ...spec, ioConfig } });
}

async function scaled(taskCount: number): Promise<Stage> {
  const stage = new Stage(kafkaIngestion({}, scaledSpec()));
  await stage.settle();
  scale(stage, taskCount);
  return stage;
}

function countOf({ druid }: Stage) {
  return valueAt(druid.supervisors.get('clicks') ?? {}, 'spec', 'ioConfig', 'taskCount');
}

describe('a supervisor that Druid scales', () => {
  it('is not put back to the number of tasks that its spec says', async () => {
    const stage = await scaled(4);
    const { restarts } = stage.druid;
    for (let minute = 0; minute < 5; minute += 1) {
      await stage.wait(minutes(1));
      expect((await stage.pass()).events).toEqual([]);
    }
    expect([stage.druid.restarts, countOf(stage)]).toEqual([restarts, 4]);
  });

  it('is not started anew by a new operator', async () => {
    const stage = await scaled(4);
    const { restarts } = stage.druid;
    stage.restart();
    await stage.settle();
    expect([stage.druid.restarts, countOf(stage)]).toEqual([restarts, 4]);
  });

  it('keeps its number of tasks over a change of something else, as far as the spec allows it', async () => {
    const stage = await scaled(4);
    stage.edit(kafkaIngestion({}, scaledSpec({ taskDuration: 'PT10M' })));
    await stage.settle();
    expect(countOf(stage)).toBe(4);
    const less = { ...autoScalerConfig, taskCountMax: 2 };
    stage.edit(kafkaIngestion({}, scaledSpec({ autoScalerConfig: less })));
    await stage.settle();
    expect(countOf(stage)).toBe(2);
  });

  it('is put right where somebody changed something else', async () => {
    const stage = await scaled(4);
    stage.druid.supervisors.set('clicks', { ...stage.druid.supervisors.get('clicks'), suspended: true });
    await stage.wait(minutes(2));
    await stage.settle();
    expect([stage.druid.supervisors.get('clicks')?.['suspended'], countOf(stage)]).toEqual([false, 4]);
  });

  it('of fixed size is put back', async () => {
    const stage = new Stage(kafkaIngestion({}, kafkaSpec('clicks', { taskCount: 1 })));
    await stage.settle();
    scale(stage, 4);
    await stage.wait(minutes(2));
    await stage.settle();
    expect(countOf(stage)).toBe(1);
  });
});
