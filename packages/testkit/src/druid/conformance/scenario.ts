import type { Witness } from './witness.ts';

/** Something that is done to a Druid, and has to look the same on a fake and on a real one. */
export interface Scenario {
  /** A sentence about what Druid does. */
  readonly title: string;
  readonly run: (druid: Witness) => Promise<void>;
}

/** The value at a path of keys inside JSON; undefined when there is none. */
export function at(json: unknown, ...keys: readonly string[]): unknown {
  let value = json;
  for (const key of keys) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return value;
}
