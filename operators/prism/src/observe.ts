import {
  type Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  type KubeObject,
  PersistentVolumeClaim,
  Pod,
  type ResourceType,
  Secret,
  Service,
  StatefulSet,
} from '@capstan/kube';
import { Certificate, GRPCRoute } from '@capstan/resources';
import { type CacheReader, desiredOf, type Pass, type StepObject } from '@capstan/runtime';
import type { MemberAddress } from './admin/admin-metrics.ts';
import type { Leadership } from './admin/leadership.ts';
import type { LeadershipWatch } from './admin/leadership-watch.ts';
import { readFreeWorkloads } from './adoption/free-workloads.ts';
import { type AdoptionSight, adoptionSightOf, isKept, nothingAdopted } from './adoption/sight.ts';
import type { PrismCluster } from './api/v1alpha1/prism-cluster.ts';
import { type BootstrappedBackends, bootstrappedBackends, volumesOf } from './bootstrapped-backends.ts';
import { type Component, componentsOf, isOwnedBy } from './components.ts';
import { type EdgeHealth, edgeHealth } from './edge/edge-health.ts';
import { specMustBeValid } from './judge/spec-must-be-valid.ts';
import { namesOf, namespaceOf } from './names.ts';
import { type NatsOutage, type NatsSight, natsOutageOf } from './outage/nats-outage.ts';
import { type PodState, podStateOf } from './pods/pod-state.ts';
import { instanceLabel } from './pods/watched-pods.ts';
import { adminProfile } from './profiles/profiles.ts';
import { type AdminStanding, adminStandingOf } from './rebootstrap/admin-standing.ts';
import { type ReplayedNamespaces, replayedNamespaces } from './rebootstrap/replayed-namespaces.ts';
import { type BackendSecrets, backendSecrets, type Random } from './secrets/backend-secrets.ts';
import type { SecretContents } from './secrets/secret-contents.ts';

/** What the cache says of the children of a cluster; read anew after they were applied. */
export interface Seen {
  /** By component; those that are there. */
  readonly workloads: ReadonlyMap<string, Deployment | StatefulSet>;
  readonly pods: readonly PodState[];
  readonly autoscaler: HorizontalPodAutoscaler | undefined;
  /** `undefined` where clients outside are not to be let in. */
  readonly edge: EdgeHealth | undefined;
  /** All that the cluster has, also those that its spec does not name any more. */
  readonly statefulSets: readonly StatefulSet[];
  /** What there is of everything that is to be taken over. */
  readonly adoption: AdoptionSight;
  /** UIDs of everything that a claim of its namespace would go with. */
  readonly claimOwners: ReadonlySet<string>;
  /** What there is of a StatefulSet, claim, Service or Secret of the plan; metadata alone of the last three. */
  readonly live: (wanted: StepObject) => KubeObject | undefined;
}

/** What one pass knows of the world besides the resource itself. */
export interface Observed extends Seen, AdminStanding {
  /** What would be created anew in a prism-admin that is bootstrapped anew. */
  readonly replays: ReplayedNamespaces;
  /** Why it cannot be found out whether members of prism-admin have stopped; known after the plan was applied. */
  readonly rebootstrapObstacle?: string;
  /** What backends were made with, those of which only volumes are left among them. */
  readonly bootstrappedBackends: BootstrappedBackends;
  readonly secrets: BackendSecrets;
  readonly leadership: Leadership;
  readonly natsOutage: NatsOutage | undefined;
}

/** What is asked beyond the cache. */
export interface Outside {
  readonly contents: SecretContents;
  readonly leaders: LeadershipWatch;
  readonly random: Random;
}

type Cache = Pick<CacheReader<PrismCluster>, 'get' | 'list'>;

/** Every read of one pass. Of a spec that is not of the right shape nothing is read. */
export async function observe(cluster: PrismCluster, pass: Pass<PrismCluster>, outside: Outside): Promise<Observed> {
  if (specMustBeValid(cluster) !== undefined) return unseen(cluster);
  const standing = adminStandingOf(cluster, pass.cache);
  const seen = seenOf(cluster, standing.bootstrapped, pass.cache);
  const isMade = (kind: string) => seen.workloads.has(kind) || volumesOf(cluster, kind, pass.cache).length > 0;
  const runs = (kind: string) => seen.workloads.get(kind)?.spec?.template.spec?.containers[0]?.image;
  const secrets = await backendSecrets(cluster, pass, { ...outside, isMade, runs });
  const adoption = await readFreeWorkloads(cluster, seen.adoption, pass);
  const leadership = pass.isRehearsal ? unasked : await leadershipIn(cluster, { ...seen, ...standing }, pass, outside);
  return {
    ...{ ...seen, ...standing, adoption, secrets, leadership, natsOutage: outageIn(cluster, seen, pass.now) },
    replays: replayedNamespaces(cluster, standing, pass.cache),
    bootstrappedBackends: bootstrappedBackends(cluster, pass.cache, { isCarriedOut: false }),
  };
}

/** The same after the children were applied. */
export function afterwards(
  cluster: PrismCluster,
  observed: Observed,
  { cache, now }: Pick<Pass<PrismCluster>, 'cache' | 'now'>,
): Observed {
  const standing = adminStandingOf(cluster, cache);
  const made = bootstrappedBackends(cluster, cache, { isCarriedOut: true });
  const seen = seenOf(cluster, standing.bootstrapped, cache);
  // To apply takes a while: an outage that began meanwhile would look as if NATS had never been there.
  const natsOutage = natsOutageOf(observed.natsOutage, natsSight(seen, hasNats(observed)), now);
  return { ...observed, ...standing, bootstrappedBackends: made, ...seen, natsOutage };
}

/** A preview must answer from where no pod can be reached. */
const unasked: Leadership = { kind: 'Unknown', why: 'prism-admin was not asked' };

function unseen({ status }: PrismCluster): Observed {
  return {
    ...{ workloads: new Map(), pods: [], autoscaler: undefined, edge: undefined, leadership: unasked },
    ...{ statefulSets: [], adoption: nothingAdopted, claimOwners: new Set(), live: () => undefined },
    secrets: { findings: new Map(), hashKey: new Uint8Array(), made: {} },
    ...{ bootstrapped: status?.bootstrappedAdminReplicas ?? 0, adminEpoch: status?.adminEpoch ?? 0 },
    ...{ rebootstrap: status?.adminRebootstrap, replays: { names: [], missing: [] } },
    bootstrappedBackends: status?.bootstrappedBackends ?? {},
    natsOutage: status?.natsOutage,
  };
}

/** What the cache has of a cluster now. What another one has under the same names says nothing of it. */
function seenOf(cluster: PrismCluster, bootstrapped: number, cache: Cache): Seen {
  const found = componentsOf(cluster, membersOf(cluster, bootstrapped)).flatMap((component) => {
    const live = liveWorkload(cluster, component, cache);
    return live === undefined ? [] : [[component.name, live] as const];
  });
  return {
    workloads: new Map(found),
    pods: podsOf(cluster, cache),
    autoscaler: ownObject(cluster, HorizontalPodAutoscaler, namesOf(cluster).proxyAutoscaler, cache),
    edge: edgeHealth(cluster, (wanted) => objectOf(edgeKinds, cluster, wanted, cache)),
    statefulSets: cache
      .list(StatefulSet, { namespace: namespaceOf(cluster) })
      .filter((each) => isOwnedBy(each, cluster) && each.metadata.labels?.[instanceLabel] === cluster.metadata.name),
    adoption: adoptionSightOf(cluster, membersOf(cluster, bootstrapped), cache),
    claimOwners: claimOwnersIn(namespaceOf(cluster), cache),
    live: (wanted) => objectOf(dataKinds, cluster, wanted, cache),
  };
}

function claimOwnersIn(namespace: string, cache: Cache): ReadonlySet<string> {
  const claims = cache.list(PersistentVolumeClaim, { namespace });
  return new Set(claims.flatMap(({ metadata: { ownerReferences = [] } }) => ownerReferences.map(({ uid }) => uid)));
}

/** How many members prism-admin has: as it was bootstrapped, or as it is going to be. */
export function membersOf({ spec }: PrismCluster, bootstrapped: number): number {
  return bootstrapped > 0 ? bootstrapped : spec.admin.replicas;
}

function liveWorkload(
  cluster: PrismCluster,
  { workload }: Component,
  cache: Cache,
): Deployment | StatefulSet | undefined {
  if (workload === undefined) return undefined;
  return ownObject<Deployment | StatefulSet>(cluster, workload.type, workload.name, cache);
}

function ownObject<O extends KubeObject>(
  cluster: PrismCluster,
  type: ResourceType<O>,
  name: string,
  cache: Cache,
): O | undefined {
  const found = cache.get(type, { namespace: namespaceOf(cluster), name });
  return found !== undefined && isOwnedBy(found, cluster) ? found : undefined;
}

const edgeKinds: readonly ResourceType[] = [Ingress, GRPCRoute, Certificate];

const dataKinds: readonly ResourceType[] = [StatefulSet, PersistentVolumeClaim, Service, Secret];

function objectOf(
  kinds: readonly ResourceType[],
  cluster: PrismCluster,
  wanted: StepObject,
  cache: Cache,
): KubeObject | undefined {
  const { kind, metadata } = desiredOf(wanted);
  const type = kinds.find((each) => each.kind === kind);
  return type && metadata.name !== undefined ? ownObject(cluster, type, metadata.name, cache) : undefined;
}

function podsOf(cluster: PrismCluster, cache: Cache): readonly PodState[] {
  return cache
    .list(Pod, { namespace: namespaceOf(cluster) })
    .filter(({ metadata }) => metadata.labels?.[instanceLabel] === cluster.metadata.name)
    .map(podStateOf)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A single member is its own quorum: it is ready once it leads. */
async function leadershipIn(
  cluster: PrismCluster,
  { pods, bootstrapped, rebootstrap, adoption }: Pick<Observed, 'pods' | 'bootstrapped' | 'rebootstrap' | 'adoption'>,
  pass: Pass<PrismCluster>,
  { leaders }: Outside,
): Promise<Leadership> {
  const members = membersOf(cluster, bootstrapped);
  const ready = pods.filter(
    ({ component, isReady, isTerminating }) => component === 'prism-admin' && isReady && !isTerminating,
  );
  if (members === 1) {
    leaders.forget(cluster.metadata);
    const kept = adoption.workloads.get('prism-admin');
    const [leader] = isKept(adoption, 'prism-admin') ? readyIn(kept) : ready;
    return leader === undefined ? { kind: 'Unknown', why: 'it is not ready' } : { kind: 'One', leader: leader.name };
  }
  const { name, namespace } = cluster.metadata;
  const port = metricsPort(cluster, members);
  const addresses = ready.flatMap(({ name: pod, ip }): readonly MemberAddress[] =>
    ip === undefined || port === undefined ? [] : [{ pod, ip, port }],
  );
  const isElecting = rebootstrap?.step === 'Starting';
  return leaders.leadership({ cluster: { name, namespace }, members: addresses, isElecting }, pass.signal);
}

/** Pods that somebody else made bear labels that nobody here knows, so they are not watched: their workload tells of them. */
function readyIn(kept: Deployment | StatefulSet | undefined): readonly Pick<PodState, 'name'>[] {
  return kept !== undefined && (kept.status?.readyReplicas ?? 0) > 0 ? [kept.metadata] : [];
}

function metricsPort(cluster: PrismCluster, members: number): number | undefined {
  return adminProfile(cluster, members).otherPorts?.find(({ name }) => name === 'metrics')?.port;
}

function outageIn(cluster: PrismCluster, seen: Seen, now: string): NatsOutage | undefined {
  const { natsOutage, backendStatus = [] } = cluster.status ?? {};
  // Some server is enough: they may go one after the other.
  const wasThere = backendStatus.some(({ name, availableReplicas }) => name === 'nats' && availableReplicas > 0);
  return natsOutageOf(natsOutage, natsSight(seen, wasThere), now);
}

function natsSight(seen: Seen, wasThere: boolean): NatsSight | undefined {
  if (!seen.workloads.has('nats')) return undefined;
  return { isThere: hasNats(seen), wasThere, pods: seen.pods.filter(({ component }) => component === 'nats') };
}

function hasNats({ workloads }: Pick<Seen, 'workloads'>): boolean {
  return (workloads.get('nats')?.status?.readyReplicas ?? 0) > 0;
}
