import { styleText } from 'node:util';
import { type Measure, perCluster, type Section } from './measure.ts';

/** Lays the figures out for people: a table per part of the run, and under it the requests that explain it. */
export function layOutReport(sections: readonly Section[]): readonly string[] {
  const measures = sections.flatMap((section) => section.measures);
  const labels = Math.max(0, ...measures.map(({ label }) => label.length));
  const values = Math.max(0, ...measures.map((measure) => valueText(measure).length));
  return sections.flatMap(({ title, measures: own, counts = {}, countsAmong }) => [
    styleText('bold', title),
    ...own.map((measure) =>
      `  ${measure.label.padEnd(labels)}  ${valueText(measure).padStart(values)} ${unitText(measure)}`.trimEnd(),
    ),
    ...countLines(counts, countsAmong),
    '',
  ]);
}

function valueText({ value }: Measure): string {
  return value === undefined ? 'unknown' : String(value);
}

/** Counts say in their label what they count. */
function unitText({ unit }: Measure): string {
  return ['s', 'ms', 'MB', '%', 'times'].includes(unit) ? unit : '';
}

function countLines(counts: Readonly<Record<string, number>>, among: number | undefined): readonly string[] {
  const entries = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  const width = Math.max(0, ...entries.map(([, count]) => String(count).length));
  return entries.map(([what, count]) => {
    // A Lease is renewed by the clock, however many clusters there are.
    const isShared = among !== undefined && !what.endsWith(' leases');
    const share = isShared ? `, ${perCluster(count, among)} per cluster` : '';
    return styleText('dim', `    ${String(count).padStart(width)} ${what}${share}`);
  });
}
