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

/** What has been done for one mounted directory. */
interface Progress {
  /** The states that are brought together: of the directory, and of the socket. */
  readonly states: string;
  /** The paths that HAProxy has by now. */
  readonly arrived: ReadonlySet<string>;
  /** How often, one after the other, something did not arrive. */
  readonly failures: number;
  /** When what failed is tried again; never where nothing did. */
  readonly retryAt: number;
}

interface Delivered {
  readonly arrived: ReadonlySet<string>;
  readonly isComplete: boolean;
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
 */
export class ProxyAgent {
  readonly #options: ProxyAgentOptions;
  readonly #sources: readonly Source[];
  readonly #progress = new Map<string, Progress>();

  constructor(options: ProxyAgentOptions) {
    const { tlsDirectory: tls, accessDirectory: access, clock } = options;
    this.#options = options;
    this.#sources = [
      { directory: tls, wanted: (state) => wantedTls(tls, readMounted(tls, state), clock.now()) },
      { directory: access, wanted: (state) => wantedAccess(access, readMounted(access, state)) },
    ];
  }

  /** Looks every two seconds until the signal aborts. Never fails: whatever goes wrong is logged and tried again. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await this.#options.clock.sleep(lookEveryMs, signal).catch(() => {});
    }
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
    const now = await this.#deliver(source, state, arrived);
    const failed = now.isComplete ? 0 : failures + 1;
    this.#progress.set(source.directory, {
      states,
      arrived: now.arrived,
      failures: failed,
      retryAt: this.#retryAt(failed),
    });
  }

  #retryAt(failures: number): number {
    if (failures === 0) return Number.POSITIVE_INFINITY;
    return this.#options.clock.now() + Math.min(longestWaitMs, lookEveryMs * 2 ** (failures - 1));
  }

  /** Delivers what has not arrived before. */
  async #deliver(source: Source, state: string, before: ReadonlySet<string>): Promise<Delivered> {
    const arrived = new Set(before);
    try {
      const wanted = source.wanted(state);
      for (const content of wanted)
        if (!arrived.has(content.path) && (await this.#deliverOne(content))) arrived.add(content.path);
      return { arrived, isComplete: wanted.every(({ path }) => arrived.has(path)) };
    } catch (error) {
      if (error instanceof NewWorkerNeededError) return await this.#startWorker(error);
      this.#options.log('warn', `${source.directory} is not brought to HAProxy now but later: ${messageOf(error)}`);
      return { arrived, isComplete: false };
    }
  }

  /** @throws whatever says that nothing else would arrive either */
  async #deliverOne(content: WantedContent): Promise<boolean> {
    const { path } = content;
    if (content.kind === 'Unusable') {
      const { file, reason } = content;
      this.#options.log('error', `${path} is not given to HAProxy, which keeps what it has: ${file}: ${reason}`, {
        file,
        reason,
      });
      return false;
    }
    try {
      await content.deliver(this.#options.socket);
      this.#options.log('info', `HAProxy has ${path} as it is mounted now`, { path, ...content.about });
      return true;
    } catch (error) {
      if (!(error instanceof RefusedCommandError)) throw error;
      this.#options.log('error', `${path} is tried again: ${error.message}`, { path });
      return false;
    }
  }

  /** The new worker reads all files; the old one keeps its connections until they end. Later everything is looked at again. */
  async #startWorker(reason: NewWorkerNeededError): Promise<Delivered> {
    try {
      await this.#options.master.ask('reload');
      this.#options.log(
        'warn',
        `${reason.message}; it starts a new worker, and open connections stay with the old one`,
      );
    } catch (error) {
      this.#options.log('error', `${reason.message}; and it starts no new worker: ${messageOf(error)}`);
    }
    return { arrived: new Set(), isComplete: false };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
