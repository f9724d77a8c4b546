import type { Condition, ResourceType } from '@capstan/kube';
import { setConditions, type WantedCondition } from '../conditions.ts';
import { type ChildOutcome, type Contest, contestText } from './outcome.ts';

/** The conditions that the runtime itself keeps in the status of a resource. Each is absent where it does not apply. */
export type RuntimeCondition =
  /** An annotation keeps everything but the status from being written. */
  | 'Paused'
  /** Somebody keeps changing what the operator set, and it stands back. */
  | 'DriftContested'
  /** Objects are left out because their kinds are not installed. */
  | 'OptionalKindsMissing'
  /** The resource is being deleted and cannot go. */
  | 'DeletionBlocked';

/** A condition of the runtime that applies. */
export type Finding = WantedCondition & { readonly type: RuntimeCondition; readonly status: 'True' };

export interface MergeOptions {
  /** The conditions of the runtime that this report judges; the others stay as they were. */
  readonly judged: readonly RuntimeCondition[];
  readonly now: string;
  readonly observedGeneration?: number | undefined;
  /** Whether the status of the kind has a list of conditions. Without it only a list that is there is added to. */
  readonly holdsConditions: boolean;
}

export const runtimeConditions: readonly RuntimeCondition[] = [
  'Paused',
  'DriftContested',
  'OptionalKindsMissing',
  'DeletionBlocked',
];

/**
 * A reported status with the runtime's conditions in its list of conditions; a status of a kind that has no such list stays
 * as it is. What the author reports under the runtime's types is not taken.
 *
 * @param previous the status as it was before
 */
export function withRuntimeConditions<S extends object>(
  reported: S,
  previous: object | undefined,
  findings: readonly Finding[],
  { judged, now, observedGeneration, holdsConditions }: MergeOptions,
): S {
  const own = conditionsIn(reported);
  if (own === undefined && !holdsConditions) return reported;
  const former = (conditionsIn(previous) ?? []).filter(isOurs);
  const theirs = (own ?? []).filter((condition) => !isOurs(condition));
  if (findings.length === 0 && former.every(({ type }) => judged.some((each) => each === type)))
    return theirs.length === (own ?? []).length ? reported : { ...reported, conditions: theirs };
  const options = { now, observedGeneration, owned: judged };
  return { ...reported, conditions: setConditions([...theirs, ...former], findings, options) };
}

/** What a plan's outcome says about the resource in the runtime's own conditions. */
export function findingsOf(children: readonly ChildOutcome[], contests: readonly Contest[]): readonly Finding[] {
  return [contested(contests), missing(children)].filter((finding) => finding !== undefined);
}

/** Whether the status of a kind has a list of conditions, as far as its schema tells. */
export function holdsConditions(kind: ResourceType): boolean {
  const schema: unknown = 'schema' in kind ? kind.schema : undefined;
  const conditions = ['properties', 'status', 'properties', 'conditions'].reduce<unknown>(
    (node, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
    schema,
  );
  return conditions !== undefined;
}

function contested(contests: readonly Contest[]): Finding | undefined {
  if (contests.length === 0) return undefined;
  const named = contests.slice(0, 5).map(contestText);
  const more = contests.length > named.length ? ` and ${contests.length - named.length} more` : '';
  const message = `${named.join('; ')}${more}. Make it leave that alone; the operator tries again now and then.`;
  return { type: 'DriftContested', status: 'True', reason: 'FieldContested', message };
}

function missing(children: readonly ChildOutcome[]): Finding | undefined {
  const skipped = children.filter(({ action }) => action === 'Skipped');
  if (skipped.length === 0) return undefined;
  const named = skipped
    .slice(0, 10)
    .map(({ child, detail }) => (detail === undefined ? child : `${child} (${detail})`));
  const more = skipped.length > named.length ? ` and ${skipped.length - named.length} more` : '';
  const message = `left out until their kinds are installed: ${named.join(', ')}${more}`;
  return { type: 'OptionalKindsMissing', status: 'True', reason: 'KindsNotInstalled', message };
}

function isOurs({ type }: Condition): boolean {
  return runtimeConditions.some((each) => each === type);
}

/** The list of conditions of a status, if it has one. */
export function conditionsIn(status: object | undefined): readonly Condition[] | undefined {
  const conditions = status !== undefined && 'conditions' in status ? status.conditions : undefined;
  return Array.isArray(conditions) ? conditions : undefined;
}
