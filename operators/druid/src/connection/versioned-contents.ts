import { ConfigMap, type KubeObject, type ResourceType, Secret } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';

/** What a Secret or ConfigMap held when it was last read. */
export interface Contents {
  readonly version: string;
  readonly values: ReadonlyMap<string, string>;
}

/** The doors of a pass that contents come through. */
export type Reading = Pick<Pass<DruidIngestion>, 'cache' | 'read'>;

/** More objects than this are read again now and then. */
const remembered = 4_096;

/**
 * Reads Secrets and ConfigMaps of a resource's namespace: anew only when their version is a new one. Contents stay in memory,
 * because each call to Druid needs them, and get nowhere from here but into calls.
 */
export class VersionedContents {
  readonly #known = new Map<string, Contents>();

  /** `undefined`: there is no such Secret. */
  secret(namespace: string, name: string, pass: Reading): Promise<Contents | undefined> {
    return this.#contents(Secret, namespace, name, pass, ({ data = {} }) =>
      mapped(data, (value) => Buffer.from(value, 'base64').toString('utf8')),
    );
  }

  /** `undefined`: there is no such ConfigMap. */
  configMap(namespace: string, name: string, pass: Reading): Promise<Contents | undefined> {
    return this.#contents(ConfigMap, namespace, name, pass, ({ data = {} }) => mapped(data, (value) => value));
  }

  async #contents<O extends KubeObject>(
    type: ResourceType<O>,
    namespace: string,
    name: string,
    pass: Reading,
    valuesOf: (object: O) => ReadonlyMap<string, string>,
  ): Promise<Contents | undefined> {
    const key = `${type.kind} ${namespace}/${name}`;
    const known = this.#known.get(key);
    const version = pass.cache.get(type, { namespace, name })?.metadata.resourceVersion;
    if (known !== undefined && known.version === version) return known;
    // What the cache does not have may not be watched yet, such as a Secret that only the text of a ConfigMap names.
    const found = await pass.read(type, { namespace, name });
    if (found === undefined) return this.#forget(key);
    const contents = { version: found.metadata.resourceVersion ?? '', values: valuesOf(found) };
    this.#remember(key, contents);
    return contents;
  }

  #forget(key: string): undefined {
    this.#known.delete(key);
  }

  #remember(key: string, contents: Contents): void {
    this.#known.delete(key);
    this.#known.set(key, contents);
    const [oldest] = this.#known.keys();
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
  }
}

function mapped(
  data: Readonly<Record<string, string>>,
  decode: (value: string) => string,
): ReadonlyMap<string, string> {
  return new Map(Object.entries(data).map(([key, value]) => [key, decode(value)]));
}
