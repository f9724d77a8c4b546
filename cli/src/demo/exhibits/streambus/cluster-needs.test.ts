import { describe, expect, it } from 'vitest';
import { cluster } from './cluster.fixture.ts';
import { clusterNeeds } from './cluster-needs.ts';

describe('what a cluster needs', () => {
  it('is its storage class, and a node for each broker', () => {
    expect(clusterNeeds(cluster({ spec: { replicas: 5 } }))).toEqual({
      ...{ storageClasses: ['standard'], pods: 5, secrets: [] },
    });
  });

  it('is nodes with the labels that it selects and the taint that it tolerates', () => {
    const nodeSelectorTerms = [
      {
        matchExpressions: [
          { key: 'type', operator: 'In', values: ['large', 'huge'] },
          { key: 'ssd', operator: 'Exists' },
        ],
      },
      { matchExpressions: [{ key: 'other', operator: 'Exists' }] },
    ] as const;
    const placed = cluster({
      spec: {
        nodeSelector: { workload: 'streaming' },
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
        tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'streambus', effect: 'NoSchedule' }],
      },
    });
    expect(clusterNeeds(placed).placement).toEqual({
      labels: { type: 'large', ssd: 'true', workload: 'streaming' },
      taints: [{ key: 'dedicated', value: 'streambus', effect: 'NoSchedule' }],
    });
  });

  it('is the Secrets that it names', () => {
    const secure = cluster({
      spec: {
        security: {
          enabled: true,
          proxy: { image: 'haproxy:3.2', version: '3.2' },
          tls: { enabled: true, certSecretName: 'cert', caSecretName: 'ca' },
          authentication: { enabled: true, jwtSecretName: 'jwt' },
        },
      },
    });
    const hosts = [
      'orders.shop.svc',
      '*.orders-headless.shop.svc',
      'orders.shop.svc.cluster.local',
      'localhost',
      '127.0.0.1',
    ];
    expect(clusterNeeds(secure).secrets).toEqual([
      { name: 'cert', content: { kind: 'serving-certificate', hosts } },
      { name: 'ca', content: { kind: 'certificate-authority' } },
      { name: 'jwt', content: { kind: 'random-key', key: 'jwt.key' } },
    ]);
  });
});
