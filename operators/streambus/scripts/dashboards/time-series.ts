import type { Draft } from './draft.ts';
import type { Thresholds, Unit } from './grafana-dashboard.ts';
import { dataSource, type Query, targets } from './query.ts';
import { plain } from './thresholds.ts';

interface TimeSeriesOptions {
  readonly title: string;
  readonly description: string;
  readonly queries: readonly Query[];
  readonly unit?: Unit;
  /** Lines unless told; `stacked` areas add up to something, `bars` are events. */
  readonly as?: 'lines' | 'stacked' | 'bars';
  /** Drawn as dashed lines. */
  readonly thresholds?: Thresholds;
  /** The top of the axis; as high as needed unless told. */
  readonly max?: number;
  /** Shown when nothing is found; `No data` unless told. */
  readonly noValue?: string;
}

/** Values over time. */
export function timeSeries(options: TimeSeriesOptions): Draft {
  const { title, description, queries, unit = 'short', as = 'lines', thresholds, max, noValue = 'No data' } = options;
  return {
    width: 8,
    height: 8,
    panel: {
      type: 'timeseries',
      title,
      description,
      datasource: dataSource,
      targets: targets(queries, 'over time'),
      fieldConfig: {
        defaults: {
          unit,
          noValue,
          color: { mode: 'palette-classic' },
          mappings: [],
          thresholds: thresholds ?? plain,
          min: 0,
          ...(max !== undefined && { max }),
          custom: {
            drawStyle: as === 'bars' ? 'bars' : 'line',
            lineInterpolation: 'linear',
            lineWidth: 1,
            fillOpacity: as === 'lines' ? 0 : 40,
            showPoints: 'never',
            spanNulls: false,
            stacking: { mode: as === 'lines' ? 'none' : 'normal', group: 'A' },
            thresholdsStyle: { mode: thresholds === undefined ? 'off' : 'dashed' },
          },
        },
        overrides: [],
      },
      options: {
        legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
        tooltip: { mode: 'multi', sort: 'desc' },
      },
    },
  };
}
