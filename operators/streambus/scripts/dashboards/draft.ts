import type { Panel } from './grafana-dashboard.ts';

/** A panel that has no place yet. */
export interface Draft {
  readonly panel: Panel;
  /** In the 24 columns of the grid. */
  readonly width: number;
  /** In rows of the grid. */
  readonly height: number;
}
