import { type AuditedRequest, countByVerb, writeVerbs } from '@capstan/testkit';

/** Requests of an operator, told apart by what they are for. */
export interface RequestCounts {
  /** All but watches, events and the renewals of the Lease. */
  readonly total: number;
  /** Those among them that change something. */
  readonly writes: number;
  /** Those among the writes that tell the status of a resource. */
  readonly statusWrites: number;
  readonly events: number;
  /** By verb and resource, all but watches. */
  readonly byVerb: Readonly<Record<string, number>>;
}

/** Counts requests. Watches are left out: they are open all the time, and the audit log shows them only when they end. */
export function countRequests(requests: readonly AuditedRequest[]): RequestCounts {
  const asked = requests.filter(({ verb }) => verb !== 'watch');
  const events = asked.filter(({ resource }) => resource === 'events');
  const rest = asked.filter(({ resource }) => resource !== 'events' && resource !== 'leases');
  const writes = rest.filter(({ verb }) => writeVerbs.includes(verb));
  const statusWrites = writes.filter(({ subresource }) => subresource === 'status');
  return {
    total: rest.length,
    writes: writes.length,
    statusWrites: statusWrites.length,
    events: events.length,
    byVerb: countByVerb(asked),
  };
}
