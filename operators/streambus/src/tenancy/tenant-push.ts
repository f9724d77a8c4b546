import { createHash } from 'node:crypto';
import type { BrokerAddress, BrokerAdmin } from '../brokers/broker-admin.ts';
import type { TenantApi } from './enforcement.ts';
import type { EffectiveQuotas, Quotas } from './quotas.ts';

/** A tenant as the administration API of a broker takes it. */
interface BrokerTenant {
  readonly id: string;
  readonly name: string;
  readonly quotas: Readonly<Record<string, number>>;
}

/** The tenant that a broker counts every client under which names none. */
const everybodyElse = 'default';

/** One broker process: its memory of tenants ends with it. */
export interface BrokerProcess extends BrokerAddress {
  readonly restarts: number;
}

/**
 * Keeps the tenants of brokers that have an API for them as the spec says. Brokers hold tenants in memory only: each is told anew
 * after each of its restarts, and nothing is asked while nothing has changed.
 */
export class TenantPush {
  readonly #admin: BrokerAdmin;
  readonly #told = new Map<string, { readonly what: string; readonly api: TenantApi }>();

  constructor(admin: BrokerAdmin) {
    this.#admin = admin;
  }

  /** Tells every broker what it does not know yet, and says whether they listen. */
  async push(quotas: EffectiveQuotas, brokers: readonly BrokerProcess[], signal: AbortSignal): Promise<TenantApi> {
    if (brokers.length === 0) return { kind: 'Unknown', why: 'no broker accepts clients yet' };
    const wanted = tenantsOf(quotas);
    const what = createHash('sha256').update(JSON.stringify(wanted)).digest('hex');
    const apis = await Promise.all(brokers.map((broker) => this.#pushTo(broker, wanted, what, signal)));
    return (
      apis.find(({ kind }) => kind === 'Unknown') ?? apis.find(({ kind }) => kind === 'Absent') ?? { kind: 'Served' }
    );
  }

  async #pushTo(
    broker: BrokerProcess,
    wanted: readonly BrokerTenant[],
    what: string,
    signal: AbortSignal,
  ): Promise<TenantApi> {
    const key = `${broker.uid}/${broker.restarts}`;
    const before = this.#told.get(key);
    // A process that has no such API never gets one.
    if (before !== undefined && (before.what === what || before.api.kind === 'Absent')) return before.api;
    const api = await this.#tell(broker, wanted, signal);
    if (api.kind !== 'Unknown') this.#remember(key, what, api);
    return api;
  }

  async #tell(broker: BrokerProcess, wanted: readonly BrokerTenant[], signal: AbortSignal): Promise<TenantApi> {
    const path = '/api/v1/tenants';
    try {
      const { status, body } = await this.#admin.ask(broker, { method: 'GET', path }, signal);
      if (status === 404) return { kind: 'Absent' };
      if (status !== 200) return { kind: 'Unknown', why: `${broker.pod} answers ${path} with status ${status}` };
      const known = idsIn(body);
      for (const tenant of [...wanted, ...strangersIn(known, wanted)]) {
        const call = known.has(tenant.id)
          ? ({ method: 'PUT', path: `${path}/${encodeURIComponent(tenant.id)}`, body: tenant } as const)
          : ({ method: 'POST', path, body: tenant } as const);
        const answer = await this.#admin.ask(broker, call, signal);
        if (answer.status >= 300)
          return { kind: 'Unknown', why: `${broker.pod} refuses tenant ${tenant.id} with status ${answer.status}` };
      }
      return { kind: 'Served' };
    } catch (error) {
      return { kind: 'Unknown', why: `${broker.pod}: ${error instanceof Error ? error.message : 'no answer'}` };
    }
  }

  #remember(key: string, what: string, api: TenantApi): void {
    this.#told.delete(key);
    this.#told.set(key, { what, api });
    const [oldest] = this.#told.keys();
    if (this.#told.size > 4_096 && oldest !== undefined) this.#told.delete(oldest);
  }
}

function tenantsOf({ defaults, tenants }: EffectiveQuotas): readonly BrokerTenant[] {
  // The spec may name that tenant too, and then says what holds for it.
  const isNamed = tenants.some(({ tenantId }) => tenantId === everybodyElse);
  const all = isNamed ? tenants : [{ tenantId: everybodyElse, quotas: defaults }, ...tenants];
  return all.map(({ tenantId, quotas }) => ({
    id: tenantId,
    name: tenantId,
    quotas: brokerQuotas(quotas),
  }));
}

/** A quota that is left out counts as 0 there, which lets nothing through. */
const unlimited = -1;

/**
 * The quotas as the broker has them, every one of them, in its own names and units. It has others than a cluster's spec, which
 * stay unlimited; a limit of partitions per topic it has not.
 * Facts of the broker, 1.8.
 */
function brokerQuotas(quotas: Quotas): Readonly<Record<string, number>> {
  const { maxTopics, maxConnections, maxBandwidthMBps, maxStorageGB, maxMessagesPerSecond } = quotas;
  return {
    MaxBytesPerSecond: times(maxBandwidthMBps, 1_048_576),
    MaxMessagesPerSecond: maxMessagesPerSecond ?? unlimited,
    MaxStorageBytes: times(maxStorageGB, 1_073_741_824),
    MaxTopics: maxTopics ?? unlimited,
    MaxPartitions: unlimited,
    MaxConnections: maxConnections ?? unlimited,
    MaxProducers: unlimited,
    MaxConsumers: unlimited,
    MaxConsumerGroups: unlimited,
    MaxRequestsPerSecond: unlimited,
    MaxRetentionHours: unlimited,
  };
}

function times(quota: number | undefined, unit: number): number {
  return quota === undefined ? unlimited : quota * unit;
}

/** The broker answers `{"tenants": [{"ID": ...}]}`, although it takes `id`. */
function idsIn(body: unknown): ReadonlySet<string> {
  const list: unknown = isRecord(body) ? body['tenants'] : undefined;
  const ids = Array.isArray(list) ? list.map((item: unknown) => (isRecord(item) ? item['ID'] : undefined)) : [];
  return new Set(ids.filter((id) => typeof id === 'string'));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Tenants that the spec does not name, or does not name any more: what holds for everybody holds for them. */
function strangersIn(known: ReadonlySet<string>, wanted: readonly BrokerTenant[]): readonly BrokerTenant[] {
  const { quotas = brokerQuotas({}) } = wanted.find(({ id }) => id === everybodyElse) ?? {};
  const ids = [...known].filter((id) => wanted.every((tenant) => tenant.id !== id));
  return ids.map((id) => ({ id, name: id, quotas }));
}
