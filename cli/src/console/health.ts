import type {
  Condition,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  KubeObject,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
} from '@capstan/kube';
import {
  conditionOf,
  podsTrouble,
  type Rollout,
  readyCondition,
  reconcilingCondition,
  rolloutOf,
  stalledCondition,
} from '@capstan/runtime';
import type { Health } from './api.ts';

/** How an object is, and one line that says why. */
export interface Verdict {
  readonly health: Health;
  /** May be empty. */
  readonly told: string;
}

/**
 * How an object is, by its own status. Pure.
 *
 * Custom resources and all other kinds with conditions are judged as kstatus does: `Stalled` fails, `Reconciling` and an older
 * `observedGeneration` progress. A kind of which only metadata is known is healthy while it is there.
 *
 * @param isCustom whether an operator here looks after it: only then can it be paused, or not have been looked at yet
 * @see https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
export function healthOf(object: KubeObject, isCustom: boolean): Verdict {
  if (object.metadata.deletionTimestamp !== undefined) return deleting(object);
  if (isCustom) return customVerdict(object);
  const judge = 'spec' in object || 'status' in object ? judges[`${object.apiVersion}/${object.kind}`] : undefined;
  return judge === undefined ? conditionsVerdict(object) : judge(object);
}

type Judge = (object: KubeObject) => Verdict;

/** The kind was looked at, so the object is of that type. */
const judges: Readonly<Record<string, Judge>> = {
  'v1/Pod': (object) => podVerdict(object as Pod),
  'v1/PersistentVolumeClaim': (object) => claimVerdict(object as PersistentVolumeClaim),
  'apps/v1/Deployment': (object) => deploymentVerdict(object as Deployment),
  'apps/v1/StatefulSet': (object) => workloadVerdict(rolloutOf(object)),
  'apps/v1/DaemonSet': (object) => workloadVerdict(rolloutOf(object)),
  'apps/v1/ReplicaSet': replicaSetVerdict,
  'batch/v1/Job': jobVerdict,
  'autoscaling/v2/HorizontalPodAutoscaler': (object) => autoscalerVerdict(object as HorizontalPodAutoscaler),
  'policy/v1/PodDisruptionBudget': (object) => budgetVerdict(object as PodDisruptionBudget),
  'networking.k8s.io/v1/Ingress': (object) => ingressVerdict(object as Ingress),
};

function deleting({ metadata: { deletionTimestamp = '', finalizers = [] } }: KubeObject): Verdict {
  const since = `Being deleted since ${deletionTimestamp.slice(0, 16).replace('T', ' ')} UTC`;
  if (finalizers.length === 0) return { health: 'deleting', told: since };
  const word = finalizers.length === 1 ? 'finalizer' : 'finalizers';
  return { health: 'deleting', told: `${since}; held by the ${word} ${finalizers.join(', ')}` };
}

function customVerdict(object: KubeObject): Verdict {
  const verdict = seenVerdict(object);
  const annotation = `${groupOf(object)}/paused`;
  if (object.metadata.annotations?.[annotation] !== 'true') return verdict;
  const before = verdict.told === '' ? '' : `; ${verdict.told}`;
  return { health: 'paused', told: `Paused by the annotation ${annotation}${before}` };
}

function seenVerdict(object: KubeObject): Verdict {
  const { generation = 0 } = object.metadata;
  const observed = fieldOf(fieldOf(object, 'status'), 'observedGeneration');
  if (conditionsOf(object).length === 0) return { health: 'unknown', told: 'No operator has looked at it yet' };
  if (typeof observed === 'number' && observed < generation && !isStalledNow(object))
    return { health: 'progressing', told: `The operator has not carried out generation ${generation} yet` };
  return conditionsVerdict(object);
}

/** A resource that was refused, or whose write fails, need not have an observedGeneration of the latest edit. */
function isStalledNow(object: KubeObject): boolean {
  const stalled = conditionOf(conditionsOf(object), stalledCondition);
  return stalled?.status === 'True' && isCurrent(stalled, object);
}

/** By the conditions that say the same for every kind. Without any, being there is all there is to it. */
function conditionsVerdict(object: KubeObject): Verdict {
  const conditions = conditionsOf(object);
  const stalled = conditionOf(conditions, stalledCondition);
  if (stalled?.status === 'True') return { health: 'failing', told: toldBy('Stalled', stalled) };
  const ready = conditionOf(conditions, readyCondition);
  const reconciling = conditionOf(conditions, reconcilingCondition);
  if (reconciling?.status === 'True') {
    const isServing = ready?.status === 'True';
    return { health: 'progressing', told: toldBy(isServing ? 'Ready, still at work' : 'Not ready', reconciling) };
  }
  if (ready === undefined) return { health: 'healthy', told: '' };
  if (ready.status === 'True') return { health: 'healthy', told: toldBy('Ready', ready, false) };
  if (ready.status === 'Unknown') return { health: 'unknown', told: toldBy('Unknown', ready) };
  return { health: 'progressing', told: toldBy('Not ready', ready) };
}

/** `Not ready, WaitingForBackend: redis: 0 of 1 pods are ready.` */
function toldBy(word: string, { reason, message }: Condition, withReason = true): string {
  const head = withReason && reason !== undefined && reason !== '' ? `${word}, ${reason}` : word;
  return message === undefined || message === '' ? head : `${head}: ${message}`;
}

function workloadVerdict(rollout: Rollout, extra = ''): Verdict {
  if (rollout.state === 'Absent') return { health: 'unknown', told: '' };
  const { ready, updated, wanted } = rollout;
  const isUpdating = rollout.state === 'InProgress' && rollout.isUpdating;
  const counts = `${ready}/${wanted} ready${isUpdating ? `, ${updated}/${wanted} updated` : ''}${extra}`;
  switch (rollout.state) {
    case 'Complete':
      return { health: 'healthy', told: wanted === 0 ? 'scaled to zero' : counts };
    case 'InProgress':
      return { health: 'progressing', told: counts };
    case 'Stalled':
      return { health: 'failing', told: `${counts}: ${rollout.reason}: ${rollout.message}` };
  }
}

function deploymentVerdict(deployment: Deployment): Verdict {
  const verdict = workloadVerdict(rolloutOf(deployment));
  if (deployment.spec?.paused !== true) return verdict;
  return { health: 'paused', told: `${verdict.told}, paused` };
}

/** Not one of the kinds that roll out: it only counts pods. */
function replicaSetVerdict(object: KubeObject): Verdict {
  const wanted = numberAt(object, 'spec', 'replicas') ?? 1;
  const ready = numberAt(object, 'status', 'readyReplicas') ?? 0;
  if (wanted === 0) return { health: 'healthy', told: 'scaled to zero' };
  return { health: ready < wanted ? 'progressing' : 'healthy', told: `${ready}/${wanted} ready` };
}

function jobVerdict(object: KubeObject): Verdict {
  const rollout = rolloutOf(object);
  switch (rollout.state) {
    case 'Absent':
      return { health: 'unknown', told: '' };
    case 'Complete':
      return { health: 'healthy', told: `Complete, ${rollout.ready}/${rollout.wanted}` };
    case 'InProgress':
      return {
        health: fieldOf(fieldOf(object, 'spec'), 'suspend') === true ? 'paused' : 'progressing',
        told: rollout.message,
      };
    case 'Stalled':
      return { health: 'failing', told: `${rollout.reason}: ${rollout.message}` };
  }
}

function podVerdict(pod: Pod): Verdict {
  const { phase, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const [trouble] = podsTrouble([pod]);
  if (trouble !== undefined) {
    const { reason, message, restarts } = trouble;
    return { health: 'failing', told: `${reason}: ${message}${restarts > 0 ? `, ${times(restarts, 'restart')}` : ''}` };
  }
  if (phase === 'Succeeded') return { health: 'healthy', told: 'Completed' };
  const all = pod.spec?.containers?.length ?? containerStatuses.length;
  const counts = `${containerStatuses.filter(({ ready }) => ready).length}/${all} ready`;
  const isReady = pod.status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
  const { nodeName } = pod.spec ?? {};
  if (isReady) return { health: 'healthy', told: nodeName === undefined ? counts : `${counts}, on ${nodeName}` };
  const waits = [...initContainerStatuses, ...containerStatuses].flatMap(({ state }) => state?.waiting?.reason ?? []);
  const why = waits[0] ?? (phase === 'Running' ? undefined : phase);
  return { health: 'progressing', told: why === undefined ? counts : `${counts}: ${why}` };
}

function claimVerdict({ status, spec }: PersistentVolumeClaim): Verdict {
  const size = String(status?.capacity?.['storage'] ?? spec?.resources?.requests?.['storage'] ?? '');
  const sized = (word: string) => (size === '' ? word : `${word}, ${size}`);
  switch (status?.phase) {
    case 'Bound':
      return { health: 'healthy', told: sized('Bound') };
    case 'Lost':
      return { health: 'failing', told: 'Lost: its volume is gone' };
    default:
      return { health: 'progressing', told: `${sized('Pending')}: no volume yet` };
  }
}

function autoscalerVerdict({ spec, status }: HorizontalPodAutoscaler): Verdict {
  const { currentReplicas = 0, conditions = [] } = status ?? {};
  const counts = `${spec?.minReplicas ?? 1} to ${spec?.maxReplicas ?? '?'} pods, ${currentReplicas} now`;
  const stopped = ['AbleToScale', 'ScalingActive'].flatMap((type) => {
    const found = conditions.find((condition) => condition.type === type);
    // Scaling is inactive on purpose while its target has no replicas.
    return found?.status === 'False' && found.reason !== 'ScalingDisabled' ? [found] : [];
  })[0];
  if (stopped === undefined) return { health: 'healthy', told: counts };
  return { health: 'progressing', told: `${counts}: ${stopped.message ?? stopped.reason ?? ''}` };
}

function budgetVerdict({ status }: PodDisruptionBudget): Verdict {
  return { health: 'healthy', told: `${times(status?.disruptionsAllowed ?? 0, 'disruption')} allowed` };
}

/** No more than a note: whoever serves it need not say where. */
function ingressVerdict({ spec, status }: Ingress): Verdict {
  const hosts = (spec?.rules ?? []).flatMap(({ host }) => host ?? []);
  const addresses = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => hostname ?? ip ?? []);
  const where = addresses.length === 0 ? 'no address yet' : `at ${addresses.join(', ')}`;
  return { health: 'healthy', told: [...hosts, where].join(', ') };
}

/**
 * Conditions in the form of metav1.Condition, of whatever kind; what has no type or status is left out.
 */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  const conditions = fieldOf(fieldOf(object, 'status'), 'conditions');
  if (!Array.isArray(conditions)) return [];
  return conditions.filter(
    (one): one is Condition => typeof fieldOf(one, 'type') === 'string' && typeof fieldOf(one, 'status') === 'string',
  );
}

/** Whether a condition is about the present generation, as far as it says. */
export function isCurrent({ observedGeneration }: Condition, { metadata }: KubeObject): boolean {
  return observedGeneration === undefined || observedGeneration >= (metadata.generation ?? 0);
}

/** Empty for the core group. */
function groupOf({ apiVersion }: KubeObject): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

function numberAt(object: KubeObject, part: 'spec' | 'status', field: string): number | undefined {
  const value = fieldOf(fieldOf(object, part), field);
  return typeof value === 'number' ? value : undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  // Whatever it is: its own fields are looked at by name.
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function times(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
