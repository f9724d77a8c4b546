import { styleText } from 'node:util';
import type { Progress, ProgressListener } from '@capstan/controlplane';
import { type Clock, systemClock } from '@capstan/kube';
import { durationText, formatDuration } from '../terminal/duration.ts';
import type { Screen } from '../terminal/screen.ts';
import { cut } from './table.ts';

/** Says what the step has done, such as how many objects it made: its line then says that instead of its title. */
export type Note = (done: string) => void;

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const spinMs = 100;
const durationWidth = 11;
/** What takes less than this needs no outlook. */
const shortMs = 10_000;
const tellEveryMs = 30_000;

/**
 * Shows what is being done, one step after the other: a line that stays per step with how long it took, and a line of the picture for
 * the step under way. Several may be at work at the same time.
 */
export class Steps {
  readonly #screen: Screen;
  readonly #clock: Clock;
  #underWay: (() => string) | undefined;
  #startedAt = 0;
  #toldAt = 0;

  constructor(screen: Screen, clock: Clock = systemClock) {
    this.#screen = screen;
    this.#clock = clock;
  }

  /** The step under way, if there is one, in a line of at most so many columns. */
  lines(columns: number): readonly string[] {
    if (this.#underWay === undefined) return [];
    const elapsed = this.#clock.monotonic() - this.#startedAt;
    const mark = styleText('cyan', spinner[Math.floor(elapsed / spinMs) % spinner.length] ?? '');
    return [lineOf(mark, elapsed, this.#underWay(), columns)];
  }

  /** Does one step. Its line is ticked off, or crossed out when it throws; the error passes through. */
  async run<T>(title: string, work: (note: Note) => Promise<T>): Promise<T> {
    let done = title;
    this.#begin(() => title);
    const spinning = setInterval(() => this.#screen.redraw(), spinMs);
    try {
      const result = await work((text) => {
        done = text;
      });
      this.#end(done);
      return result;
    } catch (error) {
      this.#fail(title);
      throw error;
    } finally {
      clearInterval(spinning);
    }
  }

  /** Shows the steps that a control plane reports about itself, until `work` ends. */
  async follow<T>(work: (listener: ProgressListener) => Promise<T>, of = ''): Promise<T> {
    let current: Progress | undefined;
    const titled = (progress: Progress): Progress => ({ ...progress, title: `${progress.title}${of}` });
    const spinning = setInterval(() => this.#screen.redraw(), spinMs);
    try {
      return await work((told) => {
        const progress = titled(told);
        const isNew = current?.title !== progress.title || current.done;
        current = progress;
        if (progress.done) this.#end(progress.title);
        else if (isNew) this.#begin(() => (current === undefined ? '' : outlook(current)));
        if (!this.#screen.isTerminal && !progress.done) this.#tellWaiting(progress, isNew);
      });
    } catch (error) {
      if (current !== undefined && !current.done) this.#fail(current.title);
      throw error;
    } finally {
      clearInterval(spinning);
    }
  }

  /** Says that something is left out, and why. */
  leaveOut(what: string, why: string): void {
    this.#screen.print(`${styleText('yellow', '–')}${' '.repeat(durationWidth)}  ${what} is left out: ${why}`);
  }

  /** Without a moving mark, a long step says at its start what to expect, and every half minute that it goes on. */
  #tellWaiting(progress: Progress, isNew: boolean): void {
    const now = this.#clock.monotonic();
    const isLong = progress.remainingMs === undefined || progress.remainingMs > shortMs;
    if (!isLong || (!isNew && now - this.#toldAt < tellEveryMs)) return;
    this.#toldAt = now;
    this.#screen.print(lineOf('…', now - this.#startedAt, outlook(progress), this.#screen.columns));
  }

  #begin(text: () => string): void {
    this.#startedAt = this.#clock.monotonic();
    this.#underWay = text;
    this.#screen.redraw();
  }

  #end(text: string): void {
    this.#close(styleText('green', '✓'), text);
  }

  #fail(text: string): void {
    this.#close(styleText('red', '✗'), text);
  }

  #close(mark: string, text: string): void {
    this.#underWay = undefined;
    this.#screen.print(lineOf(mark, this.#clock.monotonic() - this.#startedAt, text, this.#screen.columns));
  }
}

function lineOf(mark: string, elapsedMs: number, text: string, columns: number): string {
  const duration = durationText(elapsedMs).padStart(durationWidth);
  return `${mark}${styleText('dim', duration)}  ${cut(text, columns - durationWidth - 3)}`;
}

/** `Building kube-apiserver (step 2 of 6, about 3 min to go)`; the outlook is left out in the last moments. */
function outlook(progress: Progress): string {
  const { title, step, steps, remainingMs } = progress;
  if (remainingMs === undefined) return `${title} (step ${step} of ${steps})`;
  if (remainingMs < shortMs) return title;
  return `${title} (step ${step} of ${steps}, about ${formatDuration(Math.ceil(remainingMs / 10_000) * 10_000)} to go)`;
}
