import { describe, expect, it } from 'vitest';
import { dashboards } from '../../../operators/streambus/scripts/dashboards/dashboards.ts';
import { exporters } from './exported-series.ts';
import { expressionsOf, seriesOf, shippedDashboards, withValues } from './expressions.ts';

const shipped = shippedDashboards();

it('three dashboards are shipped, as they are generated', () => {
  expect(Object.keys(shipped).sort()).toEqual([
    'streambus-brokers.json',
    'streambus-operator.json',
    'streambus-tenants.json',
  ]);
  expect(shipped).toEqual(dashboards());
});

describe.each(Object.entries(shipped))('%s', (file, dashboard) => {
  const { panels, templating, uid } = dashboard;
  const content = panels.filter(({ type }) => type !== 'row');

  it('is found under the name of its file', () => {
    expect(`${uid}.json`).toBe(file);
  });

  it('has panels with a number each, inside the grid and beside each other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('says of every panel what it shows, and has no two of the same name', () => {
    expect(new Set(content.map(({ title }) => title)).size).toBe(content.length);
    for (const panel of content) {
      const words = panel.type === 'text' ? panel.options.content : 'description' in panel ? panel.description : '';
      expect([panel.title, words]).toEqual([panel.title, expect.stringMatching(/.{20}[.)`]$/s)]);
    }
  });

  it('asks the Prometheus that is chosen, and numbers the questions of a panel', () => {
    for (const panel of content) {
      if (panel.type === 'row' || panel.type === 'text') continue;
      expect(panel.targets.map(({ refId }) => refId)).toEqual(['A', 'B', 'C'].slice(0, panel.targets.length));
      for (const { datasource, instant, range } of [...panel.targets, { ...panel, instant: true, range: false }]) {
        expect(datasource).toEqual({ type: 'prometheus', uid: '$datasource' });
        expect(instant).not.toBe(range);
      }
    }
  });

  it('uses the variables that it has, all of them', () => {
    const names = templating.list.map(({ name }) => name);
    const values = Object.fromEntries(names.map((name) => [name, 'value']));
    const filled = JSON.stringify(expressionsOf(dashboard).map(({ expr }) => withValues(expr, values)));
    expect(filled).not.toContain('$');
    for (const name of names) expect(JSON.stringify(dashboard)).toContain(`$${name}`);
  });

  it('shows one cluster, and no other one whose name begins the same', () => {
    if (uid === 'streambus-operator') return;
    for (const { expr } of expressionsOf(dashboard))
      for (const [matchers] of expr.matchAll(/\{[^}]*\}/g))
        expect(matchers).toMatch(/^\{namespace="\$namespace", (\w+="\$cluster"|\w+=~"[^"]*\$cluster-\[0-9\]\+"|type=)/);
  });
});

it('dashboards about a cluster ask only for series that are exported', () => {
  const known = Object.values(exporters).flatMap(({ series }) => series.map(({ name }) => name));
  const used = ['streambus-brokers.json', 'streambus-tenants.json'].flatMap((file) => {
    const dashboard = shipped[file];
    return dashboard === undefined ? [] : expressionsOf(dashboard).flatMap(({ expr }) => seriesOf(expr));
  });
  const claims = ['kube_persistentvolumeclaim_info'];
  expect([...new Set([...used, ...claims])].sort()).toEqual([...known].sort());
});
