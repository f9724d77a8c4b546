import type { Condition } from '@capstan/kube';

/** The condition types that kstatus (and with it Argo CD, Flux and `kubectl wait`) knows the meaning of. */
export const readyCondition = 'Ready';
/** True while work is under way; absent or False otherwise. */
export const reconcilingCondition = 'Reconciling';
/** True when nothing moves until somebody acts; absent or False otherwise. */
export const stalledCondition = 'Stalled';

/** What a reconciler says; times and generations are added by {@link setConditions}. */
export interface WantedCondition {
  readonly type: string;
  readonly status: Condition['status'];
  /** One machine word, such as `QuorumLost`. */
  readonly reason: string;
  /** A sentence for a person; may be empty. Cut at 32,768 characters, the most metav1.Condition allows. */
  readonly message: string;
}

export interface SetConditionsOptions {
  /** The time of this pass: RFC 3339, whole seconds, such as `2026-01-01T00:00:00Z`. */
  readonly now: string;
  /** `metadata.generation` of what was read in this pass. */
  readonly observedGeneration?: number | undefined;
  /** Types that are ours alone: those not wanted any more are taken out. Every other former condition stays. */
  readonly owned?: readonly string[];
}

const LONGEST_MESSAGE = 32_768;

/**
 * The conditions after a pass: the wanted ones over the previous ones, sorted by type.
 *
 * `lastTransitionTime` moves only when `status` does, so that saying the same again changes nothing. Conditions of other
 * writers (types that are neither wanted nor owned) are kept as they are.
 *
 * @throws {TypeError} when a type or a reason is not what metav1.Condition allows, or a type is wanted twice
 */
export function setConditions(
  previous: readonly Condition[] | undefined,
  wanted: readonly WantedCondition[],
  options: SetConditionsOptions,
): readonly Condition[] {
  const kept = (previous ?? []).filter(({ type }) => !options.owned?.includes(type));
  const byType = new Map(kept.map((condition) => [condition.type, condition]));
  const seen = new Set<string>();
  for (const condition of wanted) {
    checkCondition(condition, seen);
    const former = previous?.find(({ type }) => type === condition.type);
    byType.set(condition.type, conditionAfter(former, condition, options));
  }
  return [...byType.values()].sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : 0));
}

/** The condition of a type; `undefined` when it was never set. */
export function conditionOf(conditions: readonly Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Where a resource stands, in the three words kstatus tells apart. */
export interface Standing {
  readonly is: 'Ready' | 'Reconciling' | 'Stalled';
  readonly reason: string;
  readonly message: string;
}

/**
 * `Ready`, `Reconciling` and `Stalled` for one standing, consistent with each other: exactly one of them is True.
 * https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
 */
export function standardConditions({ is, reason, message }: Standing): readonly WantedCondition[] {
  return [readyCondition, reconcilingCondition, stalledCondition].map((type) => ({
    type,
    status: type === is ? 'True' : 'False',
    reason,
    message,
  }));
}

function conditionAfter(
  former: Condition | undefined,
  wanted: WantedCondition,
  { now, observedGeneration }: SetConditionsOptions,
): Condition {
  return {
    type: wanted.type,
    status: wanted.status,
    reason: wanted.reason,
    message:
      wanted.message.length <= LONGEST_MESSAGE ? wanted.message : `${wanted.message.slice(0, LONGEST_MESSAGE - 1)}…`,
    lastTransitionTime: former !== undefined && former.status === wanted.status ? former.lastTransitionTime : now,
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
  };
}

/** The rules of metav1.Condition, which every CRD that embeds it enforces. */
function checkCondition({ type, reason }: WantedCondition, seen: Set<string>): void {
  if (
    !/^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/.test(
      type,
    )
  ) {
    throw new TypeError(`"${type}" is no condition type: use a word such as Ready`);
  }
  if (!/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/.test(reason) || reason.length > 1_024) {
    throw new TypeError(`"${reason}" is no reason for the condition ${type}: use one word in PascalCase`);
  }
  if (seen.has(type)) throw new TypeError(`the condition ${type} is given twice`);
  seen.add(type);
}
