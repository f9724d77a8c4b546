import type { JsonObject } from '../druid/druid-api.ts';
import { withOwner } from '../spec/owner-mark.ts';
import { postedSupervisor } from '../spec/posted-spec.ts';
import { referencesIn } from '../spec/secret-references.ts';
import { specHash } from '../spec/spec-hash.ts';
import { fallbackIdOf, type Understood } from '../spec/understand.ts';
import { understandSent } from '../spec/understand-sent.ts';
import { heldTypeIn } from './held.ts';
import type { LastGood } from './ledger.ts';
import { ownerFor } from './ownership.ts';
import type { Work } from './work.ts';

/** The spec of a supervisor to be had by Druid, with what tells it from others. */
export interface Target extends LastGood {
  readonly understood: Understood;
  /** Of everything that is sent, by versions of Secrets; holds no secret. */
  readonly key: string;
}

/**
 * The spec as it is wanted: with the mark of the resource, unless Druid took this very spec from the first Druid operator, whose
 * tasks would start anew for the mark alone.
 */
export function wantedTarget(work: Work): Target {
  const { understood, isSuspended, ledger } = work;
  const unmarked = postedSupervisor(understood, { isSuspended });
  const isAsTaken = specHash(unmarked) === ledger.status.lastGoodSpecHash;
  return targetOf(isAsTaken ? unmarked : marked(unmarked, understood, work), understood, work);
}

/** A target with the mark of the resource, which it may have already. */
export function markedTarget({ spec, understood }: Target, work: Work): Target {
  return targetOf(marked(spec, understood, work), understood, work);
}

function marked(spec: JsonObject, { type }: Understood, { ingestion }: Pick<Work, 'ingestion'>): JsonObject {
  return withOwner(spec, type, ownerFor(ingestion));
}

/** The spec as it is wanted; in place of one that Druid has refused, the last one that it took, if that may be sent. */
export function fitTarget(wanted: Target, work: Work): Target {
  if (!isRefused(wanted, work)) return wanted;
  const former = formerTarget(work);
  return former === undefined || former.hash === wanted.hash ? wanted : former;
}

function formerTarget(work: Work): Target | undefined {
  const { ledger, ingestion, isSuspended } = work;
  const { lastGood, status } = ledger;
  if (lastGood === undefined || lastGood.hash !== status.lastGoodSpecHash) return undefined;
  const understood = understandSent(lastGood.spec, heldTypeIn(status) ?? '', fallbackIdOf(ingestion));
  if (understood?.kind !== 'Supervisor' || !work.maySend(lastGood.spec)) return undefined;
  return targetOf({ ...lastGood.spec, suspended: isSuspended }, understood, work);
}

function targetOf(spec: JsonObject, understood: Understood, { secretVersionOf }: Work): Target {
  const hash = specHash(spec);
  const names = [...new Set(referencesIn(spec).references.map(({ name }) => name))].sort();
  const versions = names.map((name) => `${name}@${secretVersionOf(name)}`).join(' ');
  return { hash, spec, understood, key: `${hash} ${spec['suspended'] === true} ${versions}` };
}

/** Whether Druid has refused a spec, be it the one that is wanted or the last good one. */
export function isRefused({ hash }: Target, { ledger: { status } }: Pick<Work, 'ledger'>): boolean {
  return status.refusedSpec?.hash === hash || status.refusedLastGoodHash === hash;
}
