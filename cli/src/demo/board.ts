import { Event, type KubeClient, type KubeObject, type ObjectRef } from '@capstan/kube';
import { StreamBusCluster, streamBusClusters } from '@capstan/streambus-operator';
import { type AuditLog, Mirror } from '@capstan/testkit';
import { clusterKey, RequestLedger } from './request-ledger.ts';
import type { ClusterRow } from './table.ts';
import { verdictOf } from './verdict.ts';

export interface BoardOptions {
  readonly client: KubeClient;
  readonly clusters: readonly ObjectRef[];
  readonly audit: AuditLog;
  /** Whose requests are counted. */
  readonly operatorUser: string;
}

/** How often the audit log is read on. */
const auditMs = 250;

/** What is known of the clusters at any moment, from watches and the audit log: looking at it asks the server nothing. */
export class Board {
  readonly #options: BoardOptions;
  readonly #clusters: Mirror<StreamBusCluster>;
  readonly #events: Mirror<Event>;
  readonly #children: readonly Mirror<KubeObject>[];
  /** Clusters that have been there: one of them that is not was deleted. */
  readonly #seen = new Set<string>();
  readonly #requests: RequestLedger;
  readonly #listeners: (() => void)[] = [];
  #auditPosition = 0;

  constructor(options: BoardOptions) {
    const { client, clusters } = options;
    const onChange = (): void => this.#changed();
    this.#options = options;
    this.#clusters = new Mirror(client, StreamBusCluster, { onChange });
    this.#events = new Mirror(client, Event, { onChange });
    this.#children = streamBusClusters.owns.map(
      ({ type }) => new Mirror(client, type, { metadataOnly: true, onChange }),
    );
    this.#requests = new RequestLedger(clusters);
  }

  /** Follows the server until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const reading = setInterval(() => {
      if (this.#readAudit()) this.#changed();
    }, auditMs);
    try {
      await Promise.all([this.#clusters, this.#events, ...this.#children].map((mirror) => mirror.run(signal)));
    } finally {
      clearInterval(reading);
    }
  }

  /** Calls the listener after anything that a row shows may have changed; often many times in a moment. */
  subscribe(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** One row per cluster, in the order they were given. */
  rows(): readonly ClusterRow[] {
    this.#readAudit();
    const children = this.#childrenByOwner();
    return this.#options.clusters.map((ref) => this.#row(ref, children));
  }

  #row(ref: ObjectRef, children: ReadonlyMap<string, number>): ClusterRow {
    const cluster = this.#clusters.get(ref);
    if (cluster !== undefined) this.#seen.add(clusterKey(ref));
    const isDeleted = cluster === undefined && this.#seen.has(clusterKey(ref));
    return {
      namespace: ref.namespace ?? '',
      name: ref.name,
      phase: isDeleted ? 'deleted' : (cluster?.status?.phase ?? ''),
      readyReplicas: cluster?.status?.readyReplicas ?? 0,
      replicas: cluster?.spec.replicas ?? 0,
      children: children.get(cluster?.metadata.uid ?? '') ?? 0,
      requests: this.#requests.of(clusterKey(ref)),
      lastEvent: this.#lastEvent(cluster?.metadata.uid),
      verdict: cluster === undefined ? { kind: 'Waiting', why: 'it does not exist' } : verdictOf(cluster),
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

  /** Counts what the audit log has gained; true when a row changed by it. */
  #readAudit(): boolean {
    const { audit, operatorUser } = this.#options;
    const { requests, position } = audit.follow(this.#auditPosition, { user: operatorUser, except: ['leases'] });
    this.#auditPosition = position;
    return this.#requests.add(requests);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** RFC 3339 with microseconds everywhere in events.k8s.io/v1, so text order is time order. */
function timeOf({ eventTime, series }: Event): string {
  return series?.lastObservedTime ?? eventTime ?? '';
}
