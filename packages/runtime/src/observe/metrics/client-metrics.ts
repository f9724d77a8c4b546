import type { MetricSet } from './meter.ts';

/** Those of component-base. */
const buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** What client-go calls the status of a request that got no answer. */
const noAnswer = '<error>';

/** `rest_client_*`, as client-go has them: each request sent, repetitions included, and how long calls took. */
export const clientMetrics: MetricSet = ({ prometheus: { Counter, Histogram }, registry, context }) => {
  const { host } = new URL(context.connection.server);
  const requests = new Counter({
    name: 'rest_client_requests_total',
    help: 'Number of HTTP requests, partitioned by status code, method, and host.',
    labelNames: ['code', 'method', 'host'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'rest_client_request_duration_seconds',
    help: 'Request latency in seconds. Broken down by verb, and host.',
    labelNames: ['verb', 'host'],
    buckets,
    registers: [registry],
  });
  return context.calls.subscribe(({ method, status, setbacks, durationMs }) => {
    for (const code of [...setbacks, status]) requests.inc({ code: String(code ?? noAnswer), method, host });
    duration.observe({ verb: method, host }, durationMs / 1_000);
  });
};
