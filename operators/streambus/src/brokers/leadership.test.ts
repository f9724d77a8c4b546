import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BrokerAnswer, type Leadership, leadershipOf } from './leadership.ts';

const leads: BrokerAnswer = { kind: 'Leads' };
const follows: BrokerAnswer = { kind: 'Follows' };
const silent: BrokerAnswer = { kind: 'Silent', why: 'no answer within 2000 ms' };

function heard(...answers: readonly BrokerAnswer[]): ReadonlyMap<string, BrokerAnswer> {
  return new Map(answers.map((answer, ordinal) => [`orders-${ordinal}`, answer]));
}

describe('who leads', () => {
  const rows: readonly (readonly [string, readonly BrokerAnswer[], Leadership])[] = [
    [
      'the one that says so, when all others say they do not',
      [follows, leads, follows],
      { kind: 'One', leader: 'orders-1' },
    ],
    ['nobody, when all say so', [follows, follows, follows], { kind: 'None' }],
    ['several, whatever the rest says', [leads, silent, leads], { kind: 'Several', leaders: ['orders-0', 'orders-2'] }],
    [
      'not known while one does not answer',
      [leads, follows, silent],
      { kind: 'Unknown', cause: 'Silent', why: 'orders-2: no answer within 2000 ms', leader: 'orders-0' },
    ],
    [
      'not known while one accepts no clients, and so is not asked',
      [leads, follows],
      { kind: 'Unknown', cause: 'Unready', why: '1 of 3 brokers accept no clients', leader: 'orders-0' },
    ],
    [
      'not known before any accepts clients',
      [],
      { kind: 'Unknown', cause: 'Unready', why: '3 of 3 brokers accept no clients' },
    ],
  ];
  it.each(rows)('is %s', (_who, answers, leadership) => {
    expect(leadershipOf(3, heard(...answers))).toEqual(leadership);
  });

  it('is one broker only when every one has answered and just that one says so', () => {
    const answers = fc.array(fc.constantFrom(leads, follows, silent), { maxLength: 7 });
    fc.assert(
      fc.property(answers, fc.integer({ min: 1, max: 7 }), (all, expected) => {
        const isCertain = all.length >= expected && all.every(({ kind }) => kind !== 'Silent');
        const isAlone = all.filter(({ kind }) => kind === 'Leads').length === 1;
        expect(leadershipOf(expected, heard(...all)).kind === 'One').toBe(isCertain && isAlone);
      }),
    );
  });
});
