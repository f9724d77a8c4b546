import { DNSEndpoint, type DnsRecords } from '@capstan/resources';
import { desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import type { PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import { aDecision, aFederation } from './a-federation.fixture.ts';
import { publish } from './publish.ts';

const addresses = (east: string | undefined, west: string | undefined) =>
  Object.entries({ east, west }).map(([name, address]) => ({
    ...{ name, endpoint: `https://${name}.example` },
    ...(address !== undefined && { proxy: { address } }),
  }));

function published(federation: PrismFederation, weights: Readonly<Record<string, number>>) {
  const { plan, problem } = publish(federation, aDecision(federation, weights));
  const bodies = plan.steps.flatMap(({ objects }) => objects.map(desiredOf));
  const named = (kind: string) => bodies.find((body) => body.kind === kind);
  const dns = named(DNSEndpoint.kind) as { readonly spec: { readonly endpoints: readonly DnsRecords[] } } | undefined; // made by its builder
  const routes = named('ConfigMap') as { readonly data: Readonly<Record<string, string>> } | undefined; // made by its builder
  return { plan, problem, records: dns?.spec.endpoints, routes: JSON.parse(routes?.data['routes.json'] ?? 'null') };
}

describe('what is published', () => {
  it('is every cluster with its weight, for programs', () => {
    const { routes } = published(aFederation({ clusters: addresses('e.example', undefined) }), { east: 70, west: 30 });
    expect(routes).toEqual({
      strategy: 'latency-based',
      clusters: [
        { name: 'east', weight: 70, endpoint: 'https://east.example', proxy: { address: 'e.example', port: 8980 } },
        { name: 'west', weight: 30, endpoint: 'https://west.example' },
      ],
    });
  });

  it('stays as it is while nothing was decided', () => {
    const { plan } = published(aFederation(), {});
    expect(plan.steps).toEqual([]);
    expect(plan.retained?.({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'global-routes' } })).toBe(true);
  });

  it('gives no traffic to a cluster with a name that every object has, unless it was decided', () => {
    const clusters = ['constructor', 'east'].map((name) => ({ name, endpoint: `https://${name}.example` }));
    expect(published(aFederation({ clusters }), { east: 100 }).routes.clusters).toMatchObject([
      { name: 'constructor', weight: 0 },
      { name: 'east', weight: 100 },
    ]);
  });

  it('is that traffic goes nowhere when the spec took it from those that had it', () => {
    const federation = aFederation();
    const { plan } = publish(federation, aDecision(federation, {}, { basis: 'Withdrawn', withdrawn: true }));
    expect(plan.steps.map(({ objects }) => objects.length)).toEqual([1]);
    expect(plan.retained).toBeUndefined();
  });

  it('says that traffic goes nowhere where the spec says so', () => {
    const clusters = addresses(undefined, undefined).map((each) => ({ ...each, weight: 0 }));
    expect(
      published(aFederation({ clusters }), {}).routes.clusters.map(({ weight }: { weight: number }) => weight),
    ).toEqual([0, 0]);
  });
});

describe('DNS records', () => {
  const dns = { hostname: 'prism.example', ttlSeconds: 30 };
  const common = { dnsName: 'prism.example', recordTTL: 30 };
  const weighted = (federation: ReturnType<typeof addresses>, weights: Readonly<Record<string, number>>) =>
    published(aFederation({ clusters: federation, publication: { dns } }), weights);

  it('are one per cluster that has traffic, with its weight', () => {
    expect(weighted(addresses('10.0.0.1', '10.0.0.2'), { east: 70, west: 30 }).records).toEqual([
      {
        ...common,
        recordType: 'A',
        targets: ['10.0.0.1'],
        setIdentifier: 'east',
        providerSpecific: [{ name: 'aws/weight', value: '70' }],
      },
      {
        ...common,
        recordType: 'A',
        targets: ['10.0.0.2'],
        setIdentifier: 'west',
        providerSpecific: [{ name: 'aws/weight', value: '30' }],
      },
    ]);
    expect(weighted(addresses('e.example', '2001:db8::1'), { west: 100 }).records).toMatchObject([
      { recordType: 'AAAA' },
    ]);
    expect(weighted(addresses('e.example', '10.0.0.2'), { east: 100 }).records).toMatchObject([
      { recordType: 'CNAME' },
    ]);
  });

  it('are a single one with all addresses where the provider knows no weights', () => {
    const simple = { ...dns, records: 'Simple' as const };
    const federation = aFederation({ clusters: addresses('10.0.0.1', '10.0.0.2'), publication: { dns: simple } });
    expect(published(federation, { east: 50, west: 50 }).records).toEqual([
      { ...common, recordType: 'A', targets: ['10.0.0.1', '10.0.0.2'] },
    ]);
  });

  it.each([
    {
      of: addresses('10.0.0.1', undefined),
      reason: 'ProxyAddressMissing',
      says: 'traffic goes to west, which has no proxy.address',
    },
    {
      of: addresses('e.example', '10.0.0.2'),
      reason: 'AddressesMixed',
      says: 'a name with a CNAME can have nothing else',
    },
  ])('that cannot be made stay as they were, and it is told why: $reason', ({ of, reason, says }) => {
    const { problem, records, plan } = weighted(of, { east: 50, west: 50 });
    expect([records, problem?.reason]).toEqual([undefined, reason]);
    expect(problem?.message).toContain(says);
    expect(plan.retained?.({ apiVersion: 'v1', kind: DNSEndpoint.kind, metadata: { name: 'global' } })).toBe(true);
  });
});
