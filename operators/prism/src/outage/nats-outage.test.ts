import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aPod } from '../a-cluster.fixture.ts';
import { type NatsOutage, natsOutageOf } from './nats-outage.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString().replace('.000', '');
const there = { isThere: true, wasThere: true, pods: [] };
const gone = { isThere: false, wasThere: true, pods: [] };

describe('an outage of NATS', () => {
  it('begins when the last server that was ready is not any more', () => {
    const pods = [aPod('nats', { notReadySince: at(3) }), aPod('nats', { notReadySince: at(5) })];
    expect(natsOutageOf(undefined, { ...gone, pods }, at(9))).toEqual({ since: at(5) });
  });

  it('begins now where its pods are gone as well', () => {
    expect(natsOutageOf(undefined, gone, at(9))).toEqual({ since: at(9) });
  });

  it('is none before it was there for the first time', () => {
    expect(natsOutageOf(undefined, { ...gone, wasThere: false }, at(9))).toBeUndefined();
  });

  it('goes on, whatever was last said of the servers', () => {
    expect(natsOutageOf({ since: at(1) }, { ...gone, wasThere: false }, at(50))).toEqual({ since: at(1) });
  });

  it.each([
    [20, undefined],
    [21, { restartedFor: at(0) }],
  ])('of %i seconds is remembered as %o', (length, expected) => {
    expect(natsOutageOf({ since: at(0) }, there, at(length))).toEqual(expected);
  });

  it('that is short leaves what is remembered of a long one', () => {
    expect(natsOutageOf({ since: at(100), restartedFor: at(0) }, there, at(105))).toEqual({ restartedFor: at(0) });
  });

  it('is told the same however often a pass is repeated', () => {
    const first = natsOutageOf({ since: at(0) }, there, at(30));
    expect(natsOutageOf({ since: at(0) }, there, at(35))).toEqual(first);
    expect(natsOutageOf(first, there, at(40))).toEqual(first);
  });

  it('is not ended by an operator that sees nothing of NATS', () => {
    const before = { since: at(0), restartedFor: at(0) };
    expect(natsOutageOf(before, undefined, at(90))).toEqual(before);
  });

  it('restarts clients at most once', () => {
    const sights = fc.array(fc.record({ isThere: fc.boolean(), wait: fc.integer({ min: 1, max: 40 }) }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(sights, (steps) => {
        let [outage, now, outages, wasThere] = [undefined as NatsOutage | undefined, 0, 0, true];
        const tokens = new Set<string>();
        for (const { isThere, wait } of steps) {
          now += wait;
          if (!isThere && outage?.since === undefined && wasThere) outages += 1;
          outage = natsOutageOf(outage, { isThere, wasThere, pods: [] }, at(now));
          wasThere = isThere;
          if (outage?.restartedFor !== undefined) tokens.add(outage.restartedFor);
        }
        expect(tokens.size).toBeLessThanOrEqual(outages);
      }),
    );
  });
});
