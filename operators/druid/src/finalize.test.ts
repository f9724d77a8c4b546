import { minutes, seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { kafkaIngestion, Stage } from './a-stage.fixture.ts';

const cluster = {
  apiVersion: 'druid.apache.org/v1alpha1',
  kind: 'Druid',
  metadata: { name: 'tiny', namespace: 'shop' },
};

async function running(more: Parameters<typeof kafkaIngestion>[0] = {}): Promise<Stage> {
  const stage = new Stage(kafkaIngestion(more));
  await stage.settle();
  return stage;
}

const batch = {
  druidCluster: 'tiny',
  ingestion: {
    type: 'native-batch',
    nativeSpec: { type: 'index_parallel', spec: { dataSchema: { dataSource: 'wiki' } } },
  },
};

describe('a resource that is deleted', () => {
  it('has its supervisor terminated, and then goes', async () => {
    const stage = await running();
    const { end, calls, events } = await stage.depart();
    expect([end, calls]).toEqual(['Done', ['supervisorSpec clicks', 'terminate clicks']]);
    expect(events.map(({ reason }) => reason)).toEqual(['Terminated']);
  });

  it('may be asked to go several times', async () => {
    const stage = await running();
    await stage.depart();
    expect((await stage.depart()).end).toBe('Done');
  });

  it('suspends its supervisor where its policy says so, and leaves rules alone', async () => {
    const rules = [{ type: 'loadForever' }];
    const stage = await running({ deletionPolicy: 'Suspend' });
    stage.edit({ ingestion: { ...stage.resource.spec.ingestion, rules } });
    await stage.settle();
    const { end } = await stage.depart();
    expect(end).toBe('Done');
    expect(stage.druid.supervisors.get('clicks')).toMatchObject({ suspended: true });
    expect(stage.druid.rules.get('clicks')).toMatchObject(rules);
  });

  it('asks nothing where its policy is Retain', async () => {
    const stage = await running({ deletionPolicy: 'Retain' });
    const { end, calls } = await stage.depart();
    expect([end, calls]).toEqual(['Done', []]);
  });

  it('looks once where Druid never had anything of it, and waits for no Druid that does not answer', async () => {
    const stage = new Stage(kafkaIngestion());
    expect(await stage.depart()).toMatchObject({ end: 'Done', calls: ['supervisorSpec clicks'], events: [] });
    stage.druid.trouble = { kind: 'Unreachable', message: 'nobody listens', reason: 'NoConnection' };
    expect((await stage.depart()).end).toMatchObject({ waitingFor: { reason: 'DruidUnreachable' } });
    const { end, events } = await stage.depart(seconds(31));
    expect([end, events.map(({ reason }) => reason)]).toEqual(['Done', ['LeftAlone']]);
  });

  it('takes the rules and the compaction that it made along', async () => {
    const stage = await running();
    const more = { rules: [{ type: 'loadForever' }], compaction: { skipOffsetFromLatest: 'P1D' } };
    stage.edit({ ingestion: { ...stage.resource.spec.ingestion, ...more } });
    await stage.settle();
    await stage.depart();
    expect([stage.druid.rules.get('clicks'), stage.druid.compactions.size]).toEqual([[], 0]);
  });

  it('ends supervisors of former data sources too', async () => {
    const stage = await running();
    stage.resource = { ...stage.resource, status: { ...stage.status, formerIds: ['older'] } };
    stage.druid.supervisors.set('older', { type: 'kafka', context: { druidIngestionUid: 'uid-of-clicks' } });
    await stage.depart();
    expect(stage.druid.supervisors.size).toBe(0);
  });

  it('leaves a supervisor alone that belongs to another resource by now', async () => {
    const stage = await running();
    stage.druid.supervisors.set('clicks', { type: 'kafka', context: { druidIngestionUid: 'another' } });
    const { end, events } = await stage.depart();
    expect([end, stage.druid.supervisors.size, events.map(({ reason }) => reason)]).toEqual(['Done', 1, ['LeftAlone']]);
  });

  it('has a task that runs stopped, and one that is over left as it is', async () => {
    const stage = new Stage(batch);
    await stage.pass();
    const { id = '' } = stage.status;
    expect((await stage.depart()).calls).toEqual([`shutDownTask ${id}`]);
    await stage.pass();
    expect((await stage.depart()).calls).toEqual([]);
  });

  it('is never made again on its way', async () => {
    const stage = await running();
    stage.druid.supervisors.clear();
    const { calls } = await stage.depart();
    expect(calls).toEqual(['supervisorSpec clicks']);
  });
});

describe('a deletion that cannot be carried out', () => {
  it.each([
    [{ kind: 'Unreachable', message: 'nobody listens', reason: 'NoConnection' } as const, 'DruidUnreachable'],
    [{ kind: 'Unreachable', message: 'HTTP 503', status: 503, reason: 'Unavailable' } as const, 'DruidUnreachable'],
    [{ kind: 'Denied', status: 401, message: 'Unauthorized' } as const, 'CredentialsRejected'],
    [{ kind: 'Denied', status: 403, message: 'Forbidden' } as const, 'PermissionDenied'],
  ])('waits, and says for what: %o', async (trouble, reason) => {
    const stage = await running();
    stage.druid.trouble = trouble;
    const { end } = await stage.depart();
    expect(end).toEqual({ waitingFor: { reason, message: trouble.message } });
    stage.druid.trouble = undefined;
    await stage.wait(minutes(1));
    expect((await stage.depart()).end).toBe('Done');
  });

  it('waits while Druid will not stop the task, and does not say that it was stopped', async () => {
    const stage = new Stage(batch);
    await stage.pass();
    Object.assign(stage.druid.api, {
      shutDownTask: () => Promise.resolve({ kind: 'Refused', message: 'not now', status: 400 }),
    });
    const { end, events } = await stage.depart();
    expect([end, events]).toMatchObject([{ waitingFor: { reason: 'EndRefused' } }, []]);
  });

  it('waits for a Secret that has gone', async () => {
    const stage = await running();
    stage.edit({ auth: { type: 'basic-auth', secretRef: { name: 'users' } } });
    expect((await stage.depart()).end).toMatchObject({ waitingFor: { reason: 'SecretMissing' } });
  });

  it('waits for a router while its Druid cluster is there, or might be for a moment yet', async () => {
    const stage = await running();
    stage.remove('Service', 'druid-tiny-routers');
    expect((await stage.depart()).end).toMatchObject({ waitingFor: { reason: 'RouterNotFound' } });
    stage.put(cluster);
    expect((await stage.depart(minutes(2))).end).toMatchObject({ waitingFor: { reason: 'RouterNotFound' } });
  });

  it('does not wait for a Druid cluster that was there and has gone with its router', async () => {
    const stage = new Stage(kafkaIngestion());
    stage.put(cluster);
    await stage.settle();
    stage.remove('Service', 'druid-tiny-routers');
    stage.remove('Druid', 'tiny');
    expect((await stage.depart(seconds(29))).end).toMatchObject({ waitingFor: { reason: 'RouterNotFound' } });
    expect((await stage.depart(seconds(31))).end).toBe('Done');
  });

  it('waits the whole deadline for the router of a cluster that never had a resource, and says what it leaves', async () => {
    const stage = await running();
    stage.remove('Service', 'druid-tiny-routers');
    expect((await stage.depart(minutes(4))).end).toMatchObject({ waitingFor: { reason: 'RouterNotFound' } });
    const { end, events } = await stage.depart(minutes(5));
    expect([end, events.map(({ reason }) => reason)]).toEqual(['Done', ['LeftAlone']]);
  });

  it('ends where the kind of its cluster is not installed', async () => {
    const stage = await running();
    stage.remove('Service', 'druid-tiny-routers');
    stage.uninstalled.add('Druid');
    expect((await stage.depart(minutes(4))).end).toMatchObject({ waitingFor: { reason: 'RouterNotFound' } });
    expect((await stage.depart(minutes(5))).end).toBe('Done');
  });

  it('waits where the spec has been made such that nothing may be asked', async () => {
    const stage = await running();
    stage.edit({ auth: { type: 'basic-auth', secretRef: { name: 'users', namespace: 'kube-system' } } });
    const { end, calls } = await stage.depart();
    expect([end, calls]).toMatchObject([{ waitingFor: { reason: 'SecretNotOwn' } }, []]);
  });
});
