import {
  ApiError,
  ClusterRole,
  CustomResourceDefinition,
  type KubeClient,
  type KubeObject,
  type OwnerReference,
} from '@capstan/kube';
import type { Logger } from 'pino';

/** Kinds of custom resources. */
export type OwningKinds = readonly { readonly group: string; readonly plural: string }[];

/**
 * With whom configurations of admission webhooks go: with the ClusterRole of the operator, which every way of uninstalling
 * deletes. Where there is none, with the definitions of the kinds they are for.
 */
export class ConfigurationOwners {
  readonly #client: KubeClient;
  readonly #role: string;
  readonly #log: Logger;
  /** As last seen. Once there was one, its absence means that the operator is being taken down. */
  #seen: OwnerReference | undefined;
  #isLearnt = false;

  constructor(client: KubeClient, role: string, log: Logger) {
    this.#client = client;
    this.#role = role;
    this.#log = log;
  }

  /** Looks for the ClusterRole, once. */
  async learn(signal: AbortSignal): Promise<void> {
    if (this.#isLearnt) return;
    await this.#look(signal);
    this.#isLearnt = true;
  }

  /** Whether an object belongs to whom it should, as far as is known. */
  has({ metadata: { ownerReferences = [] } }: KubeObject): boolean {
    return this.#seen === undefined || ownerReferences.some(({ uid }) => uid === this.#seen?.uid);
  }

  /** Who is to own a configuration for these kinds, as it is now; `undefined` where nobody would ever let it go. */
  async of(kinds: OwningKinds, signal: AbortSignal): Promise<readonly OwnerReference[] | undefined> {
    const definitions = await this.#definitions(kinds, signal);
    if (definitions.length === 0) return undefined;
    const before = this.#seen;
    const role = await this.#look(signal);
    if (role !== undefined) return [role];
    return before === undefined ? definitions : undefined;
  }

  async #look(signal: AbortSignal): Promise<OwnerReference | undefined> {
    const role = await this.#read(signal);
    const reference = role && referenceTo('rbac.authorization.k8s.io/v1', 'ClusterRole', role);
    this.#seen = reference ?? this.#seen;
    return reference;
  }

  /** An account that came with an older release may not look, and is none the worse for it. */
  async #read(signal: AbortSignal): Promise<KubeObject | undefined> {
    try {
      return await this.#client.get<KubeObject>(ClusterRole, { name: this.#role }, { metadataOnly: true, signal });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      const clusterRole = this.#role;
      this.#log.warn({ err: error, clusterRole }, 'configurations of webhooks do not go with this ClusterRole');
      return undefined;
    }
  }

  async #definitions(kinds: OwningKinds, signal: AbortSignal): Promise<readonly OwnerReference[]> {
    const names = [...new Set(kinds.map(({ plural, group }) => `${plural}.${group}`))];
    const options = { metadataOnly: true, signal };
    const found = await Promise.all(names.map((name) => this.#client.get(CustomResourceDefinition, { name }, options)));
    return found.flatMap(
      (crd) => (crd && referenceTo('apiextensions.k8s.io/v1', 'CustomResourceDefinition', crd)) ?? [],
    );
  }
}

/** Nothing waits for the deletion of the other, so that no permission for the finalizers of an owner is asked for. */
function referenceTo(apiVersion: string, kind: string, { metadata }: KubeObject): OwnerReference | undefined {
  const { name, uid } = metadata;
  return uid === undefined ? undefined : { apiVersion, kind, name, uid };
}
