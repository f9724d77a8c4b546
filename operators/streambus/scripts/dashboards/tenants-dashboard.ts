import { assemble } from './assemble.ts';
import type { GrafanaDashboard } from './grafana-dashboard.ts';
import type { Section } from './lay-out.ts';
import { note } from './note.ts';
import { inNamespace, itsBackends, itsFrontends, itsPods, rate } from './selectors.ts';
import { stat } from './stat.ts';
import { stateTimeline } from './state-timeline.ts';
import { badFrom, worseFrom } from './thresholds.ts';
import { timeSeries } from './time-series.ts';
import { clusterVariables } from './variables.ts';

/** What the proxies count of clients: a series of theirs, without its prefix, over all brokers or for each. */
function clients(series: string): string {
  return `haproxy_frontend_${series}{${itsFrontends}}`;
}

/** How often something happens, for each broker, per second. */
function perBroker(series: string): string {
  return `sum by (pod) (rate(${clients(series)}${rate}))`;
}

/** The same for all brokers together, over the last five minutes. */
function together(series: string): string {
  return `sum(rate(${clients(series)}[5m]))`;
}

/** Taken, but neither let in nor refused. */
const failedHandshakes = ['sessions_total', 'denied_sessions_total', 'denied_connections_total'].reduce(
  (rest, series) => `${rest} - ${perBroker(series)}`,
  perBroker('connections_total'),
);

const now: Section = {
  title: 'Now',
  panels: [
    stat({
      title: 'Connections',
      description: 'Open to the proxies of the cluster, all tenants together.',
      queries: [{ expr: `sum(${clients('current_sessions')})` }],
      noValue: 'No proxy',
    }),
    stat({
      title: 'Fullest broker',
      description:
        'Its connections as a share of what its proxy takes. Tenants and brokers may have lower limits of their own, see refused clients.',
      queries: [
        {
          expr: `max(${clients('current_sessions')} / ${clients('limit_sessions')})`,
        },
      ],
      unit: 'percentunit',
      decimals: 0,
      thresholds: worseFrom(0.8, 0.95),
      noValue: 'No proxy',
    }),
    stat({
      title: 'Refused',
      description:
        'Clients per minute, over the last five: their name is not allowed, or their tenant or the broker has all the connections it may have.',
      queries: [{ expr: `(${together('denied_sessions_total')} + ${together('denied_connections_total')}) * 60` }],
      unit: 'cpm',
      decimals: 1,
      thresholds: worseFrom(0.1, 60),
      noValue: 'No proxy',
    }),
    stat({
      title: 'Incoming',
      description: 'From clients, all tenants together.',
      queries: [{ expr: together('bytes_in_total') }],
      unit: 'binBps',
      noValue: 'No proxy',
    }),
    stat({
      title: 'Outgoing',
      description: 'To clients, all tenants together.',
      queries: [{ expr: together('bytes_out_total') }],
      unit: 'binBps',
      noValue: 'No proxy',
    }),
    stat({
      title: 'Brokers with a proxy',
      description:
        'Proxies that Prometheus reaches. 0: the cluster has none, or nothing scrapes port 8404 of its pods.',
      queries: [{ expr: `count(haproxy_frontend_status{${itsFrontends}, state="UP"} == 1)` }],
    }),
    note({
      title: 'What is not here',
      height: 7,
      lines: [
        'Tenants are told apart by the name (CN) in their client certificate, by the proxy in front of each broker. **HAProxy exports no series by certificate**: everything here is the sum of all tenants of a cluster.',
        '',
        '- Who was refused: the log of the proxy has a line for each connection that failed, with the address of the client; `tenant=` stands in the lines of those let in.',
        '- Effective quotas, and which of them are enforced: the status of the StreamBusCluster and its condition `TenancyEnforced`.',
        '- Bandwidth limits slow a tenant down and count nowhere: a tenant at its limit shows as a flat line of bytes.',
        '- Limits hold for each broker by itself. Topics, storage and rates of messages of a tenant are measured by nobody: brokers export no series.',
      ],
    }),
  ],
};

const connections: Section = {
  title: 'Connections',
  panels: [
    timeSeries({
      title: 'Open connections',
      description: 'By broker. Clients stay with one broker, so that they need not be equal.',
      queries: [
        { expr: `sum by (pod) (${clients('current_sessions')})`, legend: '{{pod}}' },
        { expr: `min(${clients('limit_sessions')})`, legend: 'a proxy takes' },
      ],
    }),
    timeSeries({
      title: 'Tenants seen',
      description:
        'Names of certificates that connected to each broker and were let in within the last half hour. Only with spec.multiTenancy.',
      queries: [{ expr: `max by (pod) (haproxy_sticktable_used{${itsPods}, name="tenants"})`, legend: '{{pod}}' }],
      noValue: 'No tenants',
    }),
    timeSeries({
      title: 'Most connections at once',
      description: 'Since the proxy of each broker started: how near it came to what it takes.',
      queries: [{ expr: `max by (pod) (${clients('max_sessions')})`, legend: '{{pod}}' }],
    }),
    timeSeries({
      title: 'New connections',
      description:
        'Taken, by broker, whether or not they are let in. Many more than usual: clients that come back at once after being refused.',
      queries: [{ expr: perBroker('connections_total'), legend: '{{pod}}' }],
      unit: 'ops',
    }),
  ],
};

const refusals: Section = {
  title: 'Refused clients',
  panels: [
    timeSeries({
      title: 'Refused by name or limit',
      description:
        'By broker. Name or tenant: the certificate is good, but its name is not allowed, or its tenant has all the connections it may have. Broker full: the broker has all the connections it may have.',
      queries: [
        { expr: perBroker('denied_sessions_total'), legend: '{{pod}} name or tenant' },
        { expr: perBroker('denied_connections_total'), legend: '{{pod}} broker full' },
      ],
      unit: 'ops',
    }),
    timeSeries({
      title: 'Failed handshakes',
      description:
        'By broker: connections that were taken and neither let in nor refused. No certificate or one of another CA, TLS below 1.2, or a probe of the port. After a rotation of the CA: clients that still have an old certificate.',
      queries: [{ expr: `clamp_min(${failedHandshakes}, 0)`, legend: '{{pod}}' }],
      unit: 'ops',
    }),
    timeSeries({
      title: 'Share refused',
      description: 'Of new connections in the last five minutes, all brokers together, by name or limit.',
      queries: [
        {
          expr: `(${together('denied_sessions_total')} + ${together('denied_connections_total')}) / (${together('connections_total')} > 0)`,
          legend: 'refused',
        },
      ],
      unit: 'percentunit',
      max: 1,
      thresholds: badFrom(0.5),
      noValue: 'No new connections',
    }),
  ],
};

const traffic: Section = {
  title: 'Traffic',
  panels: [
    timeSeries({
      title: 'From clients',
      description: 'What they produce, by broker, all tenants together.',
      queries: [{ expr: perBroker('bytes_in_total'), legend: '{{pod}}' }],
      unit: 'binBps',
      as: 'stacked',
    }),
    timeSeries({
      title: 'To clients',
      description: 'What they fetch, by broker, all tenants together.',
      queries: [{ expr: perBroker('bytes_out_total'), legend: '{{pod}}' }],
      unit: 'binBps',
      as: 'stacked',
    }),
    timeSeries({
      title: 'Connections from proxy to broker',
      description:
        'Open, and waiting for the broker to take them. Waiting ones: the broker is at its own limit (10,000) or does not answer.',
      queries: [
        { expr: `sum by (pod) (haproxy_backend_current_sessions{${itsBackends}})`, legend: '{{pod}} open' },
        { expr: `sum by (pod) (haproxy_backend_current_queue{${itsBackends}})`, legend: '{{pod}} waiting' },
      ],
    }),
  ],
};

const isolation: Section = {
  title: 'Proxies and quotas',
  panels: [
    stateTimeline({
      title: 'Broker behind its proxy',
      description: 'Whether the proxy of each pod finds its broker. Clients are closed at once while it does not.',
      queries: [{ expr: `max by (pod) (haproxy_server_status{${itsBackends}, state="UP"})`, legend: '{{pod}}' }],
      words: { good: 'Up', bad: 'Down' },
    }),
    timeSeries({
      title: 'CPU of proxies',
      description: 'Time that each proxy was not idle. TLS handshakes cost most: see new connections.',
      queries: [
        {
          expr: `1 - min by (pod) (haproxy_process_idle_time_percent{${itsPods}}) / 100`,
          legend: '{{pod}}',
        },
      ],
      unit: 'percentunit',
      max: 1,
      thresholds: badFrom(0.9),
    }),
    timeSeries({
      title: 'Resource quotas of the namespace',
      description: 'Used, as a share of what each ResourceQuota allows. At 100 % pods or claims are not made any more.',
      queries: [
        {
          expr: `kube_resourcequota{${inNamespace}, type="used"} / ignoring (type) (kube_resourcequota{${inNamespace}, type="hard"} > 0)`,
          legend: '{{resourcequota}}: {{resource}}',
        },
      ],
      unit: 'percentunit',
      thresholds: badFrom(0.9),
      noValue: 'No quotas',
    }),
  ],
};

/** What the clients and tenants of one cluster do, and what they are refused. */
export const tenantsDashboard: GrafanaDashboard = assemble({
  uid: 'streambus-tenants',
  title: 'StreamBus / Tenants',
  description: 'The clients of one StreamBus cluster as its proxies see them: connections, refusals, traffic, limits.',
  variables: clusterVariables,
  sections: [now, connections, refusals, traffic, isolation],
});
