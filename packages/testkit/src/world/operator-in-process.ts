import type { Clock, Connection } from '@capstan/kube';
import {
  type Controller,
  createLogger,
  Manager,
  type ManagerContext,
  type PassRecord,
  type RunnableFactory,
} from '@capstan/runtime';
import { eventually } from '../eventually.ts';
import { type LogLine, logLineOf, type OperatorUnderTest } from './operator-under-test.ts';

export interface InProcessOptions {
  readonly connection: Connection;
  readonly controllers: readonly Controller[];
  /** Absent: every namespace. */
  readonly namespaces?: readonly string[];
  readonly clock?: Clock;
}

const linesKept = 2_000;
const passesKept = 2_000;
const startsWithinMs = 30_000;
/** The API server learns of a new Role a moment after it was made. */
const grantedWithinMs = 5_000;

/** Runs controllers in this process; resolves when their caches are filled. */
export async function startInProcess(options: InProcessOptions): Promise<OperatorUnderTest> {
  const operator = new OperatorInProcess(options);
  await operator.ready();
  return operator;
}

class OperatorInProcess implements OperatorUnderTest {
  readonly #manager: Manager;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  readonly #lines: LogLine[] = [];
  readonly #passes: PassRecord[] = [];
  #context: ManagerContext | undefined;
  #failure: Error | undefined;

  constructor({ connection, controllers, namespaces, clock }: InProcessOptions) {
    this.#manager = new Manager({
      connection,
      controllers,
      log: createLogger({ level: 'debug', destination: { write: (line) => this.#logged(line) } }),
      beside: [this.#observer()],
      ...(namespaces !== undefined && { namespaces }),
      ...(clock !== undefined && { clock }),
    });
    this.#ended = this.#manager.run(this.#stop.signal).catch((error: unknown) => {
      this.#failure = error instanceof Error ? error : new Error(String(error));
    });
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  get isBusy(): boolean {
    const depths = this.#context?.runners.map((runner) => runner.queueDepth()) ?? [];
    return !this.#manager.isReady || depths.some(({ ready, running }) => ready + running > 0);
  }

  get passes(): readonly PassRecord[] {
    return this.#passes;
  }

  logs(): readonly LogLine[] {
    return this.#lines;
  }

  async ready(): Promise<void> {
    const start = performance.now();
    const isHopeless = () => this.#isForbidden() && performance.now() - start > grantedWithinMs;
    await eventually(
      () => {
        if (this.#failure !== undefined || this.#manager.isReady || isHopeless()) return;
        throw this.#notReady();
      },
      { timeout: startsWithinMs, interval: 10 },
    );
    if (this.#failure !== undefined) throw this.#failure;
    if (!this.#manager.isReady) throw this.#notReady();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async kill(): Promise<void> {
    throw new Error('an operator in this process cannot be killed: give the world a "program"');
  }

  /** Reads what the manager tells those who stand beside its controllers. */
  #observer(): RunnableFactory {
    return (context) => {
      this.#context = context;
      const end = context.passes.subscribe((pass) => keep(this.#passes, pass, passesKept));
      return { name: 'testkit', start: async () => {}, stop: async () => void end() };
    };
  }

  #logged(text: string): void {
    keep(this.#lines, logLineOf(text.trimEnd()), linesKept);
  }

  #notReady(): Error {
    const last = this.#lastTrouble();
    return new Error(
      `the operator's caches are not filled${last === undefined ? '' : `; its last trouble: ${JSON.stringify(last)}`}`,
    );
  }

  #lastTrouble(): LogLine | undefined {
    return this.#lines.findLast(({ level }) => level === 'warn' || level === 'error');
  }

  /** A missing permission shows as a watch that is refused again and again. */
  #isForbidden(): boolean {
    const err = this.#lastTrouble()?.['err'];
    return typeof err === 'object' && err !== null && 'status' in err && err.status === 403;
  }
}

function keep<T>(list: T[], item: T, limit: number): void {
  list.push(item);
  if (list.length > limit) list.shift();
}
