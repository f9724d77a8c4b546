import type { KubeObject, ObjectRef } from '../object.ts';
import type { ReflectorSink } from '../watch/reflector.ts';
import type { RelistReason } from '../watch/reflector-machine.ts';

/** Holds what a reflector reports, swaps snapshots as a cache does, and writes everything down. */
export class RecordingSink<T extends KubeObject> implements ReflectorSink<T> {
  readonly objects = new Map<string, T>();
  /** Such as `restarted Start`, `applied a`, `deleted a`, `synced`. */
  readonly log: string[] = [];
  syncedAt: string | undefined;
  #unseen = new Set<string>();

  restarted(reason: RelistReason): void {
    this.log.push(`restarted ${reason}`);
    this.#unseen = new Set(this.objects.keys());
  }

  applied(object: T): void {
    this.log.push(`applied ${object.metadata.name}`);
    this.#unseen.delete(object.metadata.name);
    this.objects.set(object.metadata.name, object);
  }

  deleted(object: T): void {
    this.log.push(`deleted ${object.metadata.name}`);
    this.objects.delete(object.metadata.name);
  }

  synced(resourceVersion: string): void {
    this.log.push('synced');
    this.syncedAt = resourceVersion;
    for (const name of this.#unseen) this.objects.delete(name);
  }

  held(ref: ObjectRef): T | undefined {
    return this.objects.get(ref.name);
  }

  get names(): readonly string[] {
    return [...this.objects.keys()].sort();
  }
}
