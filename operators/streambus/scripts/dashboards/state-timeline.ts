import type { Draft } from './draft.ts';
import { dataSource, type Query, targets } from './query.ts';
import { goodFrom } from './thresholds.ts';

interface StateTimelineOptions {
  readonly title: string;
  readonly description: string;
  /** Each gives series of 0 and 1. */
  readonly queries: readonly Query[];
  /** What 1 and 0 mean. */
  readonly words: { readonly good: string; readonly bad: string };
}

/** A bar for each series, green while it is 1 and red while it is 0. */
export function stateTimeline({ title, description, queries, words }: StateTimelineOptions): Draft {
  const mapping = {
    type: 'value',
    options: {
      '0': { text: words.bad, color: 'red', index: 0 },
      '1': { text: words.good, color: 'green', index: 1 },
    },
  } as const;
  return {
    width: 8,
    height: 8,
    panel: {
      type: 'state-timeline',
      title,
      description,
      datasource: dataSource,
      targets: targets(queries, 'over time'),
      fieldConfig: {
        defaults: {
          unit: 'short',
          noValue: 'No data',
          color: { mode: 'thresholds' },
          thresholds: goodFrom(1),
          mappings: [mapping],
          custom: { lineWidth: 0, fillOpacity: 70 },
        },
        overrides: [],
      },
      options: {
        mergeValues: true,
        showValue: 'never',
        alignValue: 'center',
        rowHeight: 0.8,
        legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
        tooltip: { mode: 'single', sort: 'none' },
      },
    },
  };
}
