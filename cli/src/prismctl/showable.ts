import type { Followers } from './kind-view.ts';
import type { Line, News } from './text/line.ts';

/** Something that can be shown once, or again and again as it changes. */
export interface Showable<T> {
  /** What it is now; `undefined` when it is gone. */
  now(): T | undefined;
  /** For people. `now` is in ms since 1970. */
  lines(value: T, now: number): readonly Line[];
  /** What each thing of it is, for an output that nobody can redraw. */
  news(value: T): readonly News[];
  /** Follows what it is made of until the signal aborts; never rejects. */
  follow(signal: AbortSignal, followers: Followers): Promise<void>;
}
