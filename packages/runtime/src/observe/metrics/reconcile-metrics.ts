import type { PassRecord } from '../pass-record.ts';
import type { MetricSet } from './meter.ts';

/** The names, labels and buckets of controller-runtime, so that dashboards made for it work. */
const buckets = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];

const failures: ReadonlySet<PassRecord['result']> = new Set(['Retried', 'Refused', 'TimedOut']);

const results = ['success', 'requeue_after', 'error'] as const;

/** How controller-runtime would call the end of a pass. */
export function reconcileResultOf({ result }: Pick<PassRecord, 'result'>): (typeof results)[number] {
  if (result === 'Requeued') return 'requeue_after';
  return failures.has(result) ? 'error' : 'success';
}

/** `controller_runtime_*`: passes by result, their duration, and how many run. */
export const reconcileMetrics: MetricSet = ({ prometheus: { Counter, Gauge, Histogram }, registry, context }) => {
  const labelled = { labelNames: ['controller'] as const, registers: [registry] };
  const total = new Counter({
    name: 'controller_runtime_reconcile_total',
    help: 'Total number of reconciliations per controller and result',
    labelNames: ['controller', 'result'],
    registers: [registry],
  });
  const errors = new Counter({
    name: 'controller_runtime_reconcile_errors_total',
    help: 'Total number of reconciliation errors per controller',
    ...labelled,
  });
  const terminal = new Counter({
    name: 'controller_runtime_terminal_reconcile_errors_total',
    help: 'Total number of terminal reconciliation errors per controller: refused until somebody edits the resource',
    ...labelled,
  });
  const timeouts = new Counter({
    name: 'controller_runtime_reconcile_timeouts_total',
    help: 'Total number of reconciliation timeouts per controller: passes cut off at their deadline',
    ...labelled,
  });
  const time = new Histogram({
    name: 'controller_runtime_reconcile_time_seconds',
    help: 'Length of time per reconciliation per controller',
    buckets,
    ...labelled,
  });
  new Gauge({
    name: 'controller_runtime_max_concurrent_reconciles',
    help: 'Maximum number of concurrent reconciles per controller',
    ...labelled,
    collect() {
      for (const { name, concurrency } of context.runners) this.set({ controller: name }, concurrency);
    },
  });
  new Gauge({
    name: 'controller_runtime_active_workers',
    help: 'Number of currently used workers per controller',
    ...labelled,
    collect() {
      for (const runner of context.runners) this.set({ controller: runner.name }, runner.queueDepth().running);
    },
  });
  for (const { name: controller } of context.runners) {
    for (const result of results) total.inc({ controller, result }, 0);
    for (const counter of [errors, terminal, timeouts]) counter.inc({ controller }, 0);
    time.zero({ controller });
  }
  return context.passes.subscribe((pass) => {
    const { controller } = pass;
    const result = reconcileResultOf(pass);
    total.inc({ controller, result });
    if (result === 'error') errors.inc({ controller });
    if (pass.result === 'Refused') terminal.inc({ controller });
    if (pass.result === 'TimedOut') timeouts.inc({ controller });
    time.observe({ controller }, pass.durationMs / 1_000);
  });
};

/** `capstan_hot_loops_total`: whether resources are reconciled over and over for nothing. */
export const hotLoopMetrics: MetricSet = ({ prometheus: { Counter }, registry, context }) => {
  const total = new Counter({
    name: 'capstan_hot_loops_total',
    help: 'Minutes in which a resource was reconciled more than 60 times although nothing was new',
    labelNames: ['controller'],
    registers: [registry],
  });
  for (const { name: controller } of context.runners) total.inc({ controller }, 0);
  return context.hotLoops.subscribe(({ controller }) => total.inc({ controller }));
};
