import { styleText } from 'node:util';
import { type Clock, systemClock } from '@capstan/kube';
import { durationText } from '../terminal/duration.ts';
import type { Board } from './board.ts';
import { ChangeAnnouncer } from './change-announcer.ts';
import { DemoFailure } from './demo-failure.ts';
import { guidance, unreadyReasons } from './guidance.ts';
import { interruptedExitCode, listenForInterrupt } from './interrupt.ts';
import { keepOnlyLogs, makeDemoDirectory, places, removeAbandonedDemos, removeDemoDirectory } from './places.ts';
import { openScreen, type Screen } from './screen.ts';
import { summaryLine, type Tally, tallyOf, timeoutFailure } from './settle.ts';
import { type Stage, setStage } from './stage.ts';
import { Steps } from './steps.ts';
import { announcement, layOutTable, wrap } from './table.ts';

export interface DemoOptions {
  /** Milliseconds that the clusters may take to become ready, once they are applied. */
  readonly timeoutMs: number;
  /** Stop everything as soon as all are ready, and end with one line for scripts. */
  readonly exitWhenReady: boolean;
}

/** How a run ends: what it says last, and its exit code. */
interface Ending {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/**
 * Shows Capstan at work: a control plane of its own, the StreamBus operator as a process with its own account, and the
 * sample clusters converging in a live table. Stops everything it started before it resolves.
 *
 * @returns the exit code: 0 when all that can be ready were ready; 130 when interrupted before that; else 1
 */
export async function demo(options: DemoOptions): Promise<number> {
  return await new DemoRun(options, systemClock).perform();
}

class DemoRun {
  readonly #options: DemoOptions;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #interrupt = listenForInterrupt();
  readonly #screen: Screen = openScreen(process.stdout);
  readonly #steps: Steps;
  #isRunning = false;
  /** What is shown now; undefined before the clusters exist and after all is over. */
  #shown: { readonly board: Board; readonly announcer: ChangeAnnouncer | undefined } | undefined;

  constructor(options: DemoOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#steps = new Steps(this.#screen, clock);
  }

  async perform(): Promise<number> {
    await removeAbandonedDemos();
    const dir = await makeDemoDirectory();
    const cleanup = new AsyncDisposableStack();
    let ending: Ending;
    try {
      ending = await this.#play(dir, cleanup);
      await this.#stop(cleanup);
      await removeDemoDirectory(dir);
    } catch (error) {
      this.#freeze();
      await this.#stop(cleanup);
      ending = this.#interrupt.aborted ? await interrupted(dir) : await failed(error, dir, this.#screen.columns);
    }
    for (const line of ending.lines) this.#screen.print(line);
    this.#screen[Symbol.dispose]();
    return ending.exitCode;
  }

  async #play(dir: string, cleanup: AsyncDisposableStack): Promise<Ending> {
    const onRunning = (): void => {
      this.#isRunning = true;
    };
    const stage = await setStage({ steps: this.#steps, dir, signal: this.#interrupt, onRunning }, cleanup);
    const breakdown = stage.breakdown.then((failure) => Promise.reject(failure));
    this.#watch(stage.board);
    const tally = await Promise.race([this.#settled(stage.board), breakdown, this.#interrupted()]);
    const summary = summaryLine(tally, this.#elapsed());
    if (this.#options.exitWhenReady) {
      this.#freeze();
      for (const line of unreadyReasons(tally, this.#screen.columns)) this.#screen.print(line);
      return { lines: [summary], exitCode: 0 };
    }
    this.#guide(stage, tally, dir);
    await Promise.race([this.#interrupted().catch(() => {}), breakdown]);
    this.#freeze();
    return { lines: [], exitCode: 0 };
  }

  /** Shows the table: in place on a terminal, a line per change elsewhere. */
  #watch(board: Board): void {
    if (this.#screen.isTerminal) this.#screen.print('');
    const ticking = setInterval(() => this.#screen.redraw(), 1_000).unref();
    this.#screen.show((columns) => [...layOutTable(board.rows(), columns), '', this.#footer(board)]);
    board.subscribe(() => {
      this.#screen.redraw();
      if (tallyOf(board.rows()) !== undefined) clearInterval(ticking);
    });
    this.#shown = { board, announcer: this.#screen.isTerminal ? undefined : this.#announce(board) };
  }

  #announce(board: Board): ChangeAnnouncer {
    return new ChangeAnnouncer(board, (row) => {
      this.#screen.print(`${durationText(this.#elapsed()).padStart(8)}  ${announcement(row)}`);
    });
  }

  #footer(board: Board): string {
    const rows = board.rows();
    const ready = rows.filter(({ verdict }) => verdict.kind === 'Ready').length;
    const unready = rows.filter(({ verdict }) => verdict.kind === 'Unready').length;
    const rest = unready === 0 ? '' : `, ${unready} run but cannot be Ready`;
    const isDone = ready + unready === rows.length;
    return styleText(
      'dim',
      `  ${ready} of ${rows.length} ready${rest}${isDone ? '' : `   ${durationText(this.#elapsed())}`}`,
    );
  }

  /** Resolves once every cluster is Ready or has said why it never will be; rejects when time is up. */
  async #settled(board: Board): Promise<Tally> {
    const done = Promise.withResolvers<Tally>();
    const look = (): void => {
      const tally = tallyOf(board.rows());
      if (tally !== undefined) done.resolve(tally);
    };
    board.subscribe(look);
    look();
    const timer = this.#clock.setTimeout(
      () => done.reject(timeoutFailure(board.rows(), this.#options.timeoutMs)),
      this.#options.timeoutMs,
    );
    return await done.promise.finally(() => timer.cancel());
  }

  /** Puts the guidance above the table, which goes on living. */
  #guide({ plane: { kubeconfig } }: Stage, tally: Tally, dir: string): void {
    const { columns } = this.#screen;
    const lines = guidance({ tally, kubeconfig, ...places(dir), columns });
    for (const line of [summaryLine(tally, this.#elapsed()), '', ...lines]) this.#screen.print(line);
  }

  /** Leaves the table as it last was, where it was shown at all. */
  #freeze(): void {
    this.#screen.show(undefined);
    if (this.#shown === undefined) return;
    const { board, announcer } = this.#shown;
    this.#shown = undefined;
    announcer?.[Symbol.dispose]();
    this.#screen.print('');
    for (const line of layOutTable(board.rows(), this.#screen.columns)) this.#screen.print(line);
    this.#screen.print('');
  }

  async #stop(cleanup: AsyncDisposableStack): Promise<void> {
    if (this.#isRunning) await this.#steps.run('Stopping everything', () => cleanup.disposeAsync());
  }

  #interrupted(): Promise<never> {
    return new Promise((_, reject) => {
      const stop = (): void => reject(this.#interrupt.reason);
      if (this.#interrupt.aborted) stop();
      else this.#interrupt.addEventListener('abort', stop, { once: true });
    });
  }

  #elapsed(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }
}

async function interrupted(dir: string): Promise<Ending> {
  await removeDemoDirectory(dir);
  return { lines: ['stopped before every cluster was ready'], exitCode: interruptedExitCode };
}

/** One sentence for a person, what is known beside it, and where to look on. Never a stack. */
async function failed(error: unknown, dir: string, columns: number): Promise<Ending> {
  const logs = await keepOnlyLogs(dir);
  const details = error instanceof DemoFailure ? error.details : [];
  const message = error instanceof Error ? error.message : String(error);
  const lines = details.flatMap((line) =>
    wrap(line, columns - 4).map((part, index) => `${index === 0 ? '  ' : '    '}${part}`),
  );
  const place = logs === undefined ? [] : [`logs: ${logs}`];
  return { lines: [`capstan demo: ${message}`, ...lines, ...place], exitCode: 1 };
}
