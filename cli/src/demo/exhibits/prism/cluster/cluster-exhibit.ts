import { PrismCluster, prismClusters } from '@capstan/prism-operator';
import { readSamples, type Sample } from '../../../samples.ts';
import type { Look } from '../../../table.ts';
import { verdictOf } from '../../../verdict.ts';
import type { Exhibit, ShownOperator } from '../../exhibit.ts';
import { sampleCluster } from '../prism-operator.ts';
import { actOnCluster } from './cluster-acts.ts';
import { prismClusterCommands } from './cluster-commands.ts';
import { prismClusterNeeds } from './cluster-needs.ts';

/** The sample Prism cluster, with its backends, admin, proxies and patterns. */
export function clusterExhibit(operator: ShownOperator): Exhibit<PrismCluster> {
  return {
    operator,
    kind: PrismCluster,
    controller: prismClusters,
    headings: { resource: 'PRISM CLUSTER', state: 'PHASE', figures: ['PARTS'] },
    verdict: (cluster) => verdictOf(cluster),
    commands: prismClusterCommands,
    open: async () => ({
      samples: await sampleClusters(),
      look: lookAt,
      act: (scene) => actOnCluster(scene, sampleCluster),
    }),
  };
}

/** The sample of a Prism cluster. */
export function sampleClusters(): Promise<readonly Sample[]> {
  return readSamples(PrismCluster, ['prism/prism-local.yaml'], prismClusterNeeds);
}

/** Counts what a cluster consists of: backends, admin, proxy and patterns. */
function lookAt(cluster: PrismCluster | undefined): Look {
  const { adminStatus, proxyStatus, backendStatus = [], patternStatus = [], phase = '' } = cluster?.status ?? {};
  const parts = [...backendStatus, adminStatus, proxyStatus, ...patternStatus].filter((part) => part !== undefined);
  const ready = `${parts.filter((part) => part.ready).length}/${parts.length}`;
  return { state: phase, figures: [ready], inWords: `${ready} parts ready` };
}
