import { type ObjectRef, Secret } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import { StreamBusCluster } from '../api/v1alpha1/stream-bus-cluster.ts';
import { specMustBeValid } from '../judge/spec-must-be-valid.ts';
import { protectionOf } from '../protection.ts';
import { authority, type KeyMaterial, type SecretData, servingPair } from './key-material.ts';

/** A Secret that a cluster needs and cannot use, or one that will expire. */
export interface SecretFinding {
  readonly secret: string;
  readonly reason: 'SecretMissing' | 'SecretInvalid';
  readonly message: string;
}

/** What a pass knows of the Secrets that its cluster names. */
export interface SecretFindings {
  readonly problems: readonly SecretFinding[];
  /** When the first certificate expires, in ms since 1970. */
  readonly notAfter?: number;
}

interface Demand {
  readonly name: string;
  readonly path: string;
  readonly judge: (data: SecretData, nowMs: number) => KeyMaterial;
}

/** The Secrets that the proxy of a cluster needs, with the field that names each. */
function demandsOf({ spec }: StreamBusCluster): readonly Demand[] {
  const { proxy } = protectionOf(spec);
  if (proxy === undefined) return [];
  const serving = { name: proxy.certSecret, path: 'spec.security.tls.certSecretName', judge: servingPair };
  if (proxy.caSecret === undefined) return [serving];
  return [serving, { name: proxy.caSecret, path: 'spec.security.tls.caSecretName', judge: authority }];
}

/** The Secrets whose changes concern a cluster, as it is stored: perhaps without defaults, or not even of the right shape. */
export function secretsNamedBy(resource: StreamBusCluster): readonly ObjectRef[] {
  if (typeof resource.spec?.security !== 'object') return [];
  const cluster = StreamBusCluster.withDefaults(resource);
  if (specMustBeValid(cluster, { statefulSet: undefined }) !== undefined) return [];
  return [...new Set(demandsOf(cluster).map(({ name }) => name))].map((name) => ({ name }));
}

/** More Secrets than this are read again now and then. */
const remembered = 4_096;

/**
 * Looks into the Secrets that clusters name: only when their version is a new one, and nothing of their contents is kept.
 */
export class SecretCheck {
  readonly #seen = new Map<string, { readonly version: string; readonly material: KeyMaterial }>();

  async findings(cluster: StreamBusCluster, pass: Pass<StreamBusCluster>): Promise<SecretFindings> {
    const materials = await Promise.all(
      demandsOf(cluster).map(async (demand) => ({ demand, material: await this.#material(demand, cluster, pass) })),
    );
    const ends = materials.flatMap(({ material }) => material?.notAfter ?? []);
    return {
      problems: materials.flatMap(({ demand, material }) => findingOf(demand, material)),
      ...(ends.length > 0 && { notAfter: Math.min(...ends) }),
    };
  }

  /** `undefined`: there is no such Secret. */
  async #material(
    { name, path, judge }: Demand,
    { metadata: { namespace } }: StreamBusCluster,
    pass: Pass<StreamBusCluster>,
  ): Promise<KeyMaterial | undefined> {
    const known = pass.cache.get(Secret, { namespace, name });
    if (known === undefined) return undefined;
    const key = `${namespace}/${name} ${path}`;
    const before = this.#seen.get(key);
    const nowMs = Date.parse(pass.now);
    if (
      before?.version === known.metadata.resourceVersion &&
      before !== undefined &&
      !hasJustExpired(before.material, nowMs)
    )
      return before.material;
    const secret = await pass.read(Secret, { namespace, name });
    if (secret === undefined) return undefined;
    const material = judge(decoded(secret.data), nowMs);
    this.#remember(key, secret.metadata.resourceVersion ?? '', material);
    return material;
  }

  #remember(key: string, version: string, material: KeyMaterial): void {
    this.#seen.delete(key);
    this.#seen.set(key, { version, material });
    const [oldest] = this.#seen.keys();
    if (this.#seen.size > remembered && oldest !== undefined) this.#seen.delete(oldest);
  }
}

/** What was good when it was looked at and is no more; once that is known, nothing changes without another version. */
function hasJustExpired({ problem, notAfter }: KeyMaterial, nowMs: number): boolean {
  return problem === undefined && notAfter !== undefined && notAfter <= nowMs;
}

function decoded(data: Readonly<Record<string, string>> = {}): SecretData {
  return new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]));
}

function findingOf({ name, path }: Demand, material: KeyMaterial | undefined): readonly SecretFinding[] {
  if (material === undefined)
    return [{ secret: name, reason: 'SecretMissing', message: `Secret/${name}, which ${path} names, does not exist` }];
  if (material.problem === undefined) return [];
  const message = `Secret/${name}, which ${path} names, cannot be used: ${material.problem}`;
  return [{ secret: name, reason: 'SecretInvalid', message }];
}
