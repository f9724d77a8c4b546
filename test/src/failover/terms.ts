import { type AuditedRequest, writeVerbs } from '@capstan/testkit';

/** One time in which one process led, as the audit log shows it. */
export interface Term {
  /** Its User-Agent. */
  readonly leader: string;
  /** When the request arrived with which it took the lease: RFC 3339 with microseconds. */
  readonly takenAt: string;
  /** Its first write of work; absent when it wrote nothing. */
  readonly firstWorkAt?: string;
}

/** What the audit log says of an election. */
export interface ElectionRecord {
  /** In order. */
  readonly terms: readonly Term[];
  /** Writes of work that arrived when their process did not lead: before it took the lease, or after another did. */
  readonly strayWrites: readonly AuditedRequest[];
}

const leaseSuffix = '/leader-election';

/** Reads an election from the requests of the processes that took part. Refused requests did nothing and do not count. */
export function electionRecord(requests: readonly AuditedRequest[]): ElectionRecord {
  const writes = requests
    .filter(({ verb, code }) => writeVerbs.includes(verb) && code < 300)
    .toSorted((a, b) => a.receivedAt.localeCompare(b.receivedAt));
  const terms: Term[] = [];
  const strayWrites: AuditedRequest[] = [];
  for (const write of writes) {
    const term = terms.at(-1);
    if (write.resource === 'leases') {
      const leader = write.userAgent.replace(leaseSuffix, '');
      if (term?.leader !== leader) terms.push({ leader, takenAt: write.receivedAt });
    } else if (term?.leader !== write.userAgent) strayWrites.push(write);
    else terms[terms.length - 1] = { ...term, firstWorkAt: term.firstWorkAt ?? write.receivedAt };
  }
  return { terms, strayWrites };
}
