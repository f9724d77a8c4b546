import { type KubeClient, servedType } from '@capstan/kube';
import type { OperatorName } from './installation.ts';

/** Kinds of somebody else, and what they are good for. */
export interface OptionalKinds {
  readonly group: string;
  readonly kinds: readonly string[];
  /** Who brings them. */
  readonly from: string;
  /** What needs them, by operator. */
  readonly uses: Readonly<Partial<Record<OperatorName, string>>>;
}

/** What operators make or ask only where it is installed. */
export const optionalKinds: readonly OptionalKinds[] = [
  {
    ...{ group: 'monitoring.coreos.com', kinds: ['ServiceMonitor', 'PrometheusRule'], from: 'the Prometheus operator' },
    uses: { streambus: 'scraping of brokers', prism: 'scraping of prism-admin and patterns, and alerts' },
  },
  {
    ...{ group: 'keda.sh', kinds: ['ScaledObject', 'TriggerAuthentication'], from: 'KEDA' },
    uses: { prism: 'patterns that scale by triggers' },
  },
  {
    ...{ group: 'cert-manager.io', kinds: ['Certificate'], from: 'cert-manager' },
    uses: { prism: 'certificates of an ingress that names an issuer' },
  },
  {
    ...{ group: 'gateway.networking.k8s.io', kinds: ['GRPCRoute'], from: 'the Gateway API' },
    uses: { prism: 'an ingress by a Gateway' },
  },
  {
    ...{ group: 'externaldns.k8s.io', kinds: ['DNSEndpoint'], from: 'ExternalDNS' },
    uses: { prism: 'DNS records of a federation' },
  },
  {
    ...{ group: 'metrics.k8s.io', kinds: ['PodMetrics'], from: 'metrics-server' },
    uses: { prism: 'autoscaling by CPU or memory' },
  },
];

/** The name of a kind of somebody else: `ScaledObject.keda.sh`. */
export function optionalKindName(group: string, kind: string): string {
  return `${kind}.${group}`;
}

/** Names of those that the API server serves. */
export async function servedKinds(client: KubeClient, all: readonly OptionalKinds[]): Promise<ReadonlySet<string>> {
  const wanted = all.flatMap(({ group, kinds }) => kinds.map((kind) => ({ group, kind })));
  const served = await Promise.all(wanted.map((kind) => servedType(client, kind)));
  const found = wanted.filter((_, index) => served[index] !== undefined);
  return new Set(found.map(({ group, kind }) => optionalKindName(group, kind)));
}
