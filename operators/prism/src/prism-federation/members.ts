import { randomBytes } from 'node:crypto';
import { Secret } from '@capstan/kube';
import { configHash, secretHash } from '@capstan/resources';
import { type Pass, seconds } from '@capstan/runtime';
import type { Member, PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import { type Access, accessTo, type SecretKey, type SecretValues, usedKeys } from './access.ts';
import { fingerprintOf, type MemberTarget } from './remotes.ts';

/** What a pass found of one cluster of the spec. */
export interface MemberFound {
  readonly member: Member;
  readonly access: Access;
  readonly target: MemberTarget;
}

type Doors = Pick<Pass<PrismFederation>, 'cache' | 'read'>;

/** Which version of a Secret was read, and what it held. */
const remembered = 1_024;

/** Reads the Secrets of clusters: anew only when their version is a new one. Contents get from here into connections and nowhere else. */
export class MemberAccess {
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #known = new Map<string, SecretValues>();
  /** Hashes are compared within this process only. */
  readonly #key = randomBytes(32);

  /** @param env where a proxy to reach clusters through is looked up */
  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** The way into each cluster of a federation, in the order of the spec. */
  async find(federation: PrismFederation, pass: Doors): Promise<readonly MemberFound[]> {
    const { clusters } = federation.spec;
    return Promise.all(
      clusters.map((member, index) => this.#found(federation, member, `spec.clusters[${index}]`, pass)),
    );
  }

  async #found(federation: PrismFederation, member: Member, at: string, pass: Doors): Promise<MemberFound> {
    const secret = await this.#secret(federation, member, pass);
    const access = await accessTo(member, at, secret, this.#env);
    const { namespace = 'default', name } = federation.metadata;
    const { probe } = federation.spec.routing;
    const where = {
      at: { namespace: member.prismCluster?.namespace ?? namespace, name: member.prismCluster?.name ?? name },
      ...(member.proxy !== undefined && { proxy: member.proxy }),
      ...{ interval: seconds(probe.intervalSeconds), timeout: seconds(probe.timeoutSeconds) },
    };
    const way = [
      member.endpoint,
      configHash(member.caBundle ?? ''),
      member.credentialsSecret?.name ?? '',
      secretHash(this.#key, usedOf(secret)),
    ];
    const target = {
      name: member.name,
      place: configHash([member.endpoint, member.proxy ?? {}, where.at]),
      fingerprint: fingerprintOf(where, ...way),
      ...(access.is === 'Ready' && { target: { ...where, connection: access.connection } }),
    };
    return { member, access, target };
  }

  async #secret(
    federation: PrismFederation,
    { credentialsSecret }: Member,
    pass: Doors,
  ): Promise<SecretValues | undefined> {
    if (credentialsSecret === undefined) return undefined;
    const { namespace = 'default' } = federation.metadata;
    const ref = { namespace, name: credentialsSecret.name };
    const key = `${namespace}/${ref.name}`;
    const known = this.#known.get(key);
    if (known !== undefined && pass.cache.get(Secret, ref)?.metadata.resourceVersion === known.version) return known;
    const found = await pass.read(Secret, ref);
    this.#known.delete(key);
    if (found === undefined) return undefined;
    const entries = Object.entries(found.data ?? {});
    const values = new Map(entries.map(([name, data]) => [name, Buffer.from(data, 'base64').toString('utf8')]));
    return this.#remember(key, { version: found.metadata.resourceVersion ?? '', values });
  }

  #remember(key: string, secret: SecretValues): SecretValues {
    this.#known.set(key, secret);
    const [oldest] = this.#known.keys();
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
    return secret;
  }
}

/** What connections are made of: whatever else a Secret holds, or is labelled with, is no reason to connect anew. */
function usedOf(secret: SecretValues | undefined): Readonly<Record<string, string>> {
  const used = usedKeys.map((key) => [key, secret?.values.get(key)] as const);
  return Object.fromEntries(used.filter((entry): entry is [SecretKey, string] => entry[1] !== undefined));
}

/** The Secrets that a federation names. */
export function secretsNamedBy({ spec }: PrismFederation): readonly { readonly name: string }[] {
  const names = (spec.clusters ?? []).flatMap(({ credentialsSecret }) => credentialsSecret?.name ?? []);
  return [...new Set(names)].map((name) => ({ name }));
}
