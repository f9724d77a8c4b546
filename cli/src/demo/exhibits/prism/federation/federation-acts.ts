import type { ControlPlane } from '@capstan/controlplane';
import { PrismFederation } from '@capstan/prism-operator';
import type { Scene } from '../../exhibit.ts';
import { timeTaken } from '../../time-taken.ts';
import { sampleCluster } from '../prism-operator.ts';

const ref = { namespace: sampleCluster.namespace, name: 'global-prism' } as const;

/** A cluster of the federation that fails. */
export interface FailingCluster {
  readonly name: string;
  readonly plane: Pick<ControlPlane, 'killApiServer' | 'startApiServer'>;
}

/**
 * The API server of a cluster is killed, and started again.
 * @returns what came of it, in a few words
 */
export async function actOnFederation(scene: Scene, { name, plane }: FailingCluster): Promise<string> {
  const { client, say } = scene;
  const weight = async (): Promise<number> => {
    const { status } = (await client.get(PrismFederation, ref)) ?? {};
    return status?.clusters?.find((each) => each.name === name)?.weight ?? 0;
  };
  say(`the API server of ${name} is killed`);
  const left = await timeTaken(scene, {
    act: () => plane.killApiServer(),
    what: `no traffic for ${name}`,
    holds: async () => (await weight()) === 0,
  });
  say(`nobody answers in ${name}: its traffic went elsewhere after ${left}; its API server is started again`);
  const back = await timeTaken(scene, {
    act: () => plane.startApiServer(),
    what: `traffic for ${name} again`,
    holds: async () => (await weight()) > 0,
  });
  say(`${name} is well again: it has its traffic back ${back} after the start`);
  return `traffic left a dead cluster in ${left}, and came back in ${back}`;
}
