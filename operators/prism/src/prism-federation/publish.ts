import { isIP } from 'node:net';
import type { KubeObject } from '@capstan/kube';
import { configMap, DNSEndpoint, type DnsRecords, dnsEndpoint, InvalidChildError } from '@capstan/resources';
import type { Desired, Plan } from '@capstan/runtime';
import type { Member, PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import type { Decision } from './decision/decision.ts';
import { own } from './decision/own.ts';

/** What is published, and what of it cannot be. */
export interface Published {
  readonly plan: Plan;
  readonly problem?: { readonly reason: 'ProxyAddressMissing' | 'AddressesMixed'; readonly message: string };
}

/** The name of the ConfigMap with the weights. */
function routesName({ metadata: { name } }: PrismFederation): string {
  return `${name}-routes`;
}

/**
 * The weights where traffic follows them: a ConfigMap, and the DNS records that are asked for. While nothing was decided yet, what was
 * published before stays as it is; where the spec leaves traffic to nobody, that is published.
 */
export function publish(federation: PrismFederation, { basis, weights }: Decision): Published {
  const hasTraffic = Object.keys(weights).length > 0;
  const isDrained = federation.spec.clusters.every(({ weight }) => weight === 0);
  if (!hasTraffic && !isDrained && basis !== 'Withdrawn') return { plan: { steps: [], retained: () => true } };
  const routes = configMap(metadataOf(federation, routesName(federation)), {
    'routes.json': routesOf(federation, weights),
  });
  const { records, problem } = hasTraffic ? recordsOf(federation, weights) : {};
  const objects: readonly Desired[] = [routes, ...(records === undefined ? [] : [records])];
  // Records that cannot be made anew go on as they are: a name without an address is worse than an old one.
  const retained = problem === undefined ? {} : { retained: ({ kind }: KubeObject) => kind === DNSEndpoint.kind };
  return { plan: { steps: [{ name: 'routes', objects }], ...retained }, ...(problem !== undefined && { problem }) };
}

/** JSON for programs: each cluster with where it is and its percentage. */
function routesOf({ spec }: PrismFederation, weights: Decision['weights']): string {
  const clusters = spec.clusters.map(({ name, endpoint, region, proxy }) => ({
    ...{ name, weight: own(weights, name) ?? 0, endpoint },
    ...(region !== undefined && { region }),
    ...(proxy !== undefined && { proxy: { address: proxy.address, port: proxy.port } }),
  }));
  return `${JSON.stringify({ strategy: spec.routing.strategy, clusters }, undefined, 2)}\n`;
}

function recordsOf(
  federation: PrismFederation,
  weights: Decision['weights'],
): { readonly records?: Desired; readonly problem?: NonNullable<Published['problem']> } {
  const dns = federation.spec.publication?.dns;
  if (dns === undefined) return {};
  const active = federation.spec.clusters.filter(({ name }) => own(weights, name) !== undefined);
  const without = active.filter(({ proxy }) => proxy === undefined).map(({ name }) => name);
  if (without.length > 0) return { problem: noAddress(without) };
  const common = { dnsName: dns.hostname, recordTTL: dns.ttlSeconds };
  const records = dns.records === 'Weighted' ? weighted(active, weights) : simple(active);
  try {
    const metadata = metadataOf(federation, federation.metadata.name);
    return {
      records: dnsEndpoint(
        metadata,
        records.map((each) => ({ ...common, ...each })),
      ),
    };
  } catch (error) {
    if (!(error instanceof InvalidChildError)) throw error;
    const message = `spec.publication.dns: names and addresses of proxies cannot stand together for one name, nor can several names as Simple: ${error.message}`;
    return { problem: { reason: 'AddressesMixed', message } };
  }
}

function noAddress(names: readonly string[]): NonNullable<Published['problem']> {
  const message = `spec.publication.dns: traffic goes to ${names.join(', ')}, which has no proxy.address that a DNS record could point to: add it to spec.clusters`;
  return { reason: 'ProxyAddressMissing', message };
}

type Records = Omit<DnsRecords, 'dnsName' | 'recordTTL'>;

function weighted(active: readonly Member[], weights: Decision['weights']): readonly Records[] {
  return active.map((member) => ({
    ...{ recordType: recordTypeOf(member), targets: [addressOf(member)], setIdentifier: member.name },
    providerSpecific: [{ name: 'aws/weight', value: String(own(weights, member.name) ?? 0) }],
  }));
}

function simple(active: readonly Member[]): readonly Records[] {
  return (['A', 'AAAA', 'CNAME'] as const).flatMap((recordType) => {
    const targets = active.filter((member) => recordTypeOf(member) === recordType).map(addressOf);
    return targets.length === 0 ? [] : [{ recordType, targets }];
  });
}

function addressOf({ proxy }: Member): string {
  return proxy?.address ?? '';
}

function recordTypeOf(member: Member): DnsRecords['recordType'] {
  const family = isIP(addressOf(member));
  return family === 4 ? 'A' : family === 6 ? 'AAAA' : 'CNAME';
}

function metadataOf({ metadata }: PrismFederation, name: string) {
  const labels = {
    ...{ 'app.kubernetes.io/name': 'prism', 'app.kubernetes.io/instance': metadata.name },
    ...{ 'app.kubernetes.io/component': 'federation', 'app.kubernetes.io/managed-by': 'prism-operator' },
  };
  return { name, labels, ...(metadata.namespace !== undefined && { namespace: metadata.namespace }) };
}
