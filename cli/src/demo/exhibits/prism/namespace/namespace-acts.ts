import { PrismNamespace } from '@capstan/prism-operator';
import type { Scene } from '../../exhibit.ts';
import { timeTaken } from '../../time-taken.ts';
import { sampleCluster } from '../prism-operator.ts';

const ref = { namespace: sampleCluster.namespace, name: 'orders' } as const;
const maxSessions = 2_000;

/**
 * A user gives a namespace more sessions.
 *
 * @param known what prism-admin keeps of a namespace
 * @returns what came of it, in a few words
 */
export async function actOnNamespace(
  scene: Scene,
  known: (name: string) => Readonly<Record<string, string>> | undefined,
): Promise<string> {
  const { client, say } = scene;
  const body = { spec: { quota: { maxSessions } } };
  say(`$ kubectl patch prismnamespace ${ref.name} -n ${ref.namespace} --type merge -p '${JSON.stringify(body)}'`);
  const took = await timeTaken(scene, {
    act: () => client.patch(PrismNamespace, ref, { kind: 'merge', body }, { fieldManager: 'kubectl-patch' }),
    what: `prism-admin told of ${maxSessions} sessions`,
    holds: async () => known(ref.name)?.['quota.maxSessions'] === String(maxSessions),
  });
  say(`a user gave the namespace more sessions: prism-admin knows after ${took}`);
  return `prism-admin told of an edit in ${took}`;
}
