import type { MetricSet } from '../observe/metrics/meter.ts';
import type { RivalCensus } from './rival-census.ts';

/** `capstan_rival_operators`: how many other operators are seen at work, by the name of their Lease. */
export function rivalMetrics(census: RivalCensus): MetricSet {
  return ({ prometheus: { Gauge }, registry, context }) => {
    new Gauge({
      name: 'capstan_rival_operators',
      help: 'Other operators for the same resources that are at work, by the name of their Lease; while there is one, this operator writes nothing',
      labelNames: ['lease'],
      registers: [registry],
      collect() {
        const atWork = census.atWork(context.clock.monotonic());
        for (const { lease } of census.rivals)
          this.set({ lease }, atWork.filter(({ rival }) => rival.lease === lease).length);
      },
    });
    return undefined;
  };
}
