import { StreamBusCluster, streamBusClusters } from '@capstan/streambus-operator';
import { openWorld, type Wanted, type World, type WorldOptions } from '@capstan/testkit';

/** A world with the StreamBus operator at work in it, as it ships. */
export function openBusWorld(options: Omit<WorldOptions, 'controllers'> = {}): Promise<World> {
  return openWorld({ controllers: [streamBusClusters], name: 'streambus', ...options });
}

type WantedCluster = Wanted<typeof StreamBusCluster>;

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
