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

/** From this many columns on, there is room for namespaces and long headings. */
const wide = 100;
const gap = '  ';

/** The resources of one kind. */
export interface Table {
  readonly headings: Headings;
  readonly rows: readonly Row[];
}

/** How wide each part of a line is, the same in all tables. */
interface Grid {
  readonly resource: number;
  readonly state: number;
  /** Of all figures of a kind together. */
  readonly figures: number;
  readonly children: number;
  readonly requests: number;
}

/** A line of a table before it has widths. */
interface Cells {
  readonly resource: string;
  readonly state: string;
  readonly figures: string;
  readonly children: string;
  readonly requests: string;
}

/** Where tables are to stand. */
export interface TableSpace {
  readonly columns: number;
  /** An empty line between two tables. */
  readonly isAiry: boolean;
}

/**
 * Lays tables out one below the other as lines of at most so many columns, colours not counted. All share the widths of their columns,
 * which are as wide as what stands in them, so they move only when a longer value comes. Where it is narrow, namespaces are left out.
 */
export function layOutTables(tables: readonly Table[], { columns, isAiry }: TableSpace): readonly string[] {
  const isWide = columns >= wide;
  const contents = tables.map((table) => ({ heading: headingCells(table, isWide), rows: rowCells(table, isWide) }));
  const grid = gridOf(
    contents.flatMap(({ heading, rows }) => [heading, ...rows]),
    columns,
  );
  return contents.flatMap(({ heading, rows }, at) => {
    const head = line(heading, grid) + (at === 0 ? `${gap}LAST EVENT` : '');
    const body = rows.map((cells, index) => rowLine(cells, grid, tables[at]?.rows[index], columns));
    return [...(isAiry && at > 0 ? [''] : []), styleText('bold', cut(`  ${head}`, columns).trimEnd()), ...body];
  });
}

function rowLine(cells: Cells, grid: Grid, row: Row | undefined, columns: number): string {
  if (row === undefined) return '';
  const text = cut(line(cells, grid), columns - 2);
  const room = columns - 2 - stringWidth(text) - gap.length;
  const event = room < shortestEvent ? '' : `${gap}${styleText('dim', cut(row.lastEvent, room))}`;
  return `${mark(row.verdict)} ${row.lastEvent === '' ? text.trimEnd() : text + event}`;
}

/** A shorter piece of an event says nothing. */
const shortestEvent = 4;
/** What a name may take at most of a narrow terminal. */
const narrowName = 22;

function headingCells({ headings: { resource, state, figures }, rows }: Table, isWide: boolean): Cells {
  const [children, requests] = isWide ? ['CHILDREN', 'REQUESTS'] : ['CHILD', 'REQ'];
  return { resource, state, figures: figureCells(figures, figureWidths(figures, rows)), children, requests };
}

function rowCells({ headings, rows }: Table, isWide: boolean): readonly Cells[] {
  const widths = figureWidths(headings.figures, rows);
  return rows.map(({ namespace, name, state, figures, children, requests }) => ({
    resource: isWide ? `${namespace}/${name}` : cut(name, narrowName),
    state: state === '' ? '-' : state,
    figures: figureCells(figures, widths),
    children: String(children),
    requests: String(requests),
  }));
}

function figureWidths(headings: readonly string[], rows: readonly Row[]): readonly number[] {
  return headings.map((heading, at) => widest([heading, ...rows.map(({ figures }) => figures[at] ?? '')]));
}

function figureCells(figures: readonly string[], widths: readonly number[]): string {
  return widths.map((width, at) => pad(figures[at] ?? '', width, true)).join(gap);
}

function gridOf(lines: readonly Cells[], columns: number): Grid {
  const of = (part: keyof Cells): number => widest(lines.map((cells) => cells[part]));
  const grid = { state: of('state'), figures: of('figures'), children: of('children'), requests: of('requests') };
  const rest = Object.values(grid).reduce((sum, width) => sum + width + gap.length, 0);
  // Figures tell more than the end of a long name.
  return { ...grid, resource: Math.max(0, Math.min(of('resource'), columns - 2 - rest)) };
}

function line({ resource, state, figures, children, requests }: Cells, grid: Grid): string {
  return [
    pad(cut(resource, grid.resource), grid.resource, false),
    pad(state, grid.state, false),
    pad(figures, grid.figures, true),
    pad(children, grid.children, true),
    pad(requests, grid.requests, true),
  ].join(gap);
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => stringWidth(text)));
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

function pad(text: string, width: number, toTheRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return toTheRight ? space + text : text + space;
}

function mark({ kind }: Verdict): string {
  if (kind === 'Ready') return styleText('green', '●');
  return kind === 'Unready' ? styleText('yellow', '◐') : styleText('dim', '○');
}
