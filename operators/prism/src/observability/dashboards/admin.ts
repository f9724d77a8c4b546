import type { PrismCluster } from '../../api/v1alpha1/prism-cluster.ts';
import { adminSelector } from '../series.ts';
import type { Section } from './dashboard.ts';
import { timeSeries } from './panel.ts';

/** The range over which a rate is meaningful, however often Prometheus asks. */
const range = '[$__rate_interval]';

/** What prism-admin says of itself. */
export function adminSection(cluster: PrismCluster): Section {
  const selector = adminSelector(cluster);
  return { title: 'prism-admin', panels: [...raftPanels(selector), ...contentsPanels(selector)] };
}

function raftPanels(selector: string) {
  const rate = (name: string) => `rate(prism_admin_raft_${name}{${selector}}${range})`;
  return [
    timeSeries({
      title: 'Raft state',
      description: 'By member. 0 follows, 1 is a candidate, 2 leads, 3 has stopped.',
      queries: [{ expr: `max by (pod) (prism_admin_raft_state{${selector}})`, legend: '{{pod}}' }],
      unit: 'none',
    }),
    timeSeries({
      title: 'Changes of leader',
      description:
        'Writes fail for a second or two during each. More than three in five minutes: short of CPU, slow volumes.',
      queries: [
        { expr: `max(increase(prism_admin_raft_leader_changes_total{${selector}}[5m]))`, legend: 'in five minutes' },
      ],
    }),
    timeSeries({
      title: 'Proposals',
      description: 'Writes to the raft log, and those that failed.',
      queries: [
        { expr: `sum(${rate('proposals_total')})`, legend: 'all' },
        { expr: `sum(${rate('proposals_failed_total')})`, legend: 'failed' },
      ],
      unit: 'ops',
    }),
    timeSeries({
      title: 'Duration of proposals',
      description: 'On average. A follower that is far away, or a slow volume, makes it long.',
      queries: [
        {
          expr: `sum(${rate('proposal_duration_seconds_sum')}) / sum(${rate('proposal_duration_seconds_count')})`,
          legend: 'average',
        },
      ],
      unit: 's',
      noValue: 'No proposals',
    }),
  ];
}

function contentsPanels(selector: string) {
  const gauges = ['namespaces', 'proxies', 'launchers', 'patterns'];
  return [
    timeSeries({
      title: 'What prism-admin knows',
      description:
        'Namespaces, and who registered. A fall of the namespaces means that they are lost: prism-admin deletes none.',
      queries: gauges.map((gauge) => ({ expr: `max(prism_admin_admin_${gauge}_total{${selector}})`, legend: gauge })),
    }),
    timeSeries({
      title: 'Requests passed on to the leader',
      description:
        'By call and end. Heartbeats that a follower passes on are always lost: register with the leader, or ignore them.',
      queries: [
        {
          expr: `sum by (rpc_method, status) (rate(prism_admin_admin_forwarded_requests_total{${selector}}${range}))`,
          legend: '{{rpc_method}}: {{status}}',
        },
      ],
      unit: 'ops',
      noValue: 'None: a single member, or no writes',
    }),
  ];
}
