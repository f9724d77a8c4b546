import type { AgentLog } from './agent-log.ts';
import { mountedState, readMounted, socketState } from './mounted-directory.ts';
import { NewWorkerNeededError } from './new-worker-needed-error.ts';
import { RefusedCommandError } from './refused-command-error.ts';
import type { RuntimeSocket } from './runtime-socket.ts';
import { type WantedContent, wantedAccess, wantedTls } from './wanted-contents.ts';

/** The time, and a way to wait, that a test can own. */
export interface AgentClock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds; rejects as soon as the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface ProxyAgentOptions {
  readonly tlsDirectory: string;
  readonly accessDirectory: string;
  readonly socketPath: string;
  readonly socket: RuntimeSocket;
  /** How HAProxy's master is told to start another worker. */
  readonly master: RuntimeSocket;
  readonly clock: AgentClock;
  readonly log: AgentLog;
}

/** How often the mounted directories and the socket are looked at, in milliseconds; that is three calls to the kernel. */
const lookEveryMs = 2000;

/** The longest wait before something that failed is tried again, in milliseconds. */
const longestWaitMs = 60_000;

/** After so many failures in a row, which take a quarter of an hour, somebody has to be told. */
const givesUpAfter = 20;

/** What has been done for one mounted directory. */
interface Progress {
  /** The states that are brought together: of the directory, and of the socket. */
  readonly states: string;
  /** The paths that HAProxy has by now. */
  readonly arrived: ReadonlySet<string>;
  /** How often, one after the other, something did not arrive. */
  readonly failures: number;
  /** Why something did not, the last time. */
  readonly failure: string | undefined;
  /** When what failed is tried again; never where nothing did. */
  readonly retryAt: number;
}

interface Delivered {
  readonly arrived: ReadonlySet<string>;
  /** Why the first thing that did not arrive did not; undefined where everything did. */
  readonly failure: string | undefined;
}

/** One state of a mounted directory, to be brought to the HAProxy behind one state of the socket. */
interface Mounted {
  readonly source: Source;
  readonly state: string;
  readonly socket: string;
}

/** That another worker was asked for, so that it reads a state of a directory. */
interface Reload {
  readonly state: string;
  /** The worker that was there before. */
  readonly worker: string;
}

interface Source {
  readonly directory: string;
  readonly wanted: (state: string) => readonly WantedContent[];
}

/**
 * Keeps what a running HAProxy has loaded the same as what is mounted: certificate, authorities, lists and limits.
 *
 * What cannot be used is named in the log and left out, so that HAProxy keeps what it has. Only a new state of a volume, a
 * new HAProxy, or a failure before leads to more than a look.
 *
 * What does not arrive although it is tried for a quarter of an hour ends the agent, with what it was as the container's
 * termination message: restarts of the container, and its last state, are what `kubectl` and the usual metrics show. An agent
 * that has run for more than ten minutes is started again at once, so the pod is unready for a moment each time and no longer.
 */
export class ProxyAgent {
  readonly #options: ProxyAgentOptions;
  readonly #sources: readonly Source[];
  readonly #progress = new Map<string, Progress>();
  readonly #reloads = new Map<string, Reload>();

  constructor(options: ProxyAgentOptions) {
    const { tlsDirectory: tls, accessDirectory: access, clock } = options;
    this.#options = options;
    this.#sources = [
      { directory: tls, wanted: (state) => wantedTls(tls, readMounted(tls, state), clock.now()) },
      { directory: access, wanted: (state) => wantedAccess(access, readMounted(access, state)) },
    ];
  }

  /**
   * Looks every two seconds until the signal aborts, and never fails: whatever goes wrong is logged and tried again.
   *
   * Gives a sentence for whoever operates the cluster when something goes wrong for too long, and undefined when it was told to end.
   */
  async run(signal: AbortSignal): Promise<string | undefined> {
    while (!signal.aborted) {
      await this.look();
      const failure = this.#givenUp();
      if (failure !== undefined) return failure;
      await this.#options.clock.sleep(lookEveryMs, signal).catch(() => {});
    }
    return undefined;
  }

  #givenUp(): string | undefined {
    return [...this.#progress.values()].find(({ failures }) => failures >= givesUpAfter)?.failure;
  }

  /** Brings HAProxy up to date where it is not. */
  async look(): Promise<void> {
    const socket = socketState(this.#options.socketPath);
    // Without a socket HAProxy is about to start, and then reads the files by itself.
    if (socket === undefined) return;
    for (const source of this.#sources) await this.#bringUpToDate(source, socket);
  }

  async #bringUpToDate(source: Source, socket: string): Promise<void> {
    const state = mountedState(source.directory);
    if (state === undefined) return;
    const states = `${state} ${socket}`;
    const before = this.#progress.get(source.directory);
    const isNew = before?.states !== states;
    if (!isNew && this.#options.clock.now() < before.retryAt) return;
    const { arrived, failures } = isNew ? { arrived: new Set<string>(), failures: 0 } : before;
    const now = await this.#deliver({ source, state, socket }, arrived);
    const failed = now.failure === undefined ? 0 : failures + 1;
    this.#progress.set(source.directory, { ...now, states, failures: failed, retryAt: this.#retryAt(failed) });
  }

  #retryAt(failures: number): number {
    if (failures === 0) return Number.POSITIVE_INFINITY;
    return this.#options.clock.now() + Math.min(longestWaitMs, lookEveryMs * 2 ** (failures - 1));
  }

  async #deliver(mounted: Mounted, before: ReadonlySet<string>): Promise<Delivered> {
    const { source, state } = mounted;
    const arrived = new Set(before);
    try {
      const wanted = source.wanted(state);
      return await this.#deliverAll(wanted, arrived).catch((error) => this.#readFromFiles(mounted, wanted, error));
    } catch (error) {
      const failure = `${source.directory} is not brought to HAProxy now but later: ${messageOf(error)}`;
      this.#options.log('warn', failure);
      return { arrived, failure };
    }
  }

  /** Delivers what has not arrived before. */
  async #deliverAll(wanted: readonly WantedContent[], arrived: Set<string>): Promise<Delivered> {
    const failures: string[] = [];
    for (const content of wanted) {
      if (arrived.has(content.path)) continue;
      const failure = await this.#deliverOne(content);
      if (failure === undefined) arrived.add(content.path);
      else failures.push(failure);
    }
    return { arrived, failure: failures[0] };
  }

  /**
   * Why this one did not arrive; undefined where it did.
   *
   * @throws whatever says that nothing else would arrive either
   */
  async #deliverOne(content: WantedContent): Promise<string | undefined> {
    const { path } = content;
    if (content.kind === 'Unusable') {
      const { file, reason } = content;
      const failure = `${path} is not given to HAProxy, which keeps what it has: ${file}: ${reason}`;
      this.#options.log('error', failure, { file, reason });
      return failure;
    }
    try {
      await content.deliver(this.#options.socket);
      this.#options.log('info', `HAProxy has ${path} as it is mounted now`, { path, ...content.about });
      return undefined;
    } catch (error) {
      if (!(error instanceof RefusedCommandError)) throw error;
      const failure = `${path} is tried again: ${error.message}`;
      this.#options.log('error', failure, { path });
      return failure;
    }
  }

  /**
   * Has a new worker read the files where the present one cannot be told what is in them; it keeps its connections until they end.
   *
   * A worker is asked for once for each state of a volume: what the new one cannot be told either, it has read.
   */
  async #readFromFiles(mounted: Mounted, wanted: readonly WantedContent[], reason: unknown): Promise<Delivered> {
    // A new worker would read those too that are better not read.
    if (!(reason instanceof NewWorkerNeededError) || wanted.some(({ kind }) => kind === 'Unusable')) throw reason;
    const { directory } = mounted.source;
    const worker = await this.#workerAt(mounted.socket);
    const reload = this.#reloads.get(directory);
    if (reload?.state !== mounted.state) {
      this.#reloads.set(directory, { state: mounted.state, worker });
      return { arrived: new Set(), failure: await this.#startWorker(reason) };
    }
    if (reload.worker === worker) throw new Error(`${reason.message}; and no new worker has come`);
    this.#options.log('info', `HAProxy has read ${directory} as it is mounted now`);
    return { arrived: new Set(wanted.map(({ path }) => path)), failure: undefined };
  }

  /** What tells a worker from others: reloads keep the socket, and in another container the numbers of processes come again. */
  async #workerAt(socket: string): Promise<string> {
    const reply = await this.#options.socket.ask('show info');
    const [pid] = /^Pid: \d+$/m.exec(reply) ?? [];
    if (pid === undefined) throw new RefusedCommandError('show info', reply);
    return `${socket} ${pid}`;
  }

  /** Why the present worker is not enough, to be looked at again in any case. */
  async #startWorker(reason: NewWorkerNeededError): Promise<string> {
    const answer = await this.#options.master.ask('reload').catch(messageOf);
    // Before 3.0 there is no answer, and nothing but the worker itself tells whether it has come.
    const hasFailed = !/^\s*(Success=1|$)/.test(answer);
    const failure = hasFailed
      ? `${reason.message}; and it starts no new worker: ${faultIn(answer)}`
      : `${reason.message}; it starts a new worker, and open connections stay with the old one`;
    this.#options.log(hasFailed ? 'error' : 'warn', failure);
    return failure;
  }
}

/** The line of the answer that names a fault; `Success=0` alone says nothing. */
function faultIn(answer: string): string {
  const [line] = /^\[ALERT\].*$/m.exec(answer) ?? [answer.trim().split('\n')[0] ?? ''];
  return line.slice(0, 300);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
