import { HorizontalPodAutoscaler, type ObjectRef } from '@capstan/kube';
import { PrismCluster } from '@capstan/prism-operator';
import type { Scene } from '../../exhibit.ts';
import { timeTaken } from '../../time-taken.ts';

const mostProxies = 20;

/**
 * A user lets a cluster have more proxies.
 * @returns what came of it, in a few words
 */
export async function actOnCluster(scene: Scene, cluster: ObjectRef): Promise<string> {
  const { client, say } = scene;
  const { namespace, name } = cluster;
  const body = { spec: { proxy: { autoscaling: { maxReplicas: mostProxies } } } };
  say(`$ kubectl patch prism ${name} -n ${namespace} --type merge -p '${JSON.stringify(body)}'`);
  const autoscaler = { namespace, name: `${name}-prism-proxy` };
  const took = await timeTaken(scene, {
    act: () => client.patch(PrismCluster, cluster, { kind: 'merge', body }, { fieldManager: 'kubectl-patch' }),
    what: `HorizontalPodAutoscaler ${autoscaler.name} up to ${mostProxies}`,
    holds: async () => (await client.get(HorizontalPodAutoscaler, autoscaler))?.spec?.maxReplicas === mostProxies,
  });
  say(`a user allowed more proxies: the autoscaler follows after ${took}`);
  return `an edit carried out in ${took}`;
}
