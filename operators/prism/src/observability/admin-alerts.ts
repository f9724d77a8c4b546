import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { Alert } from './alert.ts';
import { adminSelector } from './series.ts';

/**
 * Alerts of what prism-admin says of itself. There is none of failing snapshots, as no series tells of them, and none of
 * `leader_elections_total`, which a leader counts up every five seconds.
 */
export function adminAlerts(cluster: PrismCluster): readonly Alert[] {
  const selector = adminSelector(cluster);
  return [...membersAlerts(cluster.spec.admin.replicas, selector), ...leaderAlerts(selector), ...writeAlerts(selector)];
}

function membersAlerts(members: number, selector: string): readonly Alert[] {
  const quorum = Math.floor(members / 2) + 1;
  return [
    {
      alert: 'PrismAdminQuorumLost',
      expr: `(sum(up{${selector}}) or vector(0)) < ${quorum}`,
      ...{ for: '2m', severity: 'critical' },
      summary: `prism-admin answers from {{ $value }} of ${members} pods, and ${quorum} of them are needed`,
      description:
        'No namespace can be written. Pods that still run stay Ready: see why the others do not (kubectl get pods -l app.kubernetes.io/component=prism-admin), and whether the NetworkPolicy lets Prometheus in.',
    },
  ];
}

function leaderAlerts(selector: string): readonly Alert[] {
  return [
    {
      alert: 'PrismAdminNoLeader',
      expr: `sum(prism_admin_raft_state{${selector}} == bool 2) != 1`,
      ...{ for: '1m', severity: 'critical' },
      summary: '{{ $value }} members of prism-admin say that they lead, and it should be one',
      description:
        'Without a leader no namespace can be written. See the condition AdminHealthy, the log of prism-admin, and whether its pods reach each other on the port of raft.',
    },
    {
      alert: 'PrismAdminLeaderFlapping',
      expr: `max(increase(prism_admin_raft_leader_changes_total{${selector}}[5m])) > 3`,
      ...{ for: '1m', severity: 'warning' },
      summary: 'the leader of prism-admin has changed {{ $value | humanize }} times in five minutes',
      description: 'Writes fail during each change. See whether its pods are short of CPU or their volumes are slow.',
    },
  ];
}

function writeAlerts(selector: string): readonly Alert[] {
  return [
    {
      alert: 'PrismAdminProposalsFailing',
      expr: `sum(increase(prism_admin_raft_proposals_failed_total{${selector}}[5m])) > 0`,
      ...{ for: '5m', severity: 'warning' },
      summary: 'writes to prism-admin fail',
      description: 'See the log of the member that leads, and whether its volume is full.',
    },
    {
      alert: 'PrismAdminForwardsFailing',
      // A follower loses every heartbeat that it passes on, and counts each as an error.
      expr: `sum(increase(prism_admin_admin_forwarded_requests_total{${selector},status="error",rpc_method!~".*Heartbeat"}[5m])) > 0`,
      ...{ for: '5m', severity: 'warning' },
      summary: 'members of prism-admin cannot pass writes on to the one that leads',
      description: 'See the condition AdminHealthy, and whether its pods reach each other on the port of gRPC.',
    },
  ];
}
