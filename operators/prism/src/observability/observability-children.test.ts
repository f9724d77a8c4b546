import { childName, desiredOf } from '@capstan/runtime';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { adminChildren } from '../children/admin.ts';
import { managedBy } from '../labels.ts';
import { observabilityChildren } from './observability-children.ts';

type Observability = NonNullable<NonNullable<SpecInput>['observability']>;

function objectsOf(observability: Observability, spec: SpecInput = {}) {
  const children = observabilityChildren(aCluster({ spec: { ...spec, observability } })).map(desiredOf);
  return new Map(children.map((child) => [childName(child), JSON.parse(JSON.stringify(child))] as const));
}

const monitor = 'ServiceMonitor/orders-prism-admin';
const rules = 'PrometheusRule/orders-prism-alerts';
const dashboard = 'ConfigMap/orders-prism-dashboard';
const dataSource = 'ConfigMap/orders-prism-loki';

describe('what makes a cluster seen', () => {
  it.each([
    ['Prometheus', { prometheus: {} }, {}, [monitor, rules]],
    ['Prometheus without alerts', { prometheus: { rules: false } }, {}, [monitor]],
    ['Prometheus, with an admin that serves no metrics', { prometheus: {} }, { profile: 'memo035' }, [rules]],
    ['Grafana', { grafana: {} }, {}, [dashboard]],
    ['Loki', { loki: { url: 'http://loki:3100' } }, {}, [dataSource]],
    ['Loki whose address nobody tells', { loki: {} }, {}, []],
    [
      'everything, disabled',
      { prometheus: { enabled: false }, grafana: { enabled: false }, loki: { enabled: false, url: 'http://loki' } },
      {},
      [],
    ],
  ] as const)('is made for %s', (_what, observability, spec, names) => {
    expect([...objectsOf(observability, spec).keys()]).toEqual(names);
  });

  it('is nothing where nobody asks', () => {
    expect(observabilityChildren(aCluster())).toEqual([]);
  });

  it.each([1, 3])('scrapes the one Service of %i members that has metrics, as often as the spec says', (replicas) => {
    const spec = { admin: { replicas } };
    const { selector, endpoints } = objectsOf({ prometheus: { scrapeInterval: '15s' } }, spec).get(monitor).spec;
    const services = adminChildren(aCluster({ spec }), { bootstrapped: 0 })
      .map((child) => JSON.parse(JSON.stringify(desiredOf(child))))
      .filter(({ kind }) => kind === 'Service');
    const matching = services.filter(({ metadata: { labels } }) =>
      Object.entries(selector.matchLabels).every(([name, value]) => labels[name] === value),
    );
    const scraped = matching.filter(({ spec: { ports } }) =>
      ports.some((port: { name: string }) => port.name === 'metrics'),
    );
    expect(scraped.map(({ metadata: { name } }) => name)).toEqual(['orders-prism-admin']);
    expect(endpoints).toEqual([{ port: 'metrics', path: '/metrics', interval: '15s' }]);
  });

  it("is found by Grafana's sidecar, by the labels of the spec, which do not replace the operator's own", () => {
    expect(objectsOf({ grafana: {} }).get(dashboard).metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    const dashboardLabels = { team: 'sre', 'app.kubernetes.io/managed-by': 'me' };
    const { labels } = objectsOf({ grafana: { dashboardLabels } }).get(dashboard).metadata;
    expect(labels).toMatchObject({ team: 'sre', 'app.kubernetes.io/managed-by': managedBy });
    expect(labels).not.toHaveProperty('grafana_dashboard');
  });

  it('makes Loki a data source by its address', () => {
    const { metadata, data } = objectsOf({ loki: { url: 'http://loki:3100' } }).get(dataSource);
    expect(metadata.labels).toMatchObject({ grafana_datasource: '1' });
    expect(JSON.parse(data['prism-loki-shop_orders.yaml'])).toMatchObject({
      apiVersion: 1,
      datasources: [{ uid: 'prism-loki-shop_orders', type: 'loki', url: 'http://loki:3100' }],
    });
  });

  it('never has the files of two clusters under one name, where Grafana keeps them all together', () => {
    const label = fc.stringMatching(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/);
    const files = (namespace: string, name: string) => {
      const cluster = aCluster({ name, spec: { observability: { grafana: {}, loki: { url: 'http://loki' } } } });
      const moved = { ...cluster, metadata: { ...cluster.metadata, namespace } };
      return observabilityChildren(moved).flatMap((child) => {
        const { data } = JSON.parse(JSON.stringify(desiredOf(child)));
        return Object.keys(data);
      });
    };
    const place = fc.tuple(label, label);
    fc.assert(
      fc.property(place, place, (one, other) => {
        fc.pre(one.join('/') !== other.join('/'));
        const [mine, theirs] = [files(...one), files(...other)];
        expect(mine.filter((file) => theirs.includes(file))).toEqual([]);
        for (const file of mine) expect(file).toMatch(/^[A-Za-z0-9_-]{1,40}\.(json|yaml)$/);
      }),
    );
    expect(files('a-b', 'c')).not.toEqual(files('a', 'b-c'));
  });
});
