import { assemble } from './assemble.ts';
import type { GrafanaDashboard } from './grafana-dashboard.ts';
import type { Section } from './lay-out.ts';
import { note } from './note.ts';
import {
  inNamespace,
  itsBackends,
  itsClaims,
  itsDataClaims,
  itsFrontends,
  itsPods,
  itsRaftClaims,
  itsStatefulSet,
  rate,
} from './selectors.ts';
import { stat } from './stat.ts';
import { stateTimeline } from './state-timeline.ts';
import { badFrom, worseFrom, worthALookFrom } from './thresholds.ts';
import { timeSeries } from './time-series.ts';
import { clusterVariables } from './variables.ts';

const broker = 'container="streambus"';
/** What stands beside the broker in its pod: the container that outlives it, or the proxy and its agent. */
const beside = 'container!~"streambus|POD|"';

function usedShare(claims: string): string {
  return `kubelet_volume_stats_used_bytes{${claims}} / kubelet_volume_stats_capacity_bytes{${claims}}`;
}

const now: Section = {
  title: 'Now',
  panels: [
    stat({
      title: 'Brokers',
      description: 'Pods that are ready, and pods that are wanted.',
      queries: [
        { expr: `max(kube_statefulset_status_replicas_ready{${itsStatefulSet}})`, legend: 'ready' },
        { expr: `max(kube_statefulset_replicas{${itsStatefulSet}})`, legend: 'wanted' },
      ],
    }),
    stat({
      title: 'Not ready',
      description:
        'A cluster commits as long as more than half of its brokers work. A pod that is not ready for more than a minute while another broker leads is stuck: the condition of the StreamBusCluster says which and since when.',
      queries: [
        {
          expr: `max(kube_statefulset_replicas{${itsStatefulSet}}) - max(kube_statefulset_status_replicas_ready{${itsStatefulSet}})`,
        },
      ],
      thresholds: badFrom(1),
    }),
    stat({
      title: 'Still to restart',
      description:
        'Pods that do not have the newest template yet. They are restarted one at a time, about 30 s each, the raft leader last. It stays above 0: the roll-out is stuck, see the condition Progressing. The former spec rolls it back.',
      queries: [
        {
          expr: `max(kube_statefulset_replicas{${itsStatefulSet}}) - max(kube_statefulset_status_replicas_updated{${itsStatefulSet}})`,
        },
      ],
      thresholds: worthALookFrom(1),
    }),
    stat({
      title: 'Restarts in the last hour',
      description:
        'Of all containers in the pods of brokers. A restart that the operator orders is a new pod and does not count.',
      queries: [
        {
          expr: `sum(increase(kube_pod_container_status_restarts_total{${itsPods}}[1h])) + sum(increase(kube_pod_init_container_status_restarts_total{${itsPods}}[1h]) or vector(0))`,
        },
      ],
      decimals: 0,
      thresholds: worseFrom(1, 5),
    }),
    stat({
      title: 'Fullest volumes',
      description:
        'Brokers never delete messages: volumes only grow. At 85 %, raise spec.storage.size or spec.storage.raftSize, where the StorageClass can expand volumes.',
      queries: [
        { expr: `max(${usedShare(itsDataClaims)})`, legend: 'data' },
        { expr: `max(${usedShare(itsRaftClaims)})`, legend: 'raft' },
      ],
      unit: 'percentunit',
      decimals: 0,
      thresholds: worseFrom(0.75, 0.85),
      noValue: 'No data',
    }),
    stat({
      title: 'Pods that may be evicted',
      description:
        'What the PodDisruptionBudget allows now. At 0 a node with a broker is not drained: one broker is away already.',
      queries: [
        {
          expr: `max(kube_poddisruptionbudget_status_pod_disruptions_allowed{${inNamespace}, poddisruptionbudget="$cluster"})`,
        },
      ],
      noValue: 'No budget',
    }),
    note({
      title: 'What is not here',
      height: 6,
      lines: [
        'Brokers export no series of their own: their `/metrics` answers with a comment. Who leads, topics, messages and consumers cannot be shown, and a dashboard that shows `streambus_broker_*` or `streambus_messages_*` stays empty.',
        '',
        '- Who leads, and whether exactly one does: the conditions of the StreamBusCluster (`kubectl describe streambuscluster`); the operator asks the brokers.',
        '- Pods stay ready when the quorum is lost: ready says that a broker **once** had a leader.',
        '- Messages are not replicated: what is on the volume of a broker is nowhere else.',
      ],
    }),
  ],
};

const pods: Section = {
  title: 'Pods',
  panels: [
    stateTimeline({
      title: 'Ready',
      description:
        'Whether the client port of each broker is open. In a roll-out pods are away one after the other, for about 30 s each.',
      queries: [{ expr: `max by (pod) (kube_pod_status_ready{${itsPods}, condition="true"})`, legend: '{{pod}}' }],
      words: { good: 'Ready', bad: 'Not ready' },
    }),
    timeSeries({
      title: 'Restarts of containers',
      description: 'By pod and container.',
      queries: [
        {
          expr: `sum by (pod, container) (increase(kube_pod_container_status_restarts_total{${itsPods}}${rate}))`,
          legend: '{{pod}} {{container}}',
        },
        {
          expr: `sum by (pod, container) (increase(kube_pod_init_container_status_restarts_total{${itsPods}}${rate}))`,
          legend: '{{pod}} {{container}}',
        },
      ],
      as: 'bars',
      noValue: 'None',
    }),
    timeSeries({
      title: 'Last exit code of brokers',
      description:
        '0: ended in order. 1: refused its configuration; the last state of the container says why. 2: ended while it started. 137: killed, because it did not end in time or used more memory than allowed (reason OOMKilled).',
      queries: [
        {
          expr: `max by (pod) (kube_pod_container_status_last_terminated_exitcode{${itsPods}, ${broker}})`,
          legend: '{{pod}}',
        },
      ],
      noValue: 'No broker has ended',
    }),
    timeSeries({
      title: 'Containers that wait',
      description:
        'By reason. ImagePullBackOff: the image does not exist or needs a Secret. CrashLoopBackOff: see the last exit code.',
      queries: [
        {
          expr: `sum by (pod, container, reason) (kube_pod_container_status_waiting_reason{${itsPods}})`,
          legend: '{{pod}} {{container}}: {{reason}}',
        },
      ],
      noValue: 'None waits',
    }),
    stateTimeline({
      title: 'Answers Prometheus',
      description:
        'Whether Prometheus reaches what it scrapes in each pod: the broker, the proxy, or both. It needs spec.observability.metrics.serviceMonitor. Brokers behind a NetworkPolicy are left out, unless spec.security.networkPolicy.adminFrom lets somebody in.',
      queries: [{ expr: `min by (pod) (up{${itsPods}})`, legend: '{{pod}}' }],
      words: { good: 'Answers', bad: 'Does not answer' },
    }),
    timeSeries({
      title: 'Pods by phase',
      description: 'Pending for long: no node has room, or a claim is not bound.',
      queries: [{ expr: `sum by (phase) (kube_pod_status_phase{${itsPods}}) > 0`, legend: '{{phase}}' }],
      as: 'stacked',
    }),
  ],
};

const storage: Section = {
  title: 'Storage',
  panels: [
    timeSeries({
      title: 'Data volumes',
      description: 'Used, by broker. They only grow. A broker that cannot write refuses messages.',
      queries: [{ expr: usedShare(itsDataClaims), legend: '{{persistentvolumeclaim}}' }],
      unit: 'percentunit',
      max: 1,
      thresholds: badFrom(0.85),
    }),
    timeSeries({
      title: 'Raft volumes',
      description: 'Used, by broker. A full one takes the broker out of the quorum.',
      queries: [{ expr: usedShare(itsRaftClaims), legend: '{{persistentvolumeclaim}}' }],
      unit: 'percentunit',
      max: 1,
      thresholds: badFrom(0.85),
    }),
    timeSeries({
      title: 'Full in',
      description:
        'If a volume goes on growing as it did in the last six hours. Volumes that do not grow are not shown.',
      queries: [
        {
          expr: `kubelet_volume_stats_available_bytes{${itsClaims}} / (deriv(kubelet_volume_stats_used_bytes{${itsClaims}}[6h]) > 0)`,
          legend: '{{persistentvolumeclaim}}',
        },
      ],
      unit: 's',
      noValue: 'No volume grows',
    }),
    timeSeries({
      title: 'Sizes',
      description: 'What claims ask for. Growth is carried out online, a shrink is refused.',
      queries: [
        {
          expr: `kube_persistentvolumeclaim_resource_requests_storage_bytes{${itsClaims}}`,
          legend: '{{persistentvolumeclaim}}',
        },
      ],
      unit: 'bytes',
    }),
    timeSeries({
      title: 'Claims by phase',
      description:
        'Pending: no volume could be made, see the events of the claim. Lost: its volume is gone, and so are its messages.',
      queries: [
        {
          expr: `sum by (phase) (kube_persistentvolumeclaim_status_phase{${itsClaims}}) > 0`,
          legend: '{{phase}}',
        },
      ],
      as: 'stacked',
    }),
    timeSeries({
      title: 'Inodes used',
      description: 'A share of those of the volume. Many small topics can use them up before the space.',
      queries: [
        {
          expr: `1 - kubelet_volume_stats_inodes_free{${itsClaims}} / kubelet_volume_stats_inodes{${itsClaims}}`,
          legend: '{{persistentvolumeclaim}}',
        },
      ],
      unit: 'percentunit',
      max: 1,
      thresholds: badFrom(0.85),
    }),
  ],
};

const resources: Section = {
  title: 'CPU, memory, network',
  panels: [
    timeSeries({
      title: 'CPU of brokers',
      description: 'Cores, by pod. A broker at rest takes about 0.01.',
      queries: [
        {
          expr: `sum by (pod) (rate(container_cpu_usage_seconds_total{${itsPods}, ${broker}}${rate}))`,
          legend: '{{pod}}',
        },
      ],
    }),
    timeSeries({
      title: 'CPU held back',
      description:
        'The share of periods in which a broker had used up its limit and stood still. Raft ticks every 0.1 s: much of this brings elections. Raise or remove the limit of CPU.',
      queries: [
        {
          expr: `sum by (pod) (rate(container_cpu_cfs_throttled_periods_total{${itsPods}, ${broker}}${rate})) / sum by (pod) (rate(container_cpu_cfs_periods_total{${itsPods}, ${broker}}${rate}))`,
          legend: '{{pod}}',
        },
      ],
      unit: 'percentunit',
      max: 1,
      thresholds: badFrom(0.25),
      noValue: 'No limit of CPU',
    }),
    timeSeries({
      title: 'Memory of brokers',
      description: 'What counts against the limit, by pod, and the limit. A broker at rest takes 15 to 30 MiB.',
      queries: [
        { expr: `sum by (pod) (container_memory_working_set_bytes{${itsPods}, ${broker}})`, legend: '{{pod}}' },
        {
          expr: `min(kube_pod_container_resource_limits{${itsPods}, ${broker}, resource="memory"})`,
          legend: 'limit',
        },
      ],
      unit: 'bytes',
    }),
    timeSeries({
      title: 'Memory beside brokers',
      description: 'Of the other containers in the pods: the one that outlives the broker, or the proxy and its agent.',
      queries: [
        {
          expr: `sum by (pod, container) (container_memory_working_set_bytes{${itsPods}, ${beside}})`,
          legend: '{{pod}} {{container}}',
        },
      ],
      unit: 'bytes',
    }),
    timeSeries({
      title: 'Received',
      description: 'By pod, all ports together: clients and raft.',
      queries: [
        { expr: `sum by (pod) (rate(container_network_receive_bytes_total{${itsPods}}${rate}))`, legend: '{{pod}}' },
      ],
      unit: 'binBps',
    }),
    timeSeries({
      title: 'Sent',
      description: 'By pod, all ports together: clients and raft.',
      queries: [
        { expr: `sum by (pod) (rate(container_network_transmit_bytes_total{${itsPods}}${rate}))`, legend: '{{pod}}' },
      ],
      unit: 'binBps',
    }),
  ],
};

const proxies: Section = {
  title: 'Proxies (clusters with TLS, client certificates or tenants)',
  panels: [
    stateTimeline({
      title: 'Broker behind its proxy',
      description: 'Whether the proxy of each pod finds its broker. The pod is not ready while it does not.',
      queries: [{ expr: `max by (pod) (haproxy_server_status{${itsBackends}, state="UP"})`, legend: '{{pod}}' }],
      words: { good: 'Up', bad: 'Down' },
    }),
    timeSeries({
      title: 'Connections of clients',
      description: 'Open, by broker. A client stays with one broker, so that they need not be equal.',
      queries: [{ expr: `sum by (pod) (haproxy_frontend_current_sessions{${itsFrontends}})`, legend: '{{pod}}' }],
    }),
    timeSeries({
      title: 'Trouble between proxy and broker',
      description: 'Connections to the broker that failed, and times it was found to have gone.',
      queries: [
        {
          expr: `sum by (pod) (increase(haproxy_server_connection_errors_total{${itsBackends}}${rate}))`,
          legend: '{{pod}} failed connections',
        },
        {
          expr: `sum by (pod) (increase(haproxy_server_check_up_down_total{${itsBackends}}${rate}))`,
          legend: '{{pod}} went away',
        },
      ],
      as: 'bars',
    }),
  ],
};

/** How the brokers of one cluster are doing. */
export const brokersDashboard: GrafanaDashboard = assemble({
  uid: 'streambus-brokers',
  title: 'StreamBus / Brokers',
  description: 'One StreamBus cluster: its pods, volumes, resources and proxies.',
  variables: clusterVariables,
  sections: [now, pods, storage, resources, proxies],
});
