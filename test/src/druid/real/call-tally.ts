import type { DruidApi } from '@capstan/druid-operator';

/** Calls that only ask. Whatever else the operator calls changes something. */
const questions: readonly string[] = [
  ...['supervisorSpec', 'supervisorStatus', 'supervisorHealth', 'taskStatus', 'taskReport'],
  ...['rules', 'compaction', 'lookups', 'lookup', 'dynamicConfig'],
];

/** Counts what an operator asks of Druid. */
export class CallTally {
  readonly #byName = new Map<string, number>();
  readonly #byClass = new Map<string, number>();
  readonly #submissions = new Map<string, number>();
  readonly #compactions = new Map<string, number>();
  readonly #unanswered: string[] = [];

  /** Counts one call that is over; for `druidClients`. */
  readonly observe = ({ name, status }: { readonly name: string; readonly status: number | undefined }): void => {
    add(this.#byName, name);
    if (status === undefined) this.#unanswered.push(name);
    add(this.#byClass, status === undefined ? 'unanswered' : `${Math.floor(status / 100)}xx`);
  };

  /** Counts also by data source what is sent through a client. */
  watch(api: DruidApi): DruidApi {
    return {
      ...api,
      submitSupervisor: (spec) => {
        add(this.#submissions, dataSourceOf(spec));
        return api.submitSupervisor(spec);
      },
      setCompaction: (config) => {
        add(this.#compactions, dataSourceOf(config));
        return api.setCompaction(config);
      },
    };
  }

  /** All calls so far. */
  get total(): number {
    return sum([...this.#byName.values()]);
  }

  /** Calls so far that change something. */
  get changes(): number {
    return sum([...this.#byName].map(([name, count]) => (questions.includes(name) ? 0 : count)));
  }

  /** Names of the calls so far that nobody answered in time, or at all. */
  get unanswered(): readonly string[] {
    return this.#unanswered;
  }

  /** Calls so far of one name, such as `reset`. */
  of(name: string): number {
    return this.#byName.get(name) ?? 0;
  }

  /** How often a supervisor of this data source was submitted so far. */
  submissionsOf(dataSource: string): number {
    return this.#submissions.get(dataSource) ?? 0;
  }

  /** How often the compaction of this data source was set so far. */
  compactionsOf(dataSource: string): number {
    return this.#compactions.get(dataSource) ?? 0;
  }

  /** `780 calls of the operator to Druid (700 2xx, 80 4xx), 50 of them changes`. */
  toString(): string {
    const classes = [...this.#byClass].sort().map(([name, count]) => `${count} ${name}`);
    return `${this.total} calls of the operator to Druid (${classes.join(', ')}), ${this.changes} of them changes`;
  }
}

function dataSourceOf(spec: object): string {
  return /"dataSource":"([^"]*)"/.exec(JSON.stringify(spec))?.[1] ?? '';
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
