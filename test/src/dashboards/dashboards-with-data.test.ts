import { eventually } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExporterStandIns } from './exporter-stand-ins.ts';
import { expressionsOf, shippedDashboards, withValues } from './expressions.ts';
import { hasPrometheus, Prometheus } from './prometheus.ts';

const values = { namespace: 'shop', cluster: 'bus' };
/** Neighbours whose names begin like that of the cluster that is looked at. */
const clusters = [
  { namespace: 'shop', name: 'bus', brokers: 3 },
  { namespace: 'shop', name: 'bus-2', brokers: 1 },
  { namespace: 'other', name: 'bus', brokers: 1 },
];
const shipped = Object.entries(shippedDashboards());

let standIns: ExporterStandIns;
let prometheus: Prometheus;

describe.skipIf(!hasPrometheus())('a real Prometheus', () => {
  beforeAll(async () => {
    standIns = await ExporterStandIns.start(clusters);
    prometheus = await Prometheus.start(standIns.targets);
    await eventually(
      async () => {
        const [scrapes] = await prometheus.query('min(count_over_time(up[1m]))');
        const [answering] = await prometheus.query('sum(up)');
        expect([scrapes?.value, answering?.value]).toEqual([expect.toSatisfy((count) => count > 3), 6]);
      },
      { timeout: 30_000 },
    );
  }, 60_000);

  afterAll(async () => {
    await prometheus?.[Symbol.asyncDispose]();
    await standIns?.[Symbol.asyncDispose]();
  });

  it.each(shipped)('accepts every expression of %s', async (_, dashboard) => {
    for (const { expr } of expressionsOf(dashboard)) await prometheus.query(withValues(expr, values));
  });

  it.each(shipped.filter(([file]) => file !== 'streambus-operator.json'))(
    'has data for every expression of %s, of that cluster alone, under names that are complete',
    async (_, dashboard) => {
      for (const { panel, expr, legend } of expressionsOf(dashboard)) {
        const found = await prometheus.query(withValues(expr, values));
        expect([panel, expr, found.length > 0]).toEqual([panel, expr, true]);
        const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label ?? '');
        for (const sample of found) {
          for (const label of labels)
            expect([panel, sample.labels]).toEqual([panel, expect.objectContaining({ [label]: expect.any(String) })]);
          expect(Object.values(sample.labels).join(' ')).not.toMatch(/bus-2-0|other/);
        }
      }
    },
  );

  it('offers the namespaces and clusters that there are', async () => {
    const claims = 'kube_persistentvolumeclaim_info{persistentvolumeclaim=~"raft-data-.+-[0-9]+"}';
    expect(await prometheus.labelValues(claims, 'namespace')).toEqual(['other', 'shop']);
    for (const [file, { templating }] of shipped)
      for (const variable of templating.list) {
        if (variable.type !== 'query' || variable.name !== 'cluster') continue;
        const [, matcher = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(variable.query.query) ?? [];
        const [, pattern = ''] = /^\/(.*)\/$/.exec(variable.regex) ?? [];
        const names = await prometheus.labelValues(withValues(matcher, values), label);
        const offered = new Set(names.map((name) => new RegExp(pattern).exec(name)?.[1]));
        expect([file, [...offered].sort()]).toEqual([file, ['bus', 'bus-2']]);
      }
  });
});
