import type { Draft, KubeObject } from '@capstan/kube';
import {
  certificate,
  grpcRoute,
  httpRoute,
  issuer,
  podMonitor,
  prometheusRule,
  scaledObject,
  serviceMonitor,
  tcpRoute,
  triggerAuthentication,
} from '@capstan/resources';

const selector = { 'sample.test/app': 'sample' };
const metadata = { name: 'sample', labels: { 'app.kubernetes.io/name': 'sample' } };
const parentRefs = [{ name: 'public', sectionName: 'web' }];
const backendRefs = [{ name: 'sample', port: 80 }];

/** One body of every builder of a kind that clusters may lack, as operators use them. */
export const thirdPartySamples: readonly Draft<KubeObject>[] = [
  serviceMonitor(metadata, {
    selector,
    endpoints: [
      {
        port: 'metrics',
        interval: '30s',
        authorization: { credentials: { name: 'scrape', key: 'token' } },
        tlsConfig: { ca: { secret: { name: 'ca', key: 'ca.crt' } }, serverName: 'sample' },
        relabelings: [{ sourceLabels: ['__meta_kubernetes_pod_name'], targetLabel: 'broker' }],
      },
    ],
  }),
  podMonitor(metadata, { selector, podMetricsEndpoints: [{ port: 'metrics', path: '/m' }] }),
  prometheusRule(metadata, [
    {
      name: 'sample',
      rules: [
        {
          alert: 'SampleDown',
          expr: 'up == 0',
          for: '5m',
          labels: { severity: 'page' },
          annotations: { summary: 'down' },
        },
        { record: 'sample:up', expr: 1 },
      ],
    },
  ]),
  certificate(metadata, {
    secretName: 'sample-tls',
    issuerRef: { name: 'sample' },
    dnsNames: ['sample.example'],
    duration: '2160h',
  }),
  issuer(metadata, { selfSigned: {} }),
  scaledObject(metadata, {
    scaleTargetRef: { name: 'sample' },
    maxReplicaCount: 3,
    triggers: [
      { type: 'cron', metadata: { timezone: 'Etc/UTC', start: '0 6 * * *', end: '0 8 * * *', desiredReplicas: '2' } },
    ],
  }),
  triggerAuthentication(metadata, { secretTargetRef: [{ parameter: 'password', name: 'sample', key: 'password' }] }),
  httpRoute(metadata, {
    parentRefs,
    hostnames: ['sample.example'],
    rules: [{ matches: [{ path: { value: '/api' } }], backendRefs }, { backendRefs }],
  }),
  grpcRoute(metadata, { parentRefs, rules: [{ matches: [{ method: { service: 'a.B', method: 'C' } }], backendRefs }] }),
  tcpRoute(metadata, { parentRefs, rules: [{ backendRefs }] }),
];
