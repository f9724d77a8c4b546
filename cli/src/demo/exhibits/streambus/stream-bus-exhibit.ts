import { StreamBusCluster, streamBusClusters } from '@capstan/streambus-operator';
import { BrokerStandIns } from '@capstan/testkit';
import { repositoryPath } from '../../repository.ts';
import { readSamples } from '../../samples.ts';
import type { Look } from '../../table.ts';
import type { Exhibit } from '../exhibit.ts';
import { clusterCommands } from './cluster-commands.ts';
import { clusterNeeds } from './cluster-needs.ts';
import { clusterVerdict } from './cluster-verdict.ts';

/** The sample clusters. Their pods have no processes, so stand-ins answer for the brokers. */
export const streamBusExhibit: Exhibit<StreamBusCluster> = {
  system: 'streambus',
  kind: StreamBusCluster,
  controller: streamBusClusters,
  headings: { resource: 'CLUSTER', state: 'PHASE', figures: ['READY'] },
  verdict: clusterVerdict,
  commands: clusterCommands,
  async open({ cleanup }) {
    const samples = await readSamples(StreamBusCluster, repositoryPath('deploy/samples/streambus'), clusterNeeds);
    const brokers = cleanup.use(await BrokerStandIns.start());
    return { samples, flags: ['--broker-proxy', brokers.url], look: lookAt };
  },
};

function lookAt(cluster: StreamBusCluster | undefined): Look {
  const ready = `${cluster?.status?.readyReplicas ?? 0}/${cluster?.spec.replicas ?? 0}`;
  return { state: cluster?.status?.phase ?? '', figures: [ready], inWords: `${ready} ready` };
}
