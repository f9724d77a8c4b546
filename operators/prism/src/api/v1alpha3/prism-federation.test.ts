import { describe, expect, it } from 'vitest';
import { PrismFederation } from './prism-federation.ts';

const west = { name: 'west', endpoint: 'https://west.example' };
const violations = (spec: object) =>
  PrismFederation.validate({ metadata: { name: 'global' }, spec }).map(({ path, message }) => `${path}: ${message}`);

describe('a federation', () => {
  it('needs no more than the requirement says, and has defaults for the rest', () => {
    const clusters = [
      { name: 'us-west-2', endpoint: 'https://k8s-usw2.example.com' },
      { name: 'eu-central-1', endpoint: 'https://k8s-euc1.example.com' },
    ];
    const spec = { clusters, routing: { strategy: 'latency-based' as const, failover: 'enabled' as const } };
    expect(violations(spec)).toEqual([]);
    const filled = PrismFederation.withDefaults({ metadata: { name: 'global' }, spec }).spec;
    expect(filled.routing).toMatchObject({ failureThreshold: 3, holdSeconds: 60, probe: { intervalSeconds: 5 } });
    expect(filled.propagation).toEqual({ policy: 'Observe', removalPolicy: 'Retain' });
    expect(filled.clusters[0]).toMatchObject({ weight: 100, priority: 100 });
  });

  it.each([
    { wrong: 'no clusters', spec: { clusters: [] }, where: 'spec.clusters' },
    { wrong: 'a name twice', spec: { clusters: [west, west] }, where: 'spec.clusters[1]' },
    {
      wrong: 'plain http',
      spec: { clusters: [{ ...west, endpoint: 'http://west' }] },
      where: 'spec.clusters[0].endpoint',
    },
    {
      wrong: 'a password in the address',
      spec: { clusters: [{ ...west, endpoint: 'https://me:x@west' }] },
      where: 'spec.clusters[0].endpoint',
    },
    {
      wrong: 'a query in the address',
      spec: { clusters: [{ ...west, endpoint: 'https://west/?a=b' }] },
      where: 'spec.clusters[0].endpoint',
    },
    {
      wrong: 'nothing to propagate',
      spec: { clusters: [west], propagation: { policy: 'Propagate' } },
      where: 'spec.propagation',
    },
    {
      wrong: 'two things to propagate',
      spec: { clusters: [west], propagation: { policy: 'Propagate', template: {}, from: { name: 'a' } } },
      where: 'spec.propagation',
    },
    {
      wrong: 'a proxy behind a URL',
      spec: { clusters: [{ ...west, proxy: { address: 'https://west' } }] },
      where: 'spec.clusters[0].proxy.address',
    },
    {
      wrong: 'another strategy',
      spec: { clusters: [west], routing: { strategy: 'geo' } },
      where: 'spec.routing.strategy',
    },
  ])('is refused with $wrong', ({ spec, where }) => {
    expect(violations(spec).join('; ')).toContain(where);
  });
});
