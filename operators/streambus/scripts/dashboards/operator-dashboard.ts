import { assemble } from './assemble.ts';
import type { GrafanaDashboard } from './grafana-dashboard.ts';
import type { Section } from './lay-out.ts';
import { note } from './note.ts';
import { rate } from './selectors.ts';
import { stat } from './stat.ts';
import { badFrom, goodFrom, worseFrom } from './thresholds.ts';
import { timeSeries } from './time-series.ts';
import { operatorVariables } from './variables.ts';

/** The operator's series; those of controllers also carry the name of the controller. */
const own = 'namespace="$namespace"';
const controller = `${own}, controller="streambus-operator"`;
/** One series for each of its replicas. */
const replicas = `capstan_build_info{${own}, operator="streambus-operator"}`;

const now: Section = {
  title: 'Now',
  panels: [
    stat({
      title: 'Replicas that answer',
      description:
        'Replicas of the operator that Prometheus reaches. With none, clusters run on, but nobody repairs, rolls or scales them: look at the Deployment streambus-operator.',
      queries: [{ expr: `count(${replicas})` }],
      thresholds: goodFrom(1),
    }),
    stat({
      title: 'Leaders',
      description:
        'Replicas that hold the lease; it should be 1. It is 0 for some seconds while leadership passes over. 0 for longer: no replica can renew its lease, look at its log for requests that fail. An operator without --leader-elect tells nothing here.',
      queries: [{ expr: `sum(leader_election_master_status{${own}})` }],
      thresholds: {
        mode: 'absolute',
        steps: [
          { color: 'red', value: null },
          { color: 'green', value: 1 },
          { color: 'red', value: 2 },
        ],
      },
      noValue: 'No election',
    }),
    stat({
      title: 'Failed reconciliations',
      description:
        'Per minute, over the last five. Refused and failed ones. Which cluster, and why: the conditions of the StreamBusClusters, or the log of the operator.',
      queries: [{ expr: `sum(rate(streambus_operator_reconcile_errors_total{${own}}[5m])) * 60` }],
      unit: 'cpm',
      decimals: 1,
      thresholds: worseFrom(0.1, 5),
    }),
    stat({
      title: 'Refused in the last hour',
      description:
        'Reconciliations that ended in a refusal, which lasts until somebody edits the cluster. kubectl get streambusclusters -A shows the phase Failed; the condition Ready says what to change.',
      queries: [{ expr: `sum(increase(controller_runtime_terminal_reconcile_errors_total{${controller}}[1h]))` }],
      decimals: 0,
      thresholds: worseFrom(1, 10),
    }),
    stat({
      title: 'Oldest view',
      description:
        'Since the API server was last heard by the watch that is silent for longest. Above 300 s the operator works on an old view and says so in /readyz: look for trouble between it and the API server.',
      queries: [{ expr: `max(capstan_informer_age_seconds{${controller}})` }],
      unit: 's',
      thresholds: worseFrom(120, 300),
      noValue: 'No data',
    }),
    stat({
      title: 'Version',
      description: 'What runs, by replicas. Two versions at once: the Deployment rolls, or is stuck.',
      queries: [{ expr: `count by (version) (${replicas})`, legend: '{{version}}' }],
      noValue: 'No data',
    }),
  ],
};

const reconciliations: Section = {
  title: 'Reconciliations',
  panels: [
    timeSeries({
      title: 'Reconciliations',
      description:
        'All of them, and those that failed or were refused. A settled operator makes none: a rate that stays up with nobody editing is worth a look (capstan explain says what triggers them).',
      queries: [
        { expr: `sum(rate(streambus_operator_reconcile_total{${own}}${rate}))`, legend: 'all' },
        { expr: `sum(rate(streambus_operator_reconcile_errors_total{${own}}${rate}))`, legend: 'failed or refused' },
      ],
      unit: 'ops',
    }),
    timeSeries({
      title: 'How long they take',
      description: 'Quantiles of the duration of a reconciliation. The deadline is 120 s.',
      queries: [0.5, 0.95, 0.99].map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (le) (rate(streambus_operator_reconcile_duration_seconds_bucket{${own}}${rate})))`,
        legend: `${quantile * 100} %`,
      })),
      unit: 's',
      noValue: 'None took place',
    }),
    timeSeries({
      title: 'By result',
      description:
        'success: settled or waiting for events. requeue_after: will look again by itself, as during a roll-out. error: failed (tried again with growing pauses) or refused.',
      queries: [
        {
          expr: `sum by (result) (rate(controller_runtime_reconcile_total{${controller}}${rate}))`,
          legend: '{{result}}',
        },
      ],
      unit: 'ops',
      as: 'stacked',
    }),
    timeSeries({
      title: 'Busy workers',
      description:
        'Reconciliations under way, and how many may be. At the maximum for minutes: others wait (see the queue).',
      queries: [
        { expr: `sum(controller_runtime_active_workers{${controller}})`, legend: 'busy' },
        { expr: `max(controller_runtime_max_concurrent_reconciles{${controller}})`, legend: 'at most' },
      ],
    }),
    timeSeries({
      title: 'Cut off, and for nothing',
      description:
        'Cut off: a reconciliation ran into its deadline. For nothing: minutes in which a cluster was reconciled more than 60 times without a change; the log says what triggers it. Both should stay at 0.',
      queries: [
        {
          expr: `sum(increase(controller_runtime_reconcile_timeouts_total{${controller}}${rate}))`,
          legend: 'cut off',
        },
        { expr: `sum(increase(capstan_hot_loops_total{${controller}}${rate}))`, legend: 'for nothing' },
      ],
      as: 'bars',
    }),
    timeSeries({
      title: 'Longest under way',
      description:
        'How long the longest reconciliation under way has taken so far. Above 120 s something does not end.',
      queries: [{ expr: `max(workqueue_longest_running_processor_seconds{${controller}})`, legend: 'longest' }],
      unit: 's',
      thresholds: badFrom(120),
    }),
  ],
};

const queue: Section = {
  title: 'Queue',
  panels: [
    timeSeries({
      title: 'Waiting',
      description:
        'Clusters that could be reconciled now and wait for a worker. Growing for minutes: see busy workers.',
      queries: [{ expr: `sum(workqueue_depth{${controller}})`, legend: 'waiting' }],
    }),
    timeSeries({
      title: 'How long they wait',
      description:
        'Quantiles of the time between being due and being begun. Above a second: too few workers, or slow requests.',
      queries: [0.5, 0.99].map((quantile) => ({
        expr: `histogram_quantile(${quantile}, sum by (le) (rate(workqueue_queue_duration_seconds_bucket{${controller}}${rate})))`,
        legend: `${quantile * 100} %`,
      })),
      unit: 's',
      noValue: 'None waited',
    }),
    timeSeries({
      title: 'Asked for',
      description: 'Reconciliations asked for, and those of them asked for again after a failure.',
      queries: [
        { expr: `sum(rate(workqueue_adds_total{${controller}}${rate}))`, legend: 'asked for' },
        { expr: `sum(rate(workqueue_retries_total{${controller}}${rate}))`, legend: 'again after a failure' },
      ],
      unit: 'ops',
    }),
  ],
};

const children: Section = {
  title: 'What the operator writes',
  panels: [
    timeSeries({
      title: 'Children written',
      description:
        'By kind and by what was done. Updates that go on with nobody editing: somebody else changes them back.',
      queries: [
        {
          expr: `sum by (kind, action) (increase(capstan_child_writes_total{${controller}}${rate}))`,
          legend: '{{kind}} {{action}}',
        },
      ],
      as: 'bars',
      noValue: 'Nothing was written',
    }),
    timeSeries({
      title: 'Drift',
      description:
        'Repaired: somebody changed or deleted a child, and it was put right; the event DriftRepaired names them. Left alone: another manager keeps taking it back; the condition DriftContested names them.',
      queries: [
        {
          expr: `sum by (kind) (increase(capstan_drift_repaired_total{${controller}}${rate}))`,
          legend: '{{kind}} repaired',
        },
        {
          expr: `sum by (kind) (increase(capstan_contests_total{${controller}}${rate}))`,
          legend: '{{kind}} left alone',
        },
      ],
      as: 'bars',
      noValue: 'None',
    }),
    timeSeries({
      title: 'Writes that failed',
      description:
        'Of children, refused or lost, by kind. A permission is missing, a quota is used up, or an admission webhook says no.',
      queries: [
        {
          expr: `sum by (kind) (increase(capstan_child_failures_total{${controller}}${rate}))`,
          legend: '{{kind}}',
        },
      ],
      as: 'bars',
      noValue: 'None',
    }),
    timeSeries({
      title: 'Children found as wanted',
      description: 'Children that a reconciliation looked at and left alone, without a request.',
      queries: [{ expr: `sum(rate(capstan_writes_skipped_total{${controller}}${rate}))`, legend: 'as wanted' }],
      unit: 'ops',
    }),
    timeSeries({
      title: 'Status writes',
      description:
        'Of the status of StreamBusClusters. A rate that stays up with nothing happening is a fault of the operator.',
      queries: [{ expr: `sum(increase(capstan_status_writes_total{${controller}}${rate}))`, legend: 'writes' }],
      as: 'bars',
    }),
  ],
};

const server: Section = {
  title: 'API server and caches',
  panels: [
    timeSeries({
      title: 'Requests',
      description:
        'By method and status. A settled operator only renews its lease (PUT or PATCH) and opens watches anew (GET). 403: a permission is missing. 5.. or <error>: the API server is in trouble or out of reach.',
      queries: [
        {
          expr: `sum by (method, code) (rate(rest_client_requests_total{${own}}${rate}))`,
          legend: '{{method}} {{code}}',
        },
      ],
      unit: 'reqps',
    }),
    timeSeries({
      title: 'How long requests take',
      description:
        '99 % take less, by verb, repetitions included. Above a second: the API server is slow or refuses for now.',
      queries: [
        {
          expr: `histogram_quantile(0.99, sum by (le, verb) (rate(rest_client_request_duration_seconds_bucket{${own}}${rate})))`,
          legend: '{{verb}}',
        },
      ],
      unit: 's',
      noValue: 'No requests',
    }),
    timeSeries({
      title: 'Age of what is known',
      description:
        'Since the API server was last heard, by kind. It says something about every minute, also when nothing happens.',
      queries: [{ expr: `max by (kind) (capstan_informer_age_seconds{${controller}})`, legend: '{{kind}}' }],
      unit: 's',
      thresholds: badFrom(300),
    }),
    timeSeries({
      title: 'Objects in memory',
      description: 'By kind. Far more than there should be: other namespaces are watched than meant.',
      queries: [{ expr: `max by (kind) (capstan_informer_objects{${controller}})`, legend: '{{kind}}' }],
    }),
    timeSeries({
      title: 'Lists begun anew',
      description:
        'Complete snapshots, by reason. Start is usual; others that come often: watches do not hold, or the API server forgets early.',
      queries: [
        {
          expr: `sum by (reason) (increase(capstan_informer_relists_total{${controller}}${rate}))`,
          legend: '{{reason}}',
        },
      ],
      as: 'bars',
      noValue: 'None',
    }),
    timeSeries({
      title: 'Caches that are not complete',
      description:
        'Kinds whose first list has not come yet. Above 0 for minutes after a start: the log says which kind and why.',
      queries: [{ expr: `sum(1 - capstan_informer_synced{${controller}})`, legend: 'incomplete' }],
      thresholds: badFrom(1),
    }),
  ],
};

const process: Section = {
  title: 'Process',
  panels: [
    timeSeries({
      title: 'Memory',
      description: 'Resident, by replica. The Deployment as shipped allows 256 MiB.',
      queries: [
        {
          expr: `process_resident_memory_bytes{${own}} and on (instance) ${replicas}`,
          legend: '{{pod}}',
        },
      ],
      unit: 'bytes',
      thresholds: badFrom(256 * 1024 ** 2),
    }),
    timeSeries({
      title: 'CPU',
      description: 'Cores, by replica. JavaScript runs on one: near 1 for minutes, everything waits.',
      queries: [
        {
          expr: `rate(process_cpu_seconds_total{${own}}${rate}) and on (instance) ${replicas}`,
          legend: '{{pod}}',
        },
      ],
      thresholds: badFrom(0.9),
    }),
    timeSeries({
      title: 'Event loop',
      description:
        '99 % of the time it was late by less than this. Above half a second, the lease and the probes are in danger.',
      queries: [
        {
          expr: `nodejs_eventloop_lag_p99_seconds{${own}} and on (instance) ${replicas}`,
          legend: '{{pod}}',
        },
      ],
      unit: 's',
      thresholds: badFrom(0.5),
    }),
    note({
      title: 'Where these series come from',
      height: 4,
      lines: [
        'Everything here is exported by the operator on port `metrics` (8080) at `/metrics`. It needs the label `namespace`, and `pod` for the names of replicas, as the Prometheus operator adds them.',
        '',
        'No series carries the name of a cluster, so that their number does not grow with the clusters. What a single cluster needs is in its conditions: `kubectl describe streambuscluster <name>`.',
      ],
    }),
  ],
};

/** How the operator itself is doing. */
export const operatorDashboard: GrafanaDashboard = assemble({
  uid: 'streambus-operator',
  title: 'StreamBus / Operator',
  description: 'Whether the StreamBus operator works, what it does, and what keeps it from it.',
  variables: operatorVariables,
  sections: [now, reconciliations, queue, children, server, process],
});
