import { Event, type KubeClient } from '@capstan/kube';
import type { AuditLog, Mirror } from '@capstan/testkit';
import { KindRows } from './kind-rows.ts';
import { Mirrors } from './mirrors.ts';
import type { StagedExhibit } from './staged-exhibit.ts';
import type { Row, Table } from './table.ts';

export interface BoardOptions {
  readonly client: KubeClient;
  readonly audit: AuditLog;
}

/** How often the audit log is read on. */
const auditMs = 250;

/** What is known of the resources at any moment, from watches and the audit log: looking at it asks the server nothing. */
export class Board implements AsyncDisposable {
  readonly #audit: AuditLog;
  readonly #over = new AbortController();
  readonly #mirrors: Mirrors;
  readonly #events: Mirror<Event>;
  readonly #kinds: KindRows[] = [];
  readonly #listeners: (() => void)[] = [];
  readonly #reading: NodeJS.Timeout;
  #auditPosition = 0;

  constructor({ client, audit }: BoardOptions) {
    this.#audit = audit;
    this.#mirrors = new Mirrors(client, this.#over.signal, () => this.#changed());
    this.#events = this.#mirrors.of(Event);
    this.#reading = setInterval(() => {
      if (this.#readAudit()) this.#changed();
    }, auditMs);
  }

  /** Shows one more kind, below the others, from its first request on. */
  add(staged: StagedExhibit): KindRows {
    this.#readAudit();
    const rows = new KindRows(staged, { mirrors: this.#mirrors, events: this.#events });
    staged.show.subscribe?.(() => this.#changed());
    this.#kinds.push(rows);
    this.#changed();
    return rows;
  }

  /** Calls the listener after anything that a row shows may have changed; often many times in a moment. */
  subscribe(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** One table per kind, in the order they were given. */
  tables(): readonly Table[] {
    this.#readAudit();
    return this.#kinds.map((kind) => kind.table());
  }

  /** The rows of all tables. */
  rows(): readonly Row[] {
    return this.tables().flatMap(({ rows }) => rows);
  }

  /** Ends following the server. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#reading);
    this.#over.abort();
    await this.#mirrors.ended();
  }

  /** Counts what the audit log has gained; true when a row changed by it. */
  #readAudit(): boolean {
    const { requests, position } = this.#audit.follow(this.#auditPosition, { except: ['leases'] });
    this.#auditPosition = position;
    return this.#kinds.map((kind) => kind.count(requests)).includes(true);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
