import { apiVersionOf, Service } from '@capstan/kube';
import { PrismCluster, prismClusters } from '@capstan/prism-operator';
import { readManifests } from '@capstan/testkit';
import { repositoryPath } from '../repository-path.ts';
import type { Subject } from './subject.ts';

const sample = repositoryPath('deploy/samples/prism/prism-local.yaml');

/** Prism, with the cluster of the sample: three backends, prism-admin, proxies with an autoscaler, four patterns, an Ingress. */
export const prism: Subject<PrismCluster> = {
  system: 'prism',
  title: 'Prism',
  kind: PrismCluster,
  controller: prismClusters,
  clusters: "clusters of the sample's size",
  // Each is some forty objects and as many pods' worth of work for the control plane.
  counts: { full: 100, quick: 20 },
  spare: { type: Service, nameIn: (cluster) => `${cluster}-prism-proxy` },
  draft: async () => {
    const found = (await readManifests(sample)).find(isPrismCluster);
    if (found === undefined) throw new Error(`${sample} has no ${PrismCluster.kind} of ${apiVersionOf(PrismCluster)}`);
    return (metadata) => ({ ...found, metadata });
  },
  isRunning: ({ status }) => status?.phase === 'Running',
};

function isPrismCluster({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): boolean {
  return apiVersion === apiVersionOf(PrismCluster) && kind === PrismCluster.kind;
}
