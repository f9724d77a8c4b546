import type { Registry } from 'prom-client';
import type { ManagerContext } from '../../runnable.ts';

/** The library, handed over because it is loaded only where metrics are served. */
export type Prometheus = Pick<typeof import('prom-client'), 'Counter' | 'Gauge' | 'Histogram'>;

/** What a set of metrics is made with. */
export interface Meter {
  readonly prometheus: Prometheus;
  readonly registry: Registry;
  /** Its feeds and views are where figures come from. */
  readonly context: ManagerContext;
}

/**
 * Registers metrics and keeps them true, by listening to feeds (counted as it happens) or when they are read
 * (`collect` of prom-client). Never takes the name or namespace of a resource as a label: each value is a series for ever.
 *
 * @returns ends its subscriptions, if it has any
 *
 * @example
 * ```ts
 * const reconciled: MetricSet = ({ prometheus, registry, context }) => {
 *   const total = new prometheus.Counter({ name: 'my_passes_total', help: 'Passes.', registers: [registry] });
 *   return context.passes.subscribe(() => total.inc());
 * };
 * ```
 */
export type MetricSet = (meter: Meter) => (() => void) | undefined;
