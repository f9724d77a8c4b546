import type { ManagerContext } from '@capstan/runtime';
import * as prometheus from 'prom-client';
import { Figures } from '../figures.ts';
import { prismMetrics } from '../metrics.ts';

/** The series that prism-admin exports, by its source, and `up`, which Prometheus makes of each target. */
const scraped = [
  'up',
  ...[
    ...['state', 'term', 'last_index', 'leader_elections_total', 'leader_changes_total', 'leadership_lost_total'],
    ...[
      'proposals_total',
      'proposals_failed_total',
      'proposal_duration_seconds_sum',
      'proposal_duration_seconds_count',
    ],
  ].map((name) => `prism_admin_raft_${name}`),
  ...['commands_total', 'snapshots_total', 'restores_total'].map((name) => `prism_admin_fsm_${name}`),
  ...['proxies_total', 'launchers_total', 'namespaces_total', 'patterns_total', 'forwarded_requests_total'].map(
    (name) => `prism_admin_admin_${name}`,
  ),
];

/** The series of the operator, with those that a histogram has. */
function ofTheOperator(): readonly string[] {
  const registry = new prometheus.Registry();
  // Nothing of a manager is looked at until a pass ends.
  const context = { passes: { subscribe: () => () => {} } } as unknown as ManagerContext;
  prismMetrics(new Figures())({ prometheus, registry, context });
  const names = registry.getMetricsAsArray().map(({ name }) => name);
  return [...names, ...names.map((name) => `${name}_bucket`)];
}

/** Every series there is to ask for. */
export const knownSeries: ReadonlySet<string> = new Set([...scraped, ...ofTheOperator()]);

/** The series that a query asks for, without what is in braces and brackets. */
export function seriesIn(expr: string): readonly string[] {
  const bare = expr.replaceAll(/\{[^}]*\}/g, '{}').replaceAll(/\[[^\]]*\]/g, '');
  return [...bare.matchAll(/\b(?:prism_[a-z_]+|up)\b/g)].map(([name]) => name);
}
