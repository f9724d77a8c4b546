import type { ObjectRef } from '@capstan/kube';
import { PrismFederation } from '@capstan/prism-operator';
import { needsNothing } from '../../../needs.ts';
import { readSamples, type Sample, sampleOf } from '../../../samples.ts';

/** Where a cluster of the sample federation is, and how it is entered. */
export interface MemberPlace {
  /** Address of its API server. */
  readonly endpoint: string;
  /** Name of the Secret with its kubeconfig. */
  readonly secret: string;
}

/** The names of the clusters of the sample federation, in their order. */
export async function memberNames(): Promise<readonly string[]> {
  const { clusters } = specOf(await sampleFile(''));
  return clusters.map(({ name }) => name);
}

/**
 * The sample federation, with clusters that exist, traffic for all that are healthy, and periods so short that one sees it move.
 *
 * @param members by the name of the cluster in the sample; the sample has no others
 * @param prismCluster what is observed in each of them
 */
export async function sampleFederation(
  members: ReadonlyMap<string, MemberPlace>,
  prismCluster: ObjectRef & { readonly namespace: string },
): Promise<Sample> {
  const { manifest } = await sampleFile(prismCluster.namespace);
  const { namespace, name } = prismCluster;
  const clusters = [...members].map(([member, { endpoint, secret }]) => ({
    ...{ name: member, endpoint, credentialsSecret: { name: secret }, prismCluster: { namespace, name } },
  }));
  const routing = {
    ...{ strategy: 'weighted', failover: 'enabled', holdSeconds: 2 },
    probe: { intervalSeconds: 1, timeoutSeconds: 1 },
  };
  const federation = { ...manifest, spec: { clusters, routing } };
  return sampleOf(PrismFederation, federation, () => needsNothing);
}

async function sampleFile(namespace: string): Promise<Sample> {
  const [sample] = await readSamples(PrismFederation, ['prism/prism-federation.yaml'], () => needsNothing, namespace);
  if (sample === undefined) throw new Error('deploy/samples/prism/prism-federation.yaml has no PrismFederation');
  return sample;
}

function specOf({ manifest }: Sample): PrismFederation['spec'] {
  // readSamples has validated it as what it is.
  return (manifest as PrismFederation).spec;
}
