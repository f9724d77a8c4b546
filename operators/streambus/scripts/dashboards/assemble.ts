import type { GrafanaDashboard, Variable } from './grafana-dashboard.ts';
import { layOut, type Section } from './lay-out.ts';

interface DashboardParts {
  /** Stays the same for ever: links and bookmarks lead to it. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly sections: readonly Section[];
}

/** Puts a dashboard together. */
export function assemble({ uid, title, description, variables, sections }: DashboardParts): GrafanaDashboard {
  return {
    uid,
    title,
    description,
    tags: ['streambus'],
    schemaVersion: 39,
    editable: true,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    timezone: 'browser',
    annotations: { list: [] },
    links: [
      {
        title: 'StreamBus',
        type: 'dashboards',
        icon: 'external link',
        tags: ['streambus'],
        tooltip: 'The other dashboards of StreamBus',
        asDropdown: false,
        targetBlank: false,
        includeVars: true,
        keepTime: true,
      },
    ],
    templating: { list: variables },
    panels: layOut(sections),
  };
}
