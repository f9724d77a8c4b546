import type { InputOf } from '@capstan/crd';
import type { Deployment, StatefulSet } from '@capstan/kube';
import { nothingAdopted } from './adoption/sight.ts';
import { PrismCluster, type PrismClusterStatus } from './api/v1alpha1/prism-cluster.ts';
import { componentsOf } from './components.ts';
import type { Observed } from './observe.ts';
import type { PodState } from './pods/pod-state.ts';
import type { SecretFinding } from './secrets/backend-secrets.ts';

export type SpecInput = InputOf<typeof PrismCluster>['spec'];

interface ClusterOverrides {
  readonly name?: string;
  readonly generation?: number;
  readonly spec?: SpecInput;
  readonly status?: PrismClusterStatus;
}

/** A cluster `orders` in the namespace `shop` as the API server would return it: one admin and one proxy, unless told otherwise. */
export function aCluster({ name = 'orders', generation = 1, spec = {}, status }: ClusterOverrides = {}): PrismCluster {
  const cluster = PrismCluster.withDefaults({
    apiVersion: 'prism.io/v1alpha1',
    kind: 'PrismCluster',
    metadata: { name, namespace: 'shop', generation, uid: '2f6a' },
    spec,
  });
  return { ...cluster, ...(status !== undefined && { status }) };
}

/** A workload as the API server shows it, all of whose pods are available unless told otherwise. */
export function aWorkload(
  kind: 'Deployment' | 'StatefulSet',
  name: string,
  { wanted = 1, available = wanted, updated = wanted }: { wanted?: number; available?: number; updated?: number } = {},
): Deployment | StatefulSet {
  const counts = { replicas: wanted, readyReplicas: available, availableReplicas: available, updatedReplicas: updated };
  const revisions = { currentRevision: updated < wanted ? `${name}-0` : `${name}-1`, updateRevision: `${name}-1` };
  const spec = { replicas: wanted, selector: {}, template: {} };
  const owner = {
    apiVersion: 'prism.io/v1alpha1',
    kind: 'PrismCluster',
    name: 'orders',
    uid: '2f6a',
    controller: true,
  };
  const metadata = { name, namespace: 'shop', generation: 1, ownerReferences: [owner] };
  const status = { observedGeneration: 1, ...counts };
  if (kind === 'Deployment') return { apiVersion: 'apps/v1', kind, metadata, spec, status };
  return {
    ...{ apiVersion: 'apps/v1', kind, metadata },
    spec: { ...spec, serviceName: name },
    status: { ...status, ...revisions },
  };
}

/** Credentials that can be used. */
export const usable: SecretFinding = { kind: 'Usable', credentials: {}, source: 'Generated', isWellKnown: false };

/** What a pass sees of a cluster of which there is nothing yet. */
export const unseen: Observed = {
  ...{ workloads: new Map(), pods: [], autoscaler: undefined, edge: undefined, bootstrapped: 0, natsOutage: undefined },
  bootstrappedBackends: {},
  ...{ adminEpoch: 0, rebootstrap: undefined, replays: { names: [], missing: [] } },
  ...{ statefulSets: [], adoption: nothingAdopted, claimOwners: new Set(), live: () => undefined },
  secrets: { findings: new Map(), hashKey: new Uint8Array(32), made: {} },
  leadership: { kind: 'Unknown', why: 'it is not ready' },
};

type Counts = NonNullable<Parameters<typeof aWorkload>[2]>;

/** What a pass sees of a cluster in which everything is available, but for the components told otherwise; `null`: it is not there. */
export function allAvailable(cluster: PrismCluster, but: Readonly<Record<string, Counts | null>> = {}): Observed {
  const members = cluster.spec.admin.replicas;
  const workloads = componentsOf(cluster, members).flatMap(({ name, workload }) => {
    const counts = but[name];
    if (workload === undefined || counts === null) return [];
    const kind = workload.type.kind === 'Deployment' ? 'Deployment' : 'StatefulSet';
    return [[name, aWorkload(kind, workload.name, counts ?? {})] as const];
  });
  return {
    ...unseen,
    workloads: new Map(workloads),
    bootstrapped: members,
    leadership: { kind: 'One', leader: 'orders-prism-admin-1' },
  };
}

/** A pod that is not ready. */
export function aPod(component: string, overrides: Partial<PodState> = {}): PodState {
  return { name: `orders-${component}-0`, component, isReady: false, isTerminating: false, ...overrides };
}
