import type { PassRecord } from './pass-record.ts';

/** One object that passes ran for: the answer of `GET /debug/reconciles` is a list of these. */
export interface ReconciledObject {
  /** `StreamBusCluster.streambus.io`. */
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** What is still known of one object: the answer of `GET /debug/reconciles/<kind>/<namespace>/<name>`. */
export interface ObjectHistory {
  readonly object: ReconciledObject;
  /** Oldest first. */
  readonly passes: readonly PassRecord[];
}

/** A line of the list of objects: which, how many passes are kept, and how the last one ended. */
export interface HistorySummary {
  readonly object: ReconciledObject;
  readonly passes: number;
  readonly lastStartedAt: string;
  readonly lastResult: PassRecord['result'];
}

export interface PassHistoryOptions {
  /** Passes kept of one object; 20 unless told: those of a start of several pods, and some after it. */
  readonly passesPerObject?: number;
  /** Objects kept; 1,000 unless told. Beyond it the one whose last pass is longest ago is dropped. */
  readonly objects?: number;
  /** Characters of all records together, of one byte each as a rule; 4 MiB unless told. */
  readonly bytes?: number;
}

interface Entry {
  readonly object: ReconciledObject;
  /** JSON, oldest first: a tenth of the memory of the objects it stands for, and its size is known. */
  readonly records: string[];
  bytes: number;
}

/** Reads, calls and children of one pass that are kept; a pass over a thousand pods is not told in full. */
const longestList = 100;

/**
 * Remembers the last passes of each object, within fixed bounds: the ring that `capstan explain` reads.
 * Recording costs one `JSON.stringify`.
 */
export class PassHistory {
  readonly #passesPerObject: number;
  readonly #objects: number;
  readonly #limit: number;
  /** From the object whose last pass is longest ago to the latest. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor({ passesPerObject = 20, objects = 1_000, bytes = 4 * 1_024 * 1_024 }: PassHistoryOptions = {}) {
    this.#passesPerObject = passesPerObject;
    this.#objects = objects;
    this.#limit = bytes;
  }

  /** Characters held. */
  get bytes(): number {
    return this.#bytes;
  }

  record(pass: PassRecord): void {
    const key = keyOf(pass);
    const entry = this.#entries.get(key) ?? { object: objectOf(pass), records: [], bytes: 0 };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#push(entry, JSON.stringify(shortened(pass)));
    while (entry.records.length > this.#passesPerObject) this.#shift(entry);
    this.#makeRoom(entry);
  }

  of(object: ReconciledObject): ObjectHistory | undefined {
    const entry = this.#entries.get(keyOf(object));
    // What is parsed was made from a PassRecord by `record`.
    return entry && { object: entry.object, passes: entry.records.map((text) => JSON.parse(text) as PassRecord) };
  }

  /** Every object known, the one with the latest pass first. */
  list(): readonly HistorySummary[] {
    return [...this.#entries.values()].toReversed().map(({ object, records }) => {
      const { startedAt, result } = JSON.parse(records.at(-1) ?? '') as PassRecord; // made by `record`, never empty
      return { object, passes: records.length, lastStartedAt: startedAt, lastResult: result };
    });
  }

  #push(entry: Entry, text: string): void {
    entry.records.push(text);
    entry.bytes += text.length;
    this.#bytes += text.length;
  }

  #shift(entry: Entry): void {
    const size = entry.records.shift()?.length ?? 0;
    entry.bytes -= size;
    this.#bytes -= size;
  }

  /** Whole objects go first, the quietest one first; then the older passes of the only one left. */
  #makeRoom(latest: Entry): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.#objects && this.#bytes <= this.#limit) return;
      if (entry === latest) break;
      this.#entries.delete(key);
      this.#bytes -= entry.bytes;
    }
    while (this.#bytes > this.#limit && latest.records.length > 1) this.#shift(latest);
  }
}

function objectOf({ kind, namespace, name }: ReconciledObject): ReconciledObject {
  return { kind, name, ...(namespace !== undefined && { namespace }) };
}

/** Names and namespaces hold no slash. */
function keyOf({ kind, namespace = '', name }: ReconciledObject): string {
  return `${kind}/${namespace}/${name}`;
}

/** The record with its lists cut to a bounded length, and how much was left out. */
function shortened(pass: PassRecord): PassRecord {
  const { reads, calls, children, removals = [] } = pass;
  const surplus = ({ length }: readonly unknown[]) => Math.max(0, length - longestList);
  const omitted = { reads: surplus(reads), calls: surplus(calls), children: surplus(children) };
  const untold = surplus(removals);
  if (omitted.reads + omitted.calls + omitted.children + untold === 0) return pass;
  return {
    ...pass,
    reads: reads.slice(0, longestList),
    calls: calls.slice(0, longestList),
    // What was done to a child says more than that nothing was.
    children: children.toSorted((a, b) => weight(a.action) - weight(b.action)).slice(0, longestList),
    ...(removals.length > 0 && { removals: removals.slice(0, longestList) }),
    omitted: { ...omitted, ...(untold > 0 && { removals: untold }) },
  };
}

function weight(action: string): number {
  return action === 'Unchanged' ? 1 : 0;
}
