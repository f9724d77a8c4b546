import type { Correspondence } from '../admin/control-plane/correspondence.ts';
import type { AdminRecord, PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import type { Talk } from './findings.ts';
import type { ClusterSight } from './observe.ts';
import { matterOf } from './question.ts';

/** What of prism-admin one pass may do. */
export interface TalkOptions {
  readonly correspondence: Pick<Correspondence, 'ask' | 'forget'>;
  /** Nobody is asked in a preview: it would change what prism-admin has. */
  readonly isRehearsal: boolean;
}

/** Asks prism-admin about a namespace where that is needed, and notes what it said. Does not wait. */
export function talkOf(
  namespace: PrismNamespace,
  sight: Extract<ClusterSight, { kind: 'Found' }>,
  { correspondence, isRehearsal }: TalkOptions,
): Talk {
  const { admin: before } = namespace.status ?? {};
  const known = before !== undefined && { record: before };
  const matter = matterOf(namespace, sight);
  if (isRehearsal) return { matter, ...known };
  if (matter.kind !== 'Ask') {
    const { namespace: place, name } = namespace.metadata;
    correspondence.forget({ namespace: place, name });
    return { matter, ...known };
  }
  const reply = correspondence.ask(matter.question);
  if (reply.kind !== 'Answered' || reply.outcome.kind !== 'Settled') return { matter, reply, ...known };
  const { placed, confirmation } = reply.outcome;
  const { uid } = sight.cluster.metadata;
  const record: AdminRecord = {
    ...(uid !== undefined && { clusterUid: uid }),
    epoch: sight.cluster.status?.adminEpoch ?? 0,
    incarnation: sight.admin.incarnation,
    hash: matter.wanted.hash,
    ...placed,
    confirmation,
  };
  return { matter, reply, record };
}
