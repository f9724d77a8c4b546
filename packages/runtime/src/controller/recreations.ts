import type { ObjectKey } from '../cache/object-key.ts';

interface Recreation {
  /** The child's name in the memory. */
  readonly key: string;
  readonly child: string;
  /** What an autoscaler had scaled it to. */
  readonly replicas?: number;
}

/**
 * Children that were deleted to be made anew, one for each resource at a time: until it is there again the next has to wait.
 *
 * Only this process knows; after a restart in between the child is simply absent, and made.
 */
export class Recreations {
  readonly #underWay = new Map<ObjectKey, Recreation>();

  /** @returns the child that is under way instead; `undefined`: it is this one's turn */
  begin(owner: ObjectKey, key: string, child: string): string | undefined {
    const other = this.#underWay.get(owner);
    if (other !== undefined && other.key !== key) return other.child;
    if (other === undefined) this.#underWay.set(owner, { key, child });
    return undefined;
  }

  /** Remembers how many replicas the child is to have when it is there again, whatever the plan says. */
  carry(owner: ObjectKey, key: string, replicas: number): void {
    const recreation = this.#underWay.get(owner);
    if (recreation?.key === key) this.#underWay.set(owner, { ...recreation, replicas });
  }

  /** What was remembered by {@link Recreations.carry}. */
  carried(owner: ObjectKey, key: string): number | undefined {
    const recreation = this.#underWay.get(owner);
    return recreation?.key === key ? recreation.replicas : undefined;
  }

  isUnderWay(owner: ObjectKey, key: string): boolean {
    return this.#underWay.get(owner)?.key === key;
  }

  /** To be called when the child is there again, or was not deleted after all. */
  end(owner: ObjectKey, key: string): void {
    if (this.isUnderWay(owner, key)) this.#underWay.delete(owner);
  }

  /** Lets go what the plan does not name any more. */
  keepOnly(owner: ObjectKey, wanted: ReadonlySet<string>): void {
    const recreation = this.#underWay.get(owner);
    if (recreation !== undefined && !wanted.has(recreation.key)) this.#underWay.delete(owner);
  }

  /** To be called when the resource is gone. */
  forget(owner: ObjectKey): void {
    this.#underWay.delete(owner);
  }
}
