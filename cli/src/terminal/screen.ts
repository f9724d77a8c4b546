import { createLogUpdate } from 'log-update';

/** Draws something for a terminal of this many columns. */
export type Drawing = (columns: number) => readonly string[];

/** Where the demo writes: lines that stay, and below them a picture that moves where the output is a terminal. */
export interface Screen extends Disposable {
  /** Whether pictures are shown at all; elsewhere, in a file or a pipe, only lines make sense. */
  readonly isTerminal: boolean;
  readonly columns: number;
  /** Writes a line that stays, above the picture. */
  print(line: string): void;
  /** Shows this picture from now on, or none. */
  show(drawing: Drawing | undefined): void;
  /** Draws the picture again, soon: many calls in a moment cost one drawing. */
  redraw(): void;
}

/** Fast enough to look immediate, slow enough that a burst of changes does not flicker. */
const redrawMs = 80;

/** Opens the right screen for a stream. */
export function openScreen(stream: NodeJS.WriteStream): Screen {
  return stream.isTTY ? new TerminalScreen(stream) : new LineScreen(stream);
}

class LineScreen implements Screen {
  readonly isTerminal = false;
  readonly columns = 120;
  readonly #stream: NodeJS.WriteStream;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  print(line: string): void {
    this.#stream.write(`${line}\n`);
  }

  show(): void {}
  redraw(): void {}
  [Symbol.dispose](): void {}
}

class TerminalScreen implements Screen {
  readonly isTerminal = true;
  readonly #stream: NodeJS.WriteStream;
  readonly #update: ReturnType<typeof createLogUpdate>;
  readonly #onResize = () => this.redraw();
  #drawing: Drawing | undefined;
  #pending: NodeJS.Timeout | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#update = createLogUpdate(stream);
    stream.on('resize', this.#onResize);
  }

  get columns(): number {
    return this.#stream.columns;
  }

  print(line: string): void {
    this.#update.clear();
    this.#stream.write(`${line}\n`);
    this.#draw();
  }

  show(drawing: Drawing | undefined): void {
    this.#drawing = drawing;
    if (drawing === undefined) this.#update.clear();
    else this.#draw();
  }

  redraw(): void {
    this.#pending ??= setTimeout(() => this.#draw(), redrawMs);
  }

  /** Leaves the last picture where it is, and gives the cursor back. */
  [Symbol.dispose](): void {
    clearTimeout(this.#pending);
    this.#stream.off('resize', this.#onResize);
    this.#update.done();
  }

  #draw(): void {
    clearTimeout(this.#pending);
    this.#pending = undefined;
    if (this.#drawing !== undefined) this.#update(this.#drawing(this.columns).join('\n'));
  }
}
