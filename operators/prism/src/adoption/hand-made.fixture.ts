import type { Deployment, KubeObject, OwnerReference, StatefulSet } from '@capstan/kube';
import { childName, desiredOf, type Plan, type StepObject } from '@capstan/runtime';
import { aCluster, type SpecInput, unseen } from '../a-cluster.fixture.ts';
import { aPass } from '../a-pass.fixture.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { planChildren } from '../children/plan.ts';
import type { Observed } from '../observe.ts';
import { withKeptPatterns } from './kept-patterns.ts';
import { adoptionSightOf } from './sight.ts';

/** A cluster whose components are all taken over under the names that people gave them. */
export const adopting = {
  profile: 'memo035',
  admin: { resources: {} },
  proxy: { image: 'local/proxy:1', replicas: 3, resources: {}, port: 50_052 },
  patterns: [{ name: 'mailbox', type: 'StatefulSet', image: 'local/mailbox:1', resources: {} }],
  adoption: {
    workloads: [
      { component: 'prism-admin', name: 'control', selector: { app: 'control' }, claim: 'control-data' },
      { component: 'prism-proxy', name: 'proxy', selector: { app: 'proxy' }, container: 'main', service: 'proxy-svc' },
      { component: 'mailbox-runner', name: 'mailbox', selector: { app: 'mailbox' }, container: 'main' },
    ],
  },
} satisfies SpecInput;

/** The same with another choice of what becomes of pods. */
export const replacing: SpecInput = { ...adopting, adoption: { ...adopting.adoption, podTemplates: 'Replace' } };

export const ownedByOrders: OwnerReference = {
  ...{ apiVersion: 'prism.io/v1alpha1', kind: 'PrismCluster', name: 'orders', uid: '2f6a', controller: true },
};

/** What the cache has of an object that is nobody's of ours. */
export function aStub(kind: string, name: string, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  const group = kind === 'Deployment' || kind === 'StatefulSet' ? 'apps/v1' : 'v1';
  return { apiVersion: group, kind, metadata: { name, namespace: 'shop', uid: `${kind}-${name}`, ...metadata } };
}

/** Stubs of everything that the cluster above names. */
export const strangers: readonly KubeObject[] = [
  ...[aStub('Deployment', 'control'), aStub('Deployment', 'proxy'), aStub('StatefulSet', 'mailbox')],
  ...[aStub('Service', 'control'), aStub('Service', 'proxy-svc')],
];

export interface HandMade {
  readonly containers?: readonly { readonly name: string; readonly env?: readonly object[] }[];
  readonly claims?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly owner?: OwnerReference;
}

/** A workload in full that finds its pods by `app=<name>`. */
export function aHandMade(
  kind: 'Deployment' | 'StatefulSet',
  name: string,
  { containers = [{ name: 'main' }], claims = [], labels = {}, owner }: HandMade = {},
): Deployment | StatefulSet {
  const volumes = claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } }));
  const spec = {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name, ...labels } }, spec: { containers, volumes } },
  };
  const metadata = { name, namespace: 'shop', ...(owner !== undefined && { ownerReferences: [owner] }) };
  const made = kind === 'Deployment' ? spec : { ...spec, serviceName: 'by-hand', podManagementPolicy: 'OrderedReady' };
  return { apiVersion: 'apps/v1', kind, metadata, spec: made } as unknown as Deployment | StatefulSet; // as much of it as anybody reads
}

/** A cluster, and what a pass sees of it where the cache has these objects. */
export function seenWith(
  spec: SpecInput,
  objects: readonly KubeObject[],
): { readonly cluster: PrismCluster; readonly observed: Observed } {
  const { cache } = aPass({ objects });
  const cluster = withKeptPatterns(aCluster({ spec }), cache);
  return { cluster, observed: { ...unseen, adoption: adoptionSightOf(cluster, 1, cache) } };
}

/** What would be applied of a cluster where the cache has these objects, by kind and name. */
export function plannedWith(spec: SpecInput, objects: readonly KubeObject[]): ReadonlyMap<string, StepObject> {
  const { cluster, observed } = seenWith(spec, objects);
  return byName(planChildren(cluster, observed, {}));
}

function byName({ steps }: Plan): ReadonlyMap<string, StepObject> {
  return new Map(steps.flatMap(({ objects }) => objects.map((each) => [childName(desiredOf(each)), each] as const)));
}
