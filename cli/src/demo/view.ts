import { styleText } from 'node:util';
import { type Clock, systemClock } from '@capstan/kube';
import { durationText } from '../terminal/duration.ts';
import type { Screen } from '../terminal/screen.ts';
import type { Board } from './board.ts';
import { ChangeAnnouncer } from './change-announcer.ts';
import { layOutPicture } from './picture.ts';
import { tallyOf } from './settle.ts';
import { openSteadyScreen } from './steady-screen.ts';
import { Steps } from './steps.ts';
import { announcement, layOutTables, wrap } from './table.ts';

/** Puts the time of a line below those of the steps. */
const timeWidth = 12;
const indent = ' '.repeat(timeWidth + 2);
const tickMs = 1_000;
/** Of a terminal that does not say how high it is. */
const usualRows = 24;

/** What a person sees: lines that stay, and below them, on a terminal, a picture of tables and of steps under way. */
export class View implements Disposable {
  readonly #stream: NodeJS.WriteStream;
  readonly #screen: Screen;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #steps: Steps[] = [];
  readonly #ticking: NodeJS.Timeout;
  #shown: { readonly board: Board; readonly announcer: ChangeAnnouncer | undefined } | undefined;
  #invitation = '';

  constructor(stream: NodeJS.WriteStream, clock: Clock = systemClock) {
    this.#stream = stream;
    this.#screen = openSteadyScreen(stream);
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
    this.#ticking = setInterval(() => this.#screen.redraw(), tickMs).unref();
    this.#screen.show((columns) => this.#draw(columns));
  }

  get columns(): number {
    return this.#screen.columns;
  }

  /** Milliseconds since it was made. */
  get elapsedMs(): number {
    return this.#clock.monotonic() - this.#startedAt;
  }

  /** Steps of something that is done beside the other things. */
  newSteps(): Steps {
    const steps = new Steps(this.#screen, this.#clock);
    this.#steps.push(steps);
    return steps;
  }

  /** Shows the tables from now on: in place on a terminal, a line per change elsewhere. */
  watch(board: Board): void {
    const announcer = this.#screen.isTerminal
      ? undefined
      : new ChangeAnnouncer(board, (row) => this.say(announcement(row)));
    this.#shown = { board, announcer };
    board.subscribe(() => this.#screen.redraw());
  }

  /** Prints a line that stays. */
  print(line: string): void {
    this.#screen.print(line);
  }

  /**
   * Prints a line that stays, with the time in front. What is typed stands out, and is never broken: it can be copied. The rest is, on a
   * terminal.
   */
  say(line: string): void {
    const time = styleText('dim', durationText(this.elapsedMs).padStart(timeWidth));
    const isTyped = line.startsWith('$ ');
    const isWhole = isTyped || !this.#screen.isTerminal;
    const [first = '', ...rest] = isWhole ? [line] : wrap(line, this.columns - indent.length);
    this.print(`${time}  ${isTyped ? styleText('cyan', first) : first}`);
    for (const part of rest) this.print(indent + part);
  }

  /** Says below the tables what a person may do now. */
  invite(text: string): void {
    this.#invitation = text;
    this.#screen.redraw();
  }

  /** Leaves the tables as they last were, where they were shown at all. */
  freeze(): void {
    if (this.#shown === undefined) return;
    const { board, announcer } = this.#shown;
    this.#shown = undefined;
    announcer?.[Symbol.dispose]();
    this.print('');
    for (const line of layOutTables(board.tables(), { columns: this.columns, isAiry: true })) this.print(line);
    this.print('');
  }

  /** Leaves what is there, and gives the cursor back. */
  [Symbol.dispose](): void {
    clearInterval(this.#ticking);
    this.#screen.show(undefined);
    this.#screen[Symbol.dispose]();
  }

  #draw(columns: number): readonly string[] {
    const steps = this.#steps.flatMap((each) => each.lines(columns));
    if (this.#shown === undefined) return steps;
    const { board } = this.#shown;
    const tables = board.tables();
    const picture = { tables, steps, footer: this.#footer(board) };
    return layOutPicture(picture, { columns, rows: this.#stream.rows ?? usualRows });
  }

  #footer(board: Board): string {
    const rows = board.rows();
    const of = (kind: string): number => rows.filter(({ verdict }) => verdict.kind === kind).length;
    const [ready, unready] = [of('Ready'), of('Unready')];
    const rest = unready === 0 ? '' : `, ${unready} cannot be`;
    const isDone = tallyOf(rows) !== undefined && this.#invitation !== '';
    return `  ${ready} of ${rows.length} ready${rest}   ${isDone ? this.#invitation : durationText(this.elapsedMs)}`;
  }
}
