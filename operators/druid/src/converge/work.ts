import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { JsonObject } from '../druid/druid-api.ts';
import { referenceKey, referencesIn, withSecrets } from '../spec/secret-references.ts';
import type { Understood } from '../spec/understand.ts';
import type { Conversation } from './conversation.ts';
import type { Ledger } from './ledger.ts';
import type { Aspect, Memory } from './memory.ts';

/** Everything that making Druid as the spec says needs. */
export interface Work {
  readonly ingestion: DruidIngestion;
  readonly uid: string;
  readonly understood: Understood;
  readonly isSuspended: boolean;
  readonly druid: Conversation;
  readonly ledger: Ledger;
  readonly memory: Memory;
  /** Values of the references in the spec. */
  readonly values: ReadonlyMap<string, string>;
  readonly secretVersions: string;
  /** The time of the pass: in ms since 1970, and in RFC 3339. */
  readonly nowMs: number;
  readonly now: string;
  /** What may be looked at in this pass while nothing has changed. */
  readonly check: Aspect | 'state';
  /** Writes the status as far as it is known: before what must not be done twice. */
  readonly save: () => Promise<void>;
}

/** The spec as Druid is to get it, references put in: for a call and nothing else. */
export function filled(spec: JsonObject, { values }: Work): JsonObject {
  return withSecrets(spec, values);
}

/** Whether every reference in a spec has a value. */
export function canFill(spec: JsonObject, { values }: Work): boolean {
  return referencesIn(spec).references.every((reference) => values.has(referenceKey(reference)));
}
