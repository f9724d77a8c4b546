import type { Event } from '@capstan/kube';
import { expect, test } from 'vitest';
import { node } from '../sample-data.fixture.ts';
import { eventViews } from './event-views.ts';

const event = (uid: string, more: Partial<Event>): Event => ({
  ...{
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'e' },
    eventTime: '2026-01-01T00:00:00.000000Z',
  },
  ...{
    regarding: { kind: 'Pod', name: 'a', uid },
    reason: 'Because',
    note: 'It is so.',
    reportingController: 'c',
    type: 'Normal',
  },
  ...more,
});
const family = [node('Pod', 'n/a')];
const [uid = ''] = family.map(({ ref }) => ref.uid);

test('events of both forms about the family are shown, the newest first', () => {
  const old = event(uid, {
    ...{ type: 'Warning', reportingController: '', deprecatedSource: { component: 'kubelet' }, deprecatedCount: 3 },
    deprecatedLastTimestamp: '2026-01-01T00:10:00Z',
  });
  const { eventTime: _eventTime, ...ofOldForm } = old;
  const repeated = event(uid, { series: { count: 9, lastObservedTime: '2026-01-01T00:20:00.000000Z' } });
  // As the server gives one that was written in the older form.
  const events = [event(uid, {}), ofOldForm as Event, event('other', {}), repeated];
  expect(eventViews(events, family).map(({ at, by, count, type }) => [at, by, count, type])).toEqual([
    ['2026-01-01T00:20:00.000Z', 'c', 9, 'Normal'],
    ['2026-01-01T00:10:00.000Z', 'kubelet', 3, 'Warning'],
    ['2026-01-01T00:00:00.000Z', 'c', 1, 'Normal'],
  ]);
  expect(eventViews(events, family)[0]).toMatchObject({ reason: 'Because', note: 'It is so.', about: 'Pod/a' });
});

test('of very many events the last hundred are shown', () => {
  const events = Array.from({ length: 300 }, (_, index) =>
    event(uid, { eventTime: new Date(Date.UTC(2026, 0, 1, 0, 0, index)).toISOString() }),
  );
  const shown = eventViews(events, family);
  expect([shown.length, shown[0]?.at, shown.at(-1)?.at]).toEqual([
    100,
    '2026-01-01T00:04:59.000Z',
    '2026-01-01T00:03:20.000Z',
  ]);
});
