import { type KubeClient, type ObjectRef, Secret } from '@capstan/kube';
import { PrismFederation, prismFederations } from '@capstan/prism-operator';
import { memoryObstacle } from '../../../memory-obstacle.ts';
import type { Backstage, Command, Exhibit, ShownOperator } from '../../exhibit.ts';
import { sampleClusters } from '../cluster/cluster-exhibit.ts';
import { sampleCluster } from '../prism-operator.ts';
import { actOnFederation } from './federation-acts.ts';
import { lookAtFederation } from './federation-look.ts';
import { federationVerdict } from './federation-verdict.ts';
import { memberAccount } from './member-account.ts';
import { type MemberPlace, memberNames, sampleFederation } from './sample-federation.ts';
import { type SecondCluster, startSecondCluster } from './second-cluster.ts';

/** A second control plane with what runs on it, measured. */
const needed = { what: 'a second control plane', bytes: 1_000_000_000 } as const;

/** A federation of this cluster and a second one, which is as real. */
export function federationExhibit(operator: ShownOperator): Exhibit<PrismFederation> {
  return {
    operator,
    kind: PrismFederation,
    controller: prismFederations,
    headings: { resource: 'PRISM FEDERATION', state: 'STATE', figures: ['UP', 'TRAFFIC'] },
    comesLater: true,
    verdict: federationVerdict,
    commands: federationCommands,
    obstacle: async () => memoryObstacle(needed),
    async open(backstage) {
      const [here = '', there = ''] = await memberNames();
      const second = await startSecondCluster(backstage, there, await sampleClusters());
      const members = new Map([
        [here, await admit(here, backstage, backstage.client)],
        [there, await admit(there, second, backstage.client)],
      ]);
      return {
        samples: [await sampleFederation(members, sampleCluster)],
        look: lookAtFederation,
        act: (scene) => actOnFederation(scene, { name: there, plane: second.plane }),
      };
    },
  };
}

/** Makes an account in a cluster, and a Secret in the home of the federation that holds it. */
async function admit(
  member: string,
  { plane, client }: Pick<Backstage, 'plane' | 'client'> | SecondCluster,
  home: KubeClient,
): Promise<MemberPlace> {
  const { namespace } = sampleCluster;
  const kubeconfig = await memberAccount(plane, client, namespace);
  const metadata = { namespace, name: `federation-${member}` };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { kubeconfig } } as const;
  await home.apply(Secret, secret, { fieldManager: 'capstan-demo', force: true });
  return { endpoint: plane.server, secret: metadata.name };
}

function federationCommands({ namespace, name }: ObjectRef): readonly Command[] {
  return [
    {
      why: 'what a federation says of each of its clusters',
      line: `kubectl get prismfederation ${name} -n ${namespace} -o yaml`,
    },
  ];
}
