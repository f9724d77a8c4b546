import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aCluster, images, type SpecInput } from '../a-cluster.fixture.ts';
import { renderProxyConfig } from '../proxy/proxy-config.ts';
import { brokerStartFiles } from './broker-config.ts';
import { brokerPod } from './broker-pod.ts';
import { proxyOf } from './proxy-of.ts';

const tls = { enabled: true, certSecretName: 'tls', clientAuthRequired: true };
const authorization = { enabled: true, allowedNames: ['alice'] };
const secured: SpecInput = { security: { tls, authorization } };

function podOf(spec: SpecInput, members = spec.replicas ?? 3) {
  const cluster = aCluster({ spec });
  return brokerPod(cluster, { replicas: cluster.spec.replicas, members }, images);
}

function hashOf(spec: SpecInput, members?: number): string | undefined {
  return podOf(spec, members).annotations?.['streambus.io/config-hash'];
}

describe('the annotation that rolls the brokers', () => {
  const unchanged: readonly (readonly [string, SpecInput, SpecInput])[] = [
    ['the image', {}, { image: { tag: 'v9' } }],
    ['resources', {}, { resources: { limits: { memory: '1Gi' } } }],
    ['labels of the pods', {}, { podLabels: { team: 'a' } }],
    ['storage', {}, { storage: { size: '1Ti' } }],
    ['tenants', {}, { multiTenancy: { enabled: true, defaultQuotas: { maxConnections: 3 } } }],
    ['a field without effect', {}, { config: { maxConnections: 7, compressionEnabled: true } }],
    ['metrics and tracing', {}, { observability: { metrics: { interval: '9s' }, tracing: { enabled: true } } }],
    ['the names that may connect', secured, { security: { tls, authorization: { enabled: true, allowedNames: [] } } }],
    [
      'the Secret with the certificate',
      secured,
      { security: { tls: { ...tls, certSecretName: 'new' }, authorization } },
    ],
    ['a connection limit that the proxy is ready for', secured, { ...secured, config: { maxConnections: 50 } }],
  ];
  it.each(unchanged)('stays the same when %s change', (_what, before, after) => {
    expect(hashOf(after)).toBe(hashOf(before));
  });

  it('stays the same when the quota of a tenant changes that a proxy takes up while it runs', () => {
    const shared = (maxConnections: number): SpecInput => ({
      ...secured,
      multiTenancy: { enabled: true, defaultQuotas: { maxConnections } },
    });
    expect(hashOf(shared(5))).toBe(hashOf(shared(6)));
  });

  const changed: readonly (readonly [string, SpecInput, SpecInput])[] = [
    ['the log level', {}, { config: { logLevel: 'debug' } }],
    ['the log level of observability', {}, { observability: { logging: { level: 'debug' } } }],
    ['the client port', {}, { config: { port: 9999 } }],
    ['the HTTP port', {}, { config: { httpPort: 9999 } }],
    ['the raft port', {}, { config: { grpcPort: 9999 } }],
    ['the number of brokers', {}, { replicas: 5 }],
    ['TLS', {}, { security: { tls: { enabled: true, certSecretName: 'tls' } } }],
    ['whether clients need certificates', secured, { security: { tls: { ...tls, clientAuthRequired: false } } }],
    ['the version of the proxy', secured, { security: { ...secured.security, proxy: { version: '2.8' } } }],
    ['whether names are looked at', secured, { security: { tls } }],
    [
      'the policy for names that no list has',
      secured,
      { security: { tls, authorization: { ...authorization, defaultPolicy: 'allow' } } },
    ],
  ];
  it.each(changed)('is another when %s changes', (_what, before, after) => {
    expect(hashOf(after)).not.toBe(hashOf(before));
  });

  it('stays the same when a broker is added that the others learn of while they run', () => {
    const dynamic: SpecInput = { raft: { membership: 'Dynamic' } };
    expect(hashOf(dynamic, 4)).toBe(hashOf(dynamic, 3));
  });

  it('depends on nothing but what broker and proxy read at start', () => {
    const port = fc.integer({ min: 10_000, max: 10_003 });
    const names = fc.subarray(['alice', 'bob', 'carol']);
    const settings = fc.record({ port, names, isSecured: fc.boolean(), tag: fc.constantFrom('a', 'b') });
    const clusterOf = ({ port, names, isSecured, tag }: typeof settings extends fc.Arbitrary<infer S> ? S : never) => {
      const security = isSecured ? { tls, authorization: { enabled: true, allowedNames: names } } : {};
      return aCluster({ spec: { image: { tag }, config: { port }, security } });
    };
    const filesOf = (cluster: ReturnType<typeof aCluster>) => {
      const proxy = proxyOf(cluster);
      return JSON.stringify([brokerStartFiles(cluster, 3), proxy && renderProxyConfig(proxy)]);
    };
    fc.assert(
      fc.property(settings, settings, (one, other) => {
        const [a, b] = [clusterOf(one), clusterOf(other)];
        const hashes = [a, b].map((each) => brokerPod(each, { replicas: 3, members: 3 }, images).annotations);
        expect(hashes[0]?.['streambus.io/config-hash'] === hashes[1]?.['streambus.io/config-hash']).toBe(
          filesOf(a) === filesOf(b),
        );
      }),
    );
  });
});

describe('the sidecars of a broker', () => {
  const sidecars = (spec: SpecInput) => podOf(spec).initContainers?.map(({ name, image }) => `${name} ${image}`);

  it('are the container that outlives it, where there is no proxy', () => {
    expect(sidecars({})).toEqual(['linger pause:1']);
  });

  it('are the proxy, which outlives it too, and the agent beside it', () => {
    expect(sidecars(secured)).toEqual([
      expect.stringMatching(/^proxy docker\.io\/library\/haproxy:3\.2(\.\d+)?$/),
      'proxy-agent operator:1',
    ]);
    expect(podOf(secured).initContainers?.[0]).toMatchObject({
      restartPolicy: 'Always',
      lifecycle: { preStop: { sleep: { seconds: 20 } } },
    });
  });

  it('have the proxy image that the spec names', () => {
    const named = { security: { ...secured.security, proxy: { image: 'mirror/haproxy@sha256:0' } } };
    expect(sidecars(named)?.[0]).toBe('proxy mirror/haproxy@sha256:0');
  });
});
