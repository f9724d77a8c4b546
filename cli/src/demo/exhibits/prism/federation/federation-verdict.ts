import type { PrismFederation } from '@capstan/prism-operator';
import { type Verdict, verdictOf } from '../../../verdict.ts';

/** The verdict on a federation. One healthy cluster is enough for it to be Ready; the demo waits for all of them. */
export function federationVerdict(federation: PrismFederation): Verdict {
  const verdict = verdictOf(federation);
  if (verdict.kind !== 'Ready') return verdict;
  const { clusters = [] } = federation.status ?? {};
  const without = clusters.filter(({ weight }) => weight === 0).map(({ name }) => name);
  return without.length === 0 ? verdict : { kind: 'Waiting', why: `no traffic goes to ${without.join(', ')}` };
}
