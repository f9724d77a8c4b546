import { durationText } from '../terminal/duration.ts';
import { DemoFailure } from './demo-failure.ts';
import type { Row } from './table.ts';

/** How it came out: every resource is Ready, or has said why it never will be. */
export interface Tally {
  readonly ready: readonly Row[];
  readonly unready: readonly Row[];
}

/** The tally of resources, or undefined while one is still on its way. */
export function tallyOf(rows: readonly Row[]): Tally | undefined {
  if (rows.some(({ verdict }) => verdict.kind === 'Waiting')) return undefined;
  return {
    ready: rows.filter(({ verdict }) => verdict.kind === 'Ready'),
    unready: rows.filter(({ verdict }) => verdict.kind === 'Unready'),
  };
}

/** What is said when time is up: which resources are missing, and why. */
export function timeoutFailure(rows: readonly Row[], limitMs: number): DemoFailure {
  const missing = rows.filter(({ verdict }) => verdict.kind === 'Waiting');
  const details = missing.map(({ namespace, name, inWords, verdict }) => {
    const why = verdict.kind === 'Waiting' ? verdict.why : '';
    return `${namespace}/${name}: ${inWords}; ${why}`;
  });
  return new DemoFailure(`not ready after ${durationText(limitMs)}: ${missing.length} of ${rows.length} resources`, {
    details,
  });
}

/** The last line for scripts: `ready: 2/5 in 14.2 s`, seconds from the begin of the command until the last one was. */
export function summaryLine(tally: Tally, elapsedMs: number): string {
  const total = tally.ready.length + tally.unready.length;
  return `ready: ${tally.ready.length}/${total} in ${(elapsedMs / 1_000).toFixed(1)} s`;
}
