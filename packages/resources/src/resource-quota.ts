import type { Draft, Quantity, ResourceQuota } from '@capstan/kube';
import { child } from './child.ts';
import { InvalidChildError } from './invalid-child-error.ts';
import type { ChildMetadata } from './metadata.ts';
import { dnsSubdomain } from './names.ts';

/** The most that all objects of a namespace together may ask for. */
export interface ResourceQuotaOptions {
  /**
   * By what is limited: `requests.cpu`, `limits.memory`, `requests.storage`, `pods`, `count/deployments.apps`,
   * `gold.storageclass.storage.k8s.io/requests.storage` ...; see https://kubernetes.io/docs/concepts/policy/resource-quotas/.
   */
  readonly hard: Readonly<Record<string, Quantity>>;
}

/**
 * Limits what a whole namespace may ask for, whoever asks. While CPU or memory is limited, a pod there that does not say how
 * much of it it needs is refused.
 * @throws {InvalidChildError} when it limits nothing, names what cannot be limited, or has a limit that is no quantity, is
 * negative, or counts objects in fractions
 */
export function resourceQuota(metadata: ChildMetadata, { hard }: ResourceQuotaOptions): Draft<ResourceQuota> {
  // An absent value is dropped, not refused.
  const limits = Object.entries(hard).filter(([, limit]) => limit !== undefined && limit !== null);
  const problems = limits.flatMap(([resource, limit]) => problemsOf(resource, limit, `hard["${resource}"]`));
  if (limits.length === 0) problems.push('hard: is empty: it limits nothing');
  if (problems.length > 0) throw new InvalidChildError(`ResourceQuota/${metadata.name}`, problems);
  const spec = { hard: Object.fromEntries(limits) };
  return child<ResourceQuota>({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec }, dnsSubdomain);
}

const computeResources = ['cpu', 'memory', 'ephemeral-storage'];
const objectCounts: ReadonlySet<string> = new Set([
  ...['pods', 'services', 'services.nodeports', 'services.loadbalancers', 'replicationcontrollers', 'resourcequotas'],
  ...['secrets', 'configmaps', 'persistentvolumeclaims'],
]);
/** What the server takes without a slash; anything with one is named by its group. */
const plainNames: ReadonlySet<string> = new Set([
  ...objectCounts,
  ...computeResources.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
  'requests.storage',
]);
const hugePages = /^(requests\.)?hugepages-[1-9]\d*[KMGTPE]i$/;
const groupedName = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

function problemsOf(resource: string, limit: Quantity, path: string): string[] {
  if (!plainNames.has(resource) && !hugePages.test(resource) && !groupedName.test(resource))
    return [`${path}: cannot be limited: name a resource such as requests.cpu, pods or count/deployments.apps`];
  const amount = amountOf(limit);
  if (amount === undefined) return [`${path}: "${limit}" is no quantity such as 500m, 2 or 10Gi`];
  if (amount < 0) return [`${path}: ${limit} is negative`];
  const counts = objectCounts.has(resource) || resource.startsWith('count/');
  return counts && !Number.isInteger(amount) ? [`${path}: ${limit} is no whole number, and objects are counted`] : [];
}

const quantity = /^([+-]?(?:\d+\.?\d*|\.\d+))([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d{1,2})?$/;
const fractions: Readonly<Record<string, number>> = { n: 1e9, u: 1e6, m: 1e3 };
const multiples = 'kMGTPE';

/** About how much a quantity is; `undefined` when it is none. */
function amountOf(limit: Quantity): number | undefined {
  const [, number, suffix = ''] = quantity.exec(String(limit)) ?? [];
  if (number === undefined) return undefined;
  const fraction = fractions[suffix];
  if (fraction !== undefined) return Number(number) / fraction;
  if (/^[eE][+-]?\d/.test(suffix)) return Number(`${number}${suffix}`);
  const power = multiples.toLowerCase().indexOf(suffix.charAt(0).toLowerCase()) + 1;
  return Number(number) * (suffix.endsWith('i') ? 1024 : 1000) ** (suffix === '' ? 0 : power);
}
