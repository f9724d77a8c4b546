import type { ObjectKey } from '../cache/object-key.ts';
import type { EventDraft } from '../events/recorder.ts';

/** Events that were recorded although the pass failed afterwards: the next pass reports them again, and they are not to come twice. */
export class ToldEvents {
  readonly #told = new Map<ObjectKey, ReadonlySet<string>>();

  remember(key: ObjectKey, events: readonly EventDraft[]): void {
    this.#told.set(key, new Set(events.map(idOf)));
  }

  /** The events that were not told yet; what was remembered for the resource is forgotten. */
  takeUntold(key: ObjectKey, events: readonly EventDraft[]): readonly EventDraft[] {
    const told = this.#told.get(key);
    if (told === undefined) return events;
    this.#told.delete(key);
    return events.filter((event) => !told.has(idOf(event)));
  }

  forget(key: ObjectKey): void {
    this.#told.delete(key);
  }
}

function idOf({ type, reason, action, note }: EventDraft): string {
  return JSON.stringify([type, reason, action, note]);
}
