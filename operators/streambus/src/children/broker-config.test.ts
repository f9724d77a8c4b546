import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { brokerConfigFiles, brokerStartFiles, renderBrokerConfig } from './broker-config.ts';

/** Every key the broker reads, and no other. */
const keys = [
  'cluster.peers',
  'cluster.raft.data_dir',
  'observability.logging.level',
  'server.broker_id',
  'server.grpc_port',
  'server.host',
  'server.http_port',
  'server.port',
  'storage.data_dir',
];

function keysOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, path === '' ? key : `${path}.${key}`));
}

describe('the configuration of a broker', () => {
  it.each([1, 3, 5])('has exactly the keys the broker reads, in one file per pod, for %i brokers', (replicas) => {
    const files = brokerConfigFiles(aCluster({ spec: { replicas } }), replicas);
    expect(Object.keys(files)).toEqual(Array.from({ length: replicas }, (_, ordinal) => `orders-${ordinal}.yaml`));
    expect(Object.values(files).map((file) => [...keysOf(parse(file))].sort())).toEqual(
      Array.from({ length: replicas }, () => keys),
    );
  });

  it('says who the broker is, where it listens and keeps its data, and where its peers are', () => {
    const spec: SpecInput = { config: { port: 9192, httpPort: 8181, grpcPort: 9193, logLevel: 'warn' } };
    expect(parse(renderBrokerConfig(aCluster({ spec }), 1, 3))).toEqual({
      server: { broker_id: 2, host: '0.0.0.0', port: 9192, http_port: 8181, grpc_port: 9193 },
      storage: { data_dir: '/data' },
      cluster: {
        raft: { data_dir: '/raft' },
        peers: [
          '1:orders-0.orders-headless.shop.svc:9193',
          '2:0.0.0.0:9193',
          '3:orders-2.orders-headless.shop.svc:9193',
        ],
      },
      observability: { logging: { level: 'warn' } },
    });
  });

  it('lists the same peers in every file, each broker with itself at the address it listens on', () => {
    const files = Object.values(brokerConfigFiles(aCluster({ spec: { replicas: 5 } }), 5));
    const peers = files.map((file) => parse(file).cluster.peers);
    for (const [self, list] of peers.entries()) {
      const expected = [0, 1, 2, 3, 4].map((ordinal) =>
        ordinal === self
          ? `${ordinal + 1}:0.0.0.0:9093`
          : `${ordinal + 1}:orders-${ordinal}.orders-headless.shop.svc:9093`,
      );
      expect(list).toEqual(expected);
    }
  });

  it('takes the log level of observability before that of config', () => {
    const spec: SpecInput = { config: { logLevel: 'info' }, observability: { logging: { level: 'debug' } } };
    expect(parse(renderBrokerConfig(aCluster({ spec }), 0, 3)).observability.logging.level).toBe('debug');
  });

  it('quotes what YAML could take for something else', () => {
    const cluster = aCluster({ name: 'n', namespace: '1e3' });
    expect(parse(renderBrokerConfig(cluster, 0, 3)).cluster.peers[1]).toBe('2:n-1.n-headless.1e3.svc:9093');
  });

  it('fits into one ConfigMap for the largest cluster with the longest names', () => {
    const spec: SpecInput = { replicas: 50, config: { port: 65533, httpPort: 65534, grpcPort: 65535 } };
    const files = brokerConfigFiles(aCluster({ name: 'n'.repeat(50), namespace: 's'.repeat(63), spec }), 50);
    expect(Buffer.byteLength(JSON.stringify(files))).toBeLessThan(1024 * 1024);
  });

  it('lets the broker listen for clients on its own address alone where a proxy stands before it', () => {
    const spec: SpecInput = { security: { tls: { enabled: true, certSecretName: 'tls' } } };
    expect(parse(renderBrokerConfig(aCluster({ spec }), 0, 3)).server.host).toBe('127.0.0.1');
  });
});

describe('what a broker reads at its start', () => {
  const dynamic: SpecInput = { raft: { membership: 'Dynamic' } };

  it('is its files, peers and all, where brokers cannot change their membership', () => {
    expect(brokerStartFiles(aCluster(), 3)).toEqual(brokerConfigFiles(aCluster(), 3));
    expect(brokerStartFiles(aCluster(), 5)).not.toEqual(brokerStartFiles(aCluster(), 3));
  });

  it('does not change with the number of brokers where they can, and with all the rest it does', () => {
    const loud: SpecInput = { ...dynamic, config: { logLevel: 'debug' } };
    const files = brokerStartFiles(aCluster({ spec: dynamic }), 3);
    expect(brokerStartFiles(aCluster({ spec: dynamic }), 5)).toEqual(files);
    expect(brokerStartFiles(aCluster({ spec: loud }), 3)).not.toEqual(files);
  });
});
