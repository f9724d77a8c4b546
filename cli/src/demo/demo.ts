import { styleText } from 'node:util';
import { type Clock, systemClock } from '@capstan/kube';
import { durationText } from '../terminal/duration.ts';
import { interruptedExitCode, listenForInterrupt } from '../terminal/interrupt.ts';
import { openScreen, type Screen } from '../terminal/screen.ts';
import type { Board } from './board.ts';
import { ChangeAnnouncer } from './change-announcer.ts';
import { DemoFailure } from './demo-failure.ts';
import type { Exhibit } from './exhibits/exhibit.ts';
import { guidance, unreadyReasons } from './guidance.ts';
import {
  keepOnlyLogs,
  makeDemoDirectory,
  operatorLog,
  places,
  removeAbandonedDemos,
  removeDemoDirectory,
} from './places.ts';
import { summaryLine, type Tally, tallyOf, timeoutFailure } from './settle.ts';
import { type Stage, setStage } from './stage.ts';
import { operatorOf } from './staged-exhibit.ts';
import { Steps } from './steps.ts';
import { announcement, layOutTables, type Row, wrap } from './table.ts';
import type { Verdict } from './verdict.ts';

/** Puts the time of a line below those of the steps. */
const timeWidth = 12;

export interface DemoOptions {
  readonly exhibits: readonly Exhibit[];
  /** Milliseconds that the samples may take to become ready, once they are applied; then, each thing that is waited for. */
  readonly timeoutMs: number;
  /** Stop everything as soon as all has been shown, and end with one line for scripts. */
  readonly exitWhenReady: boolean;
}

/** How a run ends: what it says last, and its exit code. */
interface Ending {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/**
 * Shows Capstan at work: a control plane of its own, each operator as a process with its own account, and samples
 * converging in a live table. Stops everything it started before it resolves.
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
  /** What is shown now; undefined before the samples exist and after all is over. */
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
    const { exhibits } = this.#options;
    await refuseObstacles(exhibits);
    const stage = await setStage({ exhibits, steps: this.#steps, dir, signal: this.#interrupt, onRunning }, cleanup);
    const breakdown = stage.breakdown.then((failure) => Promise.reject(failure));
    this.#watch(stage.board);
    const tally = await Promise.race([this.#settled(stage.board), breakdown, this.#interrupted()]);
    const readiness = summaryLine(tally, this.#elapsed());
    const shown = await Promise.race([this.#actsOf(stage, cleanup), breakdown, this.#interrupted()]);
    const summary = [readiness, ...shown].join('; ');
    if (this.#options.exitWhenReady) {
      this.#freeze();
      for (const line of unreadyReasons(tally, this.#screen.columns)) this.#screen.print(line);
      return { lines: [summary], exitCode: 0 };
    }
    this.#guide(stage, summary, tally, dir);
    await Promise.race([this.#interrupted().catch(() => {}), breakdown]);
    this.#freeze();
    return { lines: [], exitCode: 0 };
  }

  /** Shows the table: in place on a terminal, a line per change elsewhere. */
  #watch(board: Board): void {
    if (this.#screen.isTerminal) this.#screen.print('');
    const ticking = setInterval(() => this.#screen.redraw(), 1_000).unref();
    this.#screen.show((columns) => [...layOutTables(board.tables(), columns), '', this.#footer(board)]);
    board.subscribe(() => {
      this.#screen.redraw();
      if (tallyOf(board.rows()) !== undefined) clearInterval(ticking);
    });
    this.#shown = { board, announcer: this.#screen.isTerminal ? undefined : this.#announce(board) };
  }

  #announce(board: Board): ChangeAnnouncer {
    return new ChangeAnnouncer(board, (row) => {
      this.#say(announcement(row));
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

  /** Resolves once every resource is Ready or has said why it never will be; rejects when time is up. */
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

  /** What exhibits show once all is ready, one after another; each gives a part of the last line. */
  async #actsOf({ staged, client }: Stage, cleanup: AsyncDisposableStack): Promise<readonly string[]> {
    const { timeoutMs } = this.#options;
    const over = new AbortController();
    // Whatever ends the demo ends the act under way, before what it acts on is stopped.
    cleanup.defer(() => over.abort());
    const say = (line: string): void => this.#say(line);
    const shown: string[] = [];
    for (const { exhibit, show } of staged) {
      const text = await show.act?.({ client, timeoutMs, say, signal: over.signal });
      if (text !== undefined) shown.push(`${exhibit.system}: ${text}`);
    }
    return shown;
  }

  /** Puts the guidance above the table, which goes on living. */
  #guide({ plane: { kubeconfig }, staged, board }: Stage, summary: string, tally: Tally, dir: string): void {
    const { columns } = this.#screen;
    const tables = board.tables();
    const commands = staged.flatMap(({ exhibit }, at) => exhibit.commands(mostReady(tables[at]?.rows ?? [])));
    const operatorLogs = staged.map(({ exhibit }) => operatorLog(dir, operatorOf(exhibit).name));
    const lines = guidance({ tally, kubeconfig, bin: places(dir).bin, commands, operatorLogs, columns });
    for (const line of [summary, '', ...lines]) this.#screen.print(line);
  }

  /** Leaves the table as it last was, where it was shown at all. */
  #freeze(): void {
    this.#screen.show(undefined);
    if (this.#shown === undefined) return;
    const { board, announcer } = this.#shown;
    this.#shown = undefined;
    announcer?.[Symbol.dispose]();
    this.#screen.print('');
    for (const line of layOutTables(board.tables(), this.#screen.columns)) this.#screen.print(line);
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

  /** Prints a line that stays, with the time in front. */
  #say(line: string): void {
    this.#screen.print(`${durationText(this.#elapsed()).padStart(timeWidth)}  ${line}`);
  }

  #elapsed(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }
}

async function refuseObstacles(exhibits: readonly Exhibit[]): Promise<void> {
  for (const exhibit of exhibits) {
    const why = await exhibit.obstacle?.();
    if (why !== undefined) throw new DemoFailure(why);
  }
}

/** The one to try commands on. */
function mostReady(rows: readonly Row[]): Row | undefined {
  const of = (kind: Verdict['kind']): Row | undefined => rows.find(({ verdict }) => verdict.kind === kind);
  return of('Ready') ?? of('Unready');
}

async function interrupted(dir: string): Promise<Ending> {
  await removeDemoDirectory(dir);
  return { lines: ['stopped before everything was ready'], exitCode: interruptedExitCode };
}

/** One sentence for a person, what is known beside it, and where to look on. Never a stack. */
async function failed(error: unknown, dir: string, columns: number): Promise<Ending> {
  const logs = await keepOnlyLogs(dir);
  const [message = '', ...more] = (error instanceof Error ? error.message : String(error)).split('\n');
  const details = error instanceof DemoFailure ? error.details : [];
  const lines = [...more, ...details].flatMap((line) =>
    wrap(line, columns - 4).map((part, index) => `${index === 0 ? '  ' : '    '}${part}`),
  );
  const place = logs === undefined ? [] : [`logs: ${logs}`];
  return { lines: [`capstan demo: ${message}`, ...lines, ...place], exitCode: 1 };
}
