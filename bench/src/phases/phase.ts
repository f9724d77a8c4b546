import type { Arena } from '../arena.ts';
import type { Section } from '../measure.ts';

/** What a part of the run works with. */
export interface Scene {
  readonly arena: Arena;
  /** Of all clusters. */
  readonly names: readonly string[];
}

/** One part of the run, on what the parts before it left. */
export type Phase = (scene: Scene) => Promise<Section>;
