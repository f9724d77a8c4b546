import { brokersDashboard } from './brokers-dashboard.ts';
import type { GrafanaDashboard } from './grafana-dashboard.ts';
import { operatorDashboard } from './operator-dashboard.ts';
import { tenantsDashboard } from './tenants-dashboard.ts';

/** The Grafana dashboards of StreamBus, by the names of their files in `deploy/dashboards`. */
export function dashboards(): Readonly<Record<string, GrafanaDashboard>> {
  const all = [operatorDashboard, brokersDashboard, tenantsDashboard];
  return Object.fromEntries(all.map((dashboard) => [`${dashboard.uid}.json`, dashboard]));
}
