import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash64 } from './hash64.ts';
import { AppliedMemory, isAsLeft, type Learned } from './memory.ts';

const hash = fc.string().map(hash64);
const learned: fc.Arbitrary<Learned> = fc.record({
  uid: fc.uuid(),
  desiredHash: hash,
  fieldsHash: hash,
  projectionHash: hash,
  ownsReplicas: fc.boolean(),
});
const digestOf = ({ desiredHash, ...rest }: Learned) => ({ ...rest, seal: desiredHash });

describe('AppliedMemory', () => {
  it('recalls what it learned, as one string of 33 one-byte characters per child', () => {
    fc.assert(
      fc.property(learned, (applied) => {
        const memory = new AppliedMemory();
        memory.learn('a', applied);
        const { uid, ...hashes } = applied;
        expect(memory.recall('a')).toEqual({ ...hashes, uidHash: hash64(uid) });
        expect(memory.desiredHashOf('a')).toBe(applied.desiredHash);
        expect(memory.matches('a', digestOf(applied))).toBe(true);
        expect(memory.size).toBe(1);
      }),
    );
  });

  it('matches the very same state only', () => {
    fc.assert(
      fc.property(learned, learned, (applied, other) => {
        const memory = new AppliedMemory();
        memory.learn('a', applied);
        const isSame = JSON.stringify(applied) === JSON.stringify(other);
        expect(memory.matches('a', digestOf(other))).toBe(isSame);
      }),
    );
  });

  it('agrees with isAsLeft, the same question to a recollection', () => {
    fc.assert(
      fc.property(
        learned,
        learned,
        fc.constantFrom('uid', 'desiredHash', 'fieldsHash', 'projectionHash'),
        (applied, other, field) => {
          const memory = new AppliedMemory();
          memory.learn('a', applied);
          const digest = digestOf({ ...applied, [field]: other[field] });
          const recalled = memory.recall('a');
          expect(recalled !== undefined && isAsLeft(recalled, digest)).toBe(memory.matches('a', digest));
        },
      ),
    );
  });

  it('trap 11: a new object of the same name is another object, and what is forgotten is unknown', () => {
    const [applied] = fc.sample(learned, 1) as [Learned];
    const memory = new AppliedMemory();
    memory.learn('a', applied);
    expect(memory.matches('a', { ...digestOf(applied), uid: 'another' })).toBe(false);
    memory.forget('a');
    expect([memory.recall('a'), memory.matches('a', digestOf(applied)), memory.size]).toEqual([undefined, false, 0]);
  });

  it.each([undefined, '', 'edited by hand', '0123456789ABCDEF'])('never matches a seal that is no hash: %s', (seal) => {
    const [applied] = fc.sample(learned, 1) as [Learned];
    const memory = new AppliedMemory();
    memory.learn('a', applied);
    expect(memory.matches('a', { ...digestOf(applied), seal })).toBe(false);
  });
});
