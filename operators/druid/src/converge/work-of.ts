import { ApiError } from '@capstan/kube';
import type { FinalizePass, Pass } from '@capstan/runtime';
import { Druid } from '../api/druid.ts';
import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import { type Collisions, uidIndex } from '../claims.ts';
import type { Connected } from '../connection/connect.ts';
import type { Findings } from '../findings.ts';
import { mayBeSent } from '../spec/safety/may-be-sent.ts';
import type { SafetyRules } from '../spec/safety/safety-rules.ts';
import type { Understood } from '../spec/understand.ts';
import type { Conversation } from './conversation.ts';
import type { Ledger } from './ledger.ts';
import type { Memory } from './memory.ts';
import { nextCheck } from './next-check.ts';
import { aloneAt, type OneAtATime } from './one-at-a-time.ts';
import type { Tending, Work } from './work.ts';

type AnyPass = Pick<Pass<DruidIngestion> | FinalizePass<DruidIngestion>, 'now' | 'cache' | 'read'>;

/** What a pass has at hand when it begins to talk with Druid. */
export interface TendingAtHand {
  readonly ingestion: DruidIngestion;
  readonly druid: Conversation;
  readonly ledger: Ledger;
  readonly isSuspended: boolean;
  readonly memory: Memory;
  readonly collisions: Collisions;
  readonly pass: AnyPass;
}

/** The same, where a spec may be sent. */
export interface AtHand extends Omit<TendingAtHand, 'ledger' | 'isSuspended'> {
  readonly understood: Understood;
  readonly connected: Connected;
  readonly findings: Pick<Findings, 'ledger' | 'isSuspended'>;
  readonly turns: OneAtATime;
  readonly safety: SafetyRules;
  readonly save: () => Promise<void>;
}

/** All that looking after what Druid has needs, put together. */
export function tendingOf({ ingestion, druid, ledger, isSuspended, memory, collisions, pass }: TendingAtHand): Tending {
  return {
    ...{ ingestion, uid: ingestion.metadata.uid ?? '', isSuspended, druid, ledger, memory, collisions },
    isThere: (uid) => pass.cache.byIndex(uidIndex, uid).length > 0,
    ...{ nowMs: Date.parse(pass.now), now: pass.now },
  };
}

/** All that making Druid as the spec says needs, put together. */
export function workOf(atHand: AtHand): Work {
  const { connected, findings, turns, understood, safety, save, ingestion, pass, memory } = atHand;
  const { values, versions, connection } = connected;
  const tending = tendingOf({ ...atHand, ...findings });
  return {
    ...tending,
    ...{ understood, values, save },
    secretVersionOf: (name) => versions.get(name) ?? '',
    maySend: (spec) => mayBeSent(spec, values, safety),
    alone: aloneAt(connection.url, turns),
    check: nextCheck(memory.of(tending.uid), tending.nowMs),
    seesCluster: () => isClusterThere(ingestion, pass),
  };
}

/** Whether the Druid cluster that an ingestion names has a resource of its own; false also where that kind is not installed. */
export async function isClusterThere(
  { metadata, spec }: DruidIngestion,
  pass: Pick<AnyPass, 'read'>,
): Promise<boolean> {
  if (spec.endpoint?.url !== undefined) return false;
  try {
    return (await pass.read(Druid, { namespace: metadata.namespace, name: spec.druidCluster })) !== undefined;
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return false;
    throw error;
  }
}
