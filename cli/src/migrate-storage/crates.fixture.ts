import { CustomResourceDefinition, type KubeClient, type KubeObject, type ResourceType } from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { inParallel } from '../in-parallel.ts';

/** A crate of any version. */
export interface Crate extends KubeObject {
  readonly spec: { readonly size: number };
}

/** A kind in several versions that differ in nothing but their names, so that no webhook is needed. */
export interface CrateKind {
  readonly name: string;
  in(version: string): ResourceType<Crate>;
  /** Tells the API server which versions there are; resolves when it serves them. */
  install(versions: readonly string[], storage: string): Promise<void>;
  /** Makes objects `c0`, `c1` ... in a version. */
  fill(version: string, names: readonly string[]): Promise<void>;
  storedVersions(): Promise<readonly string[] | undefined>;
  /** Their sizes by name, in a version. */
  sizes(version: string): Promise<Readonly<Record<string, number>>>;
  uninstall(): Promise<void>;
}

const group = 'storage.capstan.dev';

/** Names `c0` to `c<count - 1>`. */
export function crateNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `c${index}`);
}

/** @param plural lower-case letters; each test has a kind of its own */
export function crateKind(client: KubeClient, plural: string): CrateKind {
  const kind = `${plural.charAt(0).toUpperCase()}${plural.slice(1)}`;
  const name = `${plural}.${group}`;
  const type = (version: string): ResourceType<Crate> => ({ group, version, kind, plural, namespaced: true });
  const objects = async (version: string) => (await client.list(type(version), { namespace: 'default' })).items;
  return {
    name,
    in: type,
    install: async (versions, storage) => {
      await client.apply(CustomResourceDefinition, definitionOf({ kind, plural, versions, storage }), {
        fieldManager: 'test',
        force: true,
      });
      for (const version of versions) await eventually(() => objects(version), { timeout: 30_000 });
    },
    fill: (version, names) =>
      inParallel(names, { width: 16, isOver: () => false }, async (each) => {
        const metadata = { namespace: 'default', name: each };
        const body = { apiVersion: `${group}/${version}`, kind, metadata, spec: { size: Number(each.slice(1)) } };
        await client.create(type(version), body);
      }),
    storedVersions: async () => (await client.get(CustomResourceDefinition, { name }))?.status?.storedVersions,
    sizes: async (version) =>
      Object.fromEntries((await objects(version)).map(({ metadata, spec }) => [metadata.name, spec.size])),
    uninstall: async () => void (await client.delete(CustomResourceDefinition, { name })),
  };
}

interface Wanted {
  readonly kind: string;
  readonly plural: string;
  readonly versions: readonly string[];
  readonly storage: string;
}

function definitionOf({ kind, plural, versions, storage }: Wanted): CustomResourceDefinition {
  const size = { type: 'object', properties: { size: { type: 'integer' } } };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: size } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural },
      scope: 'Namespaced',
      versions: versions.map((name) => ({ name, served: true, storage: name === storage, schema })),
    },
  };
}
