import { minutes, seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { anIngestion, kafkaIngestion, kafkaSpec, Stage } from './a-stage.fixture.ts';

const coordinator = { maxSegmentsToMove: 7 };
const strategy = { type: 'equalDistribution' };

async function running(dynamicConfig: NonNullable<Parameters<typeof kafkaIngestion>[0]>['dynamicConfig'] = {}) {
  const stage = new Stage(kafkaIngestion({ dynamicConfig }));
  await stage.settle();
  return stage;
}

function writes(stage: Stage): readonly string[] {
  return stage.druid.calls.filter((call) => call.startsWith('setDynamicConfig'));
}

function readiness(stage: Stage): string {
  const { status, reason } = stage.condition('Ready') ?? {};
  return `${status} ${reason}`;
}

/** Passes of so many minutes; the reasons of their events. */
async function pass(stage: Stage, howMany: number): Promise<readonly string[]> {
  const reasons: string[] = [];
  for (let interval = 0; interval < howMany * 2; interval += 1) {
    await stage.wait(seconds(30));
    reasons.push(...(await stage.pass()).events.map(({ reason }) => reason));
  }
  return reasons;
}

describe('dynamic configuration', () => {
  it('is set by the fields that are named, with what they were noted before', async () => {
    const stage = await running({ coordinator, overlord: { selectStrategy: strategy } });
    expect(writes(stage)).toEqual([
      'setDynamicConfig Coordinator maxSegmentsToMove',
      'setDynamicConfig Overlord selectStrategy',
    ]);
    expect(stage.druid.configs.get('Coordinator')).toMatchObject({ ...coordinator, decommissioningNodes: [] });
    const noted = stage.statuses.map(({ dynamicConfig }) =>
      dynamicConfig?.coordinator?.map(({ formerJson }) => formerJson),
    );
    expect(noted.slice(0, 2)).toEqual([undefined, ['100']]);
    expect(stage.status.dynamicConfig).toEqual({
      coordinator: [{ field: 'maxSegmentsToMove', formerJson: '100', setHash: expect.any(String) }],
      overlord: [{ field: 'selectStrategy', setHash: expect.any(String) }],
    });
    expect(readiness(stage)).toBe('True Running');
  });

  it('leaves what others have set: of the overlord it gives everything back that was there', async () => {
    const stage = new Stage(kafkaIngestion({ dynamicConfig: { overlord: { selectStrategy: strategy } } }));
    stage.druid.configs.set('Overlord', { type: 'default', autoScaler: { type: 'theirs' } });
    await stage.pass();
    expect(stage.druid.configs.get('Overlord')).toEqual({
      ...{ type: 'default', autoScaler: { type: 'theirs' }, selectStrategy: strategy },
    });
  });

  it('costs one question at a time while nothing happens, and nothing is written', async () => {
    const stage = await running({ coordinator, overlord: { selectStrategy: strategy } });
    const [before, statuses] = [writes(stage).length, stage.statuses.length];
    const seen = new Set<string>();
    for (let interval = 0; interval < 40; interval += 1) {
      await stage.wait(seconds(30));
      const { calls } = await stage.pass();
      expect(calls).toHaveLength(1);
      seen.add(calls[0] ?? '');
    }
    expect(seen).toContain('dynamicConfig Coordinator');
    expect(seen).toContain('dynamicConfig Overlord');
    expect([writes(stage).length, stage.statuses.length]).toEqual([before, statuses]);
  });

  it('is not set again by an operator that knows nothing any more', async () => {
    const stage = await running({ coordinator, overlord: { selectStrategy: strategy } });
    const [before, statuses] = [writes(stage).length, stage.statuses.length];
    stage.restart();
    const { events } = await stage.pass();
    expect([writes(stage).length, stage.statuses.length, events]).toEqual([before, statuses, []]);
  });

  it('that others change is put right, and their other fields stay', async () => {
    const stage = await running({ coordinator });
    stage.druid.configs.set('Coordinator', {
      maxSegmentsToMove: 9,
      decommissioningNodes: ['x'],
      debugDimensions: null,
    });
    expect(await pass(stage, 6)).toEqual(['Repaired']);
    expect(stage.druid.configs.get('Coordinator')).toMatchObject({ ...coordinator, decommissioningNodes: ['x'] });
  });

  it.each([
    ['drops', { noSuchField: 1 }],
    ['drops, whatever it is called,', { constructor: 1 }],
    ['writes in another way', { decommissioningNodes: 'a,b' }],
  ])('that Druid %s is set once and not for ever', async (_how, config) => {
    const stage = await running({ coordinator: config });
    await pass(stage, 12);
    expect(writes(stage)).toHaveLength(1);
  });

  it('of which the spec takes a part out of a value is set again', async () => {
    const stage = await running({ overlord: { selectStrategy: { ...strategy, affinityConfig: { a: 1 } } } });
    stage.edit({ dynamicConfig: { overlord: { selectStrategy: strategy } } });
    await stage.pass();
    expect(stage.druid.configs.get('Overlord')).toMatchObject({ selectStrategy: strategy });
    expect(JSON.stringify(stage.druid.configs.get('Overlord'))).not.toContain('affinityConfig');
  });
});

describe('a field that is taken out of the spec', () => {
  it.each([false, true])('gets back what it had, also by another process (%s)', async (isRestarted) => {
    const stage = new Stage(
      kafkaIngestion({
        dynamicConfig: { coordinator, overlord: { selectStrategy: strategy, autoScaler: { type: 'a' } } },
      }),
    );
    stage.druid.configs.set('Overlord', { type: 'default', selectStrategy: { type: 'before' } });
    await stage.settle();
    if (isRestarted) stage.restart();
    stage.edit({ dynamicConfig: { overlord: { autoScaler: { type: 'a' } } } });
    const { events } = await stage.pass();
    expect(stage.druid.configs.get('Coordinator')).toMatchObject({ maxSegmentsToMove: 100 });
    expect(stage.druid.configs.get('Overlord')).toMatchObject({
      ...{ selectStrategy: { type: 'before' }, autoScaler: { type: 'a' } },
    });
    expect(events.map(({ reason }) => reason)).toEqual(['Restored', 'Restored']);
    expect(stage.status.dynamicConfig).toEqual({
      overlord: [{ field: 'autoScaler', setHash: expect.any(String) }],
    });
    const before = writes(stage).length;
    await pass(stage, 12);
    expect(writes(stage)).toHaveLength(before);
  });

  it('goes where it was not there before', async () => {
    const stage = new Stage(kafkaIngestion({ dynamicConfig: { overlord: { selectStrategy: strategy } } }));
    stage.druid.configs.set('Overlord', { type: 'default' });
    await stage.settle();
    stage.edit({ dynamicConfig: {} });
    await stage.pass();
    expect(stage.druid.configs.get('Overlord')).not.toHaveProperty('selectStrategy');
    expect(stage.status.dynamicConfig).toBeUndefined();
  });

  it('is left where somebody else has changed it since, and an event says so', async () => {
    const stage = await running({ coordinator });
    stage.druid.configs.set('Coordinator', { maxSegmentsToMove: 9 });
    stage.edit({ dynamicConfig: {} });
    const { events } = await stage.pass();
    expect(events.map(({ reason, note }) => `${reason}: ${note}`)).toEqual([
      "LeftAlone: Left maxSegmentsToMove of the coordinator's dynamic configuration as it is: somebody else has changed it",
    ]);
    expect(stage.druid.configs.get('Coordinator')).toMatchObject({ maxSegmentsToMove: 9 });
    expect([stage.status.dynamicConfig, writes(stage).length]).toEqual([undefined, 1]);
  });

  it('is left, with a word, where a coordinator cannot forget it', async () => {
    const stage = await running({ coordinator: { debugDimensions: { a: 'b' } } });
    stage.edit({ dynamicConfig: {} });
    const { events } = await stage.pass();
    expect(events.map(({ note }) => note)).toEqual([expect.stringContaining('a coordinator does not forget one')]);
    expect(stage.status.dynamicConfig).toBeUndefined();
  });

  it('is put back although the operator ended between setting it and seeing it', async () => {
    const stage = new Stage(kafkaIngestion({ dynamicConfig: { coordinator } }));
    stage.druid.troubles.set('setDynamicConfig', { kind: 'Unreachable', message: 'no answer', reason: 'Timeout' });
    await stage.pass();
    stage.druid.troubles.clear();
    stage.druid.configs.set('Coordinator', { ...stage.druid.configs.get('Coordinator'), ...coordinator });
    stage.restart();
    await stage.wait(minutes(1));
    stage.edit({ dynamicConfig: {} });
    await stage.pass();
    expect(stage.druid.configs.get('Coordinator')).toMatchObject({ maxSegmentsToMove: 100 });
  });

  it('is put back when its resource goes by the policy Terminate, and only then', async () => {
    const stage = await running({ coordinator });
    stage.edit({ deletionPolicy: 'Retain' });
    await stage.depart();
    stage.edit({ deletionPolicy: 'Suspend' });
    await stage.depart();
    expect(stage.druid.configs.get('Coordinator')).toMatchObject(coordinator);
    stage.edit({ deletionPolicy: 'Terminate' });
    const { end, events } = await stage.depart();
    expect([end, events.map(({ reason }) => reason)]).toEqual(['Done', ['Terminated', 'Restored']]);
    expect(stage.druid.configs.get('Coordinator')).toMatchObject({ maxSegmentsToMove: 100 });
    expect((await stage.depart()).events).toEqual([]);
  });

  it('that Druid will not have back holds up the deletion, and says so', async () => {
    const stage = await running({ coordinator });
    stage.druid.refuse = () => 'not today';
    expect((await stage.depart()).end).toMatchObject({ waitingFor: { reason: 'DynamicConfigRejected' } });
  });
});

describe('dynamic configuration that Druid refuses', () => {
  it('leaves the supervisor alone, is told once, and is tried again after five minutes', async () => {
    const stage = new Stage(kafkaIngestion({ dynamicConfig: { coordinator: { maxSegmentsToMove: 'x' } } }));
    stage.druid.refuse = (sent) => (sent['maxSegmentsToMove'] === 'x' ? "not a valid 'int'" : undefined);
    const { events } = await stage.pass();
    expect(events.map(({ note }) => note)).toContain("spec.dynamicConfig.coordinator: not a valid 'int'");
    expect(await pass(stage, 4)).toEqual([]);
    expect(writes(stage)).toHaveLength(1);
    expect([readiness(stage), stage.condition('Healthy')?.status]).toEqual(['False DynamicConfigRejected', 'True']);
    expect(stage.status.dynamicConfig).toBeUndefined();
    await pass(stage, 3);
    expect(writes(stage)).toHaveLength(2);
    stage.edit({ dynamicConfig: { coordinator } });
    await stage.pass();
    expect(readiness(stage)).toBe('True Running');
  });

  it('is not even sent where the value that is there could not be put back', async () => {
    const stage = new Stage(kafkaIngestion({ dynamicConfig: { coordinator: { decommissioningNodes: [] } } }));
    stage.druid.configs.set('Coordinator', { decommissioningNodes: ['n'.repeat(5_000)] });
    await stage.settle();
    expect([writes(stage), readiness(stage)]).toEqual([[], 'False DynamicConfigRejected']);
    expect(stage.condition('Ready')?.message).toContain('decommissioningNodes is longer than 4096 characters');
  });
});

describe('dynamic configuration that must not be sent', () => {
  it.each([
    ['SpecInvalid', 'a reference', { coordinator: { debugDimensions: { a: `x\${secret:a/b}` } } }],
    ['SpecInvalid', 'what looks like a reference', { overlord: { selectStrategy: { type: `\${secret:` } } }],
    ['SpecUnsafe', 'a script', { overlord: { selectStrategy: { type: 'javascript', function: 'x' } } }],
  ])('is refused, by reason %s, for %s', async (reason, _what, dynamicConfig) => {
    const stage = new Stage(kafkaIngestion({ dynamicConfig }));
    await stage.pass();
    expect([readiness(stage), stage.druid.calls]).toEqual([`False ${reason}`, []]);
  });
});

describe('two resources with dynamic configuration', () => {
  const first = { name: 'first', uid: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
  const second = { name: 'second', uid: '2', creationTimestamp: '2026-01-01T00:00:01Z' };
  const other = { type: 'kafka', spec: JSON.stringify(kafkaSpec('views')) };

  it.each([
    ['of the same field', 'False OwnedByAnother', { coordinator: { maxSegmentsToMove: 8 } }],
    ['of different fields', 'True Running', { coordinator: { replicantLifetime: 8 } }],
    ['of a coordinator and an overlord', 'True Running', { overlord: { maxSegmentsToMove: 8 } }],
  ])('%s: the later one is %s', async (_what, expected, dynamicConfig) => {
    const stage = new Stage(kafkaIngestion({ dynamicConfig: { coordinator } }), second);
    stage.rivals = [anIngestion(kafkaIngestion({ ingestion: other, dynamicConfig }), first)];
    await stage.pass();
    expect(readiness(stage)).toBe(expected);
    if (expected.startsWith('False'))
      expect(stage.condition('Ready')?.message).toContain('coordinator configuration maxSegmentsToMove');
  });
});

describe('credentials that may not configure', () => {
  it('are told so, and what for', async () => {
    const stage = new Stage(kafkaIngestion({ dynamicConfig: { coordinator } }));
    stage.druid.troubles.set('dynamicConfig', { kind: 'Denied', status: 403, message: 'not allowed (403)' });
    await stage.pass();
    expect(readiness(stage)).toBe('False PermissionDenied');
    expect(stage.condition('Ready')?.message).toContain('Dynamic configurations need the permission CONFIG');
  });
});
