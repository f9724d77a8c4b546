import type { ObjectKey } from './object-key.ts';

interface Window {
  readonly writes: number;
  readonly touched: boolean;
  readonly deletedAt: string | undefined;
}

/** What the watch said about an object while a write of it was under way. */
export interface WindowVerdict {
  /** An event arrived: the stored object must be judged again. */
  readonly touched: boolean;
  /** The resourceVersion of a deletion that arrived, if one did. */
  readonly deletedAt: string | undefined;
}

/**
 * Objects with a write of ours under way.
 *
 * In four writes of ten the watch event arrives before the answer, so an event inside the window must not be judged:
 * it may well be our own. It is noted here and judged when the answer is in.
 */
export class WriteWindows {
  readonly #open = new Map<ObjectKey, Window>();

  open(key: ObjectKey): void {
    const window = this.#open.get(key);
    this.#open.set(key, {
      writes: (window?.writes ?? 0) + 1,
      touched: window?.touched ?? false,
      deletedAt: window?.deletedAt,
    });
  }

  /** Notes an event; true when a write is under way and the event must not be judged now. */
  note(key: ObjectKey, deletedAt?: string): boolean {
    const window = this.#open.get(key);
    if (window === undefined) return false;
    this.#open.set(key, { writes: window.writes, touched: true, deletedAt: deletedAt ?? window.deletedAt });
    return true;
  }

  /** The resourceVersion of a deletion seen since the window opened. */
  deletedAt(key: ObjectKey): string | undefined {
    return this.#open.get(key)?.deletedAt;
  }

  /** Ends one write; the verdict counts once the last write of the object has ended. */
  close(key: ObjectKey): WindowVerdict {
    const window = this.#open.get(key);
    if (window === undefined) return { touched: false, deletedAt: undefined };
    if (window.writes > 1) {
      this.#open.set(key, { ...window, writes: window.writes - 1 });
      return { touched: false, deletedAt: window.deletedAt };
    }
    this.#open.delete(key);
    return { touched: window.touched, deletedAt: window.deletedAt };
  }
}
