import { Pod, StatefulSet } from '@capstan/kube';
import type { CacheReader, Pass } from '@capstan/runtime';
import type { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';
import { type BrokerPod, brokerPodsOf } from './brokers/broker-pod.ts';
import type { Leadership } from './brokers/leadership.ts';
import type { LeadershipWatch } from './brokers/leadership-watch.ts';
import { managedBy } from './children/labels.ts';
import { brokerHost, namesOf, namespaceOf, ordinals, podName } from './children/names.ts';
import { isOriginals } from './children/stateful-set.ts';
import { specMustBeValid } from './judge/spec-must-be-valid.ts';
import { formerBrokers } from './rebootstrap/remains.ts';
import { lockedOutAfterMs } from './rollout/stale-leader.ts';
import type { SecretCheck, SecretFindings } from './secrets/secret-check.ts';
import { brokersExpected } from './shape.ts';
import type { TenantApi } from './tenancy/enforcement.ts';
import { effectiveQuotas } from './tenancy/quotas.ts';
import type { TenantPush } from './tenancy/tenant-push.ts';

/** What one pass knows of the world besides the resource itself. */
export interface Observed {
  readonly statefulSet: StatefulSet | undefined;
  /** In its place: the StatefulSet of the original operator, which is made anew. Its brokers have never run; its volumes count. */
  readonly original?: StatefulSet;
  /** The brokers' pods, by ordinal. */
  readonly pods: readonly BrokerPod[];
  readonly leadership: Leadership;
  readonly secrets: SecretFindings;
  readonly tenantApi: TenantApi;
  /** Before the first start: brokers of a former cluster of this name whose raft volumes are still there. */
  readonly raftVolumes?: number;
}

/** What is asked beyond the cache: brokers, and Secrets when they are new. */
export interface Outside {
  readonly leaders: LeadershipWatch;
  readonly tenants: TenantPush;
  readonly secrets: SecretCheck;
}

/** Every read of one pass. A StatefulSet that is not the cluster's own says nothing of the cluster. */
export async function observe(
  cluster: StreamBusCluster,
  pass: Pass<StreamBusCluster>,
  outside: Outside,
): Promise<Observed> {
  const statefulSet = statefulSetOf(cluster, pass.cache);
  const original = originalOf(cluster, pass.cache);
  const sets = { statefulSet, ...(original !== undefined && { original }) };
  const hasSet = statefulSet !== undefined || original !== undefined;
  const pods = podsOf(cluster, statefulSet, pass.cache);
  // What is not of the right shape names nobody who could be asked.
  if (specMustBeValid(cluster, { statefulSet }) !== undefined)
    return { statefulSet, pods, secrets: noSecrets, ...unasked };
  const secrets = await outside.secrets.findings(cluster, pass);
  const former = hasSet ? {} : await formerVolumes(cluster, pass);
  if (pass.isRehearsal) return { ...sets, pods, secrets, ...former, ...unasked };
  const leadership = await leadershipIn(cluster, { statefulSet, pods }, pass, outside.leaders);
  const tenantApi = await tenantApiOf(cluster, pods, pass, outside.tenants);
  return { ...sets, pods, leadership, secrets, tenantApi, ...former };
}

/** A preview must answer from where no broker can be reached, and change nothing; an invalid spec says of none where it is. */
const noSecrets: SecretFindings = { problems: [] };
const unasked = {
  leadership: { kind: 'Unknown', cause: 'Unasked', why: 'brokers were not asked' },
  tenantApi: { kind: 'Absent' },
} as const;

/** The cluster's own StatefulSet, as the cache has it; one of the original operator is not. */
export function statefulSetOf(cluster: StreamBusCluster, cache: Pick<CacheReader, 'get'>): StatefulSet | undefined {
  const found = anySetOf(cluster, cache);
  return found !== undefined && !isOriginals(found) ? found : undefined;
}

/** What the original operator has left of the cluster's brokers. */
function originalOf(cluster: StreamBusCluster, cache: Pick<CacheReader, 'get'>): StatefulSet | undefined {
  const found = anySetOf(cluster, cache);
  return found !== undefined && isOriginals(found) ? found : undefined;
}

function anySetOf(cluster: StreamBusCluster, cache: Pick<CacheReader, 'get'>): StatefulSet | undefined {
  const statefulSet = cache.get(StatefulSet, { namespace: namespaceOf(cluster), name: namesOf(cluster).statefulSet });
  return statefulSet !== undefined && isOwn(statefulSet, cluster) ? statefulSet : undefined;
}

/**
 * Owned by this very cluster, or by nobody although the operator made it: what is left when a cluster was deleted with its
 * children orphaned. The operator takes such a one back, so its size counts.
 */
function isOwn({ metadata }: StatefulSet, cluster: StreamBusCluster): boolean {
  const holder = metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (holder !== undefined) return holder.uid === cluster.metadata.uid;
  return metadata.labels?.['app.kubernetes.io/managed-by'] === managedBy;
}

function podsOf(
  cluster: StreamBusCluster,
  statefulSet: StatefulSet | undefined,
  cache: Pick<CacheReader, 'get'>,
): readonly BrokerPod[] {
  const { largestReplicas = 0, bootstrapReplicas = 0 } = cluster.status ?? {};
  const most = Math.max(largestReplicas, statefulSet?.spec?.replicas ?? 0, bootstrapReplicas);
  const namespace = namespaceOf(cluster);
  const pods = ordinals(most).flatMap((each) => cache.get(Pod, { namespace, name: podName(cluster, each) }) ?? []);
  return brokerPodsOf(namesOf(cluster).statefulSet, pods);
}

/** Asked only of a cluster that has never started: what a deleted one of its name has left. */
async function formerVolumes(
  cluster: StreamBusCluster,
  pass: Pass<StreamBusCluster>,
): Promise<Pick<Observed, 'raftVolumes'>> {
  if (cluster.status?.bootstrapReplicas !== undefined) return {};
  return { raftVolumes: await formerBrokers(cluster, pass) };
}

/** The revision that new pods are made from; `undefined` while the StatefulSet's controller has not looked at its spec. */
export function updateRevisionOf(statefulSet: StatefulSet | undefined): string | undefined {
  const { metadata, status } = statefulSet ?? {};
  return (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) ? status?.updateRevision : undefined;
}

/** Who leads. Asked at once where the answer decides about a pod, else as it was last heard. */
function leadershipIn(
  cluster: StreamBusCluster,
  { statefulSet, pods }: Pick<Observed, 'statefulSet' | 'pods'>,
  pass: Pass<StreamBusCluster>,
  leaders: LeadershipWatch,
): Promise<Leadership> {
  const size = brokersExpected(cluster, statefulSet?.spec?.replicas);
  if (size === 1) return Promise.resolve(aloneIn(pods));
  const isLate = ({ notReadySince = pass.now }: BrokerPod) =>
    Date.parse(pass.now) - Date.parse(notReadySince) >= lockedOutAfterMs;
  const revision = updateRevisionOf(statefulSet);
  const isRolling = pods.some((pod) => pod.revision !== revision);
  const isResizing = cluster.status?.reBootstrap !== undefined || size !== cluster.spec.replicas;
  const isUrgent = isRolling || isResizing || pods.some(isLate);
  const { name, namespace } = cluster.metadata;
  return leaders.leadership(
    { cluster: { name, namespace }, size, brokers: addressesOf(cluster, pods) },
    isUrgent,
    pass.signal,
  );
}

/** A single broker is its own quorum: when its client port is open it leads. */
function aloneIn([pod]: readonly BrokerPod[]): Leadership {
  if (pod?.isReady === true) return { kind: 'One', leader: pod.name };
  return { kind: 'Unknown', cause: 'Unready', why: 'the broker accepts no clients' };
}

/** Only brokers whose client port is open can be asked: before that each question costs them a panic in their log. */
function addressesOf(cluster: StreamBusCluster, pods: readonly BrokerPod[]) {
  return pods.flatMap(({ name, uid, ip, ordinal, isReady, isTerminating, restarts }) =>
    ip === undefined || !isReady || isTerminating
      ? []
      : [{ pod: name, uid, ip, host: brokerHost(cluster, ordinal), httpPort: cluster.spec.config.httpPort, restarts }],
  );
}

async function tenantApiOf(
  cluster: StreamBusCluster,
  pods: readonly BrokerPod[],
  pass: Pass<StreamBusCluster>,
  tenants: TenantPush,
): Promise<TenantApi> {
  const quotas = effectiveQuotas(cluster.spec);
  if (quotas === undefined) return { kind: 'Absent' };
  return tenants.push(quotas, addressesOf(cluster, pods), pass.signal);
}
