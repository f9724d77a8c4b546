import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { Collisions } from '../claims.ts';
import type { JsonObject } from '../druid/druid-api.ts';
import { withSecrets } from '../spec/secret-references.ts';
import type { Understood } from '../spec/understand.ts';
import type { Conversation } from './conversation.ts';
import type { Ledger } from './ledger.ts';
import type { Aspect, Memory } from './memory.ts';
import type { Alone } from './one-at-a-time.ts';
import type { Claimant } from './ownership.ts';

/** Everything that looking after what Druid has needs, whatever the spec says by now. */
export interface Tending extends Claimant {
  readonly ingestion: DruidIngestion;
  readonly uid: string;
  readonly isSuspended: boolean;
  readonly druid: Conversation;
  readonly ledger: Ledger;
  readonly memory: Memory;
  /** What other resources ask for too, and have or asked for first. */
  readonly collisions: Collisions;
  /** The time of the pass: in ms since 1970, and in RFC 3339. */
  readonly nowMs: number;
  readonly now: string;
}

/** Everything that making Druid as the spec says needs. */
export interface Work extends Tending {
  readonly understood: Understood;
  /** Values of the references in the spec. */
  readonly values: ReadonlyMap<string, string>;
  /** Version of a Secret that was read for this pass; empty for any other. */
  readonly secretVersionOf: (name: string) => string;
  /** Whether a spec that Druid once took may be sent again: it is safe by today's rules, also with its references put in. */
  readonly maySend: (spec: JsonObject) => boolean;
  /** What may be looked at in this pass while nothing has changed. */
  readonly check: Aspect;
  /** Writes the status as far as it is known: before what must not be done twice. */
  readonly save: () => Promise<void>;
  readonly alone: Alone;
  /** Asks the API server whether the Druid cluster has a resource of its own. */
  readonly seesCluster: () => Promise<boolean>;
}

/** The spec as Druid is to get it, references put in: for a call and nothing else. */
export function filled(spec: JsonObject, { values }: Pick<Work, 'values'>): JsonObject {
  return withSecrets(spec, values);
}
