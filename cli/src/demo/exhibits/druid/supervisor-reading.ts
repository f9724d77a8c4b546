/** How a supervisor of a stream is, in figures. */
export interface SupervisorReading {
  /** Tasks that read, and tasks that publish what they have read. */
  readonly tasks: number;
  /** What Druid knows of the stream; undefined until it has asked Kafka, about 16 s after a supervisor starts or is changed. */
  readonly offsets: Offsets | undefined;
}

/** How far a stream was read, over all partitions and from their beginnings. */
export interface Offsets {
  /** Records that are not read yet. */
  readonly lag: number;
  /** Records that are. */
  readonly read: number;
}

/** Reads the answer to `/druid/indexer/v1/supervisor/{id}/status`; undefined when it is none. */
export function supervisorReading(body: unknown): SupervisorReading | undefined {
  const payload = fieldOf(body, 'payload');
  const [active, publishing] = [fieldOf(payload, 'activeTasks'), fieldOf(payload, 'publishingTasks')];
  if (!Array.isArray(active) || !Array.isArray(publishing)) return undefined;
  return { tasks: active.length + publishing.length, offsets: offsetsOf(payload) };
}

/** Druid says a lag of 0 before it has asked Kafka: only the ends of the partitions tell that it has. */
function offsetsOf(payload: unknown): Offsets | undefined {
  const [ends, lag] = [fieldOf(payload, 'latestOffsets'), fieldOf(payload, 'aggregateLag')];
  if (typeof ends !== 'object' || ends === null || typeof lag !== 'number') return undefined;
  const offsets = Object.values(ends).filter((end) => typeof end === 'number');
  if (offsets.length === 0) return undefined;
  return { lag, read: offsets.reduce((sum, end) => sum + end, 0) - lag };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
