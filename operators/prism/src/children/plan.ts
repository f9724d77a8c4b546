import type { KubeObject } from '@capstan/kube';
import { secretHash } from '@capstan/resources';
import { desiredOf, type Plan, rolloutOf, type Step, type StepObject, type Waiting } from '@capstan/runtime';
import { withAdopted } from '../adoption/adopted-plan.ts';
import { configHashAnnotation, patternGenerationAnnotation } from '../annotations.ts';
import type { PrismCluster, PrismPattern } from '../api/v1alpha1/prism-cluster.ts';
import { backendChildren } from '../backends/backend-children.ts';
import { backendDiscovery } from '../backends/backend-discovery.ts';
import { type BackendKind, enabledBackends } from '../backends/backend-kind.ts';
import { type Connection, connectionOf } from '../backends/connection.ts';
import { credentialsSecret } from '../backends/credentials.ts';
import { edgeChildren } from '../edge/edge-children.ts';
import { fences } from '../edge/fences.ts';
import { namesOf, patternName, runnerName } from '../names.ts';
import { observabilityChildren } from '../observability/observability-children.ts';
import { membersOf, type Observed } from '../observe.ts';
import { givesUpOnNats } from '../outage/gives-up.ts';
import { componentLabel, instanceLabel } from '../pods/watched-pods.ts';
import { profileOf } from '../profiles/profiles.ts';
import { hashKeySecret } from '../secrets/hash-key.ts';
import { adminChildren } from './admin.ts';
import { stopped } from './as-it-is.ts';
import type { AnyPattern } from './from-resource.ts';
import { type PatternChildren, patternChildren } from './pattern.ts';
import { standingOf } from './pattern-standing.ts';
import { proxyChildren } from './proxy.ts';
import { usedBackends } from './used-backends.ts';

export interface PlanOptions {
  /** Where the operator runs; absent for one that runs outside the cluster. */
  readonly operatorNamespace?: string;
}

/**
 * Everything a cluster consists of, in the order in which it is set up: what protects and joins it, backends, prism-admin,
 * proxies, patterns with what shows them to the world.
 *
 * A step that is not ready holds back what is new in those after it; corrections and ways back go through. Patterns, edge and
 * observability do not wait for each other: a runner that never starts, or whose Secret belongs to somebody else, keeps nobody
 * else from being reached. A pattern waits for its own surroundings; once it has them its workload is in the step before, where
 * those of others do not hold it.
 */
export function planChildren(asked: PrismCluster, observed: Observed, options: PlanOptions): Plan {
  const cluster = asBootstrapped(asked, observed);
  const proxy = proxyChildren(cluster);
  // The bounds of an autoscaler are followed at once, whatever else waits; before there are proxies it would only complain.
  const isAhead = (object: StepObject) => isAutoscaler(object) && observed.workloads.has('prism-proxy');
  const patterns = patternsToRun(cluster, observed);
  const settled = patterns.filter((pattern) => isSettled(pattern, cluster, observed));
  const unsettled = patterns.filter((pattern) => !settled.includes(pattern));
  const plan = {
    steps: [
      { name: 'surroundings', objects: [...surroundings(cluster, observed, options), ...proxy.filter(isAhead)] },
      ...enabledBackends(cluster).map((kind) => backendStep(kind, cluster, observed)),
      adminStep(cluster, observed),
      { name: 'proxy', objects: proxy.filter((object) => !isAhead(object)) },
      {
        name: 'patterns',
        objects: [
          ...patterns.flatMap(({ surroundings }) => surroundings),
          ...settled.map(({ workload }) => workload),
          ...patternsToStop(cluster, observed),
          ...edgeChildren(cluster),
          ...observabilityChildren(cluster),
        ],
      },
      { name: 'new-patterns', objects: unsettled.map(({ workload }) => workload) },
    ],
    retained: isLeftAlone(cluster, observed),
    superfluous: isSuperfluous(cluster, observed),
  };
  return withAdopted(plan, cluster, observed.adoption);
}

/**
 * With the members of prism-admin that run rather than those that are asked for: one by itself listens on other ports than one of
 * several, and everybody who is to reach it follows the one that is there.
 */
function asBootstrapped(cluster: PrismCluster, { bootstrapped }: Observed): PrismCluster {
  const { spec } = cluster;
  return { ...cluster, spec: { ...spec, admin: { ...spec.admin, replicas: membersOf(cluster, bootstrapped) } } };
}

function isAutoscaler(object: StepObject): boolean {
  return desiredOf(object).kind === 'HorizontalPodAutoscaler';
}

function surroundings(cluster: PrismCluster, observed: Observed, options: PlanOptions): readonly StepObject[] {
  const { secrets } = observed;
  const reachOf = (pattern: PrismPattern) => [...pattern.backends, ...formerBackends(cluster, pattern, observed)];
  const generated = [...secrets.findings].flatMap(([kind, finding]) =>
    finding.kind === 'Usable' && finding.source === 'Generated'
      ? [credentialsSecret(cluster, kind, finding.credentials)]
      : [],
  );
  return [
    hashKeySecret(cluster, secrets.hashKey, secrets.made),
    ...generated,
    // Addresses only: a backend whose Secret cannot be used is where it always was.
    backendDiscovery(
      cluster,
      enabledBackends(cluster).map((kind) => connectionOf(kind, cluster, {})),
    ),
    ...fences(cluster, { ...options, reachOf }),
  ];
}

function backendStep(kind: BackendKind, cluster: PrismCluster, { secrets }: Observed): Step {
  const finding = secrets.findings.get(kind);
  if (finding?.kind !== 'Usable') {
    const { reason = 'SecretMissing', message = `the credentials of ${kind} are not known` } = finding ?? {};
    return { name: kind, objects: [], waitingFor: () => ({ reason, message }) };
  }
  const { hashKey, made } = secrets;
  return backendChildren(kind, cluster, { credentials: finding.credentials, hashOf: hashWith(hashKey), made });
}

function hashWith(key: Uint8Array) {
  return (secrets: Readonly<Record<string, string>>) => secretHash(key, secrets);
}

/** Others wait for as many members as elect a leader; the rest may come later, or be away. */
function adminStep(cluster: PrismCluster, observed: Observed): Step {
  const { bootstrapped, adminEpoch: epoch, rebootstrap } = observed;
  const { statefulSets, claimOwners } = observed;
  const stopping = rebootstrap?.step === 'Stopping' ? { statefulSets, claimOwners } : undefined;
  const objects = adminChildren(cluster, { bootstrapped, epoch, stopping });
  // Nothing waits for members that are to stop: what is held back would keep its kind from being pruned, them among it.
  if (stopping !== undefined) return { name: 'prism-admin', objects };
  const members = membersOf(cluster, bootstrapped);
  const workload = objects.find((object) => ['Deployment', 'StatefulSet'].includes(desiredOf(object).kind));
  const needed = Math.floor(members / 2) + 1;
  return {
    name: 'prism-admin',
    objects,
    waitingFor: (live) => (workload === undefined ? undefined : adminWaiting(live(workload), needed, members)),
  };
}

function adminWaiting(workload: KubeObject | undefined, needed: number, members: number): Waiting | undefined {
  const rollout = rolloutOf(workload);
  if (rollout.state === 'Absent') return { reason: 'Absent', message: 'prism-admin does not exist yet' };
  if (rollout.ready >= needed) return undefined;
  return { reason: 'AdminNotReady', message: `prism-admin: ${rollout.ready} of ${members} pods are ready` };
}

function patternsToRun(cluster: PrismCluster, observed: Observed): readonly PatternChildren[] {
  const { secrets, natsOutage } = observed;
  const connections = connectionsOf(cluster, secrets);
  const profile = profileOf(cluster);
  const restartToken = natsOutage?.restartedFor;
  return cluster.spec.patterns
    .filter((pattern) => standingOf(cluster, pattern, secrets).kind === 'Run')
    .map((pattern) =>
      patternChildren(cluster, pattern, {
        ...{ connections, hashOf: hashWith(secrets.hashKey), uses: usedBackends(cluster, pattern, observed) },
        ...(restartToken !== undefined && givesUpOnNats(pattern, profile) && { restartToken }),
      }),
    );
}

/** Whether pods of a pattern would find what they are to find; of a Secret, that it holds what they are made for. */
function isSettled({ surroundings }: PatternChildren, cluster: PrismCluster, { live }: Observed): boolean {
  return surroundings.every((wanted) => {
    const found = live(wanted)?.metadata;
    if (found === undefined || found.deletionTimestamp !== undefined) return false;
    const hash = desiredOf(wanted).metadata.annotations?.[configHashAnnotation];
    return (
      found.labels?.[instanceLabel] === cluster.metadata.name &&
      (hash === undefined || found.annotations?.[configHashAnnotation] === hash)
    );
  });
}

/** Patterns that cannot be run, although they are in the spec, and have volumes that would go with their StatefulSet. */
function patternsToStop(cluster: PrismCluster, { secrets, statefulSets }: Observed): readonly StepObject[] {
  const names = cluster.spec.patterns
    .filter((pattern) => ['BackendMissing', 'Refused'].includes(standingOf(cluster, pattern, secrets).kind))
    .map(({ name }) => patternName(cluster, name));
  return statefulSets
    .filter(({ metadata, spec }) => names.includes(metadata.name) && (spec?.volumeClaimTemplates ?? []).length > 0)
    .map((live) => stopped(cluster, live));
}

function connectionsOf(cluster: PrismCluster, { findings }: Observed['secrets']): readonly Connection[] {
  return [...findings].flatMap(([kind, finding]) =>
    finding.kind === 'Usable' ? [connectionOf(kind, cluster, finding.credentials)] : [],
  );
}

/** Backends that pods of a pattern from before a change still use; of one that is not started all pods go anyway. */
function formerBackends(cluster: PrismCluster, pattern: PrismPattern, observed: Observed): readonly BackendKind[] {
  const { kind } = standingOf(cluster, pattern, observed.secrets);
  if (kind === 'BackendMissing' || kind === 'Refused') return [];
  return usedBackends(cluster, pattern, observed).former;
}

/**
 * What is left of patterns that were taken out of the spec goes, whatever is wrong with others. While one of the spec is still to be
 * made, it may be one of them under a new name, and they wait for it. A PrismPattern cannot get another name: nothing is waited for.
 */
function isTakenOut(cluster: PrismCluster, { secrets, workloads }: Observed): (live: KubeObject) => boolean {
  const { patterns } = cluster.spec;
  const names = new Set(patterns.map(({ name }) => runnerName(name)));
  const isComing = patterns
    .filter(({ generation }: AnyPattern) => generation === undefined)
    .some((each) => !workloads.has(runnerName(each.name)) && standingOf(cluster, each, secrets).kind === 'Run');
  return ({ metadata: { labels, annotations } }) => {
    const component = labels?.[componentLabel] ?? '';
    const isOfResource = annotations?.[patternGenerationAnnotation] !== undefined;
    return (isOfResource || !isComing) && component.endsWith(runnerName('')) && !names.has(component);
  };
}

function isSuperfluous(cluster: PrismCluster, observed: Observed): (live: KubeObject) => boolean {
  const takenOut = isTakenOut(cluster, observed);
  return (live) => takenOut(live) || isStoppingAdmin(cluster, observed, live);
}

/** Of a prism-admin that is to stop; one that has to stay for a while is in the plan. It has no successor to wait for. */
function isStoppingAdmin(cluster: PrismCluster, { rebootstrap }: Observed, { kind, metadata }: KubeObject): boolean {
  const isWorkload = kind === 'Deployment' || kind === 'StatefulSet';
  return rebootstrap?.step === 'Stopping' && isWorkload && metadata.name === namesOf(cluster).admin;
}

/** What cannot be rendered because a Secret cannot be used runs on as it is; so does a backend that pods of before still use. */
function isLeftAlone(cluster: PrismCluster, observed: Observed): (live: KubeObject) => boolean {
  const { secrets } = observed;
  const backends = [...secrets.findings].flatMap(([kind, finding]) => (finding.kind === 'Unusable' ? [kind] : []));
  const patterns = cluster.spec.patterns
    .filter((pattern) => ['SecretUnusable', 'Held'].includes(standingOf(cluster, pattern, secrets).kind))
    .map(({ name }) => runnerName(name));
  const used = cluster.spec.patterns.flatMap((pattern) => formerBackends(cluster, pattern, observed));
  const servers = [...backends, ...used];
  const left = new Set<string>([...servers, ...(servers.includes('kafka') ? ['zookeeper'] : []), ...patterns]);
  return ({ metadata }) => left.has(metadata.labels?.[componentLabel] ?? '');
}
