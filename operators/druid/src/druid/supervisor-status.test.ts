import { describe, expect, it } from 'vitest';
import { autocompactStatus, unhealthyStatus } from './captured-answers.fixture.ts';
import { redactionOf } from './redaction.ts';
import { supervisorStatusOf } from './supervisor-status.ts';

const plain = redactionOf([]);

describe('the status of a supervisor', () => {
  it('is what Druid says, its errors newest first and without the names of exceptions', () => {
    expect(supervisorStatusOf(unhealthyStatus, plain)).toEqual({
      state: 'UNHEALTHY_SUPERVISOR',
      detailedState: 'UNABLE_TO_CONNECT_TO_STREAM',
      healthy: false,
      suspended: true,
      activeTasks: 0,
      recentErrors: [
        { timestamp: '2026-11-20T14:06:15.335Z', message: 'Failed to construct kafka consumer' },
        { timestamp: '2026-11-20T14:05:15.335Z', message: 'Timeout expired while fetching topic metadata' },
      ],
    });
  });

  it('tells the lag as soon as Druid knows how far the stream goes, and no 0 before', () => {
    const lagOf = (more: object) =>
      supervisorStatusOf({ ...unhealthyStatus, payload: { ...unhealthyStatus.payload, ...more } }, plain)?.aggregateLag;
    expect([lagOf({}), lagOf({ latestOffsets: { 0: 7 } }), lagOf({ latestOffsets: {}, aggregateLag: 3 })]).toEqual([
      undefined,
      0,
      3,
    ]);
  });

  it('says less of a supervisor that reads no stream', () => {
    expect(supervisorStatusOf(autocompactStatus, plain)).toEqual({
      state: 'AWAITING_FIRST_RUN',
      detailedState: 'AWAITING_FIRST_RUN',
      healthy: true,
      activeTasks: 0,
      recentErrors: [],
    });
  });

  it('holds no secret in its errors', () => {
    const status = supervisorStatusOf(unhealthyStatus, redactionOf(['kafka consumer']));
    expect(status?.recentErrors[0]?.message).toBe('Failed to construct [redacted]');
  });

  it.each([undefined, null, [], {}, { payload: 'x' }])('is none for %j', (body) => {
    expect(supervisorStatusOf(body, plain)).toBeUndefined();
  });
});
