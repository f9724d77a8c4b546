import { DruidIngestion } from '@capstan/druid-operator';
import { Secret } from '@capstan/kube';
import { minutes } from '@capstan/runtime';
import { callDruid, type DruidCall, type FakeDruid, jsonOf, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringUp, type DruidWorld, kafkaIngestion, openDruidWorld } from './open-druid-world.ts';
import { ForwardClock } from './real/forward-clock.ts';

const lookupsPath = '/druid/coordinator/v1/lookups/config';
const configPaths = { coordinator: '/druid/coordinator/v1/config', overlord: '/druid/indexer/v1/worker' } as const;

const lookup = (to: string) => ({ type: 'map', map: { de: to } });
const countries = { name: 'countries', lookupExtractorFactory: lookup('Germany') };
const strategy = { type: 'equalDistribution' };
const dynamicConfig = { coordinator: { maxSegmentsToMove: 7 }, overlord: { selectStrategy: strategy } };

let opened: DruidWorld;
let world: World;
let druid: FakeDruid;
const clock = new ForwardClock();

beforeAll(async () => {
  opened = await openDruidWorld({ name: 'druid-cluster', clock });
  ({ world, druid } = opened);
});

afterAll(() => opened?.[Symbol.asyncDispose]());

/** Druid as a person at its console sees and changes it. */
async function ask(method: DruidCall['method'], path: string, body?: unknown): Promise<unknown> {
  return jsonOf(await callDruid(druid.target, { method, path, ...(body !== undefined && { body }) }));
}

/** Waits until Druid has a lookup, or none. */
function untilLookup(name: string, expected: object | undefined): Promise<void> {
  return world.eventually(async () => {
    const kept = await ask('GET', `${lookupsPath}/__default/${name}`);
    if (expected === undefined) expect(kept).not.toHaveProperty('lookupExtractorFactory');
    else expect(kept).toMatchObject({ lookupExtractorFactory: expected });
  });
}

function untilConfig(of: keyof typeof configPaths, expected: object): Promise<void> {
  return world.eventually(async () => expect(await ask('GET', configPaths[of])).toMatchObject(expected));
}

/** What the operator changed of lookups and dynamic configuration so far. */
function changes(): number {
  const paths = [lookupsPath, ...Object.values(configPaths)];
  return druid.requests.filter(({ method, path }) => method !== 'GET' && paths.some((each) => path.startsWith(each)))
    .length;
}

async function reasons(name: string): Promise<readonly string[]> {
  return (await world.events(DruidIngestion, name)).map(({ reason }) => reason ?? '');
}

describe('lookups and dynamic configuration', () => {
  it('are set, and noted as ours with what was there before', async () => {
    await bringUp(world, kafkaIngestion('clicks', { lookups: [countries], dynamicConfig }));
    await untilLookup('countries', countries.lookupExtractorFactory);
    await untilConfig('coordinator', dynamicConfig.coordinator);
    await untilConfig('overlord', { selectStrategy: strategy });
    const { status } = (await world.get(DruidIngestion, 'clicks')) ?? {};
    expect(status?.lookups).toEqual([{ tier: '__default', name: 'countries' }]);
    expect(status?.dynamicConfig?.coordinator).toMatchObject([{ field: 'maxSegmentsToMove', formerJson: '100' }]);
  });

  it('are not set again by a new operator, and no write is made for them', async () => {
    await world.settled();
    const [before, asked] = [changes(), druid.requests.length];
    await world.expectWrites(0, async () => {
      await world.restartOperator();
      await world.eventually(() => expect(druid.requests.length).toBeGreaterThan(asked + 8));
    });
    expect(changes()).toBe(before);
  });

  it('that somebody changes in Druid are put right', async () => {
    await ask('POST', `${lookupsPath}/__default/countries`, { version: 'zz', lookupExtractorFactory: lookup('other') });
    await ask('POST', configPaths.coordinator, { maxSegmentsToMove: 9, replicantLifetime: 33 });
    await ask('POST', configPaths.overlord, { autoScaler: null });
    clock.skip(minutes(6));
    await untilLookup('countries', countries.lookupExtractorFactory);
    await untilConfig('coordinator', { maxSegmentsToMove: 7, replicantLifetime: 33 });
    await untilConfig('overlord', { selectStrategy: strategy });
    await world.eventually(async () => expect(await reasons('clicks')).toContain('Repaired'));
  });

  it('of others stay: a lookup is not taken over, and a second resource may not set the same', async () => {
    const theirs = { version: '1', lookupExtractorFactory: lookup('theirs') };
    await ask('POST', `${lookupsPath}/__default/theirs`, theirs);
    await world.apply(DruidIngestion, kafkaIngestion('views', { lookups: [{ ...countries, name: 'theirs' }] }));
    await world.eventually(async () => {
      const ready = (await world.conditions(DruidIngestion, 'views')).find(({ type }) => type === 'Ready');
      expect(ready?.reason).toBe('LookupNotOurs');
    });
    await world.apply(
      DruidIngestion,
      kafkaIngestion('orders', { dynamicConfig: { coordinator: { maxSegmentsToMove: 8 } } }),
    );
    await world.eventually(async () => {
      const ready = (await world.conditions(DruidIngestion, 'orders')).find(({ type }) => type === 'Ready');
      expect(ready?.message).toMatch(/DruidIngestion\/clicks .*coordinator configuration maxSegmentsToMove/);
    });
    for (const name of ['views', 'orders']) await world.delete(DruidIngestion, name);
    await world.eventually(async () => expect(await world.get(DruidIngestion, 'views')).toBeUndefined());
    expect(await ask('GET', `${lookupsPath}/__default/theirs`)).toEqual(theirs);
    await untilConfig('coordinator', { maxSegmentsToMove: 7 });
  });

  it('that are taken out of the spec are taken out of Druid, and the former values are back', async () => {
    await world.edit(DruidIngestion, 'clicks', { spec: { lookups: [], dynamicConfig: { coordinator: null } } });
    await untilLookup('countries', undefined);
    await untilConfig('coordinator', { maxSegmentsToMove: 100, replicantLifetime: 33 });
    await world.eventually(async () =>
      expect(await reasons('clicks')).toEqual(expect.arrayContaining(['Removed', 'Restored'])),
    );
  });

  it('of several resources do not cross: each field of an overlord is kept', async () => {
    const names = ['many-1', 'many-2', 'many-3'];
    await Promise.all(
      names.map((name, at) =>
        world.apply(DruidIngestion, kafkaIngestion(name, { lookups: [{ ...countries, name: `l${at}` }] })),
      ),
    );
    await world.apply(
      DruidIngestion,
      kafkaIngestion('scaling', { dynamicConfig: { overlord: { autoScaler: { type: 'noop' } } } }),
    );
    await Promise.all([...names, 'scaling'].map((name) => world.untilCondition(DruidIngestion, name, 'Ready')));
    await untilConfig('overlord', { selectStrategy: strategy, autoScaler: { type: 'noop' } });
  });

  it('go with their resource', async () => {
    await world.delete(DruidIngestion, 'clicks');
    await world.delete(DruidIngestion, 'many-1');
    await world.eventually(async () => expect(await world.get(DruidIngestion, 'clicks')).toBeUndefined());
    await untilLookup('l0', undefined);
    await untilLookup('l1', countries.lookupExtractorFactory);
    expect(await ask('GET', configPaths.overlord)).toMatchObject({
      selectStrategy: null,
      autoScaler: { type: 'noop' },
    });
  });

  it('were refused no request for want of a permission', async () => {
    await world.stopOperator();
    expect((await world.permissions()).forbidden).toEqual([]);
  });
});

describe('passwords in lookups', () => {
  it('get to Druid and nowhere else, and again when they change', async () => {
    const safety = {
      ...{ allowedInputSources: [], allowedConsumerProperties: [], allowsJavaScript: false },
      allowedLookups: ['jdbc'],
    };
    await using secret = await openDruidWorld({ name: 'druid-lookup-secrets', operator: { safety } });
    const encoded = (text: string) => Buffer.from(text).toString('base64');
    const database = { connectURI: 'jdbc:postgresql://db/users', user: 'druid', password: `\${secret:db/password}` };
    const users = {
      name: 'users',
      lookupExtractorFactory: {
        type: 'cachedNamespace',
        extractionNamespace: { type: 'jdbc', connectorConfig: database, table: 'users' },
      },
    };
    await secret.world.apply(Secret, { metadata: { name: 'db' }, data: { password: encoded('canary-55127') } });
    await bringUp(secret.world, kafkaIngestion('clicks', { lookups: [users] }));
    const sent = () => JSON.stringify(secret.druid.requests.filter(({ path }) => path.endsWith('/users')));
    await secret.world.eventually(() => expect(sent()).toContain('canary-55127'));
    const next = { metadata: { name: 'db' }, data: { password: encoded('canary-55128') } };
    await secret.world.apply(Secret, next);
    await secret.world.eventually(() => expect(sent()).toContain('canary-55128'));
    const written = [
      await secret.world.get(DruidIngestion, 'clicks'),
      await secret.world.events(DruidIngestion, 'clicks'),
      secret.world.logs(),
    ];
    expect(JSON.stringify(written)).not.toContain('canary-5512');
  });
});
