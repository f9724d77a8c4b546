import { DruidIngestion } from '@capstan/druid-operator';
import { minutes } from '@capstan/runtime';
import type { World } from '@capstan/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithDruid } from './describe-with-druid.ts';
import { type DruidConsole, valueAt } from './druid-console.ts';
import {
  bringUp,
  openRealDruidWorld,
  patience,
  type RealDruidWorld,
  untilGone,
  untilPasses,
  untilReason,
  untilTold,
} from './open-real-druid-world.ts';
import { ingestionOf, realKafkaSpec } from './real-kafka-spec.ts';

const lookupsPath = '/druid/coordinator/v1/lookups/config';
const [coordinatorPath, overlordPath] = ['/druid/coordinator/v1/config', '/druid/indexer/v1/worker'];

const lookup = (to: string) => ({ type: 'map', map: { de: to } });
const countries = { name: 'countries', lookupExtractorFactory: lookup('Germany') };
const cities = { name: 'cities', tier: 'hot', lookupExtractorFactory: lookup('Berlin') };
const fillStrategy = { type: 'fillCapacity' };
const dynamicConfig = { coordinator: { maxSegmentsToMove: 7 }, overlord: { selectStrategy: fillStrategy } };

/** A suspended supervisor of the data source of its name, which needs no Kafka. */
function withClusterSettings(name: string, more: Parameters<typeof ingestionOf>[2]) {
  return ingestionOf(name, realKafkaSpec('127.0.0.1:1', name), { suspend: true, ...more });
}

describeWithDruid('lookups and dynamic configuration in a real Druid', () => {
  let opened: RealDruidWorld;
  let world: World;
  let console: DruidConsole;

  beforeAll(async () => {
    opened = await openRealDruidWorld({ name: 'druid-cluster-real' });
    ({ world, console } = opened);
  });

  afterAll(async () => {
    globalThis.console.log(`lookups and dynamic configuration: ${opened?.tally}`);
    await opened?.[Symbol.asyncDispose]();
  });

  /** Waits until Druid has a lookup, or none. */
  function untilLookup(place: string, expected: object | undefined): Promise<void> {
    return world.eventually(async () => {
      const { json } = await console.ask('GET', `${lookupsPath}/${place}`);
      expect(valueAt(json, 'lookupExtractorFactory')).toEqual(expected);
    }, patience);
  }

  function untilConfig(path: string, expected: object): Promise<void> {
    return world.eventually(
      async () => expect((await console.ask('GET', path)).json).toMatchObject(expected),
      patience,
    );
  }

  it('are set in a Druid that never had any, and noted as ours', async () => {
    await bringUp(world, withClusterSettings('clicks', { lookups: [countries, cities], dynamicConfig }));
    await untilLookup('__default/countries', countries.lookupExtractorFactory);
    await untilLookup('hot/cities', cities.lookupExtractorFactory);
    await untilConfig(coordinatorPath, dynamicConfig.coordinator);
    await untilConfig(overlordPath, dynamicConfig.overlord);
    const { status } = (await world.get(DruidIngestion, 'clicks')) ?? {};
    expect(status?.lookups).toHaveLength(2);
    expect(status?.dynamicConfig?.coordinator).toMatchObject([{ field: 'maxSegmentsToMove', formerJson: '100' }]);
  });

  it('are not set again while nothing happens, nor by a new operator', async () => {
    await world.settled();
    const before = opened.tally.changes;
    opened.clock.skip(minutes(6));
    await untilPasses(world, 'clicks', 6);
    expect(opened.tally.changes).toBe(before);
    await world.restartOperator();
    await untilPasses(world, 'clicks', 3);
    // The supervisor is submitted once, unmodified.
    expect(opened.tally.changes - before).toBe(opened.tally.submissionsOf('clicks') - 1);
  });

  it('that others change or remove are put right, and what else they set stays', async () => {
    const changed = { version: 'zz', lookupExtractorFactory: lookup('other') };
    expect((await console.ask('POST', `${lookupsPath}/__default/countries`, changed)).status).toBe(202);
    expect((await console.ask('DELETE', `${lookupsPath}/hot/cities`)).status).toBe(202);
    await console.ask('POST', coordinatorPath, { maxSegmentsToMove: 9, replicantLifetime: 33 });
    await console.ask('POST', overlordPath, { selectStrategy: { type: 'equalDistribution' } });
    opened.clock.skip(minutes(6));
    await untilLookup('__default/countries', countries.lookupExtractorFactory);
    await untilLookup('hot/cities', cities.lookupExtractorFactory);
    await untilConfig(coordinatorPath, { maxSegmentsToMove: 7, replicantLifetime: 33 });
    await untilConfig(overlordPath, dynamicConfig.overlord);
    await untilTold(world, 'clicks', 'Repaired');
  });

  it('that somebody else made are left alone', async () => {
    const theirs = { version: '1', lookupExtractorFactory: lookup('theirs') };
    expect((await console.ask('POST', `${lookupsPath}/__default/theirs`, theirs)).status).toBe(202);
    await world.apply(DruidIngestion, withClusterSettings('views', { lookups: [{ ...countries, name: 'theirs' }] }));
    await untilReason(world, 'views', 'LookupNotOurs');
    await world.delete(DruidIngestion, 'views');
    await untilGone(world, 'views');
    await untilLookup('__default/theirs', theirs.lookupExtractorFactory);
  });

  it('that Druid refuses do not touch the supervisor, and say why', async () => {
    const wrong = { coordinator: { maxSegmentsToMove: 'x' } };
    await world.apply(DruidIngestion, withClusterSettings('wrong', { dynamicConfig: wrong }));
    await untilReason(world, 'wrong', 'OwnedByAnother');
    await world.edit(DruidIngestion, 'wrong', {
      spec: { dynamicConfig: { coordinator: { maxSegmentsToMove: null, replicationThrottleLimit: 'x' } } },
    });
    await untilReason(world, 'wrong', 'DynamicConfigRejected');
    expect(await console.supervisor('wrong')).toBeDefined();
    await world.delete(DruidIngestion, 'wrong');
    await untilGone(world, 'wrong');
  });

  it('that are taken out of the spec go, and former values are back', async () => {
    await world.edit(DruidIngestion, 'clicks', { spec: { lookups: [cities], dynamicConfig: { coordinator: null } } });
    await untilLookup('__default/countries', undefined);
    await untilConfig(coordinatorPath, { maxSegmentsToMove: 100, replicantLifetime: 33 });
    await untilTold(world, 'clicks', 'Restored');
    await untilLookup('hot/cities', cities.lookupExtractorFactory);
  });

  it('go with their resource', async () => {
    await world.delete(DruidIngestion, 'clicks');
    await untilGone(world, 'clicks');
    await untilLookup('hot/cities', undefined);
    expect(valueAt((await console.ask('GET', overlordPath)).json, 'selectStrategy', 'type')).not.toBe('fillCapacity');
  });
});
