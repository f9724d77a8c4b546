import { type ChildOutcome, isChange } from '../../controller/outcome.ts';
import type { MetricSet } from './meter.ts';

/** `capstan_*`: what passes wrote, put right, left alone and gave up. */
export const childMetrics: MetricSet = ({ prometheus: { Counter }, registry, context }) => {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames, registers: [registry] });
  const perKind = ['controller', 'kind'] as const;
  const written = counter('capstan_child_writes_total', 'Writes of children, by what they did', [...perKind, 'action']);
  const repaired = counter(
    'capstan_drift_repaired_total',
    'Children that somebody had changed and that were put right',
    perKind,
  );
  const contests = counter('capstan_contests_total', 'Passes that left a field of a child to another manager', perKind);
  const failures = counter('capstan_child_failures_total', 'Writes of children that were refused or lost', perKind);
  const skipped = counter('capstan_writes_skipped_total', 'Children that were as wanted: no request was made', [
    'controller',
  ]);
  const statuses = counter('capstan_status_writes_total', 'Writes of the status of resources', ['controller']);
  for (const { name: controller } of context.runners)
    for (const each of [skipped, statuses]) each.inc({ controller }, 0);
  const count = (controller: string, { child, action }: ChildOutcome) => {
    const labels = { controller, kind: kindIn(child) };
    if (isChange(action)) written.inc({ ...labels, action });
    if (action === 'Repaired') repaired.inc(labels);
    if (action === 'Contested') contests.inc(labels);
    if (action === 'Failed') failures.inc(labels);
  };
  return context.passes.subscribe(({ controller, children, status }) => {
    // Counted first: nearly always they are all there is.
    const unchanged = children.filter(({ action }) => action === 'Unchanged').length;
    if (unchanged > 0) skipped.inc({ controller }, unchanged);
    if (unchanged < children.length) for (const child of children) count(controller, child);
    if (status === 'Written') statuses.inc({ controller });
  });
};

/** `StatefulSet` of `StatefulSet/orders-broker`. */
function kindIn(child: string): string {
  return child.slice(0, child.indexOf('/'));
}
