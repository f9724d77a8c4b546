import { minutes, seconds } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { anIngestion, aSecret, kafkaIngestion, kafkaSpec, Stage } from './a-stage.fixture.ts';
import { adoptAnnotation } from './converge/ownership.ts';
import { strictRules } from './spec/safety/safety-rules.ts';

const factory = (to: string) => ({ type: 'map', map: { a: to } });
const countries = { name: 'countries', lookupExtractorFactory: factory('b') };
const cities = { name: 'cities', tier: 'hot', lookupExtractorFactory: factory('c') };
const [place, elsewhere] = ['__default/countries', 'hot/cities'];

async function running(more: Parameters<typeof kafkaIngestion>[0] = {}): Promise<Stage> {
  const stage = new Stage(kafkaIngestion(more));
  await stage.settle();
  return stage;
}

function writes(stage: Stage): readonly string[] {
  return stage.druid.calls.filter((call) => /^(set|remove)Lookup/.test(call));
}

function readiness(stage: Stage): string {
  const { status, reason } = stage.condition('Ready') ?? {};
  return `${status} ${reason}`;
}

describe('lookups', () => {
  it('are set after the supervisor, each noted as ours before, with the time for a version', async () => {
    const stage = new Stage(kafkaIngestion({ lookups: [countries, cities] }));
    const { calls, events } = await stage.pass();
    expect(calls.slice(4)).toEqual([
      ...[`lookup ${place}`, `setLookup ${place}`, `lookup ${place}`],
      ...[`lookup ${elsewhere}`, `setLookup ${elsewhere}`, `lookup ${elsewhere}`],
    ]);
    expect(stage.druid.lookups.get(place)).toEqual({
      version: '2026-01-01T00:00:00Z',
      lookupExtractorFactory: factory('b'),
    });
    const [one, other] = [
      { tier: '__default', name: 'countries' },
      { tier: 'hot', name: 'cities' },
    ];
    expect(stage.statuses.map(({ lookups }) => lookups)).toEqual([undefined, [one], [one, other], [one, other]]);
    expect(events.map(({ note }) => note)).toContain('Druid has taken the lookup countries of __default');
    expect(readiness(stage)).toBe('True Running');
  });

  it('are looked at one at a time while nothing happens, and nothing is written', async () => {
    const many = Array.from({ length: 12 }, (_, at) => ({ ...countries, name: `l${at}` }));
    const stage = await running({ lookups: many });
    const [before, statuses] = [writes(stage).length, stage.statuses.length];
    const seen = new Set<string>();
    for (let interval = 0; interval < 120; interval += 1) {
      await stage.wait(seconds(30));
      const { calls } = await stage.pass();
      expect(calls).toHaveLength(1);
      seen.add(calls[0] ?? '');
    }
    expect([...seen].filter((call) => call.startsWith('lookup'))).toHaveLength(12);
    expect(seen).toContain('supervisorStatus clicks');
    expect([writes(stage).length, stage.statuses.length]).toEqual([before, statuses]);
  });

  it('are not set again by an operator that knows nothing any more', async () => {
    const stage = await running({ lookups: [countries, cities] });
    const [before, statuses] = [writes(stage).length, stage.statuses.length];
    stage.restart();
    const { events } = await stage.pass();
    expect([writes(stage).length, stage.statuses.length, events]).toEqual([before, statuses, []]);
  });

  it('that were edited while no operator was there are set by the next one, also when something was taken out', async () => {
    const more = { ...countries, lookupExtractorFactory: { type: 'map', map: { a: 'b', more: 'x' } } };
    const stage = await running({ lookups: [more] });
    stage.restart();
    stage.edit({ lookups: [countries] });
    await stage.wait(seconds(1));
    await stage.pass();
    expect(stage.druid.lookups.get(place)).toMatchObject({ lookupExtractorFactory: { map: { a: 'b' } } });
    expect(JSON.stringify(stage.druid.lookups.get(place))).not.toContain('more');
  });

  it('that others change or remove are put right, with a version that comes after theirs', async () => {
    const stage = await running({ lookups: [countries, cities] });
    stage.druid.lookups.set(place, { version: 'zz', lookupExtractorFactory: factory('changed') });
    stage.druid.lookups.delete(elsewhere);
    const reasons: string[] = [];
    for (let interval = 0; interval < 12; interval += 1) {
      await stage.wait(seconds(30));
      reasons.push(...(await stage.pass()).events.map(({ reason }) => reason));
    }
    expect(stage.druid.lookups.get(place)).toMatchObject({ lookupExtractorFactory: factory('b') });
    expect(String(stage.druid.lookups.get(place)?.['version']) > 'zz').toBe(true);
    expect(stage.druid.lookups.get(elsewhere)).toMatchObject({ lookupExtractorFactory: factory('c') });
    expect(reasons).toEqual(['Repaired', 'Repaired']);
  });

  it('that are taken out of the spec are taken out of Druid, and nothing else is', async () => {
    const stage = await running({ lookups: [countries, cities] });
    stage.druid.lookups.set('hot/of-others', { version: '1' });
    stage.edit({ lookups: [cities] });
    const { events } = await stage.pass();
    expect([...stage.druid.lookups.keys()]).toEqual([elsewhere, 'hot/of-others']);
    expect(events.map(({ note }) => note)).toEqual(['Removed the lookup countries of __default']);
    expect(stage.status.lookups).toEqual([{ tier: 'hot', name: 'cities' }]);
    stage.edit({ lookups: [] });
    await stage.pass();
    expect(stage.status.lookups).toBeUndefined();
  });

  it('that Druid refuses leave the supervisor and the other lookups alone, and are tried again after five minutes', async () => {
    const stage = new Stage(kafkaIngestion({ lookups: [countries, cities] }));
    stage.druid.refuse = (sent) => (JSON.stringify(sent).includes('"b"') ? 'null factory' : undefined);
    await stage.settle();
    expect(writes(stage)).toEqual([`setLookup ${place}`, `setLookup ${elsewhere}`]);
    expect([readiness(stage), stage.condition('Healthy')?.status]).toEqual(['False LookupRejected', 'True']);
    expect(stage.status.lookups).toEqual([{ tier: 'hot', name: 'cities' }]);
    stage.druid.refuse = () => undefined;
    await stage.wait(minutes(5));
    await stage.settle();
    expect([readiness(stage), stage.druid.lookups.size]).toEqual(['True Running', 2]);
  });

  it('go with their resource where its policy is Terminate, and only then', async () => {
    const stage = await running({ lookups: [countries] });
    stage.druid.lookups.set('hot/of-others', { version: '1' });
    stage.edit({ deletionPolicy: 'Suspend' });
    await stage.depart();
    expect(stage.druid.lookups.size).toBe(2);
    stage.edit({ deletionPolicy: 'Terminate' });
    expect((await stage.depart()).end).toBe('Done');
    expect([...stage.druid.lookups.keys()]).toEqual(['hot/of-others']);
  });

  it('of a task that is over are still looked after', async () => {
    const nativeSpec = { type: 'index_parallel', spec: { dataSchema: { dataSource: 'wiki' } } };
    const stage = new Stage({
      ...{ druidCluster: 'tiny', ingestion: { type: 'native-batch', nativeSpec }, lookups: [countries] },
    });
    await stage.pass();
    stage.druid.tasks.set(stage.status.id ?? '', { status: 'SUCCESS', runnerStatus: 'NONE', durationMs: 1 });
    const { recheckAfterMs } = await stage.pass();
    expect(recheckAfterMs).toBe(minutes(5));
    stage.druid.lookups.clear();
    await stage.wait(minutes(5));
    await stage.pass();
    expect(stage.druid.lookups.has(place)).toBe(true);
  });
});

describe('a lookup that somebody else made', () => {
  it('is left alone until the annotation adopts it', async () => {
    const stage = new Stage(kafkaIngestion({ lookups: [countries] }));
    stage.druid.lookups.set(place, { version: '5', lookupExtractorFactory: factory('theirs') });
    await stage.settle();
    expect([writes(stage), readiness(stage)]).toEqual([[], 'False LookupNotOurs']);
    expect(stage.druid.calls.filter((call) => call === `lookup ${place}`)).toHaveLength(1);
    expect(stage.status.lookups).toBeUndefined();
    await stage.depart();
    expect(stage.druid.lookups.size).toBe(1);
    stage.annotate(adoptAnnotation, 'true');
    await stage.pass();
    expect(stage.druid.lookups.get(place)).toMatchObject({ lookupExtractorFactory: factory('b') });
    expect(readiness(stage)).toBe('True Running');
  });

  it('is ours as soon as they have removed it', async () => {
    const stage = new Stage(kafkaIngestion({ lookups: [countries] }));
    stage.druid.lookups.set(place, { version: '5', lookupExtractorFactory: factory('theirs') });
    await stage.settle();
    stage.druid.lookups.clear();
    await stage.wait(minutes(5));
    await stage.settle();
    expect(readiness(stage)).toBe('True Running');
  });

  it('is ours where the operator ended right after it was noted', async () => {
    const status = { lookups: [{ tier: '__default', name: 'countries' }] };
    const stage = new Stage(kafkaIngestion({ lookups: [countries] }), {}, status);
    stage.druid.lookups.set(place, { version: '5', lookupExtractorFactory: factory('b') });
    await stage.pass();
    expect([writes(stage), readiness(stage)]).toEqual([[], 'True Running']);
  });
});

describe('two resources with one lookup', () => {
  const first = { name: 'first', uid: '1', creationTimestamp: '2026-01-01T00:00:00Z' };
  const second = { name: 'second', uid: '2', creationTimestamp: '2026-01-01T00:00:01Z' };
  const other = { type: 'kafka', spec: JSON.stringify(kafkaSpec('views')) };

  it('have the later one refused, saying which lookup it is', async () => {
    const stage = new Stage(kafkaIngestion({ lookups: [countries] }), second);
    stage.rivals = [anIngestion(kafkaIngestion({ ingestion: other, lookups: [countries] }), first)];
    await stage.pass();
    expect(readiness(stage)).toBe('False OwnedByAnother');
    expect(stage.condition('Ready')?.message).toContain('DruidIngestion/first');
    expect(stage.condition('Ready')?.message).toContain('lookup __default/countries');
  });

  it('have the one come first that made it, whatever their age, also while it is still to be removed', async () => {
    const made = { lookups: [{ tier: '__default', name: 'countries' }] };
    const holder = anIngestion(kafkaIngestion({ ingestion: other }), second, made);
    const stage = new Stage(kafkaIngestion({ lookups: [countries] }), first, { id: 'clicks', lastGoodSpecHash: 'x' });
    stage.rivals = [holder];
    await stage.pass();
    expect(readiness(stage)).toBe('False OwnedByAnother');
    const heir = new Stage(kafkaIngestion({ ingestion: other }), second, made);
    heir.rivals = [stage.resource];
    await heir.pass();
    expect(readiness(heir)).toBe('True Running');
  });
});

describe('secrets in lookups', () => {
  const jdbc = {
    name: 'users',
    lookupExtractorFactory: {
      type: 'cachedNamespace',
      extractionNamespace: { type: 'jdbc', connectorConfig: { password: `\${secret:db/password}` } },
    },
  };

  function withDatabase(): Stage {
    const stage = new Stage(kafkaIngestion({ lookups: [jdbc, countries] }));
    stage.safety = { ...strictRules, allowedLookups: ['jdbc'] };
    stage.put(aSecret('db', { password: 'canary-7741' }));
    return stage;
  }

  it('reach Druid and nothing else', async () => {
    const stage = withDatabase();
    const { events } = await stage.pass();
    expect(JSON.stringify(stage.druid.lookups.get('__default/users'))).toContain('canary-7741');
    const written = JSON.stringify([stage.statuses, events, stage.objects.filter(({ kind }) => kind === 'ConfigMap')]);
    expect(written).not.toContain('canary-7741');
    expect(stage.connections[0]?.redactions).toContain('canary-7741');
  });

  it('that change are sent again, without the supervisor being sent', async () => {
    const stage = withDatabase();
    await stage.settle();
    stage.put(aSecret('db', { password: 'another-one' }, '2'));
    await stage.wait(seconds(1));
    const submitted = stage.druid.submitted.length;
    await stage.pass();
    expect(JSON.stringify(stage.druid.lookups.get('__default/users'))).toContain('another-one');
    expect(stage.druid.submitted).toHaveLength(submitted);
  });

  it('cost no call after a restart where Druid has them', async () => {
    const stage = withDatabase();
    await stage.settle();
    const before = writes(stage).length;
    stage.restart();
    await stage.pass();
    expect(writes(stage)).toHaveLength(before);
  });

  it('that are missing hold up their lookup alone, and leave what Druid has', async () => {
    const stage = withDatabase();
    stage.remove('Secret', 'db');
    await stage.settle();
    expect([readiness(stage), [...stage.druid.lookups.keys()]]).toEqual(['False SecretMissing', [place]]);
    expect(stage.condition('Healthy')?.status).toBe('True');
    stage.put(aSecret('db', { password: 'canary-7741' }));
    await stage.settle();
    stage.remove('Secret', 'db');
    await stage.settle();
    expect([readiness(stage), stage.druid.lookups.size]).toEqual(['False SecretMissing', 2]);
  });

  it('of the wrong form are refused before Druid is asked', async () => {
    const broken = { name: 'x', lookupExtractorFactory: { type: 'map', map: { a: `\${secret:Db}` } } };
    const stage = new Stage(kafkaIngestion({ lookups: [broken] }));
    await stage.pass();
    expect([readiness(stage), stage.druid.calls]).toEqual(['False SpecInvalid', []]);
  });
});

describe('a lookup that calls other hosts', () => {
  it('is refused, naming it and the flag that would allow it', async () => {
    const uri = {
      name: 'far',
      lookupExtractorFactory: { type: 'cachedNamespace', extractionNamespace: { type: 'uri' } },
    };
    const stage = new Stage(kafkaIngestion({ lookups: [uri] }));
    await stage.pass();
    expect([readiness(stage), stage.druid.calls]).toEqual(['False SpecUnsafe', []]);
    expect(stage.condition('Ready')?.message).toContain('far of __default: it is of type uri');
  });
});

describe('credentials that may not touch lookups', () => {
  it('are told so, and what for', async () => {
    const stage = new Stage(kafkaIngestion({ lookups: [countries] }));
    stage.druid.troubles.set('lookup ', { kind: 'Denied', status: 403, message: 'not allowed (403)' });
    await stage.pass();
    expect(readiness(stage)).toBe('False PermissionDenied');
    expect(stage.condition('Ready')?.message).toContain('Lookups need the permission CONFIG: not allowed (403)');
    expect(stage.druid.supervisors.has('clicks')).toBe(true);
  });
});
