import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock } from '@capstan/kube';
import { isJsonObject, type JsonObject } from './json-shape.ts';

/** One task in a fake Druid. */
export interface FakeTask {
  readonly id: string;
  readonly type: string;
  readonly dataSource: string;
  /** As it was posted. */
  readonly payload: JsonObject;
  readonly createdTime: string;
  readonly statusCode: 'RUNNING' | 'SUCCESS' | 'FAILED';
  /** In ms; -1 while it runs, and after a shutdown. */
  readonly duration: number;
  readonly errorMsg: string | null;
  /** Undefined until it ended by itself. */
  readonly report: JsonObject | undefined;
}

/** The tasks of a fake Druid. They run until they are told to end. */
export class TaskRegistry {
  readonly #clock: Clock;
  readonly #tasks = new Map<string, FakeTask>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** In Druid's order: those that run, oldest first, then those that ended, newest first. */
  get all(): readonly FakeTask[] {
    const tasks = [...this.#tasks.values()];
    const isRunning = ({ statusCode }: FakeTask): boolean => statusCode === 'RUNNING';
    return [...tasks.filter(isRunning), ...tasks.filter((task) => !isRunning(task)).toReversed()];
  }

  get(id: string): FakeTask | undefined {
    return this.#tasks.get(id);
  }

  /** Begins a task; without an id of its own it gets one. */
  submit(payload: JsonObject, dataSource: string): FakeTask {
    const type = String(payload['type']);
    const createdTime = new Date(this.#clock.now()).toISOString();
    const id = typeof payload['id'] === 'string' ? payload['id'] : generatedId(type, dataSource, createdTime);
    const running = { statusCode: 'RUNNING', duration: -1, errorMsg: null, report: undefined } as const;
    const task: FakeTask = { id, type, dataSource, payload, createdTime, ...running };
    this.#tasks.set(id, task);
    return task;
  }

  /** The task ends well after so many ms, having read so many rows. Throws for a task that does not run. */
  succeed(
    id: string,
    { rows = 0, durationMs = 2_000 }: { readonly rows?: number; readonly durationMs?: number } = {},
  ): void {
    this.#end(id, { statusCode: 'SUCCESS', duration: durationMs, report: reportOf(id, 'COMPLETED', rows, null) });
  }

  /** The task fails with a message, as Druid writes it: an exception with its stack. Throws for a task that does not run. */
  fail(id: string, errorMsg: string): void {
    const report = reportOf(id, 'DETERMINE_PARTITIONS', 0, errorMsg);
    this.#end(id, { statusCode: 'FAILED', duration: 150, errorMsg, report });
  }

  /** Ends a running task because somebody asked for it; one that ended stays as it is. */
  shutDown(id: string): void {
    if (this.#tasks.get(id)?.statusCode !== 'RUNNING') return;
    this.#end(id, { statusCode: 'FAILED', errorMsg: 'Shutdown request from user' });
  }

  #end(id: string, ending: Partial<FakeTask>): void {
    const task = this.#tasks.get(id);
    if (task?.statusCode !== 'RUNNING') throw new Error(`no task ${id} runs in this fake Druid`);
    this.#tasks.set(id, { ...task, ...ending });
  }
}

function generatedId(type: string, dataSource: string, createdTime: string): string {
  if (type === 'noop') return `noop_${createdTime}_${randomUUID()}`;
  const letters = [...randomBytes(8)].map((byte) => String.fromCharCode(97 + (byte % 16))).join('');
  return `${type}_${dataSource}_${letters}_${createdTime}`;
}

function reportOf(taskId: string, ingestionState: string, processed: number, errorMsg: string | null): JsonObject {
  const rows = { processed, processedBytes: 0, processedWithError: 0, thrownAway: 0, unparseable: 0 };
  const payload = {
    ingestionState,
    unparseableEvents: {},
    rowStats: { determinePartitions: rows, buildSegments: rows },
    errorMsg,
  };
  return { ingestionStatsAndErrors: { type: 'ingestionStatsAndErrors', taskId, payload } };
}

/** The data source that a task works on: its own, or that of its spec. */
export function dataSourceOf(payload: JsonObject): string | undefined {
  if (typeof payload['dataSource'] === 'string') return payload['dataSource'];
  const schema = isJsonObject(payload['spec']) ? payload['spec']['dataSchema'] : undefined;
  const found = isJsonObject(schema) ? schema['dataSource'] : undefined;
  return typeof found === 'string' ? found : undefined;
}
