import type { Pass } from '@capstan/runtime';
import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { Connected } from '../connection/connect.ts';
import type { Findings } from '../findings.ts';
import type { Understood } from '../spec/understand.ts';
import type { Conversation } from './conversation.ts';
import type { Memory } from './memory.ts';
import { nextCheck } from './next-check.ts';
import type { Work } from './work.ts';

/** What a pass has at hand when it begins to talk with Druid. */
export interface AtHand {
  readonly ingestion: DruidIngestion;
  readonly understood: Understood;
  readonly connected: Connected;
  readonly druid: Conversation;
  readonly findings: Pick<Findings, 'ledger' | 'isSuspended'>;
  readonly memory: Memory;
  readonly pass: Pick<Pass<DruidIngestion>, 'now'>;
  readonly save: () => Promise<void>;
}

/** All that making Druid as the spec says needs, put together. */
export function workOf({ ingestion, understood, connected, druid, findings, memory, pass, save }: AtHand): Work {
  const uid = ingestion.metadata.uid ?? '';
  const nowMs = Date.parse(pass.now);
  const { values, secretVersions } = connected;
  const { ledger, isSuspended } = findings;
  return {
    ...{ ingestion, uid, understood, isSuspended, druid, ledger, memory, values, secretVersions, save },
    ...{ nowMs, now: pass.now, check: nextCheck(memory.of(uid), nowMs) },
  };
}
