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
  readonly #counted = new Map<string, { priority: Priority; reason: string; count: number; dueAt: number }>();
  #unlisted = 0;

  /** @param dueAt when it becomes a reason, where it is no event that has happened; of equal ones the earliest counts */
  add({ priority, reason }: Trigger, dueAt = Number.NEGATIVE_INFINITY): void {
    const id = `${priority} ${reason}`;
    const known = this.#counted.get(id);
    if (known !== undefined) {
      known.count += 1;
      known.dueAt = Math.min(known.dueAt, dueAt);
    } else if (this.#counted.size < MOST_REASONS) this.#counted.set(id, { priority, reason, count: 1, dueAt });
    else this.#unlisted += 1;
  }

  /** Those whose time has come, in the order in which they first came: a pass that was wanted later is no reason for one now. */
  list(now: number): readonly CountedTrigger[] {
    const due = [...this.#counted.values()].filter(({ dueAt }) => dueAt <= now);
    const listed = due.map(({ priority, reason, count }) => ({ priority, reason, count }));
    if (this.#unlisted === 0) return listed;
    return [...listed, { priority: 'requeue', reason: 'further reasons', count: this.#unlisted }];
  }
}
