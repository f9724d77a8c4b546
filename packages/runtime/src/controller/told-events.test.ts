import { describe, expect, it } from 'vitest';
import { keyOf } from '../cache/object-key.ts';
import { ToldEvents } from './told-events.ts';

const key = keyOf({ namespace: 'ns', name: 'a' });
const event = (note: string) => ({ type: 'Normal', reason: 'Made', action: 'Apply', note }) as const;

describe('events told by a pass that failed', () => {
  it('are left out of the next report of the same resource, once', () => {
    const told = new ToldEvents();
    told.remember(key, [event('one')]);
    expect(told.takeUntold(keyOf({ name: 'other' }), [event('one')])).toEqual([event('one')]);
    expect(told.takeUntold(key, [event('one'), event('two')])).toEqual([event('two')]);
    expect(told.takeUntold(key, [event('one')])).toEqual([event('one')]);
  });
});
