import type { ObjectHistory, PassRecord } from '@capstan/runtime';
import { formatDuration } from '../terminal/duration.ts';
import { formatTable } from '../terminal/table.ts';

/** A table with a line per pass, oldest first. */
export function historyText({ object, passes }: ObjectHistory): string {
  const controllers = [...new Set(passes.map(({ controller }) => controller))].join(', ');
  const which = objectText(object);
  const title =
    passes.length === 1
      ? `${which}: the last pass of ${controllers}`
      : `${which}: the last ${passes.length} passes of ${controllers}, oldest first`;
  const rows = passes.map((pass) => [
    pass.startedAt.slice(11, 23),
    formatDuration(pass.durationMs),
    String(pass.reads.length + (pass.omitted?.reads ?? 0)),
    String(writesOf(pass)),
    String(pass.children.filter(({ action }) => action === 'Unchanged').length),
    pass.status?.toLowerCase() ?? '-',
    resultText(pass),
    triggersText(pass),
  ]);
  const header = ['STARTED', 'TOOK', 'READS', 'WRITES', 'SKIPPED', 'STATUS', 'RESULT', 'WHY'];
  return `${title}\n\n${formatTable(header, rows)}`;
}

/** One pass in full. */
export function passText(pass: PassRecord): string {
  const { reconcileID, startedAt, durationMs, waitedMs, resource, reads, calls, children, omitted } = pass;
  const { triggers, error, status, failuresBefore, removals = [] } = pass;
  const lines: readonly (readonly [string, string])[] = [
    ['began', `${startedAt}, after ${formatDuration(waitedMs)} in the queue; took ${formatDuration(durationMs)}`],
    ...(resource === undefined
      ? []
      : ([
          ['resource', `generation ${resource.generation ?? '-'}, version ${resource.resourceVersion ?? '-'}`],
        ] as const)),
    ...(failuresBefore > 0 ? ([['failures', `${failuresBefore} in a row before this one`]] as const) : []),
    ...triggers.map(({ reason, priority, count }) => ['why', `${reason}${times(count)} (${priority})`] as const),
    ...reads.map((read) => ['read', readText(read)] as const),
    ...calls.map(({ method, path, status = 'no answer', durationMs: took }) => {
      return ['request', `${method} ${path} -> ${status}, ${formatDuration(took)}`] as const;
    }),
    ...children.map(({ child, action, detail }) => {
      return ['child', `${child} ${action}${detail === undefined ? '' : `: ${detail}`}`] as const;
    }),
    ...removals.map((removal) => ['removal', removalText(removal)] as const),
    ...(omitted === undefined ? [] : ([['omitted', omittedText(omitted)]] as const)),
    ...(status === undefined ? [] : ([['status', status]] as const)),
    ['result', resultText(pass)],
    ...(error === undefined ? [] : ([['error', error]] as const)),
  ];
  return [`pass ${reconcileID}`, ...lines.map(([word, text]) => `  ${word.padEnd(9)} ${text}`)].join('\n');
}

function readText({ resourceVersion, ...object }: PassRecord['reads'][number]): string {
  return `${objectText(object)}, ${resourceVersion === undefined ? 'not there' : `version ${resourceVersion}`}`;
}

type Removal = NonNullable<PassRecord['removals']>[number];

function removalText({ result, ...object }: Removal): string {
  return `${objectText(object)} ${result}${result === 'Gone' ? ': it was not there any more' : ''}`;
}

function omittedText({ reads, calls, children, removals }: NonNullable<PassRecord['omitted']>): string {
  const counts = [`${reads} reads`, `${calls} requests`, `${children} children`];
  return [...counts, ...(removals === undefined ? [] : [`${removals} removals`])].join(', ');
}

function objectText({ kind, namespace, name }: Pick<Removal, 'kind' | 'namespace' | 'name'>): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function writesOf({ calls }: PassRecord): number {
  return calls.filter(({ method }) => method !== 'GET').length;
}

/** `Requeued, again in 30 s`. */
export function resultText({ result, nextAfterMs }: PassRecord): string {
  return nextAfterMs === undefined ? result : `${result}, again in ${formatDuration(nextAfterMs)}`;
}

function triggersText({ triggers }: PassRecord): string {
  const named = triggers.slice(0, 3).map(triggerText);
  return `${named.join(', ')}${triggers.length > 3 ? ` and ${triggers.length - 3} more` : ''}`;
}

/** `StatefulSet/orders changed (3 times)`. */
export function triggerText({ reason, count }: PassRecord['triggers'][number]): string {
  return `${reason}${times(count)}`;
}

function times(count: number): string {
  return count > 1 ? ` (${count} times)` : '';
}
