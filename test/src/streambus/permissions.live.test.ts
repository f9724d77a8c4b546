import {
  ConfigMap,
  type Draft,
  type KubeObject,
  PodDisruptionBudget,
  type ResourceType,
  Service,
  StatefulSet,
} from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import type { World } from '@capstan/testkit';
import { expect, it } from 'vitest';
import { bringUp, openBusWorld, wantedCluster } from './open-bus-world.ts';

/** Asked by OpenShift's OwnerReferencesPermissionEnforcement of everybody who makes owned objects; no request shows it. */
const neverSent = ['update streambusclusters.streambus.io/finalizers'];

/** One child of each kind, and something in it that the operator puts right. */
const torn: readonly (readonly [ResourceType, string, object])[] = [
  [ConfigMap, 'bus-config', { data: { 'bus-0.yaml': 'torn' } }],
  [Service, 'bus', { spec: { sessionAffinity: 'None' } }],
  [PodDisruptionBudget, 'bus', { spec: { maxUnavailable: 3 } }],
  [StatefulSet, 'bus', { spec: { template: { spec: { enableServiceLinks: true } } } }],
];

/** Children that an earlier version of the operator made and this one does not want. */
function leftovers(): readonly (readonly [ResourceType, Omit<Draft<KubeObject>, 'metadata'> & object])[] {
  const labels = { former: 'child' };
  const selector = { matchLabels: labels };
  const template = { metadata: { labels }, spec: { containers: [{ name: 'broker', image: 'broker' }] } };
  const body = (apiVersion: string, kind: string, rest: object) => ({ apiVersion, kind, ...rest });
  return [
    [ConfigMap, body('v1', 'ConfigMap', { data: { a: 'b' } })],
    [Service, body('v1', 'Service', { spec: { selector: labels, ports: [{ port: 80 }] } })],
    [PodDisruptionBudget, body('policy/v1', 'PodDisruptionBudget', { spec: { selector, maxUnavailable: 1 } })],
    [StatefulSet, body('apps/v1', 'StatefulSet', { spec: { serviceName: 'x', replicas: 0, selector, template } })],
  ];
}

async function leaveBehind(world: World): Promise<void> {
  const cluster = await world.get(StreamBusCluster, 'bus');
  if (cluster === undefined) throw new Error('the cluster is not there');
  const { apiVersion, kind, metadata } = cluster;
  const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid ?? '', controller: true };
  for (const [type, body] of leftovers()) {
    const named = { name: 'former', namespace: world.namespace, ownerReferences: [owner] };
    await world.admin.apply(type, { ...body, metadata: named }, { fieldManager: 'streambus-operator', force: true });
  }
}

async function repaired(world: World): Promise<void> {
  for (const [type, name, edit] of torn) {
    const { metadata } = await world.edit(type, name, edit);
    await world.eventually(async () => {
      const { resourceVersion } = (await world.get(type, name))?.metadata ?? {};
      expect(resourceVersion, `${type.kind}/${name}`).not.toBe(metadata.resourceVersion);
    });
  }
}

it('the StreamBus operator uses every permission it has, and asks for nothing else', async () => {
  await using world = await openBusWorld({ faults: true, name: 'permissions' });
  await bringUp(world, 'bus', { replicas: 1 });
  // Two repairs of the same kind in a row are one event that counts.
  await repaired(world);
  await repaired(world);
  // A deleted child is made anew, once its owner was asked for.
  await world.expectWrites({ 'patch services': 1 }, () => world.delete(Service, 'bus'));
  await leaveBehind(world);
  await world.eventually(async () => {
    for (const [type] of leftovers()) expect(await world.get(type, 'former'), type.kind).toBeUndefined();
  });
  // A refused apply is looked into by reading the child.
  for (const [{ plural }, name] of torn)
    world.faults.inject({ on: { verb: 'patch', resource: plural, name }, fault: { do: 'answer', status: 422 } });
  await world.apply(StreamBusCluster, wantedCluster('bus', { replicas: 1, podLabels: { team: 'payments' } }));
  await world.edit(Service, 'bus', { spec: { sessionAffinity: 'None' } });
  await world.edit(PodDisruptionBudget, 'bus', { spec: { maxUnavailable: 3 } });
  await world.edit(ConfigMap, 'bus-config', { data: { 'bus-0.yaml': 'torn' } });
  await world.eventually(() => {
    const read = world.requests().filter(({ verb, name }) => verb === 'get' && name.startsWith('bus'));
    expect(new Set(read.map(({ resource }) => resource)).size).toBe(torn.length + 1);
  });
  // A server that cannot stream its lists is listed instead.
  await world.stopOperator();
  world.faults.calm();
  const kinds = torn.length + 1;
  world.faults.inject({ on: { verb: 'watch' }, times: kinds, fault: { do: 'answer', status: 422 } });
  await world.startOperator();
  await world.settled();
  const { unused, forbidden } = await world.permissions();
  expect({ unused, forbidden }).toEqual({ unused: neverSent, forbidden: [] });
}, 120_000);
