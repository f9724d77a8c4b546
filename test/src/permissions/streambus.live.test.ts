import { startControlPlane } from '@capstan/controlplane';
import {
  ConfigMap,
  CustomResourceDefinition,
  NetworkPolicy,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ResourceQuota,
  Service,
  StatefulSet,
  StorageClass,
} from '@capstan/kube';
import { ServiceMonitor } from '@capstan/resources';
import { StreamBusCluster } from '@capstan/streambus-operator';
import type { World } from '@capstan/testkit';
import { expect, it } from 'vitest';
import { thirdPartyDefinitions } from '../builders/third-party-definitions.ts';
import { bringUp, openBusWorld, type WantedCluster, wantedCluster } from '../streambus/open-bus-world.ts';
import { keepSecret, selfSigned } from '../streambus/serving-secret.ts';
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
  {
    type: NetworkPolicy,
    name: 'bus',
    edit: { spec: { podSelector: { matchLabels: { torn: 'yes' } } } },
    former: { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', spec: { podSelector: selector } },
  },
  {
    type: ResourceQuota,
    name: 'bus',
    edit: { spec: { hard: { pods: '100' } } },
    former: { apiVersion: 'v1', kind: 'ResourceQuota', spec: { hard: { services: '100' } } },
  },
  {
    type: ServiceMonitor,
    name: 'bus',
    edit: { spec: { jobLabel: 'torn' } },
    former: {
      ...{ apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor' },
      spec: { selector, endpoints: [{ port: 'http' }] },
    },
  },
];

type Spec = Partial<WantedCluster['spec']>;

/** A cluster of which the operator makes one of every kind. */
const everything: Spec = {
  replicas: 1,
  storage: { class: 'growing', size: '1Gi', raftSize: '1Gi' },
  security: { tls: { enabled: true, certSecretName: 'bus-tls' } },
  multiTenancy: { enabled: true, isolation: { resourceQuotas: true, dedicatedNamespace: true } },
  observability: { metrics: { serviceMonitor: true } },
};

async function preparePlatform(world: World): Promise<void> {
  const metadata = { name: 'growing' };
  await world.admin.apply(
    StorageClass,
    {
      ...{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata },
      ...{ provisioner: 'kubernetes.io/host-path', allowVolumeExpansion: true },
    },
    { fieldManager: 'a-platform' },
  );
  await keepSecret(world, 'bus-tls', await selfSigned('bus'));
}

/** Pods are replaced, volumes grow, and the cluster is bootstrapped anew. */
async function dayTwo(world: World): Promise<void> {
  const before = (await world.get(Pod, 'bus-0'))?.metadata.uid;
  const grown: Spec = {
    ...everything,
    image: { tag: '2' },
    storage: { class: 'growing', size: '2Gi', raftSize: '1Gi' },
  };
  await world.apply(StreamBusCluster, wantedCluster('bus', grown));
  await world.eventually(async () => {
    expect((await world.get(PersistentVolumeClaim, 'data-bus-0'))?.spec?.resources?.requests?.['storage']).toBe('2Gi');
    expect([undefined, before]).not.toContain((await world.get(Pod, 'bus-0'))?.metadata.uid);
  });
  const annotations = { 'streambus.io/re-bootstrap-to': '2' };
  const finalizers = ['streambus.io/finalizer'];
  await world.edit(StreamBusCluster, 'bus', { metadata: { annotations, finalizers } });
  await world.untilCondition(StreamBusCluster, 'bus', 'ReBootstrapOffered');
  await world.edit(StreamBusCluster, 'bus', { spec: { replicas: 2 } });
  await world.eventually(
    async () =>
      expect((await world.get(StreamBusCluster, 'bus'))?.status).toMatchObject({
        bootstrapReplicas: 2,
        phase: 'Running',
      }),
    { timeout: 60_000 },
  );
}

it('the StreamBus operator uses every permission it has, and asks for nothing else', async () => {
  // A kind that other worlds expect to be absent is installed, so the control plane is its own.
  await using plane = await startControlPlane({ nodes: 'kwok', audit: true });
  await using world = await openBusWorld({ plane, faults: true, name: 'permissions' });
  await preparePlatform(world);
  await bringUp(world, 'bus', everything);
  const definition = thirdPartyDefinitions.find(({ spec }) => spec.names.kind === 'ServiceMonitor');
  if (definition === undefined) throw new Error('there is no definition of ServiceMonitor');
  await world.admin.apply(CustomResourceDefinition, definition, { fieldManager: 'a-platform' });
  await world.eventually(async () => expect(await world.get(ServiceMonitor, 'bus')).toBeDefined(), { timeout: 60_000 });
  const scenario = { type: StreamBusCluster, name: 'bus', children, fieldManager: 'streambus-operator' };
  const watched = ['pods', 'secrets', 'customresourcedefinitions'];
  await dayTwo(world);
  await useEveryPermission(world, { ...scenario, watched });
  expect(await world.permissions()).toEqual({ unused: neverSent, forbidden: [] });
}, 240_000);
