import { type Millis, minutes, seconds } from '@capstan/runtime';
import { type Aspect, isLookup, type LookupAspect, type Seen } from './memory.ts';

/** How long each aspect may go unlooked at: what others change in Druid is found after that, or somewhat later where many are due. */
const periods: Readonly<Record<Exclude<Aspect, LookupAspect>, Millis>> = {
  supervisor: seconds(60),
  state: minutes(2),
  rules: minutes(5),
  compaction: minutes(5),
  'coordinator configuration': minutes(5),
  'overlord configuration': minutes(5),
};

/** A spec that Druid refused while it has no other is tried again that often, in ms: an extension may have been added. */
export const retryAfter: Millis = minutes(10);

/** How long a lookup may go unlooked at, and how much more there is of it for each lookup: many of them do not crowd out the rest. */
const lookupPeriod = minutes(5);
const lookupPace = minutes(2);

/**
 * What to look at in this pass, so that a settled ingestion costs one question at a time: what is overdue most, by its own
 * measure, else the state.
 */
export function nextCheck(seen: ReadonlyMap<Aspect, Seen>, nowMs: number): Aspect {
  const lookups = [...seen.keys()].filter(isLookup).length;
  const overdue = [...seen]
    .map(([aspect, each]) => ({ aspect, share: ageOf(each, nowMs) / periodOf(aspect, each, lookups) }))
    .filter(({ share }) => share >= 1)
    .sort((a, b) => b.share - a.share);
  return overdue[0]?.aspect ?? 'state';
}

/** How long ago something was looked at, in ms. A clock that was put back says nothing of it: then it is time to look. */
export function ageOf({ checkedAtMs }: Seen, nowMs: number): number {
  return checkedAtMs > nowMs ? Number.POSITIVE_INFINITY : nowMs - checkedAtMs;
}

function periodOf(aspect: Aspect, { refusal }: Seen, lookups: number): number {
  if (aspect === 'supervisor' && refusal !== undefined) return retryAfter;
  return isLookup(aspect) ? Math.max(lookupPeriod, lookups * lookupPace) : periods[aspect];
}
