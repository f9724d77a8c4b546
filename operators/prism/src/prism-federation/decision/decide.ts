import { isDeepStrictEqual } from 'node:util';
import type { Millis } from '@capstan/runtime';
import { chosen } from './choose.ts';
import type { Basis, Decision, MemberRules, Observation, Rules, Standing } from './decision.ts';
import { own } from './own.ts';
import { sharesOf } from './shares.ts';
import { millisSince, nextStanding, observed } from './standing.ts';

/**
 * Where traffic goes after what was observed. It reads no clock: `at` and all times in a decision are of one monotonic clock, and only
 * their differences count.
 *
 * Where not one member is known to be healthy the weights before stay: it is then more likely that this side is cut off than that all
 * of them are down, and none would be better than another.
 *
 * @param before the last decision, or none when there was none
 * @param observations by member; one without counts as not observed yet
 */
export function decide(
  before: Decision | undefined,
  observations: Readonly<Record<string, Observation>>,
  rules: Rules,
  at: Millis,
): Decision {
  const view = viewOf(before, observations, rules, at);
  const { basis, weights } = divided(view);
  const standings = withDisplaced(view, weights);
  const isSame =
    before !== undefined && isDeepStrictEqual(Object.keys(before.weights).sort(), Object.keys(weights).sort());
  const withdrawn = Object.keys(weights).length === 0 && hadTraffic(before);
  return { basis, weights, withdrawn, standings, since: isSame ? before.since : at, begun: before?.begun ?? at };
}

interface View {
  readonly before: Decision | undefined;
  readonly observations: Readonly<Record<string, Observation>>;
  readonly rules: Rules;
  readonly at: Millis;
  /** Those that are not taken out of traffic by the spec. */
  readonly members: readonly MemberRules[];
  readonly standings: Readonly<Record<string, Standing>>;
  /** Those in it whose newest probe was well. */
  readonly fit: readonly MemberRules[];
}

function viewOf(
  before: Decision | undefined,
  observations: Readonly<Record<string, Observation>>,
  rules: Rules,
  at: Millis,
): View {
  const members = rules.members.filter(({ weight }) => weight > 0);
  const isFit = (standings: View['standings']) =>
    members.filter(({ name }) => isIn(standings, name) && isHealthy(name));
  const isHealthy = (name: string) => observed(observations, name).verdict === 'Healthy';
  const standAt = (held: boolean) =>
    Object.fromEntries(
      rules.members.map(({ name }) => {
        const former = own(before?.standings, name);
        return [name, nextStanding(former, observed(observations, name), rules, { at, held })];
      }),
    );
  const held = standAt(true);
  const standings = isFit(held).length > 0 ? held : standAt(false);
  return { before, observations, rules, at, members, standings, fit: isFit(standings) };
}

function divided(view: View): Pick<Decision, 'basis' | 'weights'> {
  const { before, rules, fit, at, observations } = view;
  if (isFirst(before) && isWaiting(view) && millisSince(before?.begun ?? at, at) < rules.patience)
    return { basis: 'Waiting', weights: {} };
  if (fit.length === 0) return unchanged(view);
  const candidates = candidatesOf(view);
  return { basis: 'Following', weights: sharesOf(chosen(rules, { candidates, before, observations, at })) };
}

/** Those that are well, and those that have traffic and have not failed often enough to lose it. */
function candidatesOf({ rules, members, standings, fit, before }: View): readonly MemberRules[] {
  const carries = (name: string) => own(before?.weights, name) !== undefined;
  if (!rules.failover) return members.filter(({ name }) => own(standings, name)?.is !== 'New' || carries(name));
  return members.filter((member) => fit.includes(member) || (isIn(standings, member.name) && carries(member.name)));
}

/** The weights before, of the members that there still are. */
function unchanged(view: View): Pick<Decision, 'basis' | 'weights'> {
  const { before, members } = view;
  const weights = before?.weights ?? {};
  const kept = members.filter(({ name }) => Object.hasOwn(weights, name));
  const shares = sharesOf(kept.map((member) => ({ ...member, weight: own(weights, member.name) ?? 0 })));
  return { basis: basisOf(view, kept.length > 0), weights: shares };
}

function basisOf(view: View, isCarried: boolean): Basis {
  if (isWaiting(view)) return 'Waiting';
  if (isCarried) return 'Static';
  return hadTraffic(view.before) ? 'Withdrawn' : 'Nobody';
}

/** A member that lost its traffic by failing is displaced until it may have traffic again. */
function withDisplaced({ before, standings, members }: View, weights: Decision['weights']): Decision['standings'] {
  const had = (name: string) => own(before?.weights, name) !== undefined;
  return Object.fromEntries(
    Object.entries(standings).map(([name, standing]) => {
      const isOut = standing.is === 'Out' && members.some((member) => member.name === name);
      const isDisplaced = isOut && !Object.hasOwn(weights, name) && (standing.displaced || had(name));
      return [name, { ...standing, displaced: isDisplaced }];
    }),
  );
}

/** Whether somebody had the traffic and nobody has got it since. */
function hadTraffic(before: Decision | undefined): boolean {
  return before !== undefined && (before.withdrawn || !isFirst(before));
}

function isFirst(before: Decision | undefined): boolean {
  return before === undefined || Object.keys(before.weights).length === 0;
}

function isWaiting({ members, observations }: View): boolean {
  return members.some(({ name }) => observed(observations, name).verdict === 'Unknown');
}

function isIn(standings: Decision['standings'], name: string): boolean {
  return own(standings, name)?.is === 'In';
}
