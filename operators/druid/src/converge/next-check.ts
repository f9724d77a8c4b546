import { minutes, seconds } from '@capstan/runtime';
import type { Aspect, Seen } from './memory.ts';

/** How long each aspect may go unlooked at, in ms: what others change in Druid is found after that at the latest. */
const periods: Readonly<Record<Aspect, number>> = {
  supervisor: seconds(60),
  rules: minutes(5),
  compaction: minutes(5),
};

/**
 * What to look at in this pass, so that a settled ingestion costs one question at a time: the aspect that is most overdue, else
 * the state.
 */
export function nextCheck(seen: ReadonlyMap<Aspect, Seen>, nowMs: number): Aspect | 'state' {
  const overdue = [...seen]
    .map(([aspect, { checkedAtMs }]) => ({ aspect, by: nowMs - checkedAtMs - periods[aspect] }))
    .filter(({ by }) => by >= 0)
    .sort((a, b) => b.by - a.by);
  return overdue[0]?.aspect ?? 'state';
}
