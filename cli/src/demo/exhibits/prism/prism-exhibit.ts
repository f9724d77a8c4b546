import { PrismCluster, prismClusters } from '@capstan/prism-operator';
import { repositoryPath } from '../../repository.ts';
import { readSamples } from '../../samples.ts';
import type { Look } from '../../table.ts';
import { verdictOf } from '../../verdict.ts';
import type { Exhibit } from '../exhibit.ts';
import { prismCommands } from './prism-commands.ts';
import { prismNeeds } from './prism-needs.ts';

/** The sample Prism cluster, with its backends, admin, proxies and patterns. */
export const prismExhibit: Exhibit<PrismCluster> = {
  system: 'prism',
  kind: PrismCluster,
  controller: prismClusters,
  headings: { resource: 'PRISM', state: 'PHASE', figures: ['PARTS'] },
  verdict: verdictOf,
  commands: prismCommands,
  open: async () => ({
    samples: await readSamples(PrismCluster, repositoryPath('deploy/samples/prism'), prismNeeds),
    flags: [],
    look: lookAt,
  }),
};

/** Counts what a cluster consists of: backends, admin, proxy and patterns. */
function lookAt(cluster: PrismCluster | undefined): Look {
  const { adminStatus, proxyStatus, backendStatus = [], patternStatus = [], phase = '' } = cluster?.status ?? {};
  const parts = [...backendStatus, adminStatus, proxyStatus, ...patternStatus].filter((part) => part !== undefined);
  const ready = `${parts.filter((part) => part.ready).length}/${parts.length}`;
  return { state: phase, figures: [ready], inWords: `${ready} parts ready` };
}
