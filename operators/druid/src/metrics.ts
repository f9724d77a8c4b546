import type { MetricSet } from '@capstan/runtime';
import type { Figures } from './figures.ts';

/** The operator's own metrics, read from its figures whenever somebody asks. */
export function druidMetrics(figures: Figures): MetricSet {
  return ({ prometheus: { Gauge, Counter }, registry }) => {
    const registers = [registry];
    new Counter({
      ...{ name: 'druid_operator_calls_total', help: 'Calls to Druid, by class of HTTP status', registers },
      labelNames: ['status_class'],
      collect() {
        this.reset();
        for (const [statusClass, count] of figures.calls()) this.inc({ status_class: statusClass }, count);
      },
    });
    new Counter({
      ...{ name: 'druid_operator_deeds_total', help: 'What was done in Druid, in the words of the events', registers },
      labelNames: ['deed', 'operation'],
      collect() {
        this.reset();
        for (const { deed, operation = '', count } of figures.deeds()) this.inc({ deed, operation }, count);
      },
    });
    new Gauge({
      ...{ name: 'druid_operator_ingestions', help: 'Ingestions, by state', registers, labelNames: ['state'] },
      collect() {
        this.reset();
        for (const [state, count] of figures.states()) this.set({ state }, count);
      },
    });
    new Gauge({
      ...{ name: 'druid_operator_lag_records', help: 'Records that are not read yet, of all ingestions', registers },
      collect() {
        this.set(figures.lag());
      },
    });
    return undefined;
  };
}
