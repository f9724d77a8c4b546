import { type KubeClient, type KubeObject, kindNameOf, type ListOptions, type ResourceType } from '@capstan/kube';

/** Lists that several previews share, so that a plan of many resources reads each kind of a namespace once. */
export class Snapshots {
  readonly #lists = new Map<string, Promise<readonly KubeObject[]>>();

  /** What the first call of the same kind and selection found. A failure is not kept. */
  async list<T extends KubeObject>(
    client: KubeClient,
    type: ResourceType<T>,
    { signal, ...selection }: ListOptions,
  ): Promise<readonly T[]> {
    const key = `${kindNameOf(type)}/${type.version} ${JSON.stringify(selection)}`;
    const known = this.#lists.get(key);
    const listed = known ?? client.list(type, { ...selection, signal }).then(({ items }) => items);
    this.#lists.set(key, listed);
    try {
      // Listed under this key as objects of this very type.
      return (await listed) as readonly T[];
    } catch (error) {
      this.#lists.delete(key);
      throw error;
    }
  }
}
