import type { ControlPlane } from '@capstan/controlplane';
import { type KubeClient, Namespace, Secret, StorageClass } from '@capstan/kube';
import { DemoAuthority } from './certificates.ts';
import type { World } from './world.ts';

const manager = { fieldManager: 'capstan-demo', force: true } as const;

/** Makes a world on a control plane whose nodes are played by kwok: volumes are directories, Secrets have real contents. */
export async function createWorld(world: World, plane: ControlPlane, client: KubeClient): Promise<void> {
  await Promise.all(
    world.namespaces.map((name) =>
      client.apply(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, manager),
    ),
  );
  const authority = await DemoAuthority.create(new Date());
  await Promise.all([
    ...world.storageClasses.map((name) => createStorageClass(client, { name })),
    ...(world.hasDefaultStorageClass ? [createStorageClass(client, defaultClass)] : []),
    ...world.nodes.map((node) => plane.addNode(node)),
    ...world.secrets.map(async (need) => client.apply(Secret, await authority.secretFor(need), manager)),
  ]);
}

/** In words: `4 namespaces, 3 storage classes, 10 nodes, 4 secrets`. */
export function describeWorld({ namespaces, nodes, secrets, ...world }: World): string {
  const storageClasses = world.storageClasses.length + (world.hasDefaultStorageClass ? 1 : 0);
  return `${namespaces.length} namespaces, ${storageClasses} storage classes, ${nodes.length} nodes, ${secrets.length} secrets`;
}

const defaultClass = { name: 'default', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } };

function createStorageClass(
  client: KubeClient,
  metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> },
): Promise<StorageClass> {
  return client.apply(
    StorageClass,
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata,
      provisioner: 'kubernetes.io/host-path',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    },
    manager,
  );
}
