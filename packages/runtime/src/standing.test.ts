import { describe, expect, it } from 'vitest';
import type { Outcome } from './controller/outcome.ts';
import { standingOf } from './standing.ts';

const done: Outcome = { children: [], failures: [], contests: [], live: () => undefined };
const refused = { child: 'Service/web', terminal: true, reason: 'Invalid', message: 'no such port' };
const unreachable = { child: 'Secret/web', terminal: false, reason: 'Timeout', message: 'no answer' };
const contest = { child: 'Deployment/web', path: '.spec.replicas', manager: 'kubectl-edit', retryAfterMs: 1_000 };
const waiting = { step: 'web', since: '2026-01-01T00:00:00Z', reason: 'RolloutInProgress', message: '1 of 2 ready' };

describe('where a resource stands', () => {
  it.each([
    { outcome: done, is: 'Ready', reason: 'UpToDate', message: 'Everything is as the spec says.' },
    { outcome: { failures: [unreachable] }, is: 'Reconciling', reason: 'Timeout', message: 'Secret/web: no answer' },
    // What somebody has to do comes before what goes on by itself.
    {
      outcome: { failures: [unreachable, refused] },
      is: 'Stalled',
      reason: 'Invalid',
      message: 'Service/web: no such port',
    },
    ...['Service/web: no such port', 'Service web: no such port', 'Service shop/web: no such port'].map((message) => ({
      outcome: { failures: [{ ...refused, message }] },
      ...{ is: 'Stalled', reason: 'Invalid', message },
    })),
    {
      outcome: { contests: [contest], waiting },
      is: 'Stalled',
      reason: 'DriftContested',
      message: 'kubectl-edit keeps changing .spec.replicas of Deployment/web.',
    },
    { outcome: { waiting }, is: 'Reconciling', reason: 'RolloutInProgress', message: '1 of 2 ready' },
    {
      outcome: { waiting: { ...waiting, timedOut: true as const } },
      is: 'Stalled',
      reason: 'RolloutInProgress',
      message: '1 of 2 ready',
    },
    {
      outcome: { children: [{ child: 'Job/web', action: 'Terminating' as const }] },
      is: 'Reconciling',
      reason: 'ChildTerminating',
      message: 'Job/web is being deleted.',
    },
  ])('is $is because of $reason: $message', ({ outcome, ...standing }) => {
    expect(standingOf({ ...done, ...outcome })).toEqual(standing);
  });
});
