/** A dashboard as Grafana imports it: what of its model these dashboards use. */
export interface GrafanaDashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** 39 is Grafana 11.0's; later ones raise it as they open a dashboard, and earlier ones would not understand it. */
  readonly schemaVersion: 39;
  readonly editable: true;
  /** A crosshair that all panels share. */
  readonly graphTooltip: 1;
  readonly refresh: '30s';
  readonly time: { readonly from: 'now-3h'; readonly to: 'now' };
  readonly timezone: 'browser';
  readonly annotations: { readonly list: readonly [] };
  readonly links: readonly DashboardLink[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly panels: readonly (Placed<Panel> | Row)[];
}

/** Leads to the other dashboards of the same tag, with time and variables. */
export interface DashboardLink {
  readonly title: string;
  readonly type: 'dashboards';
  readonly icon: 'external link';
  readonly tooltip: string;
  readonly tags: readonly string[];
  readonly asDropdown: false;
  readonly targetBlank: false;
  readonly includeVars: true;
  readonly keepTime: true;
}

export type Variable = DataSourceVariable | QueryVariable;

/** Which Prometheus is asked. */
export interface DataSourceVariable {
  readonly type: 'datasource';
  readonly name: 'datasource';
  readonly label: string;
  readonly query: 'prometheus';
  readonly hide: 0;
  readonly multi: false;
  readonly includeAll: false;
}

/** A choice among the values of a label. */
export interface QueryVariable {
  readonly type: 'query';
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly datasource: DataSource;
  readonly definition: string;
  readonly query: { readonly query: string; readonly refId: string };
  /** What of a value counts: the first group. All of it when empty. */
  readonly regex: string;
  /** When the time range changes. */
  readonly refresh: 2;
  /** By the alphabet. */
  readonly sort: 1;
  readonly hide: 0;
  readonly multi: false;
  readonly includeAll: false;
}

/** The Prometheus that the variable `datasource` names. */
export interface DataSource {
  readonly type: 'prometheus';
  readonly uid: '$datasource';
}

/** Where a panel is: `x` and `w` in the 24 columns of the grid, `y` and `h` in rows of about 38 pixels. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A panel or row with its number and its place. */
export type Placed<T> = T & { readonly id: number; readonly gridPos: GridPosition };

/** The heading of a section. */
export type Row = Placed<{
  readonly type: 'row';
  readonly title: string;
  readonly collapsed: false;
  readonly panels: readonly [];
}>;

export type Panel = StatPanel | TimeSeriesPanel | StateTimelinePanel | TextPanel;

interface QueryPanel {
  readonly title: string;
  /** What it shows, when to worry, and what to do then. */
  readonly description: string;
  readonly datasource: DataSource;
  readonly targets: readonly Target[];
}

/** One query of a panel. */
export interface Target {
  readonly refId: string;
  readonly datasource: DataSource;
  readonly expr: string;
  /** Such as `{{pod}}`; the labels of a series are its name when it is `__auto`. */
  readonly legendFormat: string;
  /** One value, now; the opposite of `range`. */
  readonly instant: boolean;
  readonly range: boolean;
}

export interface StatPanel extends QueryPanel {
  readonly type: 'stat';
  readonly fieldConfig: FieldConfig<Readonly<Record<string, never>>>;
  readonly options: {
    readonly graphMode: 'none';
    readonly colorMode: 'value';
    readonly justifyMode: 'auto';
    readonly orientation: 'auto';
    readonly textMode: 'auto' | 'value_and_name';
    readonly wideLayout: true;
    readonly showPercentChange: false;
    readonly percentChangeColorMode: 'standard';
    readonly reduceOptions: { readonly calcs: readonly ['lastNotNull']; readonly fields: ''; readonly values: false };
  };
}

export interface TimeSeriesPanel extends QueryPanel {
  readonly type: 'timeseries';
  readonly fieldConfig: FieldConfig<{
    readonly drawStyle: 'line' | 'bars';
    readonly lineInterpolation: 'linear';
    readonly lineWidth: 1;
    readonly fillOpacity: number;
    readonly showPoints: 'never';
    readonly spanNulls: false;
    readonly stacking: { readonly mode: 'none' | 'normal'; readonly group: 'A' };
    /** How thresholds are drawn. */
    readonly thresholdsStyle: { readonly mode: 'off' | 'dashed' };
  }>;
  readonly options: {
    readonly legend: Legend;
    readonly tooltip: { readonly mode: 'multi'; readonly sort: 'desc' };
  };
}

export interface StateTimelinePanel extends QueryPanel {
  readonly type: 'state-timeline';
  readonly fieldConfig: FieldConfig<{ readonly lineWidth: 0; readonly fillOpacity: 70 }>;
  readonly options: {
    readonly mergeValues: true;
    readonly showValue: 'never';
    readonly alignValue: 'center';
    readonly rowHeight: 0.8;
    readonly legend: Legend;
    readonly tooltip: { readonly mode: 'single'; readonly sort: 'none' };
  };
}

/** Words, in Markdown. */
export interface TextPanel {
  readonly type: 'text';
  readonly title: string;
  readonly description: string;
  readonly options: { readonly mode: 'markdown'; readonly content: string };
}

interface Legend {
  readonly displayMode: 'list';
  readonly placement: 'bottom';
  readonly showLegend: true;
  readonly calcs: readonly [];
}

interface FieldConfig<Custom> {
  readonly defaults: {
    readonly unit: Unit;
    readonly decimals?: number;
    readonly min?: number;
    readonly max?: number;
    /** Shown where a query finds nothing. */
    readonly noValue: string;
    readonly color: { readonly mode: 'thresholds' | 'palette-classic' };
    readonly thresholds: Thresholds;
    readonly mappings: readonly ValueMapping[];
    readonly custom: Custom;
  };
  readonly overrides: readonly [];
}

/** Grafana's names: counts, seconds, bytes (by 1024), per second, shares of 1. */
export type Unit = 'short' | 's' | 'bytes' | 'binBps' | 'ops' | 'reqps' | 'cpm' | 'percentunit';

/** Colours from the values upwards. */
export interface Thresholds {
  readonly mode: 'absolute';
  readonly steps: readonly { readonly color: Colour; readonly value: number | null }[];
}

export type Colour = 'green' | 'yellow' | 'red' | 'blue' | 'text';

/** Words and a colour in place of values. */
export interface ValueMapping {
  readonly type: 'value';
  readonly options: Readonly<Record<string, { readonly text: string; readonly color: Colour; readonly index: number }>>;
}
