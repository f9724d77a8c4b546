import { describe, expect, it } from 'vitest';
import { OneAtATime } from './one-at-a-time.ts';

describe('what touches the same thing', () => {
  it('is done in its order, also after what failed', async () => {
    const turns = new OneAtATime();
    const steps: string[] = [];
    const first = Promise.withResolvers<void>();
    const running = [
      turns.run('a', async () => {
        steps.push('first begins');
        await first.promise;
        steps.push('first fails');
        throw new Error('as asked');
      }),
      turns.run('a', async () => void steps.push('second')),
      turns.run('b', async () => void steps.push('another thing')),
    ];
    await running[2];
    first.resolve();
    const ends = await Promise.allSettled(running);
    expect(steps).toEqual(['first begins', 'another thing', 'first fails', 'second']);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });
});
