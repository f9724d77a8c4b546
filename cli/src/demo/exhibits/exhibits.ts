import type { Exhibit } from './exhibit.ts';

/** What a person asked to see beyond the usual. */
export interface Wishes {
  /** A real Druid and Kafka. */
  readonly druid: boolean;
}

interface Entry {
  readonly isShown: (wishes: Wishes) => boolean;
  /** Only what is shown is loaded. */
  readonly load: () => Promise<Exhibit>;
}

/** Every exhibit, in the order of the table. A new one is one line here. */
const all: readonly Entry[] = [
  { isShown: () => true, load: async () => (await import('./streambus/stream-bus-exhibit.ts')).streamBusExhibit },
  { isShown: () => true, load: async () => (await import('./prism/prism-exhibit.ts')).prismExhibit },
  { isShown: ({ druid }) => druid, load: async () => (await import('./druid/druid-exhibit.ts')).druidExhibit },
];

/** The exhibits to show. */
export async function exhibitsFor(wishes: Wishes): Promise<readonly Exhibit[]> {
  return await Promise.all(all.filter(({ isShown }) => isShown(wishes)).map(({ load }) => load()));
}
