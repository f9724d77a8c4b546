import { expect, test } from 'vitest';
import { conditions, now, someCluster } from '../cluster-objects.fixture.ts';
import { clusterSummary } from '../report/cluster-summary.ts';
import { clusterNews, clusterTable } from './cluster-table.ts';

const component = (available: number, wanted: number) => ({
  ...{ name: 'c', ready: available === wanted, replicas: wanted, availableReplicas: available },
});

const clusters = [
  someCluster({
    ...{ phase: 'Running', adminStatus: component(3, 3), proxyStatus: component(2, 2) },
    ...{ readyPatterns: '4/4', readyBackends: '3/3' },
    conditions: conditions(['Ready', 'True', 'AllReady', 'Everything runs as the spec says.']),
  }),
  someCluster(
    { phase: 'Failed', conditions: conditions(['Ready', 'False', 'SpecInvalid', 'spec.admin is wrong']) },
    { name: 'pay' },
  ),
  { ...someCluster({}, { name: 'new' }), status: {} },
].map(clusterSummary);

test('a table of clusters says how they are, and of those that are not Ready why', () => {
  expect(clusterTable(clusters, now)).toEqual([
    { text: 'NAMESPACE  NAME    PHASE    ADMIN  PROXY  PATTERNS  BACKENDS  AGE    WHY' },
    { text: 'shop       orders  Running  3/3    2/2    4/4       3/3       1 min', mood: 'good' },
    {
      text: 'shop       pay     Failed   -      -      -         -         1 min  SpecInvalid: spec.admin is wrong',
      mood: 'bad',
    },
    {
      text: 'shop       new     -        -      -      -         -         1 min  the operator has not looked at it yet',
      mood: 'busy',
    },
  ]);
});

test('what is new of them has no ages', () => {
  expect(clusterNews(clusters)[1]).toEqual({
    about: 'shop/pay',
    text: 'shop/pay  Failed  -  -  -  -  SpecInvalid: spec.admin is wrong',
  });
});
