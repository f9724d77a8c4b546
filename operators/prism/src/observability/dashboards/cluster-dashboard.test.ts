import { describe, expect, it } from 'vitest';
import { aCluster } from '../../a-cluster.fixture.ts';
import { knownSeries, seriesIn } from '../known-series.fixture.ts';
import { complaintsOf, hasPromtool } from '../promtool.fixture.ts';
import { clusterDashboard } from './cluster-dashboard.ts';

interface SeenPanel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

interface SeenDashboard {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly SeenPanel[];
}

const cluster = aCluster({ spec: { admin: { replicas: 3 } } });
const [[file, text] = ['', '']] = Object.entries(clusterDashboard(cluster, { grafana_dashboard: '1' }).data ?? {});
const model: SeenDashboard = JSON.parse(text);
const queries = model.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

if (!hasPromtool)
  console.warn('no promtool on this machine: nothing reads the queries of the dashboard (apt-get install prometheus)');

describe('the dashboard of a cluster', () => {
  it('has an id of its own, by which its file is called', () => {
    expect([model.uid, file, model.title]).toEqual([
      'prism-cluster-shop_orders',
      'prism-cluster-shop_orders.json',
      'Prism / shop/orders',
    ]);
  });

  it('shows series that exist, and of no other cluster', () => {
    const asked = queries.flatMap(seriesIn);
    expect(asked.filter((name) => !knownSeries.has(name))).toEqual([]);
    const ofClusters = queries.filter((query) => !query.includes('prism_operator_'));
    expect(ofClusters.length).toBeGreaterThan(12);
    expect(ofClusters.filter((query) => !(query.includes('"shop"') && query.includes('"orders"')))).toEqual([]);
  });

  it('has room for every panel, and says what each means', () => {
    const squares = model.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(squares).size).toBe(squares.length);
    expect(model.panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
    expect(new Set(model.panels.map(({ id }) => id)).size).toBe(model.panels.length);
    const mute = model.panels.filter(({ targets, description }) => targets !== undefined && !description);
    expect(mute.map(({ title }) => title)).toEqual([]);
  });

  it.skipIf(!hasPromtool)('asks nothing that Prometheus cannot read', () => {
    const rules = queries.map((query, index) => ({
      record: `panel:${index}`,
      expr: query.replaceAll('$__rate_interval', '5m'),
    }));
    const files = { 'panels.yaml': { groups: [{ name: 'panels', rules }] } };
    expect(complaintsOf('check', 'panels.yaml', files)).toBe('');
  });
});
