import type { ChildOutcome } from '../controller/outcome.ts';
import type { StatusWrite } from '../controller/status-writer.ts';
import type { CountedTrigger } from '../queue/trigger.ts';

/** One object that a pass looked at, and the version it saw; no version: it was not there. */
export interface ReadRecord {
  /** `StatefulSet.apps`. */
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly resourceVersion?: string;
}

/** One object, no child of the resource, that a pass deleted or meant to delete. */
export interface RemovalRecord {
  /** `Pod`. */
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** `Gone`: it did not exist any more, or another one had its name. */
  readonly result: 'Removed' | 'Gone';
}

/** One request that a pass made. Never holds a body or a query. */
export interface CallRecord {
  readonly method: string;
  readonly path: string;
  /** Absent when no answer came. */
  readonly status?: number;
  /** After the start of the pass. */
  readonly startedAfterMs: number;
  readonly durationMs: number;
}

/**
 * How a pass ended. `Requeued`: fine, and wanted again at a time. `Retried`: failed, tried again with back-off. `Refused`:
 * waits for an edit. `TimedOut`: cut off at its deadline, tried again with back-off. `Paused`: looked at and left alone.
 * `Gone`: the resource does not exist any more.
 */
export type PassResult = 'Done' | 'Requeued' | 'Retried' | 'Refused' | 'TimedOut' | 'Paused' | 'Gone';

/** Everything there is to say of one pass: the source of metrics, of traces and of `capstan explain`. */
export interface PassRecord {
  readonly reconcileID: string;
  readonly controller: string;
  /** `StreamBusCluster.streambus.io`. */
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** RFC 3339 with milliseconds. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** How long the resource was due before the pass began. */
  readonly waitedMs: number;
  readonly triggers: readonly CountedTrigger[];
  /** Passes of this resource that failed in a row before this one. */
  readonly failuresBefore: number;
  /** The resource as the pass saw it; absent when it was gone. */
  readonly resource?: {
    readonly uid: string | undefined;
    readonly resourceVersion: string | undefined;
    readonly generation: number | undefined;
  };
  readonly reads: readonly ReadRecord[];
  readonly calls: readonly CallRecord[];
  /** What was done to each child; `Unchanged` ones are the writes that were skipped. */
  readonly children: readonly ChildOutcome[];
  /** What `pass.remove` did; absent when it was not called. */
  readonly removals?: readonly RemovalRecord[];
  /** Absent when the pass did not report a status. */
  readonly status?: StatusWrite['kind'];
  readonly result: PassResult;
  /** The sentence of the error that ended it, secrets taken out. */
  readonly error?: string;
  /** When it will be looked at again without any event, in milliseconds after its end. */
  readonly nextAfterMs?: number;
  /** How many entries of each list were too many to be kept; only in a history of passes. */
  readonly omitted?: {
    readonly reads: number;
    readonly calls: number;
    readonly children: number;
    readonly removals?: number;
  };
}
