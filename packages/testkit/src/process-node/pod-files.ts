import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigMap, type Container, type KubeClient, type Pod, Secret } from '@capstan/kube';
import type { Elsewhere } from './pod-command.ts';

/**
 * Writes the Secrets and ConfigMaps that a container mounts into a directory of this machine, and looks up those that its
 * variables name. Files are for their owner only.
 * @throws {Error} when one does not exist and is not optional, as a kubelet would wait for it
 */
export async function podFiles(client: KubeClient, pod: Pod, container: Container, dir: string): Promise<Elsewhere> {
  const mounts: Record<string, string> = {};
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const target = join(dir, 'volumes', name);
    await mkdir(target, { recursive: true, mode: 0o700 });
    for (const [file, content] of await volumeContents(client, pod, name))
      await writeFile(join(target, file), content, { mode: 0o600 });
    mounts[mountPath] = target;
  }
  return { mounts, referenced: await referencedValues(client, pod, container) };
}

async function volumeContents(client: KubeClient, pod: Pod, name: string): Promise<readonly [string, Buffer][]> {
  const volume = pod.spec?.volumes?.find((each) => each.name === name);
  const secret = volume?.secret;
  if (secret?.secretName !== undefined)
    return contentsOf(await dataOf(client, pod, 'secret', secret.secretName, secret.optional));
  if (volume?.configMap?.name !== undefined)
    return contentsOf(await dataOf(client, pod, 'configMap', volume.configMap.name, volume.configMap.optional));
  return [];
}

type Data = Readonly<Record<string, Buffer>>;

function contentsOf(data: Data): readonly [string, Buffer][] {
  return Object.entries(data);
}

async function dataOf(
  client: KubeClient,
  pod: Pod,
  kind: 'secret' | 'configMap',
  name: string,
  optional = false,
): Promise<Data> {
  const ref = { namespace: pod.metadata.namespace ?? '', name };
  const [object, encoding] =
    kind === 'secret'
      ? [await client.get(Secret, ref), 'base64' as const]
      : [await client.get(ConfigMap, ref), 'utf8' as const];
  if (object === undefined && !optional)
    throw new Error(`pod ${pod.metadata.name} names ${kind} ${name}, which does not exist`);
  return Object.fromEntries(
    Object.entries(object?.data ?? {}).map(([key, value]) => [key, Buffer.from(value ?? '', encoding)]),
  );
}

async function referencedValues(client: KubeClient, pod: Pod, container: Container): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { name, valueFrom } of container.env ?? []) {
    const secret = valueFrom?.secretKeyRef;
    const configMap = valueFrom?.configMapKeyRef;
    const reference = secret ?? configMap;
    if (reference?.name === undefined) continue;
    const data = await dataOf(
      client,
      pod,
      secret === undefined ? 'configMap' : 'secret',
      reference.name,
      reference.optional,
    );
    values[name] = data[reference.key]?.toString('utf8') ?? '';
  }
  return values;
}
