import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadershipOf, type MemberAnswer } from './leadership.ts';

const leads: MemberAnswer = { kind: 'Leads' };
const follows: MemberAnswer = { kind: 'Follows' };
const silent: MemberAnswer = { kind: 'Silent', why: 'no answer within 2000 ms' };

describe('who leads prism-admin', () => {
  it.each([
    ['the one that says so', [leads, follows, follows], { kind: 'One', leader: 'admin-1' }],
    ['the one that says so, though another is silent', [silent, leads], { kind: 'One', leader: 'admin-2' }],
    ['nobody, when all that are ready have said so', [follows, follows], { kind: 'None' }],
    ['nobody, when the last one that is left does not lead', [follows], { kind: 'None' }],
    ['more than one', [leads, follows, leads], { kind: 'Several', leaders: ['admin-1', 'admin-3'] }],
    [
      'not known, while one that may lead is silent',
      [follows, silent],
      { kind: 'Unknown', why: 'admin-2: no answer within 2000 ms' },
    ],
    ['not known, while none is ready', [], { kind: 'Unknown', why: 'no member is ready' }],
  ] as const)('is %s', (_who, answers, expected) => {
    expect(leadershipOf(new Map(answers.map((answer, index) => [`admin-${index + 1}`, answer])))).toEqual(expected);
  });

  it('is one, and only one, exactly when one member says that it leads', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(leads, follows, silent), { maxLength: 5 }), (answers) => {
        const said = answers.filter(({ kind }) => kind === 'Leads').length;
        const { kind } = leadershipOf(new Map(answers.map((answer, index) => [`admin-${index}`, answer])));
        expect([kind === 'One', kind === 'Several']).toEqual([said === 1, said > 1]);
      }),
    );
  });
});
