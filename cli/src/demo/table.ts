import { styleText } from 'node:util';
import stringWidth from 'string-width';
import type { Verdict } from './verdict.ts';

/** What stands above the columns that differ from kind to kind. */
export interface Headings {
  readonly resource: string;
  readonly state: string;
  /** One for each of the figures. */
  readonly figures: readonly string[];
}

/** What can be seen of a resource that its kind alone knows of. */
export interface Look {
  /** One word of the operator; empty as long as it has said nothing. */
  readonly state: string;
  /** One text for each of the headings, such as `1/3`. */
  readonly figures: readonly string[];
  /** The same in prose, such as `1/3 ready`. */
  readonly inWords: string;
}

/** One resource as the table shows it. */
export interface Row extends Look {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly children: number;
  /** Requests the operator made for this resource. */
  readonly requests: number;
  /** `Reason: note` of the newest event, or empty. */
  readonly lastEvent: string;
  readonly verdict: Verdict;
}

/** From this many columns on, the last event stands in the row; below, it has a line of its own under it. */
const wide = 100;
const gap = '  ';

/** The resources of one kind. */
export interface Table {
  readonly headings: Headings;
  readonly rows: readonly Row[];
}

/** A heading, and whether what stands below it is aligned to the right. */
interface Column {
  readonly heading: string;
  readonly isFigure: boolean;
}

/** Lays tables out one below the other, each as {@link layOutTable} does. */
export function layOutTables(tables: readonly Table[], width: number): readonly string[] {
  return tables.flatMap((table, index) => [...(index === 0 ? [] : ['']), ...layOutTable(table, width)]);
}

/**
 * Lays resources out as lines of at most `width` columns, colours not counted. Columns are as wide as what stands in them,
 * so they move only when a longer value comes.
 */
export function layOutTable({ headings, rows }: Table, width: number): readonly string[] {
  const columns = columnsOf(headings);
  const table = rows.map(cellsOf);
  const widths = columns.map(({ heading }, at) =>
    Math.max(heading.length, ...table.map((cells) => stringWidth(cells[at] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    columns.map(({ isFigure }, at) => pad(cells[at] ?? '', widths[at] ?? 0, isFigure)).join(gap);
  const header = line(columns.map(({ heading }) => heading));
  const indent = stringWidth(header) + 2 + gap.length;
  const lines = rows.flatMap((row, index) => {
    const cells = `${mark(row.verdict)} ${cut(line(table[index] ?? []), width - 2)}`;
    if (width >= wide) return [`${cells}${gap}${styleText('dim', cut(row.lastEvent, width - indent))}`.trimEnd()];
    return row.lastEvent === '' ? [cells] : [cells, `    ${styleText('dim', cut(row.lastEvent, width - 4))}`];
  });
  return [styleText('bold', cut(`  ${header}${width >= wide ? `${gap}LAST EVENT` : ''}`, width)), ...lines];
}

/** One resource in one line of prose, for output without a table. */
export function announcement({ namespace, name, state, inWords, children, requests }: Row): string {
  const counts = [counted(children, 'child', 'children'), counted(requests, 'request', 'requests')];
  return `${namespace}/${name}  ${[state === '' ? 'new' : state, inWords, ...counts].join(', ')}`;
}

/** `1 task`, `2 tasks`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
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

function columnsOf({ resource, state, figures }: Headings): readonly Column[] {
  return [
    ...[resource, state].map((heading) => ({ heading, isFigure: false })),
    ...[...figures, 'CHILDREN', 'REQUESTS'].map((heading) => ({ heading, isFigure: true })),
  ];
}

/** In the order of the columns. */
function cellsOf({ namespace, name, state, figures, children, requests }: Row): readonly string[] {
  return [`${namespace}/${name}`, state === '' ? '-' : state, ...figures, String(children), String(requests)];
}

function pad(text: string, width: number, toTheRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return toTheRight ? space + text : text + space;
}

function mark({ kind }: Verdict): string {
  if (kind === 'Ready') return styleText('green', '●');
  return kind === 'Unready' ? styleText('yellow', '◐') : styleText('dim', '○');
}
