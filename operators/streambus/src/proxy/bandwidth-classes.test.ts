import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandwidthClasses, highestMBps, mostClasses } from './bandwidth-classes.ts';

const policy = ([first, ...rest]: readonly number[]) => ({
  defaults: first === undefined ? {} : { maxBandwidthMBps: first },
  overrides: rest.map((maxBandwidthMBps, index) => ({ name: `t${index}`, limits: { maxBandwidthMBps } })),
});

const policies = fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 200 });

describe('bandwidth classes', () => {
  it('are none where nobody is limited', () => {
    expect(bandwidthClasses({ defaults: {}, overrides: [{ name: 'a', limits: { maxConnections: 3 } }] })).toEqual([]);
  });

  it('are the distinct limits, each for the values up to the next', () => {
    expect(bandwidthClasses(policy([10, 5, 50, 10]))).toEqual([
      { limitMBps: 5, fromMBps: 1, toMBps: 9 },
      { limitMBps: 10, fromMBps: 10, toMBps: 49 },
      { limitMBps: 50, fromMBps: 50 },
    ]);
  });

  it('give every value exactly one limit, and never more than it asks for unless it is below all', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: highestMBps }), (values, value) => {
        const classes = bandwidthClasses(policy(values));
        const own = classes.filter(
          ({ fromMBps, toMBps = Number.POSITIVE_INFINITY }) => fromMBps <= value && value <= toMBps,
        );
        expect(own).toHaveLength(values.length === 0 ? 0 : 1);
        const lowest = classes[0]?.limitMBps ?? 0;
        for (const { limitMBps } of own) expect(limitMBps).toBeLessThanOrEqual(Math.max(value, lowest));
      }),
    );
  });

  it('give each of a few tenants what it asks for', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: highestMBps }), { maxLength: mostClasses }), (values) => {
        const limits = bandwidthClasses(policy(values)).map(({ limitMBps }) => limitMBps);
        expect(limits).toEqual([...new Set(values)].sort((a, b) => a - b));
      }),
    );
  });

  it('stay few, and within what HAProxy can count', () => {
    fc.assert(
      fc.property(policies, (values) => {
        const limits = bandwidthClasses(policy(values)).map(({ limitMBps }) => limitMBps);
        expect(limits.length).toBeLessThanOrEqual(mostClasses);
        expect(Math.max(0, ...limits)).toBeLessThanOrEqual(highestMBps);
      }),
    );
  });
});
