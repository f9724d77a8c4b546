import { StreamBusCluster, type StreamBusControllerOptions, streamBusController } from '@capstan/streambus-operator';
import { BrokerStandIns, openWorld, type Wanted, type World, type WorldOptions } from '@capstan/testkit';

export interface BusWorldOptions extends Omit<WorldOptions, 'controllers'> {
  /** What the operator's flags would say. */
  readonly operator?: StreamBusControllerOptions;
}

/** A world with the StreamBus operator at work in it, and somebody who answers for its brokers. */
export interface BusWorld extends AsyncDisposable {
  readonly world: World;
  readonly brokers: BrokerStandIns;
}

/** Opens a world in which brokers answer as the real ones do, though their pods have no processes. */
export async function openBusWorldWithBrokers({ operator, ...options }: BusWorldOptions = {}): Promise<BusWorld> {
  await using building = new AsyncDisposableStack();
  const brokers = building.use(await BrokerStandIns.start());
  const controller = streamBusController({ brokerProxy: new URL(brokers.url), ...operator });
  const world = building.use(await openWorld({ controllers: [controller], name: 'streambus', ...options }));
  const parts = building.move();
  return { world, brokers, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

/** A world with the StreamBus operator at work in it, for tests that do not care what brokers say. */
export async function openBusWorld(options: BusWorldOptions = {}): Promise<World> {
  const { world, brokers } = await openBusWorldWithBrokers(options);
  const dispose = world[Symbol.asyncDispose].bind(world);
  return Object.assign(world, {
    [Symbol.asyncDispose]: async () => {
      await dispose();
      await brokers[Symbol.asyncDispose]();
    },
  });
}

export type WantedCluster = Wanted<typeof StreamBusCluster>;

/** The smallest cluster that may be, with what a test cares about over it. */
export function wantedCluster(name: string, spec: Partial<WantedCluster['spec']> = {}): WantedCluster {
  const storage = { class: 'standard', size: '1Gi', raftSize: '1Gi' };
  return { metadata: { name }, spec: { replicas: 3, storage, ...spec } };
}

/** Applies a cluster and waits until it is Ready. */
export async function bringUp(world: World, name: string, spec: Partial<WantedCluster['spec']> = {}): Promise<void> {
  await world.apply(StreamBusCluster, wantedCluster(name, spec));
  await world.untilCondition(StreamBusCluster, name, 'Ready', 'True', { timeout: 60_000 });
}
