import { type Clock, systemClock } from '@capstan/kube';
import { interruptedExitCode, listenForInterrupt } from '../terminal/interrupt.ts';
import { DemoFailure } from './demo-failure.ts';
import type { Command, Exhibit } from './exhibits/exhibit.ts';
import { guidance, type LeftOut, type Story, storyLines } from './guidance.ts';
import { Performances } from './performances.ts';
import {
  keepOnlyLogs,
  makeDemoDirectory,
  operatorLog,
  places,
  removeAbandonedDemos,
  removeDemoDirectory,
} from './places.ts';
import { shippedOperator } from './repository.ts';
import { summaryLine } from './settle.ts';
import { type OnStage, Stage } from './stage.ts';
import type { Steps } from './steps.ts';
import { type Row, wrap } from './table.ts';
import type { Verdict } from './verdict.ts';
import { View } from './view.ts';

export interface DemoOptions {
  readonly exhibits: readonly Exhibit[];
  /** Milliseconds that samples may take to become ready, once they are applied; then, each thing that is waited for. */
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
 * Shows Capstan at work: a control plane of its own, each operator as a process with its own account, and samples of every kind
 * converging in a live table, edited and damaged. Stops everything it started before it resolves.
 *
 * @returns the exit code: 0 when all that can be ready were ready; 130 when interrupted before that; else 1
 */
export async function demo(options: DemoOptions): Promise<number> {
  return await new DemoRun(options, systemClock).perform();
}

class DemoRun {
  readonly #options: DemoOptions;
  readonly #clock: Clock;
  readonly #interrupt = listenForInterrupt();
  /** Aborts when nothing more is to be begun, whatever the reason. */
  readonly #over = new AbortController();
  readonly #view: View;
  readonly #steps: Steps;
  readonly #cleanup = new AsyncDisposableStack();
  /** Of what came later: nothing else stands on it. */
  readonly #laterCleanups: AsyncDisposableStack[] = [];
  /** What is under way beside the rest; never rejects. */
  readonly #background: Promise<unknown>[] = [];
  readonly #leftOut: LeftOut[] = [];
  #isRunning = false;
  #hasFailed = false;

  constructor(options: DemoOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#view = new View(process.stdout, clock);
    this.#steps = this.#view.newSteps();
  }

  async perform(): Promise<number> {
    await removeAbandonedDemos();
    const dir = await makeDemoDirectory();
    let ending: Ending;
    try {
      ending = await this.#play(dir);
      await this.#stop();
      await removeDemoDirectory(dir);
    } catch (error) {
      this.#view.freeze();
      await this.#stop();
      ending = this.#interrupt.aborted ? await interrupted(dir) : await failed(error, dir, this.#view.columns);
    }
    for (const line of ending.lines) this.#view.print(line);
    this.#view[Symbol.dispose]();
    return ending.exitCode;
  }

  async #play(dir: string): Promise<Ending> {
    await refuseObstacles(this.#options.exhibits);
    const stage = await this.#setStage(dir);
    const breakdown = stage.breakdown.then((failure) => Promise.reject(failure));
    breakdown.catch(() => {}); // whoever waits for something is told
    const { shown, story } = await this.#show(stage, breakdown);
    if (this.#options.exitWhenReady) return this.#end(story);
    this.#guide(shown, story, dir);
    await Promise.race([this.#interrupted().catch(() => {}), breakdown]);
    this.#view.freeze();
    return { lines: [], exitCode: 0 };
  }

  /** Brings in everything, and has it perform. */
  async #show(stage: Stage, breakdown: Promise<never>): Promise<{ shown: readonly OnStage[]; story: Story }> {
    const performances = this.#performancesOn(stage);
    const orTrouble = <T>(work: Promise<T>): Promise<T> =>
      Promise.race([work, performances.failure, breakdown, this.#interrupted()]);
    const prompt = await stage.bringIn(
      this.#options.exhibits.filter(({ comesLater }) => comesLater !== true),
      { steps: this.#steps, cleanup: this.#cleanup },
    );
    this.#view.watch(stage.board);
    for (const each of prompt) performances.begin(each);
    const comingLater = this.#bringInLater(stage, performances).finally(() => performances.complete());
    // What comes later may begin performances, so these end last.
    this.#background.push(comingLater.catch(() => {}).then(() => performances.ended()));
    const later = await orTrouble(comingLater);
    const outcome = await orTrouble(performances.outcome());
    const story = { ...outcome, readyMs: performances.readyMs, leftOut: this.#leftOut };
    return { shown: [...prompt, ...later], story };
  }

  #setStage(dir: string): Promise<Stage> {
    const signal = AbortSignal.any([this.#interrupt, this.#over.signal]);
    const onRunning = (): void => {
      this.#isRunning = true;
    };
    return Stage.set({ steps: this.#steps, dir, signal, cleanup: this.#cleanup, onRunning });
  }

  #performancesOn({ client, board }: Stage): Performances {
    const { timeoutMs } = this.#options;
    const [view, clock, { signal }] = [this.#view, this.#clock, this.#over];
    const say = (line: string): void => view.say(line);
    const performances = new Performances({
      ...{ client, board, timeoutMs, signal, say, clock },
      elapsedMs: () => view.elapsedMs,
    });
    return performances;
  }

  /** Brings in what takes longer, one after the other; what cannot be shown is left out, and told. */
  async #bringInLater(stage: Stage, performances: Performances): Promise<readonly OnStage[]> {
    const shown: OnStage[] = [];
    for (const exhibit of this.#options.exhibits.filter(({ comesLater }) => comesLater === true)) {
      const steps = this.#view.newSteps();
      const why =
        (await exhibit.obstacle?.()) ?? (await this.#bringInOne(exhibit, { stage, steps, performances, shown }));
      if (why === undefined) continue;
      const { kind } = exhibit.kind;
      this.#leftOut.push({ kind, why });
      steps.leaveOut(kind, why);
    }
    return shown;
  }

  /** Resolves with why it could not be brought in. */
  async #bringInOne(
    exhibit: Exhibit,
    parts: {
      readonly stage: Stage;
      readonly steps: Steps;
      readonly performances: Performances;
      readonly shown: OnStage[];
    },
  ): Promise<string | undefined> {
    const { stage, steps, performances, shown } = parts;
    try {
      const cleanup = new AsyncDisposableStack();
      this.#laterCleanups.push(cleanup);
      const brought = await stage.bringIn([exhibit], { steps, cleanup });
      shown.push(...brought);
      for (const each of brought) performances.begin(each);
      return undefined;
    } catch (error) {
      if (this.#over.signal.aborted || this.#interrupt.aborted) throw error;
      this.#hasFailed = true;
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** The end of a run that was not to stay. */
  #end(story: Story): Ending {
    this.#view.freeze();
    for (const line of storyLines(story, this.#view.columns)) this.#view.print(line);
    this.#view.print('Without --exit-when-ready it stays, and says what to try.');
    return { lines: [summaryLine(story.tally, story.readyMs)], exitCode: this.#hasFailed ? 1 : 0 };
  }

  /** Puts the story and the guidance above the tables, which go on living. */
  #guide(shown: readonly OnStage[], story: Story, dir: string): void {
    const { env } = places(dir);
    const commands = [everything(shown), ...shown.flatMap(commandsOn), console];
    const systems = new Set(shown.map(({ exhibit }) => exhibit.operator.system));
    const operatorLogs = [...systems].map((system) => operatorLog(dir, shippedOperator(system).name));
    const view = this.#view;
    for (const line of storyLines(story, view.columns)) view.print(line);
    for (const line of guidance({ env, commands, operatorLogs })) view.print(line);
    view.print(summaryLine(story.tally, story.readyMs));
    view.invite(`. ${env} in another terminal; Ctrl-C ends it`);
  }

  /** Lets what is under way end first: it may just have started something that has to be stopped. */
  async #stop(): Promise<void> {
    this.#over.abort();
    if (!this.#isRunning) return;
    await this.#steps.run('Stopping everything', async () => {
      await Promise.all(this.#background);
      const later = await Promise.allSettled(this.#laterCleanups.map((cleanup) => cleanup.disposeAsync()));
      await this.#cleanup.disposeAsync();
      for (const outcome of later) if (outcome.status === 'rejected') throw outcome.reason;
    });
  }

  #interrupted(): Promise<never> {
    return new Promise((_, reject) => {
      const stop = (): void => reject(this.#interrupt.reason);
      if (this.#interrupt.aborted) stop();
      else this.#interrupt.addEventListener('abort', stop, { once: true });
    });
  }
}

const console: Command = { why: 'all of it as a web page, live', line: 'capstan console' };

function everything(shown: readonly OnStage[]): Command {
  const kinds = shown.map(({ exhibit }) => exhibit.kind.plural).join();
  return { why: 'everything that is shown here', line: `kubectl get ${kinds} -A` };
}

function commandsOn({ exhibit, rows }: OnStage): readonly Command[] {
  const resource = mostReady(rows.table().rows);
  return resource === undefined ? [] : exhibit.commands(resource);
}

/** Nothing is begun when something that was asked for cannot be shown. */
async function refuseObstacles(exhibits: readonly Exhibit[]): Promise<void> {
  for (const exhibit of exhibits.filter(({ isAskedFor }) => isAskedFor === true)) {
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
