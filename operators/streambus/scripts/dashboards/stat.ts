import type { Draft } from './draft.ts';
import type { Thresholds, Unit } from './grafana-dashboard.ts';
import { dataSource, type Query, targets } from './query.ts';
import { plain } from './thresholds.ts';

interface StatOptions {
  readonly title: string;
  readonly description: string;
  /** More than one is shown with names. */
  readonly queries: readonly Query[];
  readonly unit?: Unit;
  readonly decimals?: number;
  readonly thresholds?: Thresholds;
  /** Shown when nothing is found; `0` unless told. */
  readonly noValue?: string;
}

/** Values of now in large figures. */
export function stat(options: StatOptions): Draft {
  const { title, description, queries, unit = 'short', decimals, thresholds = plain, noValue = '0' } = options;
  const defaults = { unit, noValue, color: { mode: 'thresholds' }, thresholds, mappings: [], custom: {} } as const;
  return {
    width: 4,
    height: 4,
    panel: {
      type: 'stat',
      title,
      description,
      datasource: dataSource,
      targets: targets(queries, 'now'),
      fieldConfig: { defaults: { ...defaults, ...(decimals !== undefined && { decimals }) }, overrides: [] },
      options: {
        graphMode: 'none',
        colorMode: 'value',
        justifyMode: 'auto',
        orientation: 'auto',
        wideLayout: true,
        textMode: queries.length > 1 ? 'value_and_name' : 'auto',
        showPercentChange: false,
        percentChangeColorMode: 'standard',
        reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      },
    },
  };
}
