import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import { knownSeries, seriesIn } from './known-series.fixture.ts';
import { complaintsOf, hasPromtool } from './promtool.fixture.ts';
import { clusterRules } from './rules.ts';

if (!hasPromtool) console.warn('no promtool on this machine: no alert fires here (apt-get install prometheus)');

function groupsOf(replicas: number, isAdminScraped = true) {
  return clusterRules(aCluster({ spec: { admin: { replicas } } }), isAdminScraped).spec?.groups ?? [];
}

const alertsOf = (replicas: number, isAdminScraped?: boolean) =>
  groupsOf(replicas, isAdminScraped).flatMap(({ rules }) => rules);

describe('the alerts of a cluster', () => {
  it('ask for series that exist', () => {
    const asked = alertsOf(3).flatMap(({ expr }) => seriesIn(`${expr}`));
    expect(asked.length).toBeGreaterThan(8);
    expect(asked.filter((name) => !knownSeries.has(name))).toEqual([]);
  });

  it('leave prism-admin out where nobody scrapes it', () => {
    const asked = alertsOf(3, false).flatMap(({ expr }) => seriesIn(`${expr}`));
    expect(asked.filter((name) => !name.startsWith('prism_cluster_'))).toEqual([]);
  });

  it('say of which cluster they are', () => {
    for (const { labels } of alertsOf(3)) expect(labels).toMatchObject({ namespace: 'shop', prism_cluster: 'orders' });
  });
});

const member = (ordinal: number) =>
  `{namespace="shop",job="prism-admin",app_kubernetes_io_instance="orders",pod="orders-prism-admin-${ordinal}"}`;
const up = (ordinal: number) => `up${member(ordinal)}`;
const state = (ordinal: number) => `prism_admin_raft_state${member(ordinal)}`;
const about = 'cluster="orders",namespace="shop"';

interface Series {
  readonly series: string;
  /** Of one minute each, in the words of promtool. */
  readonly values: string;
}

/** Three members that answer, of which one leads, and a cluster that runs. */
const fine: readonly Series[] = [
  ...[1, 2, 3].map((ordinal) => ({ series: up(ordinal), values: '1x60' })),
  ...[1, 2, 3].map((ordinal) => ({ series: state(ordinal), values: ordinal === 2 ? '2x60' : '0x60' })),
  { series: `prism_cluster_phase{${about},phase="running"}`, values: '1x60' },
  { series: `prism_cluster_phase{${about},phase="degraded"}`, values: '0x60' },
  { series: `prism_cluster_components_ready{${about},component="proxy"}`, values: '1x60' },
  { series: `prism_cluster_patterns_ready{${about},pattern="keyvalue"}`, values: '1x60' },
];

/** The same, but for some series; an empty text takes one away. */
function but(changed: Readonly<Record<string, string>>): readonly Series[] {
  const others = fine.filter(({ series }) => changed[series] === undefined);
  const added = Object.entries(changed).map(([series, values]) => ({ series, values }));
  return [...others, ...added.filter(({ values }) => values !== '')];
}

/** The same as another Prometheus has it, which gives `namespace` the place of the operator. */
function renamed(series: readonly Series[]): readonly Series[] {
  return series.map((each) => ({
    ...each,
    series: each.series.replace(about, 'cluster="orders",namespace="prism-system",exported_namespace="shop"'),
  }));
}

const degraded = but({
  [`prism_cluster_phase{${about},phase="running"}`]: '0x60',
  [`prism_cluster_phase{${about},phase="degraded"}`]: '1x60',
});

const neighbour = fine.map(({ series, values }) => ({
  series: series.replace('"orders"', '"orders-2"').replace('"shop"', '"lab"'),
  values: values.replace(/^[12]x/, '0x'),
}));

interface Case {
  readonly what: string;
  readonly series: readonly Series[];
  readonly fires: readonly string[];
}

const cases: readonly Case[] = [
  { what: 'all is well', series: fine, fires: [] },
  { what: 'another cluster is in trouble', series: [...fine, ...neighbour], fires: [] },
  { what: 'one member of three is away', series: but({ [up(1)]: '0x60', [state(1)]: '' }), fires: [] },
  {
    what: 'two members of three are away',
    series: but({ [up(1)]: '0x60', [state(1)]: '', [up(3)]: '', [state(3)]: '' }),
    fires: ['PrismAdminQuorumLost'],
  },
  { what: 'no member is scraped at all', series: fine.slice(6), fires: ['PrismAdminQuorumLost'] },
  { what: 'nobody leads', series: but({ [state(2)]: '1x60' }), fires: ['PrismAdminNoLeader'] },
  { what: 'two lead', series: but({ [state(1)]: '2x60' }), fires: ['PrismAdminNoLeader'] },
  {
    what: 'the leader changes all the time',
    series: but({ [`prism_admin_raft_leader_changes_total${member(1)}`]: '0+2x60' }),
    fires: ['PrismAdminLeaderFlapping'],
  },
  {
    what: 'a leader counts elections up, as it does',
    series: but({ [`prism_admin_raft_leader_elections_total${member(2)}`]: '0+12x60' }),
    fires: [],
  },
  {
    what: 'writes fail',
    series: but({ [`prism_admin_raft_proposals_failed_total${member(2)}`]: '0+1x60' }),
    fires: ['PrismAdminProposalsFailing'],
  },
  {
    what: 'followers cannot pass writes on',
    series: but({
      [`prism_admin_admin_forwarded_requests_total${member(1).replace('}', ',status="error",rpc_method="CreateNamespace"}')}`]:
        '0+1x60',
    }),
    fires: ['PrismAdminForwardsFailing'],
  },
  {
    what: 'followers lose heartbeats, as they do',
    series: but({
      [`prism_admin_admin_forwarded_requests_total${member(1).replace('}', ',status="error",rpc_method="Heartbeat"}')}`]:
        '0+1x60',
    }),
    fires: [],
  },
  { what: 'the cluster is degraded', series: degraded, fires: ['PrismClusterNotReady'] },
  { what: 'the cluster is degraded, by another label', series: renamed(degraded), fires: ['PrismClusterNotReady'] },
  {
    what: 'one of the same name is degraded, and the operator is in the namespace of this one',
    series: [
      ...renamed(fine),
      {
        series: 'prism_cluster_phase{cluster="orders",namespace="shop",exported_namespace="lab",phase="degraded"}',
        values: '1x60',
      },
    ],
    fires: [],
  },
  {
    what: 'a proxy is missing',
    series: but({ [`prism_cluster_components_ready{${about},component="proxy"}`]: '0x60' }),
    fires: ['PrismProxyDown'],
  },
  {
    what: 'a backend is missing, of which the phase tells',
    series: but({ [`prism_cluster_components_ready{${about},component="redis"}`]: '0x60' }),
    fires: [],
  },
  {
    what: 'a pattern is missing',
    series: but({ [`prism_cluster_patterns_ready{${about},pattern="keyvalue"}`]: '0x60' }),
    fires: ['PrismPatternNotReady'],
  },
];

describe.skipIf(!hasPromtool)('promtool', () => {
  it.each([1, 3, 5])('finds nothing wrong with the rules of a cluster with %i members', (replicas) => {
    expect(complaintsOf('check', 'rules.yaml', { 'rules.yaml': { groups: groupsOf(replicas) } })).toBe('');
  });

  it('sees the alerts fire that are meant to, and no others', () => {
    const names = alertsOf(3).flatMap((rule) => ('alert' in rule ? [rule.alert] : []));
    const expression = (name: string) => `count by (alertname) (ALERTS{alertname="${name}",alertstate="firing"})`;
    const tests = cases.map(({ what, series, fires }) => ({
      ...{ name: what, interval: '1m', input_series: series },
      promql_expr_test: names.map((name) => ({
        ...{ expr: expression(name), eval_time: '30m' },
        exp_samples: fires.includes(name) ? [{ labels: `{alertname="${name}"}`, value: 1 }] : [],
      })),
    }));
    const files = {
      'rules.yaml': { groups: groupsOf(3) },
      'tests.yaml': { rule_files: ['rules.yaml'], evaluation_interval: '1m', tests },
    };
    expect(complaintsOf('test', 'tests.yaml', files)).toBe('');
  });
});
