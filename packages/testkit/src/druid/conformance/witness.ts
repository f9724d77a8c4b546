import { waitUntil } from '@capstan/controlplane';
import { callDruid, type DruidAnswer, type DruidCall, type DruidTarget, jsonOf, type Login } from '../druid-call.ts';
import type { DruidUsers } from '../druid-users.ts';
import { type Observation, observe } from './observation.ts';

/** A Druid that scenarios run on, be it fake or real. */
export interface DruidUnderTest {
  readonly target: DruidTarget;
  /** Where its supervisors read. */
  readonly bootstrapServers: string;
  /** Undefined without security. */
  readonly users: DruidUsers | undefined;
  /** Has a task end that can only end so: a real one is left alone and does. */
  endTask(id: string, how: 'SUCCESS' | 'FAILED'): void;
}

/** What a call adds to its method and path. */
export interface Asking extends Pick<DruidCall, 'body' | 'contentType' | 'headers'> {
  /** Keeps only this of a body that says more than the fake does. */
  readonly read?: (body: unknown) => unknown;
}

/** How long Druid may take for what it does by itself: a forked task takes half a minute on a busy machine. */
const PATIENCE = { timeoutMs: 90_000, intervalMs: 250 };

/** Asks a Druid, and notes what it answers, in order. */
export class Witness {
  readonly druid: DruidUnderTest;
  readonly #observations: Observation[] = [];
  #login: Login | undefined;
  #calls = 0;

  constructor(druid: DruidUnderTest) {
    this.druid = druid;
    this.#login = druid.target.login;
  }

  get observations(): readonly Observation[] {
    return this.#observations;
  }
  /** How many calls were made, those of waiting included. */
  get calls(): number {
    return this.#calls;
  }

  /** Calls from now on as somebody else; as nobody when undefined. */
  as(login: Login | undefined): this {
    this.#login = login;
    return this;
  }

  async get(path: string, asking: Asking = {}): Promise<unknown> {
    return await this.#note({ method: 'GET', path, ...asking }, asking);
  }
  async post(path: string, body?: unknown, asking: Asking = {}): Promise<unknown> {
    return await this.#note({ method: 'POST', path, ...asking, body }, asking);
  }
  async delete(path: string): Promise<unknown> {
    return await this.#note({ method: 'DELETE', path }, {});
  }

  /** Asks again and again until the body satisfies, and notes that last answer. Throws when it never does. */
  async until(path: string, satisfies: (body: unknown) => boolean, asking: Asking = {}): Promise<unknown> {
    const call: DruidCall = { method: 'GET', path };
    const inTime = await waitUntil(async () => satisfies(jsonOf(await this.#call(call))), PATIENCE);
    if (!inTime) throw new Error(`${path} did not come to say what it should within ${PATIENCE.timeoutMs / 1_000} s`);
    return await this.get(path, asking);
  }

  async #note(call: DruidCall, { read }: Asking): Promise<unknown> {
    const answer = await this.#call(call);
    const observation = observe(call, answer);
    this.#observations.push(read === undefined ? observation : { ...observation, body: read(observation.body) });
    return jsonOf(answer);
  }

  async #call(call: DruidCall): Promise<DruidAnswer> {
    this.#calls += 1;
    return await callDruid({ ...this.druid.target, login: this.#login }, call);
  }
}
