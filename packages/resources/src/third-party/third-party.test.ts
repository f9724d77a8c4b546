import { describe, expect, it } from 'vitest';
import {
  certificate,
  httpRoute,
  podMonitor,
  prometheusRule,
  scaledObject,
  serviceMonitor,
  tcpRoute,
  triggerAuthentication,
} from '../index.ts';

const metadata = { name: 'orders' };
const selector = { app: 'orders' };

describe('monitors', () => {
  it('say only what they are asked', () => {
    expect(serviceMonitor(metadata, { selector, endpoints: [{ port: 'metrics', interval: '30s' }] })).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata,
      spec: { selector: { matchLabels: selector }, endpoints: [{ port: 'metrics', interval: '30s' }] },
    });
  });

  it('never have a file of the Prometheus server read and sent', () => {
    const passedThrough = JSON.parse(
      '[{"port": "m", "bearerTokenFile": "/etc/shadow", "tlsConfig": {"keyFile": "/k"}}]',
    );
    const problem =
      /endpoints\[0\]\.bearerTokenFile: reads a file of the Prometheus server.*endpoints\[0\]\.tlsConfig\.keyFile/i;
    expect(() => serviceMonitor(metadata, { selector, endpoints: passedThrough })).toThrow(problem);
    expect(() => podMonitor(metadata, { selector, podMetricsEndpoints: passedThrough })).toThrow(problem);
  });

  it('never select everything or scrape nothing', () => {
    expect(() => serviceMonitor(metadata, { selector: {}, endpoints: [{ port: 'm' }] })).toThrow('selector: is empty');
    expect(() => podMonitor(metadata, { selector, podMetricsEndpoints: [] })).toThrow(
      'podMetricsEndpoints: there is none',
    );
  });

  it('name the groups of rules apart', () => {
    const group = { name: 'a', rules: [{ record: 'b', expr: '1' }] };
    expect(() => prometheusRule(metadata, [group, group])).toThrow('PrometheusRule/orders: groups: two are called "a"');
  });
});

describe('kinds of cert-manager, KEDA and the Gateway API', () => {
  const issuerRef = { name: 'ca' };

  it('renew a certificate with a new key unless told', () => {
    const options = { secretName: 'tls', issuerRef, dnsNames: ['a.example'] };
    expect(certificate(metadata, options).spec.privateKey).toEqual({ rotationPolicy: 'Always' });
    const kept = { ...options, privateKey: { rotationPolicy: 'Never', size: 256 } } as const;
    expect(certificate(metadata, kept).spec.privateKey).toEqual({ rotationPolicy: 'Never', size: 256 });
  });

  it.each([
    {
      build: () => certificate(metadata, { secretName: 'tls', issuerRef }),
      problem: 'Certificate/orders: dnsNames: is empty',
    },
    {
      build: () =>
        scaledObject(metadata, { scaleTargetRef: metadata, maxReplicaCount: 0, idleReplicaCount: 0, triggers: [] }),
      problem:
        'ScaledObject/orders: maxReplicaCount: 0 is less than 1; idleReplicaCount: 0 must be less than minReplicaCount, 0; ' +
        'triggers: there is none',
    },
    {
      build: () => httpRoute(metadata, { parentRefs: [], rules: [] }),
      problem: 'HTTPRoute/orders: parentRefs: there is none',
    },
    {
      build: () => tcpRoute(metadata, { parentRefs: [{ name: 'g' }], rules: [] }),
      problem: 'TCPRoute/orders: rules: there is none',
    },
    { build: () => triggerAuthentication({ name: 'A' }, {}), problem: 'TriggerAuthentication/A: metadata.name' },
  ])('are refused when they could do nothing: $problem', ({ build, problem }) => {
    expect(build).toThrow(problem);
  });
});
