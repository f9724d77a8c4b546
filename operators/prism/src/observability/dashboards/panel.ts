/** One question to Prometheus, and how its series are called: `{{label}}` stands for one. */
export interface Query {
  readonly expr: string;
  readonly legend?: string;
}

/** Grafana's names: counts, seconds, per second, no unit. */
type Unit = 'short' | 's' | 'ops' | 'none';

/** A panel that has no place yet. */
export interface Panel {
  readonly title: string;
  /** What it shows, when to worry, and what to do then. */
  readonly description: string;
  readonly type: 'stat' | 'timeseries' | 'text';
  /** In the 24 columns of the grid. */
  readonly width: number;
  /** In rows of about 38 pixels. */
  readonly height: number;
  /** What Grafana has of it besides. */
  readonly model: Readonly<Record<string, unknown>>;
}

interface PanelOptions {
  readonly title: string;
  readonly description: string;
  readonly queries: readonly Query[];
  readonly unit?: Unit;
  /** Shown where a query finds nothing; `No data` unless told. */
  readonly noValue?: string;
}

/** The Prometheus that the variable `datasource` names. */
const datasource = { type: 'prometheus', uid: '$datasource' } as const;

interface StatOptions extends PanelOptions {
  /** The value that is good; any other one is red. */
  readonly good?: number;
  /** The name of the series in place of its value. */
  readonly showsName?: boolean;
}

/** Values of now in large figures. */
export function stat(options: StatOptions): Panel {
  const { title, description, queries, unit = 'none', noValue = 'No data', good, showsName = false } = options;
  const mappings = good === undefined ? [] : goodIs(good);
  const color = { mode: 'thresholds' };
  return {
    ...{ title, description, type: 'stat', width: 4, height: 4 },
    model: {
      ...{ datasource, targets: targets(queries, 'now') },
      fieldConfig: { defaults: { unit, noValue, mappings, color, thresholds: plain }, overrides: [] },
      options: {
        colorMode: 'value',
        graphMode: 'none',
        textMode: nameOrValue(queries, showsName),
        reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
      },
    },
  };
}

function nameOrValue(queries: readonly Query[], showsName: boolean): 'name' | 'value_and_name' | 'auto' {
  if (showsName) return 'name';
  return queries.length > 1 ? 'value_and_name' : 'auto';
}

const plain = { mode: 'absolute', steps: [{ color: 'text', value: null }] };

/** Grafana takes the first mapping that fits. */
function goodIs(good: number) {
  return [
    { type: 'value', options: { [`${good}`]: { color: 'green', index: 0 } } },
    { type: 'range', options: { from: null, to: null, result: { color: 'red', index: 1 } } },
  ];
}

/** Values over time, as lines. */
export function timeSeries({ title, description, queries, unit = 'short', noValue = 'No data' }: PanelOptions): Panel {
  const custom = { drawStyle: 'line', lineWidth: 1, showPoints: 'never', spanNulls: false };
  return {
    ...{ title, description, type: 'timeseries', width: 8, height: 8 },
    model: {
      ...{ datasource, targets: targets(queries, 'over time') },
      fieldConfig: { defaults: { unit, noValue, min: 0, color: { mode: 'palette-classic' }, custom }, overrides: [] },
      options: {
        legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
        tooltip: { mode: 'multi', sort: 'desc' },
      },
    },
  };
}

/** Words, in Markdown, across the whole width. */
export function note(title: string, lines: readonly string[]): Panel {
  const options = { mode: 'markdown', content: lines.join('\n') };
  return { title, description: '', type: 'text', width: 24, height: 4, model: { options } };
}

function targets(queries: readonly Query[], when: 'over time' | 'now') {
  return queries.map(({ expr, legend = '__auto' }, index) => ({
    refId: String.fromCharCode('A'.charCodeAt(0) + index),
    datasource,
    expr,
    legendFormat: legend,
    instant: when === 'now',
    range: when === 'over time',
  }));
}
