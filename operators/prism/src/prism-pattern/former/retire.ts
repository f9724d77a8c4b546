import { ApiError } from '@capstan/kube';
import { childName, type EventDraft, type Failure, type Pass } from '@capstan/runtime';
import type { PrismPattern } from '../../api/v1beta1/prism-pattern.ts';
import type { OriginalObject } from './original-objects.ts';
import type { Succession } from './succession.ts';

/** What came of taking away what the original operator made. */
export interface Retired {
  /** Such as `Deployment/letters`. */
  readonly names: readonly string[];
  readonly failures: readonly Failure[];
  /** The first thing that went wrong: to be thrown when all is told, so that it is tried again. */
  readonly error?: unknown;
}

type RetiringPass = Pick<Pass<PrismPattern>, 'remove' | 'isRehearsal'>;

/**
 * Deletes what nothing needs any more, each by its UID. A rehearsal notes also what goes later, when the new pods are available:
 * whoever asks what will happen wants to know of it.
 */
export async function retire(succession: Succession, pass: RetiringPass): Promise<Retired> {
  const isDue = succession.kind === 'Going' || (pass.isRehearsal && succession.kind === 'Waiting');
  const due = isDue ? succession.objects.filter(({ live }) => live.metadata.deletionTimestamp === undefined) : [];
  let retired: Retired = { names: [], failures: [] };
  for (const each of due) retired = await retireOne(each, retired, pass);
  return retired;
}

async function retireOne({ type, live }: OriginalObject, sofar: Retired, pass: RetiringPass): Promise<Retired> {
  const child = childName(live);
  const { namespace, name, uid = '' } = live.metadata;
  try {
    await pass.remove(type, { name, uid, ...(namespace !== undefined && { namespace }) });
    return { ...sofar, names: [...sofar.names, child] };
  } catch (error) {
    return { error, ...sofar, failures: [...sofar.failures, failureOf(child, error)] };
  }
}

function failureOf(child: string, error: unknown): Failure {
  const reason = error instanceof ApiError ? error.reason : 'NotRemoved';
  const why = error instanceof Error ? error.message : String(error);
  return { child, terminal: false, reason, message: `${child} of the original operator cannot be deleted: ${why}` };
}

/** What a user should hear of it. */
export function retirementEvents({ names }: Retired): readonly EventDraft[] {
  if (names.length === 0) return [];
  const note = `Deleted ${names.join(', ')}, which the original operator made: the cluster runs the pattern`;
  return [{ type: 'Normal', reason: 'OriginalRetired', action: 'Apply', note }];
}
