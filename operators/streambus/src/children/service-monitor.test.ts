import { describe, expect, it } from 'vitest';
import { aCluster } from '../a-cluster.fixture.ts';
import { headlessService } from './headless-service.ts';
import { selectorLabels } from './labels.ts';
import { brokerMonitor } from './service-monitor.ts';

const secured = aCluster({ spec: { security: { tls: { enabled: true, certSecretName: 'tls' } } } });

describe('the monitor of a cluster', () => {
  it('finds the Services of the cluster, and tells clusters apart by their name', () => {
    expect(brokerMonitor(aCluster(), ['broker'])).toMatchObject({
      metadata: { name: 'orders', namespace: 'shop' },
      spec: {
        selector: { matchLabels: selectorLabels(aCluster()) },
        jobLabel: 'app.kubernetes.io/name',
        targetLabels: ['app.kubernetes.io/instance'],
        endpoints: [{ port: 'http', path: '/metrics' }],
      },
    });
  });

  it('asks proxies at a port that the headless Service has', () => {
    const { endpoints } = brokerMonitor(secured, ['broker', 'proxy']).spec ?? {};
    const ports = headlessService(secured).spec?.ports?.map(({ name }) => name) ?? [];
    expect(endpoints?.map(({ port }) => port)).toEqual(['http', 'proxy-metrics']);
    expect(endpoints?.filter(({ port }) => port === undefined || !ports.includes(port))).toEqual([]);
  });

  it('asks as often as the spec says', () => {
    const often = aCluster({ spec: { observability: { metrics: { serviceMonitor: true, interval: '30s' } } } });
    expect(brokerMonitor(often, ['broker']).spec?.endpoints).toEqual([
      { port: 'http', path: '/metrics', interval: '30s' },
    ]);
  });
});
