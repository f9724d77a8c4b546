import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  Deployment,
  type KubeObject,
  Namespace,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  type ResourceType,
  StatefulSet,
  StorageClass,
} from '@capstan/kube';
import type { World } from '@capstan/testkit';
import { expect, inject } from 'vitest';

const manifests = new URL('../../../test/manifests/prism-by-hand/', import.meta.url);

/** Runs kubectl as the person does who owns the cluster. */
export async function kubectl(args: readonly string[], input?: string): Promise<string> {
  const running = promisify(execFile)(inject('kubectl'), ['--kubeconfig', inject('kubeconfig'), ...args]);
  running.child.stdin?.end(input ?? '');
  return (await running).stdout;
}

/** The namespace in which the backing services of a world run. */
export function backendsOf(world: World): string {
  return `${world.namespace}-backends`;
}

/** One of the manifests, for the namespaces of a world. */
async function manifest(world: World, file: 'backends.yaml' | 'prism.yaml'): Promise<string> {
  const text = await readFile(fileURLToPath(new URL(file, manifests)), 'utf8');
  return text
    .replaceAll(/(?<=namespace: |[.])prism-backends\b/g, backendsOf(world))
    .replaceAll(/(?<=namespace: |prism-(?:admin|proxy)[.])prism(?=[ .}\n,])/g, world.namespace);
}

/**
 * Deploys Prism by hand, `edited` on the way, and waits until all pods of the world's own namespace are ready. What is disposed is
 * the namespace of the backends.
 */
export async function deployByHand(
  world: World,
  edited: (text: string) => string = (text) => text,
): Promise<AsyncDisposable> {
  const provisioner = 'kubernetes.io/host-path';
  await world.apply(StorageClass, { metadata: { name: 'local-storage' }, provisioner });
  await world.apply(Namespace, { metadata: { name: backendsOf(world) } });
  await kubectl(['apply', '-f', '-'], await manifest(world, 'backends.yaml'));
  await kubectl(['apply', '-f', '-'], edited(await manifest(world, 'prism.yaml')));
  await world.eventually(
    async () => {
      for (const each of [...(await world.list(Deployment)), ...(await world.list(StatefulSet))])
        expect([each.metadata.name, each.status?.readyReplicas]).toEqual([each.metadata.name, each.spec?.replicas]);
    },
    { timeout: 90_000 },
  );
  return {
    [Symbol.asyncDispose]: async () => {
      await world.admin.delete(Namespace, { name: backendsOf(world) });
    },
  };
}

/** What must be the same before and after: every pod and what it was made from, and every claim to the byte. */
export interface Standing {
  readonly pods: Readonly<Record<string, string | undefined>>;
  readonly revisions: Readonly<Record<string, string | undefined>>;
  readonly claims: Readonly<Record<string, string | undefined>>;
}

export async function standingOf(world: World): Promise<Standing> {
  const by = async (type: ResourceType, what: (object: KubeObject) => string | undefined) =>
    Object.fromEntries(
      (await world.list<KubeObject>(type)).map((each) => [each.metadata.name, what(each)] as const).sort(),
    );
  return {
    pods: await by(Pod, ({ metadata }) => metadata.uid),
    revisions: await by(ReplicaSet, ({ metadata }) => metadata.uid),
    claims: await by(PersistentVolumeClaim, ({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`),
  };
}
