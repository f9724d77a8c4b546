import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { failureOf } from './failure-of.ts';

const refused = 'No connection established. Last error: Error: connect ECONNREFUSED 10.77.0.1:8981. Resolution note: ';

describe('an error of gRPC', () => {
  it.each([
    [status.FAILED_PRECONDITION, 'no proxy assigned to partition 238: no proxies available', 'WaitingForProxy'],
    [status.UNAVAILABLE, 'no leader elected', 'NoLeader'],
    [status.UNAVAILABLE, 'failed to connect to leader: context deadline exceeded', 'NoLeader'],
    [status.UNAVAILABLE, refused, 'Unreachable'],
    [status.UNAVAILABLE, 'EOF', 'Unreachable'],
    [status.DEADLINE_EXCEEDED, 'Deadline exceeded after 5.003s,LB pick: 0.001s', 'Unreachable'],
    [status.UNIMPLEMENTED, 'The server does not implement the method', 'Refused'],
    [status.INTERNAL, 'boom', 'Refused'],
    [status.INTERNAL, 'Received RST_STREAM with code 2', 'Unreachable'],
    [status.CANCELLED, 'Call cancelled', 'Unreachable'],
  ])('%i %j means %s', (code, details, kind) => {
    expect(failureOf({ code, details }, 5_000).kind).toBe(kind);
  });

  it('is told without what differs from time to time', () => {
    const at = (time: string) => ({ code: status.DEADLINE_EXCEEDED, details: `Deadline exceeded after ${time}s` });
    expect(failureOf(at('5.001'), 5_000)).toEqual(failureOf(at('5.013'), 5_000));
    expect(failureOf({ code: status.UNAVAILABLE, details: refused }, 5_000)).toEqual({
      kind: 'Unreachable',
      message: 'prism-admin cannot be reached: the connection is refused',
    });
  });

  it('is quoted in one line of some length at most', () => {
    const { message } = failureOf({ code: status.INTERNAL, details: `a\n\u001b[31mb ${'c'.repeat(10_000)}` }, 5_000);
    expect(message).not.toMatch(/\p{C}/u);
    expect(message.length).toBeLessThan(300);
  });
});
