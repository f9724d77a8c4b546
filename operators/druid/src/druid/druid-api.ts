import type { JsonObject } from '@capstan/crd';

export type { Json, JsonObject } from '@capstan/crd';

/**
 * What this operator asks of one Druid, as values: no status code and no HTML gets above this interface.
 * A call never rejects but with the reason of the signal that ended it. Facts: the Druid HTTP API of 33.0.0, as it really answers.
 */
export interface DruidApi {
  /**
   * The spec as Druid has it, every default filled in; `undefined` when there is no such supervisor.
   * What was a secret in the spec stands there in clear: it is to be compared, never written anywhere.
   */
  supervisorSpec(id: string): Promise<Answer<JsonObject | undefined>>;
  supervisorStatus(id: string): Promise<Answer<SupervisorStatus | undefined>>;
  /**
   * Whether a supervisor calls itself healthy; Druid says no with a 503, which is an answer like any other. `undefined` also for a
   * supervisor that knows no health (autocompact), so it tells nothing of absence.
   */
  supervisorHealth(id: string): Promise<Answer<boolean | undefined>>;
  /** Makes or changes a supervisor. Equal specs restart nothing. A refusal may have cost the running one: look again. */
  submitSupervisor(spec: JsonObject): Promise<Answer<{ readonly id: string }>>;
  terminate(id: string): Promise<Answer<'Terminated' | 'Absent'>>;
  suspend(id: string): Promise<Answer<'Suspended' | 'Absent'>>;
  reset(id: string): Promise<Answer<void>>;
  resetOffsets(id: string, offsets: JsonObject): Promise<Answer<void>>;
  handOff(id: string, taskGroupIds: readonly number[]): Promise<Answer<void>>;
  /** Submits a task under the id in it; one that is known already counts as submitted. */
  submitTask(task: JsonObject): Promise<Answer<{ readonly id: string }>>;
  taskStatus(id: string): Promise<Answer<TaskStatus | undefined>>;
  /** What a task did, row counts among it; `undefined` until it ended. */
  taskReport(id: string): Promise<Answer<JsonObject | undefined>>;
  shutDownTask(id: string): Promise<Answer<'Stopped' | 'Absent'>>;
  /** Starts an SQL ingestion. Asking twice starts two, unless `context.sqlQueryId` says which one it is. */
  submitSql(query: JsonObject): Promise<Answer<{ readonly id: string }>>;
  /** The retention rules of a data source itself, without the defaults that apply to it; empty where it has none. */
  rules(dataSource: string): Promise<Answer<readonly JsonObject[]>>;
  /** Replaces the rules of a data source; an empty list removes them. */
  setRules(dataSource: string, rules: readonly JsonObject[]): Promise<Answer<void>>;
  compaction(dataSource: string): Promise<Answer<JsonObject | undefined>>;
  /** Sets the compaction of the `dataSource` that `config` names, as a supervisor where Druid compacts by supervisors. */
  setCompaction(config: JsonObject): Promise<Answer<void>>;
  removeCompaction(dataSource: string): Promise<Answer<'Removed' | 'Absent'>>;
  /** A lookup as Druid has it: `version` and `lookupExtractorFactory`. */
  lookup(tier: string, name: string): Promise<Answer<JsonObject | undefined>>;
  /** Sets a lookup, and prepares a Druid that never had one. Refused unless its `version` sorts after the one Druid has. */
  setLookup(tier: string, name: string, lookup: JsonObject): Promise<Answer<void>>;
  removeLookup(tier: string, name: string): Promise<Answer<'Removed' | 'Absent'>>;
  /** The dynamic configuration, every default filled in; `undefined` for an overlord that has none. */
  dynamicConfig(of: DynamicConfigOwner): Promise<Answer<JsonObject | undefined>>;
  /** Sets dynamic configuration: the coordinator keeps fields that are not named, the overlord replaces all. */
  setDynamicConfig(of: DynamicConfigOwner, config: JsonObject): Promise<Answer<void>>;
}

/** Which process a dynamic configuration is for. */
export type DynamicConfigOwner = 'Coordinator' | 'Overlord';

/** What came of one call. `status`: of the last HTTP answer, where there was one. `message`: one sentence, at most 300 characters. */
export type Answer<T> =
  | { readonly kind: 'Done'; readonly value: T; readonly status: number }
  /**
   * Druid will not have it, however often it is asked: 400, 415, a 500 by an error that is known to blame the request. Status 400 is
   * also what the client says of an id that no URL can hold.
   */
  | { readonly kind: 'Refused'; readonly message: string; readonly status: number }
  /** 401: these credentials are not known. 403: they may not do this. */
  | { readonly kind: 'Denied'; readonly status: 401 | 403; readonly message: string }
  /** No Druid answered, or none that could: to be tried again. The client always says the reason, and what it asked. */
  | {
      readonly kind: 'Unreachable';
      readonly message: string;
      readonly status?: number;
      readonly reason?: UnreachableReason;
      /** Changes may take long for what they change; questions are answered at once by a Druid that is well. */
      readonly asked?: 'Question' | 'Change';
    };

/**
 * Why Druid could not be asked. `NoConnection`: none came to stand, so nothing was asked. `BrokenOff`: the connection ended before
 * the answer did, and `Timeout`: silent for too long; what was asked for may have happened. `Untrusted`: its certificate does not
 * fit. `NotAllowed`: the operator does not call such an address. `Busy`: calls to this Druid wait already, and it does not answer
 * them. `Unavailable`: 502, 503, and a 500 of which it is not known what it is about: after a change, look what became of it.
 * `NotDruid`: somebody answered, but not as Druid does.
 */
export type UnreachableReason =
  | 'NoConnection'
  | 'BrokenOff'
  | 'Timeout'
  | 'Untrusted'
  | 'NotAllowed'
  | 'Busy'
  | 'Unavailable'
  | 'NotDruid';

/** How a supervisor is. */
export interface SupervisorStatus {
  readonly state: string;
  readonly detailedState: string;
  readonly healthy: boolean;
  /** The true one: `state` does not tell. Absent where Druid does not say (autocompact): then the spec does. */
  readonly suspended?: boolean;
  /** In records, or what the stream counts in. */
  readonly aggregateLag?: number;
  readonly activeTasks: number;
  /** Newest first, short, without what could be a secret. */
  readonly recentErrors: readonly { readonly timestamp: string; readonly message: string }[];
}

/** How a task is. */
export interface TaskStatus {
  readonly status: 'RUNNING' | 'SUCCESS' | 'FAILED';
  /** WAITING, PENDING, RUNNING or NONE. */
  readonly runnerStatus: string;
  /** -1 while it runs. */
  readonly durationMs: number;
  /** Short, without what could be a secret. */
  readonly error?: string;
}
