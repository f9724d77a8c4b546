import type { Event } from '@capstan/kube';
import type { EventView, TreeNode } from '../api.ts';

/** More than anybody scrolls through. */
const mostShown = 100;

/** The events about some objects, the newest first, 100 at most. Pure. */
export function eventViews(events: readonly Event[], family: readonly TreeNode[]): readonly EventView[] {
  const uids = new Set(family.map(({ ref }) => ref.uid));
  return events
    .filter(({ regarding }) => uids.has(regarding?.uid ?? ''))
    .map(eventView)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, mostShown);
}

function eventView(event: Event): EventView {
  const { type, regarding, reason = '', note = '', series, reportingController } = event;
  return {
    type: type === 'Warning' ? 'Warning' : 'Normal',
    reason,
    note,
    by: reportingController || event.deprecatedSource?.component || 'unknown',
    count: series?.count ?? event.deprecatedCount ?? 1,
    at: new Date(timeOf(event)).toISOString(),
    about: `${regarding?.kind ?? ''}/${regarding?.name ?? ''}`,
  };
}

/** Events of the older kind have no `eventTime`. */
function timeOf({ series, eventTime, deprecatedLastTimestamp, metadata }: Event): string | number {
  const found = series?.lastObservedTime ?? eventTime ?? deprecatedLastTimestamp ?? metadata.creationTimestamp ?? '';
  return Number.isNaN(Date.parse(found)) ? 0 : found;
}
