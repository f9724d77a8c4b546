import { stringEnum, Type, withDefault } from '@capstan/crd';
import { logLevels } from './config.ts';

const listed = 'No effect yet: listed in condition UnsupportedFields.';

const metrics = withDefault(
  Type.Object(
    {
      enabled: withDefault(
        Type.Boolean({
          description:
            "Serve metrics. Today's broker answers /metrics on httpPort with a comment and no series; false is listed in condition UnsupportedFields.",
        }),
        true,
      ),
      serviceMonitor: withDefault(
        Type.Boolean({
          description:
            'Create a ServiceMonitor, where the Prometheus operator is installed (condition OptionalKindsMissing says where not). The proxies of a secured cluster have many series; the broker itself has none yet, so it only shows as up. Where the brokers are fenced, name your Prometheus in spec.security.networkPolicy.adminFrom, or only proxies are scraped.',
        }),
        false,
      ),
      interval: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 32,
          pattern: '^(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?$',
          description: 'How often Prometheus asks, such as 30s; part of the ServiceMonitor.',
        }),
      ),
      perTenantMetrics: Type.Optional(Type.Boolean({ description: `Metrics with the tenant as a label. ${listed}` })),
    },
    { description: 'Metrics of the brokers.' },
  ),
  {},
);

const tracing = Type.Object(
  {
    enabled: withDefault(Type.Boolean({ description: `Send traces. ${listed}` }), false),
    endpoint: Type.Optional(
      Type.String({ maxLength: 512, description: `Address of an OTLP collector, host:port. ${listed}` }),
    ),
    samplingRate: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1, description: `Share of requests that are traced. ${listed}` }),
    ),
    includeTenantId: Type.Optional(Type.Boolean({ description: `Put the tenant into spans. ${listed}` })),
  },
  { description: "Distributed tracing. Today's broker sends no spans." },
);

const auditLog = Type.Object(
  {
    enabled: withDefault(
      Type.Boolean({
        description:
          'Record who connected, when, for how long and with how many bytes: the log of the proxy, where spec.security.tls brings one. Otherwise nobody writes it: see condition SecurityEnforced.',
      }),
      false,
    ),
    level: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description:
          'How much is written, such as detailed: what clients did, which nobody records. See condition SecurityEnforced.',
      }),
    ),
  },
  { description: 'Record of who connected.' },
);

const logging = Type.Object(
  {
    level: Type.Optional(
      stringEnum(logLevels, {
        description: 'Log level of the brokers; goes before config.logLevel. A change rolls the brokers.',
      }),
    ),
    format: Type.Optional(
      stringEnum(['json', 'text'], {
        description: `Format of log lines. ${listed} The broker writes JSON and plain lines side by side.`,
      }),
    ),
    includeTenantContext: Type.Optional(Type.Boolean({ description: `Put the tenant into log lines. ${listed}` })),
    auditLog: Type.Optional(auditLog),
  },
  { description: 'Logs of the brokers.' },
);

/** What the brokers tell about themselves. */
export const observability = withDefault(
  Type.Object(
    { metrics, tracing: Type.Optional(tracing), logging: Type.Optional(logging) },
    { description: 'Metrics, traces and logs.' },
  ),
  {},
);
