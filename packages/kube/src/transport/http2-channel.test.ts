import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../clock.ts';
import { Http2Channel } from './http2-channel.ts';

describe('a session that has just been destroyed', () => {
  it('is not asked for a PING that falls due before it tells of its end', async () => {
    const due: (() => void)[] = [];
    const clock: Clock = {
      ...systemClock,
      setTimeout: (callback) => {
        due.push(callback);
        return { cancel: () => {} };
      },
    };
    const closed = Promise.withResolvers<void>();
    const options = { authority: new URL('http://127.0.0.1'), clock, mayClose: () => false, onClosed: closed.resolve };
    const channel = new Http2Channel(new PassThrough(), options);
    channel.destroy();
    expect(due).toHaveLength(1);
    for (const callback of due) callback();
    await closed.promise;
    expect(due).toHaveLength(1);
  });
});
