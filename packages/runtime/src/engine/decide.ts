import type { Draft, FieldSet, KubeObject } from '@capstan/kube';
import { audit, type WatchMode } from './audit.ts';
import { type ChildDigest, digestOf, sealOf } from './digest.ts';
import { exclusiveLists, foreignItems } from './exclusive-lists.ts';
import type { FieldPath } from './field-path.ts';
import { nodeAt } from './field-set.ts';
import type { Finding } from './finding.ts';
import { hash64 } from './hash64.ts';
import { isStripped, ownEntry } from './managed-fields.ts';
import { isAsLeft, type Learned, type Recollection } from './memory.ts';
import { annotate, type EngineNames, type SealedBody } from './seal.ts';

/**
 * Why a child must be applied.
 *
 * - `Absent`: it does not exist.
 * - `NeverApplied`: it exists and we own nothing in it: made by somebody else, or its ownership records were wiped.
 * - `DesiredChanged`: what we want is no longer what we last applied.
 * - `Drifted`: somebody took, removed or added fields; also when only our seal was edited.
 * - `Rewritten`: our fields are ours and their values are not: another writer under our name, or an admission webhook.
 */
export type ApplyReason = 'Absent' | 'NeverApplied' | 'DesiredChanged' | 'Drifted' | 'Rewritten';

export type ApplyDecision = {
  readonly verdict: 'apply';
  readonly reason: ApplyReason;
  /** What differs and who took it; empty where that is not known any more (see {@link stripManagedFields}). */
  readonly findings: readonly Finding[];
  readonly mode: WatchMode;
};

/** `clean` costs no request; `learned` is there when the memory did not know this state yet and should. */
export type Decision =
  | { readonly verdict: 'clean'; readonly learned?: Learned }
  | { readonly verdict: 'wait' }
  | ApplyDecision;

/**
 * Decides, without a request, whether a child is what we want. Pure.
 *
 * A `clean` decision with `learned` must be followed by `memory.learn(key, learned)`, or every later event of the child
 * takes the slow path. `wait`: the child is being deleted and is not to be touched until it is gone.
 *
 * @param live the child as the watch or the last reply showed it; its managedFields may be gone only through
 *   {@link stripManagedFields}, which is allowed once `memory.matches` or a clean decision said that it is as we left it
 * @param recalled what {@link AppliedMemory} knows of it
 */
export function decide(
  sealed: SealedBody,
  live: KubeObject | undefined,
  recalled: Recollection | undefined,
  names: EngineNames,
  mode: WatchMode,
): Decision {
  if (live === undefined) return apply('Absent', [], mode);
  if (live.metadata.deletionTimestamp !== undefined) return { verdict: 'wait' };
  if (isStripped(live)) return decideStripped(sealed, live, recalled, names, mode);
  const digest = digestOf(live, names, mode);
  if (digest === undefined) return apply('NeverApplied', [], mode);
  const isKnown = recalled?.desiredHash === sealed.desiredHash && isAsLeft(recalled, digest);
  return isKnown ? { verdict: 'clean' } : judge(sealed, live, digest, names, mode);
}

/** The records are gone because the child was as we left it; so only the wish can have changed. */
function decideStripped(
  sealed: SealedBody,
  live: KubeObject,
  recalled: Recollection | undefined,
  names: EngineNames,
  mode: WatchMode,
): Decision {
  const isSameObject = recalled?.uidHash === hash64(live.metadata.uid ?? '');
  const isAsWanted = recalled?.desiredHash === sealed.desiredHash && sealOf(live, names) === sealed.desiredHash;
  // Should the memory have been lost meanwhile, one apply that changes nothing is the safe way to learn again.
  return isSameObject && isAsWanted ? { verdict: 'clean' } : apply('DesiredChanged', [], mode);
}

function judge(
  sealed: SealedBody,
  live: KubeObject,
  digest: ChildDigest,
  names: EngineNames,
  mode: WatchMode,
): Decision {
  const own = ownEntry(live, names.fieldManager)?.fieldsV1 ?? {};
  const found = audit(withLiveOf(sealed.body, live, names), live, own, names.fieldManager, mode);
  const foreign = foreignItems(live, own, exclusiveLists(sealed.body, names), names);
  const findings = [...found.filter((finding) => !isSealValue(finding, names)), ...foreign];
  if (digest.seal !== sealed.desiredHash)
    return apply(ownsSeal(own, names) ? 'DesiredChanged' : 'Drifted', findings, mode);
  if (findings.some(({ kind }) => kind !== 'Value')) return apply('Drifted', findings, mode);
  const isRewrittenAsBefore =
    findings.length === 0 || live.metadata.annotations?.[names.liveAnnotation] === digest.projectionHash;
  if (!isRewrittenAsBefore) return apply('Rewritten', findings, mode);
  const { uid, fieldsHash, projectionHash, ownsReplicas } = digest;
  return {
    verdict: 'clean',
    learned: { uid, desiredHash: sealed.desiredHash, fieldsHash, projectionHash, ownsReplicas },
  };
}

/**
 * The body that our last apply of the same desired object sent: with the annotation about rewritten values, if the live object
 * bears one.
 */
export function withLiveOf(body: Draft<KubeObject>, live: KubeObject, names: EngineNames): Draft<KubeObject> {
  const rewritten = live.metadata.annotations?.[names.liveAnnotation];
  return rewritten === undefined ? body : annotate(body, names.liveAnnotation, rewritten);
}

/** Whoever edits the seal takes it from us; a seal that is still ours and differs was set by an earlier body of ours. */
function ownsSeal(own: FieldSet, names: EngineNames): boolean {
  return nodeAt(own, sealPath(names)) !== undefined;
}

/** The seal of an earlier body of ours: the reason `DesiredChanged` says it already. */
function isSealValue({ kind, at }: Finding, names: EngineNames): boolean {
  return kind === 'Value' && at.at(-1) === sealPath(names).at(-1);
}

function sealPath({ sealAnnotation }: EngineNames): FieldPath {
  return ['f:metadata', 'f:annotations', `f:${sealAnnotation}`];
}

function apply(reason: ApplyReason, findings: readonly Finding[], mode: WatchMode): ApplyDecision {
  return { verdict: 'apply', reason, findings, mode };
}
