import type { Meter } from '@capstan/runtime';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Figures } from './figures.ts';
import { druidMetrics } from './metrics.ts';

describe('the metrics', () => {
  it('count calls by class of status, deeds, ingestions by state, and records to come', async () => {
    const figures = new Figures();
    for (const status of [200, 204, 503, undefined]) figures.count(status);
    figures.did([{ deed: 'Submitted' }, { deed: 'OperationDone', operation: 'reset' }]);
    figures.did([{ deed: 'Submitted' }, { deed: 'OperationDone', operation: 'handOff' }]);
    figures.saw('a', { state: 'RUNNING', lag: 5 });
    figures.saw('b', { state: 'RUNNING', lag: 7 });
    figures.saw('c', { state: 'FAILED', lag: 0 });
    figures.forget('c');
    const registry = new Registry();
    // Nothing is asked of a manager.
    druidMetrics(figures)({ prometheus: { Counter, Gauge, Histogram }, registry, context: {} as Meter['context'] });
    const text = await registry.metrics();
    expect(text.split('\n').filter((line) => line.startsWith('druid_'))).toEqual([
      'druid_operator_calls_total{status_class="2xx"} 2',
      'druid_operator_calls_total{status_class="5xx"} 1',
      'druid_operator_calls_total{status_class="none"} 1',
      'druid_operator_deeds_total{deed="Submitted",operation=""} 2',
      'druid_operator_deeds_total{deed="OperationDone",operation="reset"} 1',
      'druid_operator_deeds_total{deed="OperationDone",operation="handOff"} 1',
      'druid_operator_ingestions{state="RUNNING"} 2',
      'druid_operator_lag_records 12',
    ]);
  });
});
