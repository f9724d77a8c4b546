import type { Panel } from './panel.ts';

/** Panels that belong together, under a heading. */
export interface Section {
  readonly title: string;
  readonly panels: readonly Panel[];
}

interface DashboardParts {
  /** Stays the same for ever: links and bookmarks lead to it. At most 40 characters. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly sections: readonly Section[];
}

const columns = 24;

/** A dashboard as Grafana 11 and later import it. The one thing to choose is which Prometheus is asked. */
export function dashboard({ uid, title, description, sections }: DashboardParts) {
  return {
    ...{ uid, title, description, tags: ['prism'], schemaVersion: 39, editable: true, graphTooltip: 1 },
    ...{ refresh: '30s', time: { from: 'now-3h', to: 'now' }, timezone: 'browser', annotations: { list: [] } },
    templating: { list: [{ type: 'datasource', name: 'datasource', label: 'Prometheus', query: 'prometheus' }] },
    panels: laidOut(sections),
  };
}

type Placed = Readonly<Record<string, unknown>>;

/** Sections one below the other, panels from left to right, a new line when one is full. */
function laidOut(sections: readonly Section[]): readonly Placed[] {
  const placed: Placed[] = [];
  const place = (panel: Placed, x: number, y: number, w: number, h: number) =>
    placed.push({ ...panel, id: placed.length + 1, gridPos: { x, y, w, h } });
  let top = 0;
  for (const { title, panels } of sections) {
    place({ type: 'row', title, collapsed: false, panels: [] }, 0, top, columns, 1);
    let [x, y, line] = [0, top + 1, 0];
    for (const { width, height, model, ...panel } of panels) {
      if (x + width > columns) [x, y, line] = [0, y + line, 0];
      place({ ...panel, ...model }, x, y, width, height);
      x += width;
      line = Math.max(line, height);
    }
    top = y + line;
  }
  return placed;
}
