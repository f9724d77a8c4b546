/**
 * How urgent a reason for a pass is, most urgent first: the user's own edit, something that happened to a child, a pass
 * that was asked for, the periodic look, and what was there when the process started.
 */
export const priorities = ['edit', 'child', 'requeue', 'resync', 'initial'] as const;

export type Priority = (typeof priorities)[number];

/** Why a key is to be reconciled. */
export interface Trigger {
  readonly priority: Priority;
  /** For people: `resource changed`, `StatefulSet/a-broker changed`. */
  readonly reason: string;
}

/** A trigger and how often it came since the last pass. */
export interface CountedTrigger extends Trigger {
  readonly count: number;
}

/** More different reasons than anybody reads; beyond it only their number is kept, or one hot key would eat the memory. */
const MOST_REASONS = 64;

/** The reasons that came for one key since its last pass, equal ones counted. */
export class TriggerLog {
  readonly #counted = new Map<string, { priority: Priority; reason: string; count: number }>();
  #unlisted = 0;

  add({ priority, reason }: Trigger): void {
    const id = `${priority} ${reason}`;
    const known = this.#counted.get(id);
    if (known !== undefined) known.count += 1;
    else if (this.#counted.size < MOST_REASONS) this.#counted.set(id, { priority, reason, count: 1 });
    else this.#unlisted += 1;
  }

  /** In the order in which they first came. */
  list(): readonly CountedTrigger[] {
    const listed = [...this.#counted.values()].map((each) => ({ ...each }));
    if (this.#unlisted === 0) return listed;
    return [...listed, { priority: 'requeue', reason: 'further reasons', count: this.#unlisted }];
  }
}
