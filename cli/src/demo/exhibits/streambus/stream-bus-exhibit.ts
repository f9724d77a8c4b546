import { StreamBusCluster, streamBusClusters } from '@capstan/streambus-operator';
import { BrokerStandIns } from '@capstan/testkit';
import { readSamples } from '../../samples.ts';
import type { Look } from '../../table.ts';
import type { Exhibit, ShownOperator } from '../exhibit.ts';
import { actOnClusters } from './cluster-acts.ts';
import { clusterCommands } from './cluster-commands.ts';
import { clusterNeeds } from './cluster-needs.ts';
import { clusterVerdict } from './cluster-verdict.ts';

const samples = ['dev', 'minimal', 'multi-tenant', 'production', 'secure'] as const;

const actors = {
  small: { namespace: 'development', name: 'streambus-dev' },
  large: { namespace: 'default', name: 'streambus-minimal' },
};

/** Pods have no processes, so stand-ins answer for the brokers. */
const streamBusOperator: ShownOperator = {
  system: 'streambus',
  async open({ cleanup }) {
    const brokers = cleanup.use(await BrokerStandIns.start());
    return { flags: ['--broker-proxy', brokers.url] };
  },
};

/** The sample clusters. */
export const streamBusExhibit: Exhibit<StreamBusCluster> = {
  operator: streamBusOperator,
  kind: StreamBusCluster,
  controller: streamBusClusters,
  headings: { resource: 'STREAMBUS CLUSTER', state: 'PHASE', figures: ['READY'] },
  verdict: clusterVerdict,
  commands: clusterCommands,
  open: async () => ({
    samples: await readSamples(
      StreamBusCluster,
      samples.map((name) => `streambus/${name}.yaml`),
      clusterNeeds,
    ),
    look: lookAt,
    act: (scene) => actOnClusters(scene, actors),
  }),
};

function lookAt(cluster: StreamBusCluster | undefined): Look {
  const ready = `${cluster?.status?.readyReplicas ?? 0}/${cluster?.spec.replicas ?? 0}`;
  return { state: cluster?.status?.phase ?? '', figures: [ready], inWords: `${ready} ready` };
}
