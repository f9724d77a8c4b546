import { conditionOf, type EventDraft } from '@capstan/runtime';
import type { PrismFederation, PrismFederationStatus } from '../api/v1alpha3/prism-federation.ts';

/** What a user should hear of a pass: that traffic went elsewhere, and that it cannot be published. */
export function eventsOf({ status: before }: PrismFederation, after: PrismFederationStatus): readonly EventDraft[] {
  return [...switchEvent(before, after), ...publicationEvent(before, after)];
}

function switchEvent(before: PrismFederationStatus | undefined, after: PrismFederationStatus): readonly EventDraft[] {
  const { lastSwitch } = after;
  if (lastSwitch === undefined || lastSwitch.time === before?.lastSwitch?.time) return [];
  const { from, to, reason } = lastSwitch;
  const note = `traffic went from ${from.join(', ')} to ${to.join(', ') || 'nowhere'}`;
  return [{ type: reason === 'Failover' ? 'Warning' : 'Normal', reason, action: 'Route', note }];
}

function publicationEvent(
  before: PrismFederationStatus | undefined,
  after: PrismFederationStatus,
): readonly EventDraft[] {
  const [was, is] = [before, after].map((status) => conditionOf(status?.conditions, 'Published'));
  if (is?.status !== 'False' || is.reason === 'Undecided' || is.reason === was?.reason) return [];
  return [{ type: 'Warning', reason: is.reason, action: 'Publish', note: is.message }];
}
