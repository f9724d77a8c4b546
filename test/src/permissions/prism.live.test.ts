import { fileURLToPath } from 'node:url';
import { startControlPlane } from '@capstan/controlplane';
import {
  ClusterRole,
  ConfigMap,
  CustomResourceDefinition,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  type ResourceType,
  Secret,
  Service,
  StatefulSet,
  StorageClass,
} from '@capstan/kube';
import {
  PrismCluster,
  PrismNamespace,
  PrismPattern,
  prismClusters,
  prismFederations,
  prismNamespaces,
  prismPatterns,
  prismRivals,
  prismWebhooks,
} from '@capstan/prism-operator';
import { Certificate, GRPCRoute, PrometheusRule, ServiceMonitor } from '@capstan/resources';
import { rbacRulesOf, rivalRules, webhookRules } from '@capstan/runtime';
import { comparePermissions, readManifests, type World } from '@capstan/testkit';
import { expect, it } from 'vitest';
import { thirdPartyDefinitions } from '../builders/third-party-definitions.ts';
import {
  bringUp,
  openPrismWorld,
  patiently,
  untilPhase,
  type WantedPrism,
  wantedPrism,
} from '../prism/open-prism-world.ts';
import { type TornChild, useEveryPermission } from './use-every-permission.ts';

const manifest = fileURLToPath(new URL('../../../deploy/prism-operator.yaml', import.meta.url));

const neverSent = [
  // Asked by OpenShift's OwnerReferencesPermissionEnforcement of everybody who makes owned objects; no request shows it.
  'update prismclusters.prism.io/finalizers',
];

/** What only the controllers of the other kinds of Prism may do: their own tests look at that. */
const ofOthers = comparePermissions(
  [
    ...rbacRulesOf(prismPatterns, prismNamespaces, prismFederations),
    ...webhookRules('prism-operator', prismWebhooks).cluster,
    ...rivalRules(prismRivals),
  ],
  [],
).unused.filter((text) => !comparePermissions(rbacRulesOf(prismClusters), []).unused.includes(text));

const optionalKinds: readonly ResourceType[] = [ServiceMonitor, PrometheusRule, GRPCRoute, Certificate];

/** What a person does who does not know that the operator looks after it. */
const edit = { metadata: { labels: { 'prism.io/part': 'torn' } } };

const labels = { former: 'child' };
const selector = { matchLabels: labels };
const template = { metadata: { labels }, spec: { containers: [{ name: 'proxy', image: 'proxy' }] } };
const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nobody' };

/** The name of one child of each kind but claims, which are never pruned, and the spec of a former one. */
const torn: readonly (readonly [ResourceType, string, object])[] = [
  [ConfigMap, 'prism-service-discovery', {}],
  [Secret, 'prism-keyvalue-runner-config', {}],
  [Service, 'prism-redis', { spec: { selector: labels, ports: [{ port: 80 }] } }],
  [PodDisruptionBudget, 'prism-redis', { spec: { selector, maxUnavailable: 1 } }],
  [NetworkPolicy, 'prism-redis', { spec: { podSelector: selector } }],
  [StatefulSet, 'prism-redis', { spec: { serviceName: 'x', replicas: 0, selector, template } }],
  [Deployment, 'prism-prism-proxy', { spec: { replicas: 0, selector, template } }],
  [HorizontalPodAutoscaler, 'prism-prism-proxy', { spec: { scaleTargetRef, maxReplicas: 1 } }],
  [Ingress, 'prism-prism-proxy', { spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } } }],
  [ServiceMonitor, 'prism-prism-admin', { spec: { selector, endpoints: [{ port: 'http' }] } }],
  [PrometheusRule, 'prism-prism-alerts', { spec: { groups: [] } }],
  [GRPCRoute, 'prism-prism-proxy', { spec: { rules: [] } }],
  [Certificate, 'prism-prism-proxy', { spec: { secretName: 'x', issuerRef: { name: 'x' } } }],
];

const children = torn.map(([type, name, former]): TornChild => {
  const { group, version, kind } = type;
  return { type, name, edit, former: { apiVersion: group === '' ? version : `${group}/${version}`, kind, ...former } };
});

/** A cluster of which the operator makes one of every kind. */
function everything(redisStorage: string): WantedPrism {
  return wantedPrism('prism', {
    proxy: { autoscaling: { maxReplicas: 3 } },
    backends: { redis: { storage: redisStorage, storageClassName: 'growing' }, nats: {} },
    ingress: {
      ...{ className: 'nginx', host: 'prism.example', tls: { issuerRef: { name: 'issuer' } } },
      gateway: { parentRefs: [{ name: 'public' }] },
    },
    observability: { prometheus: {} },
  });
}

async function preparePlatform(world: World): Promise<void> {
  const platform = { fieldManager: 'a-platform' };
  await world.apply(StorageClass, {
    ...{ metadata: { name: 'growing' }, provisioner: 'kubernetes.io/host-path', allowVolumeExpansion: true },
  });
  for (const { group, kind } of optionalKinds) {
    const definition = thirdPartyDefinitions.find(({ spec }) => spec.group === group && spec.names.kind === kind);
    if (definition === undefined) throw new Error(`there is no definition of ${kind}`);
    await world.admin.apply(CustomResourceDefinition, definition, platform);
  }
  await world.eventually(() => Promise.all(optionalKinds.map((kind) => world.list(kind))));
}

/** The volume of redis grows: its StatefulSet is made anew. */
async function grow(world: World): Promise<void> {
  await world.apply(PrismCluster, everything('2Gi'));
  await world.eventually(async () => {
    const claim = await world.get(PersistentVolumeClaim, 'data-prism-redis-0');
    expect(claim?.spec?.resources?.requests?.['storage']).toBe('2Gi');
  }, patiently);
  await untilPhase(world, 'prism', 'Running');
}

/** An apply of a claim that is refused is looked into by reading the claim. */
async function refuseClaim(world: World): Promise<void> {
  const name = 'prism-prism-admin-data';
  const start = world.audit.position();
  const on = { verb: 'patch', resource: PersistentVolumeClaim.plural, name };
  world.faults.inject({ on, fault: { do: 'answer', status: 422 } });
  await world.edit(PersistentVolumeClaim, name, edit);
  await world.eventually(() => {
    const reads = world.requests(start).filter(({ verb, resource }) => verb === 'get' && resource === on.resource);
    expect(reads.map((read) => read.name)).toContain(name);
  });
}

/** A cluster that was bootstrapped anew, and that goes with its data. */
async function deleteWithFormerVolumes(world: World): Promise<void> {
  const annotations = { 'prism.io/rebootstrap-admin': '1->3' };
  await world.edit(PrismCluster, 'prism', { metadata: { annotations } });
  await world.untilCondition(PrismCluster, 'prism', 'AdminRebootstrapOffered', 'True', patiently);
  await world.edit(PrismCluster, 'prism', { spec: { admin: { replicas: 3 }, deletionPolicy: 'Delete' } });
  await world.eventually(async () => {
    const cluster = await world.get(PrismCluster, 'prism');
    expect(cluster?.metadata.finalizers).toEqual(['prism.io/data']);
    expect(cluster?.status?.adminEpoch).toBe(1);
  }, patiently);
  await world.delete(PrismCluster, 'prism');
  await world.eventually(async () => {
    expect(await world.get(PrismCluster, 'prism')).toBeUndefined();
    // The claim that is in use waits for its pod; what counts is that it was told to go.
    const former = await world.get(PersistentVolumeClaim, 'prism-prism-admin-data');
    expect(former?.metadata.deletionTimestamp ?? 'gone').toBeDefined();
  }, patiently);
}

it('the Prism operator uses every permission it is shipped with, and asks for nothing else', async () => {
  // Kinds that other worlds expect to be absent are installed, so the control plane is its own.
  await using plane = await startControlPlane({ nodes: 'kwok', audit: true });
  await using world = await openPrismWorld({
    ...{ plane, faults: true, name: 'permissions' },
    kinds: [PrismPattern, PrismNamespace],
  });
  await preparePlatform(world);
  await bringUp(world, everything('1Gi'));
  await world.eventually(async () => {
    for (const { type, name } of children) expect(await world.get(type, name), `${type.kind}/${name}`).toBeDefined();
  }, patiently);
  await grow(world);
  await refuseClaim(world);
  const scenario = { type: PrismCluster, name: 'prism', children, fieldManager: 'prism-operator' };
  // Each optional kind has its own watch of its definition.
  const further = [PrismPattern, PrismNamespace];
  const definitions = [...optionalKinds, ...further].map(() => CustomResourceDefinition.plural);
  const watched = ['pods', PersistentVolumeClaim.plural, ...further.map(({ plural }) => plural), ...definitions];
  await useEveryPermission(world, { ...scenario, watched });
  await deleteWithFormerVolumes(world);
  // Asked where a deletion is held up for minutes: whether the whole namespace goes.
  const asked = [`get namespaces "${world.namespace}"`, 'get namespaces'] as const;
  expect(await world.permissions()).toEqual({ unused: [asked[0], ...neverSent], forbidden: [] });
  const shipped = (await readManifests(manifest)).filter(isClusterRole).flatMap(({ rules = [] }) => rules);
  const used = world.audit.since(0, { user: world.operatorUser });
  expect(comparePermissions(shipped, used)).toEqual({
    unused: [asked[1], ...neverSent, ...ofOthers].sort(),
    forbidden: [],
  });
}, 240_000);

function isClusterRole(object: { readonly kind: string }): object is ClusterRole {
  return object.kind === ClusterRole.kind;
}
