import { formatTable } from '../../cli/src/terminal/table.ts';

/** What one step came to. */
export interface Row {
  readonly operator: string;
  readonly step: string;
  readonly result: 'holds' | 'fails' | 'left out';
  readonly seconds: number;
  readonly told: string;
}

/** Runs steps, prints each when it is over, and all of them as one table at the end. */
export class Proof {
  readonly #rows: Row[] = [];
  readonly #print: (line: string) => void;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  get hasFailed(): boolean {
    return this.#rows.some(({ result }) => result === 'fails');
  }

  /** Runs a step, which resolves with what is told of it. A step that throws fails, and the next ones go on. */
  async step(operator: string, step: string, run: () => Promise<string>): Promise<void> {
    const start = performance.now();
    const [result, told] = await run().then(
      (text) => ['holds', text] as const,
      (error: unknown) => ['fails', error instanceof Error ? error.message : String(error)] as const,
    );
    this.#add({ operator, step, result, told, seconds: (performance.now() - start) / 1_000 });
  }

  leaveOut(operator: string, step: string, why: string): void {
    this.#add({ operator, step, result: 'left out', seconds: 0, told: why });
  }

  /** The table: a row for each step, what it tells on one line. */
  get table(): string {
    const rows = this.#rows.map(({ operator, step, result, seconds, told }) => [
      ...[operator, step, result, `${seconds.toFixed(1)} s`],
      cut(firstLine(told)),
    ]);
    return formatTable(['OPERATOR', 'STEP', 'RESULT', 'TIME', 'WHAT WAS SEEN'], rows);
  }

  #add(row: Row): void {
    this.#rows.push(row);
    const mark = { holds: '✓', fails: '✗', 'left out': '-' }[row.result];
    this.#print(`${mark} ${row.operator}: ${row.step} (${row.seconds.toFixed(1)} s) ${row.told}`);
  }
}

/** As wide as a terminal has room for beside the other columns; all of it is in the line of the step. */
function cut(text: string): string {
  const room = 120;
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}
