import { Secret } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { Credentials } from '../backends/credentials.ts';

/** The doors of a pass that contents come through. */
export type Reading = Pick<Pass<PrismCluster>, 'cache' | 'read'>;

interface Known {
  readonly version: string;
  readonly values: Credentials;
}

/** More Secrets than this are read again now and then. */
const remembered = 8_192;

/**
 * Reads Secrets of a cluster's namespace: anew only when their version is a new one. Contents stay in memory, because
 * configuration is rendered with them in each pass, and get from here into Secrets and nowhere else.
 */
export class SecretContents {
  readonly #known = new Map<string, Known>();

  /** What a Secret holds, by key; `undefined` when there is none of that name. */
  async read(namespace: string, name: string, pass: Reading): Promise<Credentials | undefined> {
    const key = `${namespace}/${name}`;
    const known = this.#known.get(key);
    const version = pass.cache.get(Secret, { namespace, name })?.metadata.resourceVersion;
    if (known !== undefined && known.version === version) return known.values;
    const found = await pass.read(Secret, { namespace, name });
    if (found === undefined) return undefined;
    this.#known.delete(key);
    const values = decoded(found.data ?? {});
    this.#remember(key, { version: found.metadata.resourceVersion ?? '', values });
    return values;
  }

  /** What a Secret held when it was last there, as far as this process has seen it. */
  formerly(namespace: string, name: string): Credentials | undefined {
    return this.#known.get(`${namespace}/${name}`)?.values;
  }

  /** The version of what was read last; another one of the same contents where only labels changed. */
  version(namespace: string, name: string): string | undefined {
    return this.#known.get(`${namespace}/${name}`)?.version;
  }

  #remember(key: string, known: Known): void {
    this.#known.set(key, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
  }
}

function decoded(data: Readonly<Record<string, string>>): Credentials {
  const entries = Object.entries(data);
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}
