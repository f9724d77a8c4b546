/** What of a tenant the broker limits, by the names of its fields; below 0 is no limit, and 0 lets nothing through. */
const defaultQuotas = {
  MaxBytesPerSecond: 10 * 1024 * 1024,
  MaxMessagesPerSecond: 10_000,
  MaxStorageBytes: 100 * 1024 ** 3,
  MaxTopics: 100,
  MaxPartitions: 1_000,
  MaxConnections: 1_000,
  MaxProducers: 500,
  MaxConsumers: 500,
  MaxConsumerGroups: 50,
  MaxRequestsPerSecond: 10_000,
  MaxRetentionHours: 168,
} as const;

export type TenantQuotas = Readonly<Record<keyof typeof defaultQuotas, number>>;

/** A tenant as the broker tells it: its fields carry the names they have in the broker's source. */
export interface Tenant {
  readonly ID: string;
  readonly Name: string;
  readonly Description: string;
  readonly CreatedAt: string;
  readonly UpdatedAt: string;
  readonly Quotas: TenantQuotas;
  readonly Metadata: Readonly<Record<string, string>>;
  readonly Status: 'ACTIVE';
}

/** A tenant as it is asked for. Names of fields count without regard to case, as the broker's JSON decoder has it. */
export interface TenantRequest {
  readonly id: string;
  readonly name: string;
  readonly quotas: TenantQuotas | undefined;
}

/** The tenants of one broker: in memory, and known to no other broker. */
export class TenantRegistry {
  readonly #tenants = new Map<string, Tenant>();

  list(): readonly Tenant[] {
    return [...this.#tenants.values()];
  }

  find(id: string): Tenant | undefined {
    return this.#tenants.get(id);
  }

  /** Adds a tenant, with the broker's own quotas where none are asked for; `undefined` when there is one of that ID. */
  create({ id, name, quotas = defaultQuotas }: TenantRequest): Tenant | undefined {
    if (this.#tenants.has(id)) return undefined;
    const now = new Date().toISOString();
    // The broker reads a description and keeps none.
    const about = { ID: id, Name: name, Description: '', CreatedAt: now, UpdatedAt: now };
    const tenant: Tenant = { ...about, Quotas: quotas, Metadata: {}, Status: 'ACTIVE' };
    this.#tenants.set(id, tenant);
    return tenant;
  }

  /** Changes the name unless it is empty, and all quotas if any are given; `undefined` when there is no such tenant. */
  update(id: string, { name, quotas }: Omit<TenantRequest, 'id'>): Tenant | undefined {
    const former = this.#tenants.get(id);
    if (former === undefined) return undefined;
    const UpdatedAt = new Date().toISOString();
    const tenant = { ...former, Name: name || former.Name, Quotas: quotas ?? former.Quotas, UpdatedAt };
    this.#tenants.set(id, tenant);
    return tenant;
  }

  /** Whether there was such a tenant. */
  remove(id: string): boolean {
    return this.#tenants.delete(id);
  }
}

/**
 * Reads the body of a request about a tenant. A quota that is left out of given quotas is 0, which lets nothing through:
 * so does the broker.
 *
 * @throws {TypeError} when it is not JSON, or a field has another type than the broker wants
 */
export function tenantRequestOf(body: string): TenantRequest {
  const fields = byLowerCase(parsed(body));
  const quotas = fields.get('quotas') ?? undefined;
  return {
    id: stringOf(fields.get('id') ?? '', 'id'),
    name: stringOf(fields.get('name') ?? '', 'name'),
    quotas: quotas === undefined ? undefined : quotasOf(quotas),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new TypeError('not JSON');
  }
}

function quotasOf(value: unknown): TenantQuotas {
  const given = byLowerCase(value);
  const names = Object.keys(defaultQuotas).map((name) => [name, integerOf(given.get(name.toLowerCase()) ?? 0, name)]);
  // The names are those of the type.
  return Object.fromEntries(names) as TenantQuotas;
}

function byLowerCase(value: unknown): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object');
  return new Map(Object.entries(value).map(([name, each]) => [name.toLowerCase(), each]));
}

function stringOf(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new TypeError(`${field} is not a string`);
  return value;
}

function integerOf(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new TypeError(`${field} is not an integer`);
  return value;
}
