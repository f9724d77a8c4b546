/** What a figure counts in. */
export type Unit = 's' | 'ms' | 'MB' | '%' | 'times' | 'requests' | 'writes' | 'children';

/** One figure: what it is, and how it came about. */
export interface Measure {
  /** Stable name for machines, such as `create.allRunning`. */
  readonly id: string;
  /** For people, such as `all clusters Running`. */
  readonly label: string;
  /** Undefined where this machine cannot tell; `how` says why. */
  readonly value: number | undefined;
  readonly unit: Unit;
  readonly how: string;
}

/** Figures of one part of the run, in the order they are read. */
export interface Section {
  readonly title: string;
  readonly measures: readonly Measure[];
  /** Counts that explain the figures, such as the requests by verb and resource. */
  readonly counts?: Readonly<Record<string, number>>;
  /** How many clusters the counts are of, where each of them had its share; they are shown for one as well then. */
  readonly countsAmong?: number;
}

/** Milliseconds as seconds, to the hundredth. */
export function secondsOf(ms: number): number {
  return Math.round(ms / 10) / 100;
}

/** The share of one cluster, to the hundredth. */
export function perCluster(count: number, clusters: number): number {
  return Math.round((count / clusters) * 100) / 100;
}

/** Bytes as megabytes (10^6), to the tenth. */
export function megabytesOf(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : Math.round(bytes / 100_000) / 10;
}

/** How many times as much one figure is as another, to the hundredth. */
export function timesAsMuch(one: number, other: number): number {
  return Math.round((one / other) * 100) / 100;
}

/** The one in the middle of an odd number of figures; not a number for none. */
export function medianOf(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
