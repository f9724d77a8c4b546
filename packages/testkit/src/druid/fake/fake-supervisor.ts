import type { Clock } from '@capstan/kube';
import { isJsonObject, type JsonObject } from './json-shape.ts';

/** What a supervisor says of itself; what is left out it says as usual. */
export interface SupervisorReport {
  /** Such as `RUNNING`, `SUSPENDED`, `UNHEALTHY_SUPERVISOR`. */
  readonly state?: string;
  /** The same as `state` unless told. */
  readonly detailedState?: string;
  readonly healthy?: boolean;
  readonly recentErrors?: readonly SupervisorError[];
  /** By partition. */
  readonly minimumLag?: Readonly<Record<string, number>>;
  readonly latestOffsets?: Readonly<Record<string, number>>;
  readonly activeTasks?: readonly JsonObject[];
  readonly publishingTasks?: readonly JsonObject[];
}

/** One of the errors that a supervisor remembers. */
export interface SupervisorError {
  readonly timestamp: string;
  readonly exceptionClass: string;
  readonly message: string;
  readonly streamException: boolean;
}

/** One version of a spec, newest first in a history. */
export interface SupervisorVersion {
  readonly spec: JsonObject;
  readonly version: string;
}

/** One supervisor in a fake Druid. */
export class FakeSupervisor {
  readonly id: string;
  readonly #clock: Clock;
  readonly #startDelayMs: number;
  #posted: unknown;
  #spec: JsonObject;
  #report: SupervisorReport = {};
  #starts = 0;
  #startedAt = 0;

  constructor(id: string, spec: JsonObject, posted: unknown, clock: Clock, startDelayMs: number) {
    this.id = id;
    this.#clock = clock;
    this.#startDelayMs = startDelayMs;
    this.#spec = spec;
    this.#posted = posted;
    this.start(spec, posted);
  }

  /** Such as `kafka`. */
  get type(): string {
    return String(this.#spec['type']);
  }
  /** As Druid keeps it: with every default, without what it does not know. */
  get spec(): JsonObject {
    return this.#spec;
  }
  /** The body that was posted last, as it came. */
  get posted(): unknown {
    return this.#posted;
  }
  get suspended(): boolean {
    return this.#spec['suspended'] === true;
  }
  get dataSource(): string {
    const inner = this.#spec['dataSchema'] ?? this.#spec['spec'];
    return String((isJsonObject(inner) ? inner['dataSource'] : undefined) ?? this.#spec['dataSource'] ?? '');
  }
  /** How often it was started, the first time included: each start after the first ended its tasks. */
  get starts(): number {
    return this.#starts;
  }

  /** What it reports from now on; a start forgets it. Told nothing, it is PENDING for its delay, then RUNNING or SUSPENDED. */
  reports(report: SupervisorReport): this {
    this.#report = report;
    return this;
  }

  /** Begins anew with this spec. */
  start(spec: JsonObject, posted: unknown = this.#posted): void {
    this.#spec = spec;
    this.#posted = posted;
    this.#report = {};
    this.#starts += 1;
    this.#startedAt = this.#clock.monotonic();
  }

  get healthy(): boolean {
    return this.#report.healthy ?? true;
  }
  get state(): string {
    if (this.#report.state !== undefined) return this.#report.state;
    if (this.#clock.monotonic() - this.#startedAt < this.#startDelayMs) return 'PENDING';
    return this.suspended ? 'SUSPENDED' : 'RUNNING';
  }
  get detailedState(): string {
    return this.#report.detailedState ?? this.state;
  }

  /** The payload of its status, as a supervisor of a stream reports it. */
  get payload(): JsonObject {
    const { recentErrors = [], minimumLag = {}, latestOffsets, activeTasks = [], publishingTasks = [] } = this.#report;
    const io = isJsonObject(this.#spec['ioConfig']) ? this.#spec['ioConfig'] : {};
    return {
      dataSource: this.dataSource,
      stream: io['stream'] ?? null,
      partitions: Object.keys(latestOffsets ?? minimumLag).length,
      replicas: io['replicas'] ?? 1,
      durationSeconds: Number(/^PT(\d+)S$/.exec(String(io['taskDuration']))?.[1] ?? 3_600),
      activeTasks,
      publishingTasks,
      ...(latestOffsets === undefined ? {} : { latestOffsets }),
      minimumLag,
      aggregateLag: Object.values(minimumLag).reduce((sum, lag) => sum + lag, 0),
      suspended: this.suspended,
      healthy: this.healthy,
      state: this.state,
      detailedState: this.detailedState,
      recentErrors,
    };
  }
}
