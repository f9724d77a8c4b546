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
        Type.Boolean({ description: `Create a ServiceMonitor for the Prometheus operator. ${listed}` }),
        false,
      ),
      interval: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 32,
          pattern: '^(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?$',
          description: `How often Prometheus asks, such as 30s. ${listed}`,
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
      Type.String({ minLength: 1, maxLength: 512, description: `Address of an OTLP collector, host:port. ${listed}` }),
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
    enabled: withDefault(Type.Boolean({ description: `Write an audit log. ${listed}` }), false),
    level: Type.Optional(
      Type.String({ minLength: 1, maxLength: 64, description: `How much is written, such as detailed. ${listed}` }),
    ),
  },
  { description: "Record of who did what. Today's broker writes none." },
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
