import { minutes } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { kafkaIngestion, Stage } from './a-stage.fixture.ts';

const unreachable = { kind: 'Unreachable', message: 'nobody listens', reason: 'NoConnection' } as const;

const batch = { type: 'index_parallel', spec: { dataSchema: { dataSource: 'clicks' } } };
const asBatch = { ingestion: { type: 'native-batch', spec: JSON.stringify(batch) } };
const unsafe = { ...batch, spec: { ...batch.spec, ioConfig: { inputSource: { type: 'http', uris: ['http://x'] } } } };
const asUnsafeBatch = { ingestion: { type: 'native-batch', spec: JSON.stringify(unsafe) } };

async function running(): Promise<Stage> {
  const stage = new Stage(kafkaIngestion());
  await stage.settle();
  return stage;
}

describe('a supervisor whose resource asks for a task instead', () => {
  it('ends with its resource where the task was refused', async () => {
    const stage = await running();
    stage.edit(asUnsafeBatch);
    await stage.settle();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'SpecUnsafe' });
    const { end, calls } = await stage.depart();
    expect([end, calls]).toEqual(['Done', ['supervisorSpec clicks', 'terminate clicks']]);
  });

  it.each([
    ['was refused at first', (stage: Stage) => stage.edit(asUnsafeBatch), () => {}],
    [
      'came while Druid was silent',
      (stage: Stage) => Object.assign(stage.druid, { trouble: unreachable }),
      (stage: Stage) => Object.assign(stage.druid, { trouble: undefined }),
    ],
    [
      'came while there was no router',
      (stage: Stage) => stage.remove('Service', 'druid-tiny-routers'),
      (stage: Stage) => stage.put(router),
    ],
  ])('does not run on beside the task that %s', async (_when, disturb, calm) => {
    const stage = await running();
    disturb(stage);
    await stage.pass();
    stage.edit(asBatch);
    await stage.pass();
    calm(stage);
    await stage.wait(minutes(1));
    await stage.settle();
    expect([...stage.druid.supervisors.keys()]).toEqual([]);
    expect(stage.druid.tasks.size).toBe(1);
    expect(stage.status.ingestionType).toBe('index_parallel');
  });
});

const router = {
  ...{ apiVersion: 'v1', kind: 'Service', spec: { ports: [{ port: 8088 }] } },
  metadata: { name: 'druid-tiny-routers', namespace: 'shop', labels: { druid_cr: 'tiny', component: 'router' } },
};

describe('a task whose resource asks for a supervisor instead', () => {
  it('is stopped, also when that came while there was no router', async () => {
    const stage = new Stage({ druidCluster: 'tiny', ...asBatch });
    await stage.pass();
    const { id = '' } = stage.status;
    stage.remove('Service', 'druid-tiny-routers');
    stage.edit(kafkaIngestion());
    await stage.pass();
    stage.put(router);
    await stage.settle();
    expect(stage.druid.calls).toContain(`shutDownTask ${id}`);
    expect([...stage.druid.supervisors.keys()]).toEqual(['clicks']);
  });

  it('goes on alone where Druid will not stop it, and says so', async () => {
    const stage = new Stage({ druidCluster: 'tiny', ...asBatch });
    await stage.pass();
    const { id } = stage.status;
    Object.assign(stage.druid.api, {
      shutDownTask: () => Promise.resolve({ kind: 'Refused', message: 'not now', status: 400 }),
    });
    stage.edit(kafkaIngestion());
    await stage.settle();
    expect([stage.druid.supervisors.size, stage.status.id]).toEqual([0, id]);
    expect(stage.condition('Ready')).toMatchObject({ reason: 'EndRefused' });
  });
});
