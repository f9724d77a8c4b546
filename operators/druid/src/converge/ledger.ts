import type { EventDraft } from '@capstan/runtime';
import type { Reason } from '../api/v1alpha1/conditions.ts';
import type { DruidIngestionStatus } from '../api/v1alpha1/druid-ingestion.ts';
import type { OperationName } from '../api/v1alpha1/operations.ts';
import { type Deed, isDeedName } from '../deeds.ts';
import type { JsonObject, SupervisorStatus } from '../druid/druid-api.ts';

/** What stands in the way until a person acts. */
export interface Obstacle {
  readonly reason: Extract<
    Reason,
    | 'SpecRejected'
    | 'RolledBack'
    | 'RulesRejected'
    | 'CompactionRejected'
    | 'LookupRejected'
    | 'LookupNotOurs'
    | 'DynamicConfigRejected'
    | 'SecretMissing'
    | 'NotOurs'
    | 'TaskFailed'
    | 'SubmissionUnknown'
    | 'EndRefused'
    | 'OwnedByAnother'
  >;
  readonly message: string;
}

/** The last spec that Druid took: what a supervisor is given back that Druid lost. References are not put in. */
export interface LastGood {
  readonly hash: string;
  readonly spec: JsonObject;
}

/** What is known of the status in the course of a pass: `undefined` takes a field away. */
export type StatusNotes = { readonly [Field in keyof DruidIngestionStatus]?: DruidIngestionStatus[Field] | undefined };

/** What has come of a pass so far. It stands although a later call fails. */
export class Ledger {
  #notes: StatusNotes;
  readonly #events: EventDraft[] = [];
  readonly #obstacles: Obstacle[] = [];
  readonly #deeds: Deed[] = [];
  lastGood: LastGood | undefined;
  /** As Druid said in this pass. */
  supervisor: SupervisorStatus | undefined;

  constructor(before: DruidIngestionStatus | undefined, lastGood: LastGood | undefined) {
    this.#notes = before ?? {};
    this.lastGood = lastGood;
  }

  /** The status before the pass, with what was noted since. */
  get status(): StatusNotes {
    return this.#notes;
  }

  get events(): readonly EventDraft[] {
    return this.#events;
  }

  get obstacles(): readonly Obstacle[] {
    return this.#obstacles;
  }

  /** What was done in Druid, for the figures. */
  get deeds(): readonly Deed[] {
    return this.#deeds;
  }

  note(notes: StatusNotes): void {
    this.#notes = { ...this.#notes, ...notes };
  }

  /** Tells the user of something that was done. */
  tell(reason: string, note: string, operation?: OperationName): void {
    this.#say('Normal', reason, note, operation);
  }

  /** Warns the user of something that was done, or could not be. */
  warn(reason: string, note: string, operation?: OperationName): void {
    this.#say('Warning', reason, note, operation);
  }

  /** Says that a person has to act. */
  block(obstacle: Obstacle): void {
    this.#obstacles.push(obstacle);
  }

  #say(type: EventDraft['type'], reason: string, note: string, operation: OperationName | undefined): void {
    this.#events.push({ type, reason, action: 'Converge', note });
    if (isDeedName(reason)) this.#deeds.push({ deed: reason, ...(operation !== undefined && { operation }) });
  }
}
