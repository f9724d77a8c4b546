import { callDruid, type DruidCall, type DruidTarget, jsonOf, type RealDruid } from '@capstan/testkit';

const supervisors = '/druid/indexer/v1/supervisor';

/** What Druid says to a person. */
export interface Said {
  readonly status: number;
  readonly json: unknown;
  readonly text: string;
}

/** Druid as a person at its console sees and changes it, past the operator. */
export class DruidConsole {
  readonly #target: () => DruidTarget;

  constructor(druid: RealDruid) {
    this.#target = () => ({ url: druid.router, login: druid.admin, ca: druid.ca });
  }

  async ask(method: DruidCall['method'], path: string, body?: unknown): Promise<Said> {
    const answer = await callDruid(this.#target(), { method, path, ...(body !== undefined && { body }) });
    return { status: answer.status, json: jsonOf(answer), text: answer.text };
  }

  /** Ids of all supervisors, sorted. */
  async supervisorIds(): Promise<readonly string[]> {
    const { json } = await this.ask('GET', supervisors);
    return listOf(json).map(String).sort();
  }

  /** The spec of a supervisor, as Druid has it; undefined when there is none. */
  async supervisor(id: string): Promise<unknown> {
    const { status, json } = await this.ask('GET', `${supervisors}/${encodeURIComponent(id)}`);
    return status === 404 ? undefined : json;
  }

  /** `payload` of a supervisor's status. */
  async statusOf(id: string): Promise<unknown> {
    return valueAt((await this.ask('GET', `${supervisors}/${encodeURIComponent(id)}/status`)).json, 'payload');
  }

  /** How many versions of a supervisor Druid remembers. */
  async versionsOf(id: string): Promise<number> {
    return listOf((await this.ask('GET', `${supervisors}/${encodeURIComponent(id)}/history`)).json).length;
  }

  /** Does something to a supervisor: `terminate`, `suspend`, `resume`. */
  async order(id: string, what: string): Promise<Said> {
    return await this.ask('POST', `${supervisors}/${encodeURIComponent(id)}/${what}`);
  }

  /** Posts a supervisor, as the console's editor would. */
  async submit(spec: unknown): Promise<Said> {
    return await this.ask('POST', supervisors, spec);
  }

  /** Ids of the tasks of a data source that run or wait to, sorted. */
  async activeTasks(dataSource: string): Promise<readonly string[]> {
    const { json } = await this.ask('GET', `/druid/indexer/v1/tasks?datasource=${encodeURIComponent(dataSource)}`);
    const active = listOf(json).filter((task) => valueAt(task, 'statusCode') === 'RUNNING');
    return active.map((task) => String(valueAt(task, 'id'))).sort();
  }
}

/** The value at a path of field names or positions inside JSON; undefined when there is none. */
export function valueAt(json: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, field) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).find(([name]) => name === field)?.[1];
  }, json);
}

/** A list, or an empty one where something else came. */
export function listOf(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}
