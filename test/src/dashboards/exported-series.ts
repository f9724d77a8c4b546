/** A series as its exporter documents it. */
export interface ExportedSeries {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  /** Without those that Prometheus adds as it scrapes. */
  readonly labels: readonly string[];
}

/** Series of one exporter, those that dashboards use. */
export interface Exporter {
  /** Where they are documented. */
  readonly source: string;
  /** What Prometheus adds: where it asks each pod by itself, namespace and pod. */
  readonly addedLabels: readonly string[];
  readonly series: readonly ExportedSeries[];
}

const kubeStateMetrics = 'https://github.com/kubernetes/kube-state-metrics/blob/main/docs/metrics';
const podOf = ['namespace', 'pod', 'uid'] as const;
const containerOf = ['namespace', 'pod', 'uid', 'container'] as const;
const claimOf = ['namespace', 'persistentvolumeclaim'] as const;
const statefulSetOf = ['namespace', 'statefulset'] as const;

function gauges(names: readonly string[], labels: readonly string[]): readonly ExportedSeries[] {
  return names.map((name) => ({ name, type: 'gauge', labels }));
}

function counters(names: readonly string[], labels: readonly string[]): readonly ExportedSeries[] {
  return names.map((name) => ({ name, type: 'counter', labels }));
}

/** What everything in a cluster exports, as far as dashboards use it; a name that is not here is a mistake. */
export const exporters: Readonly<Record<string, Exporter>> = {
  statefulSets: {
    source: `${kubeStateMetrics}/workload/statefulset-metrics.md`,
    addedLabels: [],
    series: gauges(
      [
        'kube_statefulset_replicas',
        'kube_statefulset_status_replicas_ready',
        'kube_statefulset_status_replicas_updated',
      ],
      statefulSetOf,
    ),
  },
  pods: {
    source: `${kubeStateMetrics}/workload/pod-metrics.md`,
    addedLabels: [],
    series: [
      ...counters(
        ['kube_pod_container_status_restarts_total', 'kube_pod_init_container_status_restarts_total'],
        containerOf,
      ),
      ...gauges(['kube_pod_container_status_last_terminated_exitcode'], containerOf),
      ...gauges(['kube_pod_container_status_waiting_reason'], [...containerOf, 'reason']),
      ...gauges(['kube_pod_container_resource_limits'], [...containerOf, 'node', 'resource', 'unit']),
      ...gauges(['kube_pod_status_phase'], [...podOf, 'phase']),
      ...gauges(['kube_pod_status_ready'], [...podOf, 'condition']),
    ],
  },
  claims: {
    source: `${kubeStateMetrics}/storage/persistentvolumeclaim-metrics.md`,
    addedLabels: [],
    series: [
      ...gauges(['kube_persistentvolumeclaim_info'], [...claimOf, 'storageclass', 'volumename', 'volumemode']),
      ...gauges(['kube_persistentvolumeclaim_resource_requests_storage_bytes'], claimOf),
      ...gauges(['kube_persistentvolumeclaim_status_phase'], [...claimOf, 'phase']),
    ],
  },
  budgets: {
    source: `${kubeStateMetrics}/policy/poddisruptionbudget-metrics.md`,
    addedLabels: [],
    series: gauges(['kube_poddisruptionbudget_status_pod_disruptions_allowed'], ['namespace', 'poddisruptionbudget']),
  },
  quotas: {
    source: `${kubeStateMetrics}/policy/resourcequota-metrics.md`,
    addedLabels: [],
    series: gauges(['kube_resourcequota'], ['namespace', 'resourcequota', 'resource', 'type']),
  },
  kubelet: {
    source: 'https://kubernetes.io/docs/reference/instrumentation/metrics/',
    addedLabels: [],
    series: gauges(
      ['available_bytes', 'capacity_bytes', 'used_bytes', 'inodes', 'inodes_free'].map(
        (what) => `kubelet_volume_stats_${what}`,
      ),
      claimOf,
    ),
  },
  containers: {
    source: 'https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md',
    // Those of the container runtime come with the labels of the pod from the kubelet, as of Kubernetes 1.16.
    addedLabels: [],
    series: [
      ...counters(
        [
          'container_cpu_usage_seconds_total',
          'container_cpu_cfs_periods_total',
          'container_cpu_cfs_throttled_periods_total',
        ],
        ['namespace', 'pod', 'container', 'image', 'name', 'id'],
      ),
      ...gauges(['container_memory_working_set_bytes'], ['namespace', 'pod', 'container', 'image', 'name', 'id']),
      ...counters(
        ['container_network_receive_bytes_total', 'container_network_transmit_bytes_total'],
        ['namespace', 'pod', 'interface', 'image', 'name', 'id'],
      ),
    ],
  },
  haproxy: {
    source: 'https://github.com/haproxy/haproxy/blob/master/addons/promex/README',
    addedLabels: ['namespace', 'pod'],
    series: [
      ...gauges(
        ['current_sessions', 'max_sessions', 'limit_sessions'].map((what) => `haproxy_frontend_${what}`),
        ['proxy'],
      ),
      ...counters(
        [
          'sessions_total',
          'connections_total',
          'bytes_in_total',
          'bytes_out_total',
          'denied_connections_total',
          'denied_sessions_total',
        ].map((what) => `haproxy_frontend_${what}`),
        ['proxy'],
      ),
      ...gauges(['haproxy_frontend_status'], ['proxy', 'state']),
      ...gauges(['haproxy_backend_current_sessions', 'haproxy_backend_current_queue'], ['proxy']),
      ...gauges(['haproxy_server_status'], ['proxy', 'server', 'state']),
      ...counters(
        ['haproxy_server_connection_errors_total', 'haproxy_server_check_up_down_total'],
        ['proxy', 'server'],
      ),
      ...gauges(['haproxy_process_idle_time_percent'], []),
      ...gauges(['haproxy_sticktable_used'], ['name', 'type']),
    ],
  },
  prometheus: {
    source: 'https://prometheus.io/docs/concepts/jobs_instances/',
    addedLabels: ['namespace', 'pod'],
    series: gauges(['up'], []),
  },
};
