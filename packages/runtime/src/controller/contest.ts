import type { ApplyDecision } from '../engine/decide.ts';
import type { Taking } from '../engine/fights.ts';
import type { Finding } from '../engine/finding.ts';
import { hash64 } from '../engine/hash64.ts';
import { isStripped } from '../engine/managed-fields.ts';
import type { Recollection } from '../engine/memory.ts';
import type { Candidate, PlanContext } from './apply-child.ts';
import { type Contest, contestText } from './outcome.ts';

const unknownManager = 'an unknown manager';

/** Whether somebody keeps undoing what we apply, so that we had better stand back; counted here. */
export function contestOf(
  candidate: Candidate,
  decision: ApplyDecision,
  context: PlanContext,
): { readonly contest: Contest; readonly detail: string } | undefined {
  const { child, memoryKey, live } = candidate;
  const { fights, memory } = context;
  const recalled = memory.recall(memoryKey);
  const takings = takingsOf(candidate, decision, recalled, context);
  if (takings.length === 0) return undefined;
  const version = live?.metadata.resourceVersion ?? `without ${recalled?.uidHash}`;
  const fight = fights.record(memoryKey, takings, version);
  if (fight === undefined) return undefined;
  const contest = { child, path: fight.path, manager: fight.by, retryAfterMs: fight.retryAfterMs };
  return { contest, detail: contestText(contest) };
}

/**
 * What somebody changed since our last apply; nothing where it is we who want something else now.
 *
 * - A field was taken: by the manager who has it now. Nobody has what was removed by a patch.
 * - Another process applies other bodies under our manager name: its seal is there although we want what we applied last. Two
 *   versions of an operator without leader election do that to each other.
 * - The child was deleted, or replaced by another object, although we did not ask for that.
 */
function takingsOf(
  { memoryKey, sealed, live }: Candidate,
  { reason, findings }: ApplyDecision,
  recalled: Recollection | undefined,
  { names, recreations, ownerKey }: PlanContext,
): readonly Taking[] {
  const ownName = `another process that writes as ${names.fieldManager}`;
  if (reason === 'Drifted' || reason === 'Rewritten') return findings.map((finding) => takingOf(finding, ownName));
  if (recalled === undefined) return [];
  const isReplaced = live !== undefined && recalled.uidHash !== hash64(live.metadata.uid ?? '');
  const isLost = reason === 'Absent' || (reason === 'NeverApplied' && isReplaced);
  if (isLost) return recreations.isUnderWay(ownerKey, memoryKey) ? [] : [{ path: '.', by: unknownManager }];
  if (reason === 'NeverApplied') return [{ path: '.metadata.managedFields', by: unknownManager }];
  const isRival = recalled.desiredHash === sealed.desiredHash && live !== undefined && !isStripped(live) && !isReplaced;
  return isRival ? [{ path: `.metadata.annotations["${names.sealAnnotation}"]`, by: ownName }] : [];
}

function takingOf({ kind, path, takenBy }: Finding, ownName: string): Taking {
  if (takenBy !== undefined) return { path, by: takenBy.manager };
  return { path, by: kind === 'Lost' || kind === 'Foreign' ? unknownManager : ownName };
}
