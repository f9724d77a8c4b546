import type { RunnerView } from '../../controller/controller.ts';
import type { QueueDepth } from '../../queue/work-queue.ts';
import type { MetricSet } from './meter.ts';

/** Those of controller-runtime: ten nanoseconds to a thousand seconds. */
const buckets = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1_000];

const labelNames = ['name', 'controller'] as const;

function labelsOf(name: string): { readonly name: string; readonly controller: string } {
  return { name, controller: name };
}

/** What a queue tells of itself when it is asked, and what that is called. */
const gauges: readonly (readonly [string, string, (depth: QueueDepth) => number])[] = [
  ['workqueue_depth', 'Current depth of workqueue', ({ ready }) => ready],
  [
    'workqueue_unfinished_work_seconds',
    'How many seconds of work has been done that is in progress and has not been observed by work_duration',
    ({ unfinishedMs }) => unfinishedMs / 1_000,
  ],
  [
    'workqueue_longest_running_processor_seconds',
    'How many seconds has the longest running processor for workqueue been running',
    ({ longestMs }) => longestMs / 1_000,
  ],
];

/** `workqueue_*`, as client-go has them: what waits, for how long, and how long work takes. */
export const queueMetrics: MetricSet = ({ prometheus: { Counter, Gauge, Histogram }, registry, context }) => {
  const labelled = { labelNames, registers: [registry] };
  const { runners } = context;
  for (const [name, help, read] of gauges) {
    new Gauge({
      ...{ name, help, ...labelled },
      collect() {
        for (const runner of runners) this.set(labelsOf(runner.name), read(runner.queueDepth()));
      },
    });
  }
  new Counter({
    ...{ name: 'workqueue_adds_total', help: 'Total number of adds handled by workqueue', ...labelled },
    collect() {
      this.reset();
      for (const runner of runners) this.inc(labelsOf(runner.name), runner.queueDepth().added);
    },
  });
  const retries = new Counter({
    ...{ name: 'workqueue_retries_total', help: 'Total number of retries handled by workqueue', ...labelled },
  });
  const waited = new Histogram({
    name: 'workqueue_queue_duration_seconds',
    help: 'How long in seconds an item stays in workqueue before being requested',
    ...{ buckets, ...labelled },
  });
  const worked = new Histogram({
    name: 'workqueue_work_duration_seconds',
    help: 'How long in seconds processing an item from workqueue takes',
    ...{ buckets, ...labelled },
  });
  zero(runners, (labels) => {
    retries.inc(labels, 0);
    waited.zero(labels);
    worked.zero(labels);
  });
  return context.passes.subscribe(({ controller, waitedMs, durationMs, result }) => {
    const labels = labelsOf(controller);
    waited.observe(labels, waitedMs / 1_000);
    worked.observe(labels, durationMs / 1_000);
    if (result === 'Retried' || result === 'TimedOut') retries.inc(labels);
  });
};

/** A series that exists from the start makes `rate()` true from the first event on. */
function zero(runners: readonly RunnerView[], set: (labels: ReturnType<typeof labelsOf>) => void): void {
  for (const { name } of runners) set(labelsOf(name));
}
