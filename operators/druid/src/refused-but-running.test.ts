import { minutes, seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { anIngestion, aSecret, kafkaIngestion, kafkaSpec, Stage } from './a-stage.fixture.ts';

type Spec = Parameters<Stage['edit']>[0];

const written = (spec: string): Spec => ({ ingestion: { type: 'kafka', spec } });
const asking = (more: object): Spec => written(JSON.stringify(kafkaSpec('clicks', more)));
const jaas = (text: string) => ({ consumerProperties: { 'bootstrap.servers': 'x:1', 'sasl.jaas.config': text } });
const remoteModule = 'com.sun.security.auth.module.JndiLoginModule required;';

async function running(spec: object = kafkaSpec(), prepare: (stage: Stage) => void = () => {}): Promise<Stage> {
  const stage = new Stage(kafkaIngestion({}, spec));
  prepare(stage);
  await stage.settle();
  expect(stage.condition('Ready')).toMatchObject({ status: 'True' });
  return stage;
}

const refusals: readonly (readonly [string, Spec])[] = [
  ['SpecInvalid', written('{')],
  ['SpecUnsafe', asking({ consumerProperties: { 'some.class': 'x' } })],
  ['SpecMissing', { ingestion: { type: 'kafka', specFrom: { configMapKeyRef: { name: 'no', key: 'x' } } } }],
  ['TypeUnsupported', written('{"type":"index_hadoop"}')],
  ['SecretMissing', asking(jaas(`\${secret:none/jaas}`))],
];

describe.each(refusals)('while its spec is refused as %s, a supervisor', (reason, spec) => {
  it('is suspended and resumed as asked, which the status says as Druid shows it', async () => {
    const stage = await running();
    stage.edit(spec);
    await stage.pass();
    expect([stage.condition('Ready')?.reason, stage.condition('Suspended')?.status]).toEqual([reason, 'False']);
    for (const suspend of [true, false]) {
      stage.edit({ suspend });
      await stage.settle();
      expect(stage.druid.supervisors.get('clicks')).toMatchObject({ suspended: suspend });
      expect(stage.condition('Suspended')?.status).toBe(suspend ? 'True' : 'False');
      expect(stage.condition('Ready')).toMatchObject({ status: 'False', reason });
    }
  });

  it('is looked at, and given back where somebody ended it', async () => {
    const stage = await running();
    stage.edit(spec);
    const { recheckAfterMs } = await stage.pass();
    expect(recheckAfterMs).toBe(seconds(30));
    stage.druid.supervisors.delete('clicks');
    await stage.wait(seconds(30));
    await stage.settle();
    expect(stage.druid.supervisors.get('clicks')).toMatchObject(kafkaSpec());
    stage.druid.state = { state: 'UNHEALTHY_SUPERVISOR', healthy: false };
    await stage.pass();
    expect(stage.status.state).toBe('UNHEALTHY_SUPERVISOR');
  });

  it('is suspended by a call where the last good spec may not be sent any more', async () => {
    const stage = await running();
    stage.resource = { ...stage.resource, status: { ...stage.status, lastGoodSpecHash: 'of something else' } };
    stage.edit({ ...spec, suspend: true });
    const before = stage.druid.submitted.length;
    await stage.settle();
    expect(stage.druid.calls).toContain('suspend clicks');
    expect(stage.druid.submitted).toHaveLength(before);
    expect(stage.condition('Suspended')?.status).toBe('True');
  });
});

describe('a resource that is refused and has nothing in Druid', () => {
  it.each(refusals)('does not claim to be suspended: %s', async (_reason, spec) => {
    const stage = new Stage({ ...kafkaIngestion(), ...spec, suspend: true });
    expect((await stage.pass()).calls).toEqual([]);
    expect(stage.condition('Suspended')?.status).not.toBe('True');
  });
});

describe('a spec that says itself that it is suspended', () => {
  it('is not resumed because it cannot be read any more, but because the resource says so', async () => {
    const stage = await running({ ...kafkaSpec(), suspended: true });
    stage.edit(written('{'));
    await stage.settle();
    expect(stage.druid.supervisors.get('clicks')).toMatchObject({ suspended: true });
    stage.edit({ suspend: false });
    await stage.settle();
    expect(stage.druid.supervisors.get('clicks')).toMatchObject({ suspended: false });
  });
});

describe('a resource whose new data source belongs to another one', () => {
  it('goes on with the last good spec, suspended as asked', async () => {
    const stage = await running();
    const status = { id: 'theirs', lastGoodSpecHash: 'x', ingestionType: 'kafka' };
    stage.rivals = [anIngestion(kafkaIngestion({}, kafkaSpec('theirs')), { name: 'b', uid: 'b' }, status)];
    stage.edit({ ...written(JSON.stringify(kafkaSpec('theirs'))), suspend: true });
    await stage.settle();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'OwnedByAnother' });
    expect(stage.druid.supervisors.get('clicks')).toMatchObject({ suspended: true });
    expect(stage.druid.supervisors.has('theirs')).toBe(false);
  });
});

describe('the spec that Druid has, and refuses when it gets it again', () => {
  async function refusedAgain(loses: boolean): Promise<Stage> {
    const stage = await running();
    stage.druid.refuse = () => 'no such extension';
    stage.druid.losesRefused = loses;
    stage.restart();
    await stage.pass();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'SpecRejected' });
    return stage;
  }

  it('does not keep it from being suspended', async () => {
    const stage = await refusedAgain(false);
    stage.edit({ suspend: true });
    await stage.settle();
    expect(stage.druid.supervisors.get('clicks')).toMatchObject({ suspended: true });
    expect(stage.condition('Suspended')?.status).toBe('True');
  });

  it('does not keep its state from being read', async () => {
    const stage = await refusedAgain(false);
    stage.druid.state = { state: 'UNHEALTHY_SUPERVISOR' };
    await stage.pass();
    expect(stage.status.state).toBe('UNHEALTHY_SUPERVISOR');
    stage.druid.supervisors.clear();
    await stage.pass();
    expect(stage.status.state).toBeUndefined();
  });

  it('is sent again after ten minutes, and is then as good as any', async () => {
    const stage = await refusedAgain(true);
    stage.druid.refuse = () => undefined;
    await stage.wait(minutes(10));
    await stage.settle();
    expect(stage.druid.supervisors.has('clicks')).toBe(true);
    expect([stage.condition('Ready')?.reason, stage.status.refusedSpec]).toEqual(['Running', undefined]);
  });
});

describe('a refused spec whose predecessor is refused as well', () => {
  it('is sent once, and its predecessor every ten minutes', async () => {
    const stage = await running();
    stage.druid.refuse = () => 'no';
    stage.edit(asking({ taskCount: 2 }));
    const before = stage.druid.submitted.length;
    for (let round = 0; round < 38; round += 1) {
      await stage.pass();
      await stage.wait(seconds(30));
    }
    const sent = stage.druid.submitted.slice(before).map((spec) => JSON.stringify(spec).includes('taskCount'));
    expect(sent).toEqual([true, false, false]);
    stage.druid.refuse = (spec) => (JSON.stringify(spec).includes('taskCount') ? 'no' : undefined);
    await stage.wait(minutes(10));
    await stage.settle();
    expect(stage.status.refusedLastGoodHash).toBeUndefined();
    expect(stage.condition('Ready')).toMatchObject({ reason: 'RolledBack' });
  });
});

describe('the last good spec', () => {
  it('is not sent where its Secret holds by now what is refused everywhere', async () => {
    const good = kafkaSpec('clicks', jaas(`\${secret:kafka/jaas}`));
    const stage = await running(good, (each) => each.put(aSecret('kafka', { jaas: 'Plain required;' })));
    stage.put(aSecret('kafka', { jaas: remoteModule }, '2'));
    stage.druid.losesRefused = true;
    stage.druid.refuse = (spec) => (JSON.stringify(spec).includes('taskCount') ? 'no' : undefined);
    stage.edit(asking({ taskCount: -1 }));
    await stage.settle();
    expect(JSON.stringify(stage.druid.submitted)).not.toContain('JndiLoginModule');
    expect(stage.condition('Ready')).toMatchObject({ reason: 'SpecRejected' });
  });

  it('is not sent where the rules of the operator have become stricter', async () => {
    const stage = new Stage(kafkaIngestion({}, kafkaSpec('clicks', { consumerProperties: { 'some.class': 'x' } })));
    const strict = stage.safety;
    stage.safety = { ...strict, allowedConsumerProperties: ['some.class'] };
    await stage.settle();
    stage.safety = strict;
    stage.edit(written('{'));
    stage.druid.supervisors.clear();
    await stage.settle();
    expect(stage.druid.supervisors.size).toBe(0);
  });

  it('is sent again where a Secret changes that it refers to, while another spec is refused', async () => {
    const good = kafkaSpec('clicks', jaas(`\${secret:kafka/jaas}`));
    const stage = await running(good, (each) => each.put(aSecret('kafka', { jaas: 'Plain one;' })));
    stage.druid.refuse = (spec) => (JSON.stringify(spec).includes('taskCount') ? 'no' : undefined);
    stage.edit(asking({ taskCount: -1 }));
    await stage.settle();
    stage.put(aSecret('kafka', { jaas: 'Plain two;' }, '2'));
    await stage.settle();
    expect(JSON.stringify(stage.druid.supervisors.get('clicks'))).toContain('Plain two;');
  });
});
