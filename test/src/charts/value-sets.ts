import type { ReleaseValues } from './rendered-chart.ts';

/** What only one operator's chart has, with everything of it turned on. */
const ownValues: Readonly<Record<string, ReleaseValues>> = {
  'streambus-operator': {
    agentImage: 'registry.example/agent:1',
    lingerImage: 'registry.example/pause:3.10',
    dashboards: { enabled: true, namespace: 'monitoring', annotations: { grafana_folder: 'StreamBus' } },
  },
  'druid-operator': {
    allow: {
      endpoints: ['*.druid.example'],
      addresses: ['127.0.0.0/8'],
      inputSources: ['http'],
      lookups: ['jdbc'],
      consumerProperties: ['client.rack'],
      javascript: true,
    },
    deny: { addresses: ['10.0.0.0/8'] },
  },
  'prism-operator': { webhooks: { certificates: 'cert-manager' } },
};

const everything: ReleaseValues = {
  replicaCount: 2,
  image: { registry: 'registry.example:5000', digest: `sha256:${'a'.repeat(64)}` },
  imagePullSecrets: [{ name: 'pull' }],
  crds: { annotations: { 'argocd.argoproj.io/sync-options': 'ServerSideApply=true' } },
  rivals: { namespaces: ['old-system'] },
  logLevel: 'debug',
  extraArgs: ['--concurrency=32'],
  extraEnv: [
    { name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://collector.tracing:4318' },
    { name: 'NODE_OPTIONS', value: '--max-old-space-size=200' },
  ],
  metrics: {
    secure: true,
    certificateSecret: 'metrics-tls',
    serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
  },
  networkPolicy: {
    enabled: true,
    metricsFrom: [{ namespaceSelector: { matchLabels: { team: 'monitoring' } } }],
    apiServer: { cidrs: ['10.96.0.1/32'] },
    extraEgress: [{ ports: [{ port: 4318 }] }],
  },
  podAnnotations: { 'example.com/a': 'b' },
  podLabels: { team: 'data' },
  priorityClassName: 'system-cluster-critical',
  nodeSelector: { 'kubernetes.io/os': 'linux' },
  tolerations: [{ key: 'control-plane', operator: 'Exists' }],
  affinity: {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, preference: { matchExpressions: [{ key: 'pool', operator: 'In', values: ['system'] }] } },
      ],
    },
  },
  serviceAccount: { annotations: { 'example.com/role': 'none' } },
};

/** The ways in which a chart is tried. */
export function valueSets(operator: string): Readonly<Record<string, ReleaseValues>> {
  return {
    'no values': {},
    'two namespaces': { namespaces: ['team-a', 'team-b'] },
    OpenShift: { podSecurity: 'openshift' },
    'rivals ignored': { rivals: { ignore: true } },
    everything: { ...everything, ...ownValues[operator] },
    'everything, in two namespaces': { ...everything, ...ownValues[operator], namespaces: ['team-a', 'team-b'] },
  };
}
