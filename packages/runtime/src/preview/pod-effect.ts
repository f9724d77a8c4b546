import type { KubeObject } from '@capstan/kube';
import { canonicalJson, fieldOf } from '../engine/json-value.ts';

/** What a change of a workload does to the pods it runs. */
export interface PodEffect {
  /** Pods that are replaced by new ones. */
  readonly restarts: number;
  /** Pods that go and are not replaced. */
  readonly stops: number;
  /** In which order, as far as it is known: `one at a time, from orders-2 down to orders-0`. */
  readonly how: string;
}

/** How a workload changes: in place, or by being deleted (and perhaps made anew), with or without its pods. */
export type WorkloadChange = 'in place' | 'recreated' | 'recreated around its pods' | 'removed';

/**
 * What happens to the pods of a workload; `undefined` for other kinds, and where no pod notices. Pods that a new object takes
 * over are rolled by it as they would be by the former one.
 *
 * @param restartsPods in which order the operator itself replaces pods that nobody else rolls, if it does
 */
export function podEffect(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  change: WorkloadChange,
  restartsPods?: string,
): PodEffect | undefined {
  if (before === undefined || !isWorkload(before)) return undefined;
  const pods = podsOf(before);
  if (pods === 0) return undefined;
  if (change === 'recreated') return { restarts: pods, stops: 0, how: 'all at once: it is deleted and made anew' };
  if (change === 'removed' || after === undefined) return { restarts: 0, stops: pods, how: 'all at once' };
  const stops = Math.max(0, pods - (before.kind === 'DaemonSet' ? pods : podsOf(after)));
  const rolled = isRolled(before, after) ? rolling(after, pods - stops, restartsPods) : undefined;
  if (rolled === undefined && stops === 0) return undefined;
  const { restarts, how } = rolled ?? { restarts: 0, how: scalingDown(before, stops) };
  return { restarts, stops, how };
}

const workloads: ReadonlySet<string> = new Set(['StatefulSet', 'Deployment', 'DaemonSet']);

function isWorkload({ apiVersion, kind }: KubeObject): boolean {
  return apiVersion.startsWith('apps/') && workloads.has(kind);
}

function podsOf(object: KubeObject): number {
  const count =
    object.kind === 'DaemonSet'
      ? fieldOf(fieldOf(object, 'status'), 'desiredNumberScheduled')
      : fieldOf(fieldOf(object, 'spec'), 'replicas');
  return typeof count === 'number' ? count : object.kind === 'DaemonSet' ? 0 : 1;
}

function isRolled(before: KubeObject, after: KubeObject): boolean {
  const template = (object: KubeObject) => canonicalJson(fieldOf(fieldOf(object, 'spec'), 'template'));
  return template(before) !== template(after);
}

function rolling(
  after: KubeObject,
  pods: number,
  restartsPods: string | undefined,
): { readonly restarts: number; readonly how: string } {
  const spec = fieldOf(after, 'spec');
  const strategy = fieldOf(spec, 'updateStrategy') ?? fieldOf(spec, 'strategy');
  const type = fieldOf(strategy, 'type') ?? 'RollingUpdate';
  if (type === 'OnDelete' && restartsPods !== undefined) return { restarts: pods, how: restartsPods };
  if (type === 'OnDelete') return { restarts: 0, how: 'no pod restarts by itself: the update strategy is OnDelete' };
  if (type === 'Recreate') return { restarts: pods, how: 'all at once' };
  const rollingUpdate = fieldOf(strategy, 'rollingUpdate');
  const pace = paceOf(fieldOf(rollingUpdate, 'maxUnavailable'), after.kind);
  if (after.kind !== 'StatefulSet') return { restarts: pods, how: pace };
  return rollingStatefulSet(after, { pods, pace, partition: numberOf(fieldOf(rollingUpdate, 'partition'), 0) });
}

function rollingStatefulSet(
  { metadata, ...rest }: KubeObject,
  { pods, pace, partition }: { readonly pods: number; readonly pace: string; readonly partition: number },
): { readonly restarts: number; readonly how: string } {
  const first = numberOf(fieldOf(fieldOf(fieldOf(rest, 'spec'), 'ordinals'), 'start'), 0);
  const last = first + pods - 1;
  const until = Math.max(first, partition);
  const restarts = Math.max(0, last - until + 1);
  if (restarts === 0) return { restarts, how: `no pod restarts: the partition holds back those below ${partition}` };
  if (restarts === 1) return { restarts, how: `${metadata.name}-${last}` };
  return { restarts, how: `${pace}, from ${metadata.name}-${last} down to ${metadata.name}-${until}` };
}

function paceOf(maxUnavailable: unknown, kind: string): string {
  if (maxUnavailable === undefined || maxUnavailable === 1)
    return kind === 'Deployment' ? 'a rolling update' : 'one at a time';
  if (maxUnavailable === 0) return 'a rolling update, new pods first';
  return kind === 'Deployment' ? 'a rolling update' : `at most ${String(maxUnavailable)} at a time`;
}

function scalingDown({ kind, metadata, ...rest }: KubeObject, stops: number): string {
  if (kind !== 'StatefulSet') return 'scaled down';
  const first = numberOf(fieldOf(fieldOf(fieldOf(rest, 'spec'), 'ordinals'), 'start'), 0);
  const last = first + podsOf({ kind, metadata, ...rest }) - 1;
  const gone = Array.from({ length: stops }, (_, index) => `${metadata.name}-${last - index}`);
  return `scaled down: ${gone.slice(0, 3).join(', ')}${stops > 3 ? ` and ${stops - 3} more` : ''}`;
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
