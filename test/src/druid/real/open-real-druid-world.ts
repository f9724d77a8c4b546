import { type DruidControllerOptions, DruidIngestion, druidClients, druidController } from '@capstan/druid-operator';
import { Service } from '@capstan/kube';
import { seconds } from '@capstan/runtime';
import {
  type DruidOptions,
  type EventuallyOptions,
  openWorld,
  type RealDruid,
  startDruid,
  type World,
  type WorldOptions,
} from '@capstan/testkit';
import { expect } from 'vitest';
import type { WantedIngestion } from '../open-druid-world.ts';
import { CallTally } from './call-tally.ts';
import { DruidConsole } from './druid-console.ts';
import { ForwardClock } from './forward-clock.ts';

type ClientOptions = NonNullable<Parameters<typeof druidClients>[0]>;

export interface RealDruidWorldOptions extends Omit<WorldOptions, 'controllers' | 'clock'> {
  /** What the operator's flags would say. */
  readonly operator?: DruidControllerOptions;
  /** What one call may take; what the operator has unless told. */
  readonly limits?: NonNullable<ClientOptions['limits']>;
  readonly druid?: DruidOptions;
}

/** A world with the Druid operator at work in it, and a real Druid whose router has a Service there. */
export interface RealDruidWorld extends AsyncDisposable {
  readonly world: World;
  readonly druid: RealDruid;
  /** The same Druid past the operator. */
  readonly console: DruidConsole;
  /** What the operator asked of Druid. */
  readonly tally: CallTally;
  /** The operator's time of day. */
  readonly clock: ForwardClock;
}

/**
 * Starts a real Druid, `tiny`, and opens a world with the operator for it. Names of Services lead nowhere here, so calls to its
 * router go to where it really is; resources may also name that by `spec.endpoint.url`.
 */
export async function openRealDruidWorld(options: RealDruidWorldOptions = {}): Promise<RealDruidWorld> {
  const { operator, limits, druid: wanted, ...rest } = options;
  await using building = new AsyncDisposableStack();
  const druid = building.use(await startDruid(wanted));
  const [tally, clock] = [new CallTally(), new ForwardClock()];
  const clients = druidClients({
    ...{ addresses: { allowed: ['127.0.0.1'] }, observe: tally.observe },
    ...(limits !== undefined && { limits }),
  });
  const controller = druidController({
    druid: (connection) =>
      tally.watch(clients({ ...connection, url: isService(connection.url) ? druid.router : connection.url })),
    allowedEndpoints: ['127.0.0.1'],
    pollMs: seconds(1),
    ...operator,
  });
  const world = building.use(await openWorld({ controllers: [controller], name: 'druid-real', clock, ...rest }));
  await world.apply(Service, {
    metadata: { name: 'tiny-router', labels: { druid_cr: 'tiny', component: 'router' } },
    spec: { ports: [{ name: 'service-port', port: 8888 }], selector: { app: 'druid' } },
  });
  const parts = building.move();
  const console = new DruidConsole(druid);
  return { world, druid, console, tally, clock, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** Whether an address is that of a Service, and not one that a test gave. */
function isService(url: string): boolean {
  return new URL(url).hostname.endsWith('.svc');
}

/** How long a real Druid may take for what it does by itself. */
export const patience: EventuallyOptions = { timeout: 90_000, interval: 250 };

/** Applies a resource and waits until it is Ready. */
export async function bringUp(world: World, wanted: WantedIngestion): Promise<void> {
  await world.apply(DruidIngestion, wanted);
  await world.untilCondition(DruidIngestion, wanted.metadata.name ?? '', 'Ready', 'True', patience);
}

/** Waits until the condition Ready of an ingestion has a reason, whatever its status. */
export async function untilReason(world: World, name: string, reason: string): Promise<void> {
  await world.eventually(async () => {
    const conditions = await world.conditions(DruidIngestion, name);
    const ready = conditions.find(({ type }) => type === 'Ready');
    expect(ready && `${ready.reason}: ${ready.message}`).toMatch(new RegExp(`^${reason}:`));
  }, patience);
}

/** Waits until the status has been reported of what the spec says by now. */
export async function untilSeen(world: World, name: string): Promise<void> {
  await world.eventually(async () => {
    const found = await world.get(DruidIngestion, name);
    expect(found?.status?.observedGeneration).toBe(found?.metadata.generation);
  }, patience);
}

/** Waits until a deleted ingestion is gone. */
export async function untilGone(world: World, name: string): Promise<void> {
  await world.eventually(async () => expect(await world.get(DruidIngestion, name)).toBeUndefined(), patience);
}

/** Waits until an event with this reason is told of an ingestion. */
export async function untilTold(world: World, name: string, reason: string): Promise<void> {
  await world.eventually(async () => {
    const reasons = (await world.events(DruidIngestion, name)).map((event) => event.reason);
    expect(reasons).toContain(reason);
  }, patience);
}

/** Waits for passes on an ingestion, so many from now: what happens in each of them has happened often by then. */
export async function untilPasses(world: World, name: string, count: number): Promise<void> {
  const last = world.passes(name).at(-1)?.reconcileID;
  await world.eventually(() => {
    const passes = world.passes(name);
    // The world forgets the oldest, so they are told apart by their ids.
    const since = passes.slice(passes.findIndex(({ reconcileID }) => reconcileID === last) + 1);
    expect(since.length).toBeGreaterThanOrEqual(count);
  }, patience);
}
