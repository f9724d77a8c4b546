import { ApiError, type ObjectRef, Pod, Service } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { DemoFailure } from '../../demo-failure.ts';
import { cut } from '../../table.ts';
import type { Scene } from '../exhibit.ts';
import { timeTaken } from '../time-taken.ts';
import { clusterVerdict } from './cluster-verdict.ts';

const asKubectl = { fieldManager: 'kubectl-patch' } as const;
const foreignPort = 9999;
const newTag = 'v0.6.1';
/** Enough of a refusal to know why. */
const shownOfRefusal = 100;

/** What happens to clusters, as users and accidents have it. */
export interface Actors {
  /** Has one broker, so that a new image is there soon. */
  readonly small: ObjectRef;
  /** Has a quorum. */
  readonly large: ObjectRef;
}

/**
 * A child is deleted, another one changed; a user edits a cluster, and asks for what must not be.
 * @returns what came of it, in a few words
 */
export async function actOnClusters(scene: Scene, { small, large }: Actors): Promise<string> {
  const back = await deleteService(scene, small);
  const repaired = await changeService(scene, small);
  const rolled = await rollImage(scene, small);
  await askForMoreBrokers(scene, large);
  return `a deleted child back in ${back}, a drift repaired in ${repaired}, a new image rolled out in ${rolled}`;
}

async function deleteService(scene: Scene, ref: ObjectRef): Promise<string> {
  const { client, say } = scene;
  const before = await client.get(Service, ref);
  say(`$ kubectl delete service ${ref.name} -n ${ref.namespace}`);
  const took = await timeTaken(scene, {
    act: () => client.delete(Service, ref),
    what: `Service ${ref.name} made again`,
    holds: async () => {
      const now = await client.get(Service, ref);
      return now !== undefined && now.metadata.uid !== before?.metadata.uid;
    },
  });
  say(`a child was deleted by hand: it is back after ${took}`);
  return took;
}

async function changeService(scene: Scene, ref: ObjectRef): Promise<string> {
  const { client, say } = scene;
  const operations = [{ op: 'replace', path: '/spec/ports/0/port', value: foreignPort }];
  say(`$ kubectl patch service ${ref.name} -n ${ref.namespace} --type json -p '${JSON.stringify(operations)}'`);
  const took = await timeTaken(scene, {
    act: () => client.patch(Service, ref, { kind: 'json', operations }, asKubectl),
    what: `Service ${ref.name} put right`,
    holds: async () => {
      const ports = (await client.get(Service, ref))?.spec?.ports ?? [];
      return ports.length > 0 && ports.every(({ port }) => port !== foreignPort);
    },
  });
  say(`a child has drifted from what the cluster says: it is put right after ${took}`);
  return took;
}

async function rollImage(scene: Scene, ref: ObjectRef): Promise<string> {
  const { client, say } = scene;
  const body = { spec: { image: { tag: newTag } } };
  say(`$ kubectl patch sbc ${ref.name} -n ${ref.namespace} --type merge -p '${JSON.stringify(body)}'`);
  const took = await timeTaken(scene, {
    act: () => client.patch(StreamBusCluster, ref, { kind: 'merge', body }, asKubectl),
    what: `${ref.name} ready with image ${newTag}`,
    holds: async () => (await runsNewImage(scene, ref)) && (await isReady(scene, ref)),
  });
  say(`a user edited the cluster: its broker runs the new image after ${took}`);
  return took;
}

async function runsNewImage({ client }: Scene, { namespace, name }: ObjectRef): Promise<boolean> {
  const pod = await client.get(Pod, { namespace, name: `${name}-0` });
  return (pod?.spec?.containers ?? []).some(({ image = '' }) => image.endsWith(`:${newTag}`));
}

async function isReady({ client }: Scene, ref: ObjectRef): Promise<boolean> {
  const cluster = await client.get(StreamBusCluster, ref);
  return cluster !== undefined && clusterVerdict(cluster).kind === 'Ready';
}

async function askForMoreBrokers({ client, say }: Scene, ref: ObjectRef): Promise<void> {
  const body = { spec: { replicas: 5 } };
  say(`$ kubectl patch sbc ${ref.name} -n ${ref.namespace} --type merge -p '${JSON.stringify(body)}'`);
  try {
    await client.patch(StreamBusCluster, ref, { kind: 'merge', body }, asKubectl);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const why = error.message.replace(/^.* is invalid: /s, '');
    say(`refused before anything happens: ${cut(why, shownOfRefusal)}`);
    return;
  }
  throw new DemoFailure(`${ref.name} may be scaled, which would cost its quorum`);
}
