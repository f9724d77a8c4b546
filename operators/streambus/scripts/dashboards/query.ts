import type { DataSource, Target } from './grafana-dashboard.ts';

export const dataSource: DataSource = { type: 'prometheus', uid: '$datasource' };

/** One question to Prometheus, and how its series are called: by their labels unless told, `{{label}}` stands for one. */
export interface Query {
  readonly expr: string;
  readonly legend?: string;
}

/** What a panel asks: each series over time, or only its value now. */
export function targets(queries: readonly Query[], when: 'over time' | 'now'): readonly Target[] {
  return queries.map(({ expr, legend = '__auto' }, index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource: dataSource,
    expr,
    legendFormat: legend,
    instant: when === 'now',
    range: when === 'over time',
  }));
}
