import { type KubeObject, kindNameOf } from '@capstan/kube';
import { controllerUid } from '../cache/object-store.ts';
import type { ApplyDecision } from '../engine/decide.ts';
import type { ApplyContext } from './apply-context.ts';
import type { ChildKind } from './child-kinds.ts';
import type { Failure } from './outcome.ts';
import type { Resource } from './reconciler.ts';

/** A child about to be written. */
export interface Intent {
  readonly child: string;
  readonly kind: ChildKind;
  readonly namespace: string | undefined;
  readonly live: KubeObject | undefined;
  readonly decision: ApplyDecision;
  /** It was there before, and somebody deleted it. */
  readonly isRestored: boolean;
}

/**
 * Why the cache must not be trusted with this write, if so; the write is then tried again a moment later.
 *
 * - What looks absent while the watch of its kind is interrupted may be somebody else's, whom we have not seen.
 * - A child that was deleted, or lost its owner reference, may have been let go on purpose together with its owner, whose
 *   own deletion comes over another watch and may be seen later.
 */
export async function doubtOf(
  intent: Intent,
  ownerStands: () => Promise<boolean>,
  owner: Resource,
): Promise<Failure | undefined> {
  const { child, kind, namespace, live, decision, isRestored } = intent;
  const isBehind = kind.informerFor(namespace)?.health().state !== 'watching';
  if (decision.reason === 'Absent' && isBehind) {
    const message = `${child} is not made yet: the watch of ${kindNameOf(kind.type)} is interrupted, and its name may be taken`;
    return { child, terminal: false, reason: 'CacheBehind', message };
  }
  const wasLetGo = isRestored || (live !== undefined && controllerUid(live) !== owner.metadata.uid);
  if (!wasLetGo || (await ownerStands())) return undefined;
  const message = `${child} is left alone: ${owner.kind}/${owner.metadata.name} is being deleted`;
  return { child, terminal: false, reason: 'OwnerGone', message };
}

/** Asks the API server, at most once, whether the owner is still there, the same, and not being deleted. */
export function ownerCheck(owner: Resource, { client, primary, signal }: ApplyContext): () => Promise<boolean> {
  const { namespace, name, uid } = owner.metadata;
  let answer: Promise<boolean> | undefined;
  const ask = async () => {
    const live = await client.get(primary, { namespace, name }, { metadataOnly: true, signal });
    return live?.metadata.uid === uid && live?.metadata.deletionTimestamp === undefined;
  };
  return () => {
    answer ??= ask();
    return answer;
  };
}
