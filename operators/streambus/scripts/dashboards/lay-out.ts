import type { Draft } from './draft.ts';
import type { GrafanaDashboard, Panel, Placed, Row } from './grafana-dashboard.ts';

/** Panels that belong together, under a heading. */
export interface Section {
  readonly title: string;
  readonly panels: readonly Draft[];
}

const columns = 24;

/** Gives every panel its place: sections one below the other, panels from left to right, a new line when one is full. */
export function layOut(sections: readonly Section[]): GrafanaDashboard['panels'] {
  const placed: (Placed<Panel> | Row)[] = [];
  let top = 0;
  for (const { title, panels } of sections) {
    const id = placed.length + 1;
    placed.push({ id, type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y: top, w: columns, h: 1 } });
    top = placeLines(panels, top + 1, placed);
  }
  return placed;
}

/** Adds the panels of one section; returns the row below them. */
function placeLines(panels: readonly Draft[], start: number, placed: (Placed<Panel> | Row)[]): number {
  let [x, y, height] = [0, start, 0];
  for (const { panel, width, height: h } of panels) {
    if (x + width > columns) [x, y, height] = [0, y + height, 0];
    placed.push({ ...panel, id: placed.length + 1, gridPos: { x, y, w: width, h } });
    x += width;
    height = Math.max(height, h);
  }
  return y + height;
}
