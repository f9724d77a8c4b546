import type { Registry } from 'prom-client';
import type { ManagerContext } from '../../runnable.ts';
import { childMetrics } from './child-metrics.ts';
import { clientMetrics } from './client-metrics.ts';
import { asOpenMetrics } from './exposition.ts';
import { informerMetrics } from './informer-metrics.ts';
import type { MetricSet } from './meter.ts';
import { type BuildInfo, buildMetrics, leaderMetrics } from './process-metrics.ts';
import { queueMetrics } from './queue-metrics.ts';
import { hotLoopMetrics, reconcileMetrics } from './reconcile-metrics.ts';

export interface OperatorMetricsOptions {
  /** Told in `capstan_build_info`. */
  readonly operator?: BuildInfo;
  /** The name of the lease, where there is an election. */
  readonly lease?: string | undefined;
  /** The operator's own metrics, and those of further parts. */
  readonly further?: readonly MetricSet[];
}

/** How often the event loop's delay is looked at once somebody reads it, in ms: ten times a second. */
const lagPrecisionMs = 100;

/** Gauges of prom-client that are named like counters: promtool refuses them, and each says what another one says. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** The metrics of one manager. prom-client is loaded when they are opened, not before. */
export class OperatorMetrics {
  readonly #registry: Registry;
  readonly #closing: readonly (() => void)[];
  readonly #measureProcess: () => void;
  #isProcessMeasured = false;

  private constructor(registry: Registry, closing: readonly (() => void)[], measureProcess: () => void) {
    this.#registry = registry;
    this.#closing = closing;
    this.#measureProcess = measureProcess;
  }

  /** Registers every metric and starts to count. */
  static async open(context: ManagerContext, options: OperatorMetricsOptions = {}): Promise<OperatorMetrics> {
    const { operator, lease, further = [] } = options;
    const { default: prometheus } = await import('prom-client');
    const registry = new prometheus.Registry();
    const sets: readonly MetricSet[] = [
      ...[reconcileMetrics, hotLoopMetrics, queueMetrics, clientMetrics, informerMetrics, childMetrics],
      ...(operator === undefined ? [] : [buildMetrics(operator)]),
      ...(lease === undefined ? [] : [leaderMetrics(lease)]),
      ...further,
    ];
    const closing = sets.flatMap((register) => register({ prometheus, registry, context }) ?? []);
    const measureProcess = () => {
      prometheus.collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: lagPrecisionMs });
      for (const name of misnamed) registry.removeSingleMetric(name);
    };
    return new OperatorMetrics(registry, closing, measureProcess);
  }

  /**
   * Every metric as text. The process (`process_*`, `nodejs_*`) is looked at from the first reading on: the delay of the event
   * loop takes a timer, which an operator that nobody scrapes need not have.
   */
  async text(format: 'text' | 'openmetrics' = 'text'): Promise<string> {
    if (!this.#isProcessMeasured) this.#measureProcess();
    this.#isProcessMeasured = true;
    const text = await this.#registry.metrics();
    return format === 'text' ? text : asOpenMetrics(text);
  }

  /** What is registered: each name with its labels. */
  families(): readonly { readonly name: string; readonly labels: readonly string[] }[] {
    return this.#registry.getMetricsAsArray().map((metric) => ({
      name: metric.name,
      // Every metric has them; only the type of the registry's list leaves them out.
      labels: 'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames : [],
    }));
  }

  /** Stops to count. */
  close(): void {
    for (const close of this.#closing) close();
    this.#isProcessMeasured = true;
    this.#registry.clear();
  }
}
