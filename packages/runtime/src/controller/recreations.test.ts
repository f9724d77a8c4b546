import { describe, expect, it } from 'vitest';
import type { ObjectKey } from '../cache/object-key.ts';
import { Recreations } from './recreations.ts';

const [owner, other] = ['ns/a', 'ns/b'] as ObjectKey[] as [ObjectKey, ObjectKey];

describe('children that are made anew', () => {
  it('are so one after the other for one resource, and side by side for two', () => {
    const recreations = new Recreations();
    expect(recreations.begin(owner, 'first', 'StatefulSet/first')).toBeUndefined();
    expect(recreations.begin(owner, 'first', 'StatefulSet/first')).toBeUndefined();
    expect(recreations.begin(owner, 'second', 'StatefulSet/second')).toBe('StatefulSet/first');
    expect(recreations.begin(other, 'third', 'StatefulSet/third')).toBeUndefined();
    recreations.end(owner, 'second');
    expect(recreations.isUnderWay(owner, 'first')).toBe(true);
    recreations.end(owner, 'first');
    expect(recreations.begin(owner, 'second', 'StatefulSet/second')).toBeUndefined();
  });

  it('do not hold up others once the plan does not name them any more, or the resource is gone', () => {
    const recreations = new Recreations();
    recreations.begin(owner, 'first', 'StatefulSet/first');
    recreations.keepOnly(owner, new Set(['first', 'second']));
    expect(recreations.isUnderWay(owner, 'first')).toBe(true);
    recreations.keepOnly(owner, new Set(['second']));
    expect(recreations.isUnderWay(owner, 'first')).toBe(false);
    recreations.begin(owner, 'second', 'StatefulSet/second');
    recreations.forget(owner);
    expect(recreations.isUnderWay(owner, 'second')).toBe(false);
  });

  it('bring back the number of replicas that an autoscaler had chosen, once', () => {
    const recreations = new Recreations();
    recreations.begin(owner, 'first', 'StatefulSet/first');
    recreations.carry(owner, 'first', 7);
    recreations.carry(owner, 'second', 1);
    // A second look before the deletion is seen.
    expect(recreations.begin(owner, 'first', 'StatefulSet/first')).toBeUndefined();
    expect([recreations.carried(owner, 'first'), recreations.carried(owner, 'second')]).toEqual([7, undefined]);
    recreations.end(owner, 'first');
    expect(recreations.carried(owner, 'first')).toBeUndefined();
  });
});
