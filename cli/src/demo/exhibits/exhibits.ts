import type { Exhibit } from './exhibit.ts';

/** Whether a real Druid and Kafka are shown: `asked` fetches what is missing, `if-there` takes what this machine has. */
export type DruidWish = 'asked' | 'if-there' | 'left-out';

/** What a person asked to see. */
export interface Wishes {
  readonly druid: DruidWish;
}

/** Every exhibit, in the order of the table. Only what is shown is loaded. */
const all: readonly ((wishes: Wishes) => Promise<readonly Exhibit[]>)[] = [
  async () => [(await import('./streambus/stream-bus-exhibit.ts')).streamBusExhibit],
  async () => (await import('./prism/prism-exhibits.ts')).prismExhibits(),
  async ({ druid }) => (druid === 'left-out' ? [] : [(await import('./druid/druid-exhibit.ts')).druidExhibit(druid)]),
];

/** The exhibits to show. */
export async function exhibitsFor(wishes: Wishes): Promise<readonly Exhibit[]> {
  return (await Promise.all(all.map((load) => load(wishes)))).flat();
}
