import { ConfigMap, PodDisruptionBudget, Service, StatefulSet } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { expect, it } from 'vitest';
import { bringUp, openBusWorld } from '../streambus/open-bus-world.ts';
import { type TornChild, useEveryPermission } from './use-every-permission.ts';

/** Asked by OpenShift's OwnerReferencesPermissionEnforcement of everybody who makes owned objects; no request shows it. */
const neverSent = ['update streambusclusters.streambus.io/finalizers'];

const labels = { former: 'child' };
const selector = { matchLabels: labels };
const template = { metadata: { labels }, spec: { containers: [{ name: 'broker', image: 'broker' }] } };

const children: readonly TornChild[] = [
  {
    type: ConfigMap,
    name: 'bus-config',
    edit: { data: { 'bus-0.yaml': 'torn' } },
    former: { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } },
  },
  {
    type: Service,
    name: 'bus',
    edit: { spec: { sessionAffinity: 'None' } },
    former: { apiVersion: 'v1', kind: 'Service', spec: { selector: labels, ports: [{ port: 80 }] } },
  },
  {
    type: PodDisruptionBudget,
    name: 'bus',
    edit: { spec: { maxUnavailable: 3 } },
    former: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', spec: { selector, maxUnavailable: 1 } },
  },
  {
    type: StatefulSet,
    name: 'bus',
    edit: { spec: { template: { spec: { enableServiceLinks: true } } } },
    former: { apiVersion: 'apps/v1', kind: 'StatefulSet', spec: { serviceName: 'x', replicas: 0, selector, template } },
  },
];

it('the StreamBus operator uses every permission it has, and asks for nothing else', async () => {
  await using world = await openBusWorld({ faults: true, name: 'permissions' });
  await bringUp(world, 'bus', { replicas: 1 });
  const fieldManager = 'streambus-operator';
  await useEveryPermission(world, { type: StreamBusCluster, name: 'bus', children, fieldManager });
  expect(await world.permissions()).toEqual({ unused: neverSent, forbidden: [] });
}, 120_000);
