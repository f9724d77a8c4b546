import type { Event, KubeObject, ObjectRef } from '@capstan/kube';
import type { AuditedRequest, Mirror } from '@capstan/testkit';
import type { Mirrors } from './mirrors.ts';
import { RequestLedger, resourceKey } from './request-ledger.ts';
import { refOf } from './samples.ts';
import type { StagedExhibit } from './staged-exhibit.ts';
import type { Row, Table } from './table.ts';

/** Where rows are read from. */
export interface RowSources {
  readonly mirrors: Mirrors;
  readonly events: Mirror<Event>;
}

/** The rows of one kind, from watches. */
export class KindRows {
  readonly #staged: StagedExhibit;
  readonly #refs: readonly ObjectRef[];
  readonly #events: Mirror<Event>;
  readonly #resources: Mirror<KubeObject>;
  readonly #children: readonly Mirror<KubeObject>[];
  /** Resources that have been there: one of them that is not was deleted. */
  readonly #seen = new Set<string>();
  readonly #requests: RequestLedger;

  constructor(staged: StagedExhibit, { mirrors, events }: RowSources) {
    const { exhibit, show } = staged;
    this.#staged = staged;
    this.#refs = show.samples.map(refOf);
    this.#events = events;
    this.#resources = mirrors.of(exhibit.kind);
    // Kinds of others, which this cluster has not, have no objects to count.
    const owned = exhibit.controller.owns.filter(({ optional }) => optional !== true);
    this.#children = owned.map(({ type }) => mirrors.metadataOf(type));
    this.#requests = new RequestLedger(this.#refs);
  }

  /** Counts requests that its operator made; true when a row changed by it. */
  count(requests: readonly AuditedRequest[]): boolean {
    return this.#requests.add(requests.filter(({ user }) => user === this.#staged.account.user));
  }

  /** One row per sample, in their order. */
  table(): Table {
    const children = this.#childrenByOwner();
    return { headings: this.#staged.exhibit.headings, rows: this.#refs.map((ref) => this.#row(ref, children)) };
  }

  #row(ref: ObjectRef, children: ReadonlyMap<string, number>): Row {
    const { exhibit, show } = this.#staged;
    const resource = this.#resources.get(ref);
    if (resource !== undefined) this.#seen.add(resourceKey(ref));
    const isDeleted = resource === undefined && this.#seen.has(resourceKey(ref));
    return {
      ...show.look(resource),
      ...(isDeleted && { state: 'deleted' }),
      kind: exhibit.kind.kind,
      namespace: ref.namespace ?? '',
      name: ref.name,
      children: children.get(resource?.metadata.uid ?? '') ?? 0,
      requests: this.#requests.of(resourceKey(ref)),
      lastEvent: this.#lastEvent(resource?.metadata.uid),
      verdict: resource === undefined ? { kind: 'Waiting', why: 'it does not exist' } : exhibit.verdict(resource),
    };
  }

  #childrenByOwner(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { metadata } of this.#children.flatMap((mirror) => mirror.all())) {
      const owner = metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
      if (owner !== undefined) counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
    return counts;
  }

  #lastEvent(uid: string | undefined): string {
    const events = this.#events.all().filter(({ regarding }) => uid !== undefined && regarding?.uid === uid);
    const last = events.toSorted((a, b) => timeOf(a).localeCompare(timeOf(b))).at(-1);
    return last === undefined ? '' : `${last.reason ?? ''}: ${last.note ?? ''}`;
  }
}

/** RFC 3339 with microseconds everywhere in events.k8s.io/v1, so text order is time order. */
function timeOf({ eventTime, series }: Event): string {
  return series?.lastObservedTime ?? eventTime ?? '';
}
