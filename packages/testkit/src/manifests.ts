import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ApiError,
  type Draft,
  type KubeClient,
  type KubeObject,
  type ResourceType,
  servedType,
  systemClock,
} from '@capstan/kube';
import { parseAllDocuments } from 'yaml';

/**
 * Reads every object of a YAML file, or of all `.yaml` files of a directory in the order of their names.
 * Throws an Error naming the file when a document is not a Kubernetes object.
 */
export async function readManifests(path: string): Promise<readonly KubeObject[]> {
  const isDirectory = (await stat(path)).isDirectory();
  const files = isDirectory ? (await readdir(path)).filter((file) => file.endsWith('.yaml')).toSorted() : [''];
  const objects = await Promise.all(files.map((file) => readObjects(join(path, file))));
  return objects.flat();
}

/**
 * Applies objects one after another by server-side apply, unknown fields refused, as `fieldManager`.
 * Throws {@link ApiError} for what the server refuses, and an Error for a kind it does not serve.
 */
export async function applyManifests(
  client: KubeClient,
  objects: readonly KubeObject[],
  fieldManager: string,
): Promise<void> {
  const types = new Map<string, ResourceType>();
  for (const object of objects) {
    const name = `${object.apiVersion} ${object.kind}`;
    const type = types.get(name) ?? (await typeOf(client, object));
    types.set(name, type);
    await client.apply(type, object, { fieldManager, force: true, fieldValidation: 'Strict' });
  }
}

/**
 * Resolves when objects of this kind can really be created. A CRD is Established a moment after it is made, yet its
 * objects are refused with 404 for about two seconds more: only a creation tried and thrown away tells.
 *
 * @param sample an object the server would accept
 */
export async function untilServed(
  client: KubeClient,
  type: ResourceType,
  sample: Draft<KubeObject>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    try {
      await client.create(type, sample, { dryRun: true, signal });
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || !error.isNotFound) throw error;
    }
    await systemClock.sleep(50, signal);
  }
}

async function readObjects(file: string): Promise<readonly KubeObject[]> {
  const documents = parseAllDocuments(await readFile(file, 'utf8'));
  return documents
    .map((document): unknown => {
      const [error] = document.errors;
      if (error !== undefined) throw new Error(`${file}: ${error.message}`);
      return document.toJS();
    })
    .filter((value) => value !== null)
    .map((value) => {
      if (!isKubeObject(value))
        throw new Error(`${file}: a document without apiVersion, kind or metadata.name is not a Kubernetes object`);
      return value;
    });
}

function isKubeObject(value: unknown): value is KubeObject {
  if (typeof value !== 'object' || value === null) return false;
  if (!('apiVersion' in value && 'kind' in value && 'metadata' in value)) return false;
  const { apiVersion, kind, metadata } = value;
  return (
    typeof apiVersion === 'string' &&
    typeof kind === 'string' &&
    typeof metadata === 'object' &&
    metadata !== null &&
    'name' in metadata
  );
}

async function typeOf(client: KubeClient, { apiVersion, kind }: KubeObject): Promise<ResourceType> {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const type = await servedType(client, { group, kind });
  if (type === undefined)
    throw new Error(`the API server does not serve ${kind} of ${apiVersion}: is its CRD installed?`);
  return type;
}
