import type { Feed } from '../feed.ts';
import type { MetricSet } from '../observe/metrics/meter.ts';
import type { WebhookCall } from './webhook-endpoints.ts';

/** From half a millisecond to the 5 s after which the API server gives up. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** `controller_runtime_webhook_*`, as controller-runtime has them, and how calls ended for the objects. */
export function webhookMetrics(calls: Feed<WebhookCall>): MetricSet {
  return ({ prometheus: { Counter, Histogram }, registry }) => {
    const requests = new Counter({
      name: 'controller_runtime_webhook_requests_total',
      help: 'Total number of admission requests by HTTP status code.',
      labelNames: ['webhook', 'code'],
      registers: [registry],
    });
    const latency = new Histogram({
      name: 'controller_runtime_webhook_latency_seconds',
      help: 'Histogram of the latency of processing admission requests',
      labelNames: ['webhook'],
      buckets,
      registers: [registry],
    });
    const outcomes = new Counter({
      name: 'capstan_webhook_outcomes_total',
      help: 'How calls of webhooks ended for the object: allowed, denied, or failed in the code of the webhook.',
      labelNames: ['webhook', 'outcome'],
      registers: [registry],
    });
    return calls.subscribe(({ webhook, code, outcome, durationMs }) => {
      requests.inc({ webhook, code: String(code) });
      latency.observe({ webhook }, durationMs / 1_000);
      outcomes.inc({ webhook, outcome });
    });
  };
}
