import { DruidIngestion } from '@capstan/druid-operator';
import { seconds } from '@capstan/runtime';
import { FakeDruid } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Arrival, DruidTraffic } from './druid-traffic.ts';
import { type DruidWorld, kafkaIngestion, openDruidWorld, submissions } from './open-druid-world.ts';

const many = Array.from({ length: 500 }, (_, index) => `many-${index}`);
const stuck = Array.from({ length: 12 }, (_, index) => `stuck-${index}`);
const pollMs = seconds(10);
const lanes = { most: 6, restMs: seconds(1) };
const always = { times: Number.POSITIVE_INFINITY } as const;

describe('500 ingestions in one Druid, while another one hangs', () => {
  let opened: DruidWorld;
  let hanging: FakeDruid;
  let traffic: DruidTraffic;

  beforeAll(async () => {
    hanging = await FakeDruid.start();
    hanging.inject({ ...always, fault: { do: 'stall' } });
    // A question waits for longer than everything that is to happen meanwhile.
    opened = await openDruidWorld({ name: 'druid-scale', operator: { pollMs, lanes }, readMs: 300_000 });
    traffic = new DruidTraffic(opened.druid);
    // An answer takes a moment, so that calls meet.
    opened.druid.inject({ ...always, fault: { do: 'delay', ms: 5 } });
  });

  afterAll(async () => {
    traffic?.[Symbol.dispose]();
    await hanging?.[Symbol.asyncDispose]();
    // How 512 deletions end is not looked at here, and would take a while.
    await opened?.world.stopOperator();
    await opened?.[Symbol.asyncDispose]();
  });

  async function readyOnes(): Promise<readonly string[]> {
    const all = await opened.world.list(DruidIngestion);
    const isReady = ({ status }: DruidIngestion) =>
      status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true;
    return all.filter(isReady).map(({ metadata }) => metadata.name);
  }

  it('all become Ready, each submitted once, with few calls at a time', async () => {
    const { world, druid } = opened;
    const endpoint = { url: hanging.url };
    await Promise.all(stuck.map((name) => world.apply(DruidIngestion, kafkaIngestion(name, { endpoint }))));
    await world.eventually(() => expect(hanging.requests).toHaveLength(lanes.most));
    await Promise.all(many.map((name) => world.apply(DruidIngestion, kafkaIngestion(name))));
    const patience = { timeout: 300_000, interval: 500 };
    await world.eventually(async () => expect(await readyOnes()).toHaveLength(many.length), patience);
    expect((await readyOnes()).toSorted()).toEqual(many.toSorted());
    expect([druid.supervisors.length, submissions(druid)]).toEqual([many.length, many.length]);
    expect(traffic.most).toBe(lanes.most);
    expect(hanging.requests).toHaveLength(lanes.most);
  }, 360_000);

  it('cost one question each per interval once they are settled, and no request to the API server', async () => {
    const { world } = opened;
    const rounds = (from: number) => expect(roundsIn(traffic.seen.slice(from), many));
    const converged = traffic.seen.length;
    await world.eventually(() => rounds(converged).toBeGreaterThanOrEqual(1), { timeout: 250_000 });
    const [from, since] = [traffic.seen.length, world.audit.position()];
    await world.eventually(() => rounds(from).toBeGreaterThanOrEqual(3), { timeout: 250_000, interval: 250 });
    const seen = traffic.seen.slice(from);
    expect(new Set(seen.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(shortestPause(seen)).toBeGreaterThanOrEqual(pollMs);
    expect(world.requests(since)).toEqual([]);
  }, 600_000);
});

/** How often each of these supervisors was asked about, at least. */
function roundsIn(arrivals: readonly Arrival[], supervisors: readonly string[]): number {
  const counts = new Map(supervisors.map((name) => [name, 0]));
  for (const { supervisor } of arrivals) counts.set(supervisor, (counts.get(supervisor) ?? 0) + 1);
  return Math.min(...supervisors.map((name) => counts.get(name) ?? 0));
}

/** The shortest time between two questions about the same supervisor, in ms. */
function shortestPause(arrivals: readonly Arrival[]): number {
  const latest = new Map<string, number>();
  const pauses = arrivals.flatMap(({ supervisor, atMs }) => {
    const before = latest.get(supervisor);
    latest.set(supervisor, atMs);
    return before === undefined ? [] : [atMs - before];
  });
  return Math.min(...pauses);
}
