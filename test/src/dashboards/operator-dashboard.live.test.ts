import { fileURLToPath } from 'node:url';
import { pickPort } from '@capstan/controlplane';
import { ConfigMap } from '@capstan/kube';
import { leaseElectionRules } from '@capstan/runtime';
import type { World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringUp, openBusWorld } from '../streambus/open-bus-world.ts';
import { expressionsOf, seriesOf, shippedDashboards, withValues } from './expressions.ts';
import { hasPrometheus, Prometheus } from './prometheus.ts';

const main = fileURLToPath(new URL('../../../operators/streambus/src/main.ts', import.meta.url));
const dashboard = shippedDashboards()['streambus-operator.json'];
const expressions = dashboard === undefined ? [] : expressionsOf(dashboard);
const values = { namespace: 'streambus-system' };

/** They begin once something goes wrong that the test does not bring about. */
const afterMisfortune: ReadonlySet<string> = new Set(['capstan_child_failures_total', 'capstan_contests_total']);

let world: World;
let metrics: URL;

beforeAll(async () => {
  metrics = new URL(`http://127.0.0.1:${await pickPort()}/metrics`);
  const flags = [`--metrics-bind-address=${metrics.host}`, '--leader-elect'];
  const permissions = leaseElectionRules('streambus-operator');
  world = await openBusWorld({ program: { main, flags }, permissions });
  await bringUp(world, 'bus');
  // Something to repair.
  await world.delete(ConfigMap, 'bus-config');
  await world.eventually(async () => expect(await world.get(ConfigMap, 'bus-config')).toBeDefined());
}, 120_000);

afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
});

it('the dashboard of the operator asks only for series that the operator exports', async () => {
  const text = await (await fetch(metrics)).text();
  const families = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  expect(expressions.length).toBeGreaterThan(30);
  for (const { panel, expr } of expressions)
    for (const series of seriesOf(expr)) expect([panel, families]).toEqual([panel, expect.arrayContaining([series])]);
});

describe.skipIf(!hasPrometheus())('a real Prometheus', () => {
  let prometheus: Prometheus;

  beforeAll(async () => {
    const labels = { namespace: values.namespace, pod: 'streambus-operator-0' };
    prometheus = await Prometheus.start([{ url: metrics, labels }]);
    await world.eventually(
      async () => {
        const [scrapes] = await prometheus.query('min(count_over_time(up[1m]))');
        expect(scrapes?.value).toBeGreaterThan(3);
      },
      { timeout: 30_000 },
    );
  }, 60_000);

  afterAll(async () => {
    await prometheus?.[Symbol.asyncDispose]();
  });

  it('finds data of a running operator for every panel, under names that are complete', async () => {
    const lacking: string[] = [];
    for (const { panel, expr, legend } of expressions) {
      const found = await prometheus.query(withValues(expr, values));
      if (found.length === 0 && !seriesOf(expr).every((series) => afterMisfortune.has(series))) lacking.push(expr);
      const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label ?? '');
      for (const sample of found)
        expect([panel, Object.keys(sample.labels)]).toEqual([panel, expect.arrayContaining(labels)]);
    }
    expect(lacking).toEqual([]);
  });

  it('offers the namespace of the operator', async () => {
    const variable = dashboard?.templating.list.find(({ name }) => name === 'namespace');
    const query = variable?.type === 'query' ? variable.query.query : '';
    const [, matcher = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? [];
    expect(await prometheus.labelValues(matcher, label)).toEqual([values.namespace]);
  });
});
