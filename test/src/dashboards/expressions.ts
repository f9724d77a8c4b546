import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GrafanaDashboard } from '../../../operators/streambus/scripts/dashboards/grafana-dashboard.ts';

const directory = fileURLToPath(new URL('../../../deploy/dashboards', import.meta.url));

/** The dashboards that are shipped, by the name of their file. */
export function shippedDashboards(): Readonly<Record<string, GrafanaDashboard>> {
  const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(files.map((name) => [name, JSON.parse(readFileSync(join(directory, name), 'utf8'))]));
}

/** One query of a panel, with variables in it. */
export interface Expression {
  readonly panel: string;
  readonly expr: string;
  readonly legend: string;
}

/** Every query of a dashboard. */
export function expressionsOf({ panels }: GrafanaDashboard): readonly Expression[] {
  return panels.flatMap((panel) => {
    if (panel.type === 'row' || panel.type === 'text') return [];
    return panel.targets.map(({ expr, legendFormat }) => ({ panel: panel.title, expr, legend: legendFormat }));
  });
}

/** Puts values in the place of variables, as Grafana does; of its own ones only the range of rates is used. */
export function withValues(expr: string, values: Readonly<Record<string, string>>): string {
  const all: Readonly<Record<string, string>> = { ...values, __rate_interval: '1m' };
  return expr.replaceAll(/\$(\w+)/g, (variable, name: string) => all[name] ?? variable);
}

const words = new Set(['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'bool', 'offset']);

/** The names of the series that an expression asks for: what is left of it without labels, texts, ranges and functions. */
export function seriesOf(expr: string): readonly string[] {
  const bare = expr
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .replaceAll(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, '');
  const names = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w|\s*\()/g)].map(([name]) => name);
  return [...new Set(names.filter((name) => !words.has(name)))];
}
