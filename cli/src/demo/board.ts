import { Event, type KubeClient } from '@capstan/kube';
import { type AuditLog, Mirror } from '@capstan/testkit';
import { KindRows } from './kind-rows.ts';
import type { StagedExhibit } from './staged-exhibit.ts';
import type { Row, Table } from './table.ts';

export interface BoardOptions {
  readonly client: KubeClient;
  readonly staged: readonly StagedExhibit[];
  readonly audit: AuditLog;
}

/** How often the audit log is read on. */
const auditMs = 250;

/** What is known of the resources at any moment, from watches and the audit log: looking at it asks the server nothing. */
export class Board {
  readonly #audit: AuditLog;
  readonly #events: Mirror<Event>;
  readonly #kinds: readonly KindRows[];
  readonly #listeners: (() => void)[] = [];
  #auditPosition = 0;

  constructor({ client, staged, audit }: BoardOptions) {
    const onChange = (): void => this.#changed();
    this.#audit = audit;
    this.#events = new Mirror(client, Event, { onChange });
    this.#kinds = staged.map((one) => new KindRows(client, one, this.#events, onChange));
  }

  /** Follows the server until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const reading = setInterval(() => {
      if (this.#readAudit()) this.#changed();
    }, auditMs);
    try {
      await Promise.all([this.#events, ...this.#kinds].map((part) => part.run(signal)));
    } finally {
      clearInterval(reading);
    }
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
