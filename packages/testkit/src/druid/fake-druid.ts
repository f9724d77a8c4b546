import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Clock, systemClock } from '@capstan/kube';
import { proxyCertificate } from '../faults/proxy-certificate.ts';
import type { DruidTarget, Login } from './druid-call.ts';
import { DruidUsers } from './druid-users.ts';
import { Accounts } from './fake/accounts.ts';
import { answerCall } from './fake/answer-call.ts';
import { ArmedDruidFault, type DruidFaultRule } from './fake/druid-fault.ts';
import {
  type DruidState,
  defaultRule,
  initialCompactionCluster,
  initialCoordinatorConfig,
} from './fake/druid-state.ts';
import { FakeRequest } from './fake/fake-request.ts';
import type { FakeSupervisor } from './fake/fake-supervisor.ts';
import { respond } from './fake/respond.ts';
import type { StreamType } from './fake/stream-spec.ts';
import { SupervisorRegistry } from './fake/supervisor-registry.ts';
import { TaskRegistry } from './fake/task-registry.ts';

/** How a fake Druid is. */
export interface FakeDruidOptions {
  readonly tls?: boolean;
  /** `basic` has users with passwords; `none` unless told. */
  readonly security?: 'none' | 'basic';
  /** The streams whose extension is loaded; all unless told. Only kafka was held against a real Druid. */
  readonly streams?: readonly StreamType[];
  /** Whether a broker answers SQL; it does unless told. */
  readonly hasBroker?: boolean;
  /** How long a supervisor is PENDING after each start, in ms; 0 unless told, 5,000 in a real Druid. */
  readonly startDelayMs?: number;
  readonly clock?: Clock;
}

/** One request that came in, without its credentials. */
export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly url: string;
  readonly path: string;
  readonly body: string;
}

/**
 * Answers as the router of a Druid 33 does, in this process and at once: supervisors, tasks, SQL tasks, retention rules, compaction,
 * lookups, dynamic configuration, users. Its answers are those of a real Druid, which the same scenarios are run against.
 * Nothing is ingested: supervisors and tasks do and report what they are told.
 *
 * @example
 * ```ts
 * await using druid = await FakeDruid.start();
 * druid.inject({ on: { method: 'POST' }, fault: { do: 'loseResponse' } });
 * druid.supervisor('clicks')?.reports({ state: 'UNHEALTHY_SUPERVISOR', healthy: false });
 * expect(druid.asked).toEqual({ 'GET /druid/indexer/v1/supervisor/clicks/status': 1 });
 * ```
 */
export class FakeDruid implements AsyncDisposable {
  /** PEM of what to trust; undefined without TLS. */
  readonly ca: string | undefined;
  /** Who may do everything; undefined without security. */
  readonly admin: Login | undefined;
  /** Adds users and changes passwords; undefined without security. */
  readonly users: DruidUsers | undefined;
  readonly #server: Server;
  readonly #state: DruidState;
  readonly #accounts: Accounts | undefined;
  readonly #requests: SeenRequest[] = [];
  #faults: readonly ArmedDruidFault[] = [];

  private constructor(server: Server, options: FakeDruidOptions, ca: string | undefined) {
    this.#server = server;
    this.ca = ca;
    this.#state = initialState(options);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#take(request, response));
    server.on('clientError', (_, socket) => socket.destroy());
    if (options.security !== 'basic') return;
    this.admin = { user: 'admin', password: 'of-the-fake-druid' };
    this.#accounts = new Accounts(this.admin);
    this.users = new DruidUsers(() => this.target);
  }

  static async start(options: FakeDruidOptions = {}): Promise<FakeDruid> {
    const certificate = options.tls === true ? await proxyCertificate() : undefined;
    const server = certificate === undefined ? createServer() : createTlsServer(certificate);
    const druid = new FakeDruid(server, options, certificate?.cert);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return druid;
  }

  /** Where it listens, such as `http://127.0.0.1:40000`; `https` with TLS. */
  get url(): string {
    // A server that listens on TCP has an address of this form.
    const { port } = this.#server.address() as AddressInfo;
    return `${this.ca === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  }

  /** How the administrator calls it. */
  get target(): DruidTarget {
    return { url: this.url, login: this.admin, ca: this.ca };
  }

  /** Every request that came in, oldest first, also those that a fault struck. */
  get requests(): readonly SeenRequest[] {
    return this.#requests;
  }

  /** How often each thing was asked, by method and path without its query, such as `GET /status/health`. */
  get asked(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { method, path } of this.#requests) counts[`${method} ${path}`] = (counts[`${method} ${path}`] ?? 0) + 1;
    return counts;
  }

  get supervisors(): readonly FakeSupervisor[] {
    return this.#state.supervisors.all;
  }

  supervisor(id: string): FakeSupervisor | undefined {
    return this.#state.supervisors.get(id);
  }

  /** Takes a supervisor away, as if somebody had ended it in Druid's console; with `trace: false` without a tombstone. */
  removeSupervisor(id: string, { trace = true }: { readonly trace?: boolean } = {}): void {
    if (trace) this.#state.supervisors.terminate(id);
    else this.#state.supervisors.lose(id);
  }

  /** Its tasks, which are told here how they end. */
  get tasks(): TaskRegistry {
    return this.#state.tasks;
  }

  /** Plays a fault from now on. Of several that match a request, the one injected first strikes. */
  inject(rule: DruidFaultRule): ArmedDruidFault {
    const armed = new ArmedDruidFault(rule);
    this.#faults = [...this.#faults, armed];
    return armed;
  }

  /** Ends the fake and every connection to it, also those that hang. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
    for (const fault of this.#faults) fault.lift();
  }

  async #take(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = new FakeRequest(message, await textOf(message));
      const { method, path, body } = request;
      this.#requests.push({ method, path, url: message.url ?? '', body });
      const fault = this.#faults.find((armed) => armed.strikes(request));
      const carryOut = () => answerCall(request, this.#state, this.#accounts);
      await respond({
        request,
        response,
        carryOut,
        supervisors: this.#state.supervisors,
        clock: this.#state.clock,
        fault,
      });
    } catch (error) {
      // The client went away, or a fault cut its connection; anything else is shown to it.
      response.destroy(error instanceof Error ? error : undefined);
    }
  }
}

function initialState(options: FakeDruidOptions): DruidState {
  const { clock = systemClock, streams = ['kafka', 'kinesis', 'rabbit'], hasBroker = true, startDelayMs = 0 } = options;
  return {
    clock,
    streams,
    hasBroker,
    supervisors: new SupervisorRegistry(clock, startDelayMs),
    tasks: new TaskRegistry(clock),
    rules: new Map([['_default', [defaultRule]]]),
    compaction: new Map(),
    compactionCluster: initialCompactionCluster,
    coordinatorConfig: initialCoordinatorConfig,
    overlordConfig: undefined,
    lookups: undefined,
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
