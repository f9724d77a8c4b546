import { styleText } from 'node:util';
import stringWidth from 'string-width';
import type { Verdict } from './verdict.ts';

/** One cluster as the table shows it. */
export interface ClusterRow {
  readonly namespace: string;
  readonly name: string;
  /** Empty as long as the operator has said nothing. */
  readonly phase: string;
  readonly readyReplicas: number;
  readonly replicas: number;
  readonly children: number;
  /** Requests the operator made for this cluster. */
  readonly requests: number;
  /** `Reason: note` of the newest event, or empty. */
  readonly lastEvent: string;
  readonly verdict: Verdict;
}

/** From this many columns on, the last event stands in the row; below, it has a line of its own under it. */
const wide = 100;
const gap = '  ';
const numeric = new Set(['READY', 'CHILDREN', 'REQUESTS']);

/**
 * Lays clusters out as lines of at most `width` columns, colours not counted. Columns are as wide as what stands in them,
 * so they move only when a longer value comes.
 */
export function layOutTable(rows: readonly ClusterRow[], width: number): readonly string[] {
  const table = rows.map(cellsOf);
  const heads = Object.keys(cellsOf(emptyRow));
  const widths = new Map(
    heads.map((head) => [head, Math.max(head.length, ...table.map((cells) => stringWidth(cells[head] ?? '')))]),
  );
  const line = (cells: Readonly<Record<string, string>>): string =>
    heads.map((head) => pad(cells[head] ?? '', widths.get(head) ?? 0, numeric.has(head))).join(gap);
  const header = line(Object.fromEntries(heads.map((head) => [head, head])));
  const indent = stringWidth(header) + 2 + gap.length;
  const lines = rows.flatMap((row, index) => {
    const cells = `${mark(row.verdict)} ${cut(line(table[index] ?? {}), width - 2)}`;
    if (width >= wide) return [`${cells}${gap}${styleText('dim', cut(row.lastEvent, width - indent))}`.trimEnd()];
    return row.lastEvent === '' ? [cells] : [cells, `    ${styleText('dim', cut(row.lastEvent, width - 4))}`];
  });
  return [styleText('bold', cut(`  ${header}${width >= wide ? `${gap}LAST EVENT` : ''}`, width)), ...lines];
}

/** One cluster in one line of prose, for output without a table. */
export function announcement(row: ClusterRow): string {
  const { namespace, name, phase, readyReplicas, replicas, children, requests } = row;
  return `${namespace}/${name}  ${phase === '' ? 'new' : phase}, ${readyReplicas}/${replicas} ready, ${children} children, ${requests} requests`;
}

/** A text of at most `width` columns: on one line, and with an ellipsis where something had to go. */
export function cut(text: string, width: number): string {
  const flat = text.replaceAll(/\s*\n\s*/g, ' ');
  if (stringWidth(flat) <= width) return flat;
  let short = '';
  for (const { segment } of new Intl.Segmenter().segment(flat)) {
    if (stringWidth(short + segment) > width - 1) break;
    short += segment;
  }
  return width < 1 ? '' : `${short.trimEnd()}…`;
}

/** Breaks a text at spaces into lines of at most `width` columns; a longer word stays whole. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && stringWidth(`${last} ${word}`) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const emptyRow: ClusterRow = {
  namespace: '',
  name: '',
  phase: '',
  readyReplicas: 0,
  replicas: 0,
  children: 0,
  requests: 0,
  lastEvent: '',
  verdict: { kind: 'Waiting', why: '' },
};

function cellsOf(row: ClusterRow): Readonly<Record<string, string>> {
  return {
    CLUSTER: `${row.namespace}/${row.name}`,
    PHASE: row.phase === '' ? '-' : row.phase,
    READY: `${row.readyReplicas}/${row.replicas}`,
    CHILDREN: String(row.children),
    REQUESTS: String(row.requests),
  };
}

function pad(text: string, width: number, toTheRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return toTheRight ? space + text : text + space;
}

function mark({ kind }: Verdict): string {
  if (kind === 'Ready') return styleText('green', '●');
  return kind === 'Unready' ? styleText('yellow', '◐') : styleText('dim', '○');
}
