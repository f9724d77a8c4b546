import { describe, expect, it } from 'vitest';
import { cluster } from './cluster.fixture.ts';
import { worldFor } from './world.ts';

describe('the world for clusters', () => {
  it('has every namespace and storage class once', () => {
    const world = worldFor([
      cluster({ metadata: { namespace: 'b' } }),
      cluster({
        metadata: { namespace: 'a' },
        spec: { storage: { class: 'fast', size: '1Gi', raftSize: '1Gi', deletionPolicy: 'Retain' } },
      }),
      cluster({ metadata: { namespace: 'a', name: 'other' } }),
    ]);
    expect([world.namespaces, world.storageClasses, world.secrets]).toEqual([['a', 'b'], ['fast', 'standard'], []]);
  });

  it('has a node for each broker of the largest cluster, over three zones', () => {
    expect(worldFor([cluster({}), cluster({ spec: { replicas: 4 } })]).nodes).toEqual([
      { name: 'general-1', labels: { 'topology.kubernetes.io/zone': 'zone-a' } },
      { name: 'general-2', labels: { 'topology.kubernetes.io/zone': 'zone-b' } },
      { name: 'general-3', labels: { 'topology.kubernetes.io/zone': 'zone-c' } },
      { name: 'general-4', labels: { 'topology.kubernetes.io/zone': 'zone-a' } },
    ]);
  });

  it('has nodes with the labels that a cluster selects and the taint that it tolerates', () => {
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
        replicas: 1,
        nodeSelector: { workload: 'streaming' },
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
        tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'streambus', effect: 'NoSchedule' }],
      },
    });
    expect(worldFor([placed]).nodes.slice(1)).toEqual([
      {
        name: 'orders-node-1',
        labels: { 'topology.kubernetes.io/zone': 'zone-a', type: 'large', ssd: 'true', workload: 'streaming' },
        taints: [{ key: 'dedicated', value: 'streambus', effect: 'NoSchedule' }],
      },
    ]);
  });

  it('has the Secrets that a cluster names', () => {
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
    const where = { namespace: 'shop', cluster: 'orders' };
    expect(worldFor([secure]).secrets).toEqual([
      { ...where, name: 'cert', content: 'serving-certificate' },
      { ...where, name: 'ca', content: 'certificate-authority' },
      { ...where, name: 'jwt', content: 'jwt-key' },
    ]);
  });
});
