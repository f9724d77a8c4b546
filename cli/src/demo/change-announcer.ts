import type { Board } from './board.ts';
import type { Row } from './table.ts';

/** Long enough that what changes in a burst comes as one line. */
const lookMs = 300;

/** Prints a line per resource that changed, until it is disposed: for output that nobody can redraw. */
export class ChangeAnnouncer implements Disposable {
  readonly #board: Board;
  readonly #print: (row: Row) => void;
  readonly #told = new Map<string, string>();
  readonly #looking: NodeJS.Timeout;

  constructor(board: Board, print: (row: Row) => void) {
    this.#board = board;
    this.#print = print;
    this.#looking = setInterval(() => this.#look(), lookMs).unref();
  }

  /** Says the last news, then nothing more. */
  [Symbol.dispose](): void {
    this.#look();
    clearInterval(this.#looking);
  }

  #look(): void {
    for (const row of this.#board.rows()) {
      const key = `${row.kind} ${row.namespace}/${row.name}`;
      const news = newsOf(row);
      if (this.#told.get(key) !== news) this.#print(row);
      this.#told.set(key, news);
    }
  }
}

/** Children, requests and events alone are not news. */
function newsOf({ state, inWords, verdict }: Row): string {
  return `${state} ${inWords} ${verdict.kind}`;
}
