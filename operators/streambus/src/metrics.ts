import { type MetricSet, reconcileResultOf } from '@capstan/runtime';

/**
 * The operator's metrics under the names of StreamBus itself, for its dashboards. They say what `controller_runtime_*` says.
 * A pass that was refused or failed is an error; both are in the total.
 */
export const streamBusMetrics: MetricSet = ({ prometheus: { Counter, Histogram }, registry, context }) => {
  const registers = [registry];
  const total = new Counter({
    name: 'streambus_operator_reconcile_total',
    help: 'Reconciliations of StreamBus clusters',
    registers,
  });
  const errors = new Counter({
    name: 'streambus_operator_reconcile_errors_total',
    help: 'Reconciliations of StreamBus clusters that failed or were refused',
    registers,
  });
  const duration = new Histogram({
    name: 'streambus_operator_reconcile_duration_seconds',
    help: 'How long reconciliations of StreamBus clusters take',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60],
    registers,
  });
  return context.passes.subscribe((pass) => {
    total.inc();
    if (reconcileResultOf(pass) === 'error') errors.inc();
    duration.observe(pass.durationMs / 1_000);
  });
};
