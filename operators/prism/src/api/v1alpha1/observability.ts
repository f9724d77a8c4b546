import { rule, Type, withDefault } from '@capstan/crd';
import { labelValues } from './scalars.ts';

const prometheus = Type.Object(
  {
    enabled: withDefault(
      Type.Boolean({
        description:
          'Create ServiceMonitors for what serves metrics, where the Prometheus operator is installed (condition OptionalKindsMissing says where not).',
      }),
      true,
    ),
    scrapeInterval: withDefault(
      Type.String({
        minLength: 1,
        maxLength: 32,
        pattern: '^(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?$',
        description: 'How often Prometheus asks.',
      }),
      '30s',
    ),
    rules: withDefault(Type.Boolean({ description: 'Create a PrometheusRule with alerts.' }), true),
  },
  { description: 'Metrics for Prometheus.' },
);

const grafana = Type.Object(
  {
    enabled: withDefault(Type.Boolean({ description: 'Create ConfigMaps with dashboards.' }), true),
    dashboardLabels: withDefault(
      labelValues({
        maxProperties: 16,
        description: "Labels by which Grafana's sidecar finds the dashboards.",
        rules: [rule('size(self) > 0', 'needs at least one label: without any no sidecar finds the dashboards')],
      }),
      { grafana_dashboard: '1' },
    ),
  },
  { description: 'Dashboards for Grafana.' },
);

const loki = Type.Object(
  {
    enabled: withDefault(
      Type.Boolean({
        description:
          'Make the data source where url is given. Pods always bear the labels by which collectors of logs pick them.',
      }),
      true,
    ),
    url: Type.Optional(
      Type.String({
        maxLength: 512,
        pattern: '^https?://[^\\s@]+$',
        description: 'Address of Loki, without credentials: makes it a data source of Grafana.',
      }),
    ),
  },
  { description: 'Logs in Loki. Nothing is deployed.' },
);

/** What the cluster tells about itself. */
export const observability = Type.Object(
  { prometheus: Type.Optional(prometheus), grafana: Type.Optional(grafana), loki: Type.Optional(loki) },
  { description: 'Metrics, dashboards and logs.' },
);
