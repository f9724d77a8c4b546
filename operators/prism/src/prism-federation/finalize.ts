import type { Finalize, Finalized, FinalizePass } from '@capstan/runtime';
import { PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import type { MemberFound } from './members.ts';
import { attentionTo, type Outside, ownerOf } from './reconciler.ts';

/** Ends what is done for a federation that is deleted, and deletes what it propagated where that is asked for. */
export function federationFinalize(outside: Outside): Finalize<PrismFederation> {
  return {
    finalizer: 'prism.io/federation',
    run: async (resource, pass) => {
      const left = await leftBehind(PrismFederation.withDefaults(resource), pass, outside);
      if (left !== 'Done') return left;
      if (!pass.isRehearsal) outside.remotes.forget(resource.metadata);
      return left;
    },
  };
}

async function leftBehind(
  federation: PrismFederation,
  pass: FinalizePass<PrismFederation>,
  { access, remotes }: Outside,
): Promise<Finalized> {
  const { policy, removalPolicy } = federation.spec.propagation;
  if (policy !== 'Propagate' || removalPolicy !== 'Delete' || pass.isRehearsal) return 'Done';
  const found = await access.find(federation, pass);
  remotes.attend(attentionTo(federation, found, [])); // nothing is wanted any more
  const ends = await Promise.all(found.map((each) => withdrawn(federation, each, remotes, pass.signal)));
  const waiting = ends.filter((end) => end !== undefined);
  if (waiting.length === 0) return 'Done';
  const message = `PrismClusters that were propagated are still there: ${waiting.join('; ')}`;
  return { waitingFor: { reason: 'PropagatedRemains', message }, recheckAfterMs: 2_000 };
}

/** Why what was propagated to a cluster is not known to be gone. */
async function withdrawn(
  federation: PrismFederation,
  { member, access }: MemberFound,
  remotes: Outside['remotes'],
  signal: AbortSignal,
): Promise<string | undefined> {
  if (access.is === 'Missing') return `${member.name}: ${access.message}`;
  try {
    const isGone = await remotes.remove(ownerOf(federation), member.name, signal);
    return isGone ? undefined : `${member.name}: it is being deleted`;
  } catch {
    signal.throwIfAborted();
    return `${member.name}: the cluster does not answer, or does not let it be deleted`;
  }
}
