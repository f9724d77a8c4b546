import type { Clock } from '@capstan/kube';
import { FakeSupervisor, type SupervisorVersion } from './fake-supervisor.ts';
import type { JsonObject } from './json-shape.ts';

/** The supervisors of a fake Druid, and what each was before. */
export class SupervisorRegistry {
  readonly #clock: Clock;
  readonly #startDelayMs: number;
  readonly #supervisors = new Map<string, FakeSupervisor>();
  readonly #history = new Map<string, SupervisorVersion[]>();

  constructor(clock: Clock, startDelayMs: number) {
    this.#clock = clock;
    this.#startDelayMs = startDelayMs;
  }

  get all(): readonly FakeSupervisor[] {
    return [...this.#supervisors.values()];
  }

  get history(): ReadonlyMap<string, readonly SupervisorVersion[]> {
    return this.#history;
  }

  get(id: string): FakeSupervisor | undefined {
    return this.#supervisors.get(id);
  }

  /** Creates it, or starts it with a new spec. The history grows only where the spec is another one than that which runs. */
  put(id: string, spec: JsonObject, posted?: unknown): void {
    const known = this.#supervisors.get(id);
    const before = known?.spec;
    if (known === undefined) {
      this.#supervisors.set(id, new FakeSupervisor(id, spec, posted, this.#clock, this.#startDelayMs));
    } else known.start(spec, posted);
    if (before === undefined || !sameJson(before, spec)) this.#remember(id, spec);
  }

  /** Ends it and leaves a tombstone in its history. */
  terminate(id: string): void {
    const dataSources = [this.#supervisors.get(id)?.dataSource];
    this.#supervisors.delete(id);
    this.#remember(id, { type: 'noop', id: null, dataSources, suspended: false, source: 'noop' });
  }

  /** Takes it away without a trace, as a failed update does, or an error of Druid. */
  lose(id: string): void {
    this.#supervisors.delete(id);
  }

  #remember(id: string, spec: JsonObject): void {
    const version = new Date(this.#clock.now()).toISOString();
    this.#history.set(id, [{ spec, version }, ...(this.#history.get(id) ?? [])]);
  }
}

/** Whether two JSON values say the same, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, ordered(v)]),
  );
}
