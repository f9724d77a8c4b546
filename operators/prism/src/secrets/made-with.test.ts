import fc from 'fast-check';
import { expect, it } from 'vitest';
import { servers } from '../backends/versions.ts';
import { madeWithIn, madeWithTexts } from './made-with.ts';

const text = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);
const made = fc.dictionary(
  fc.constantFrom(...servers),
  fc.record({ version: text, login: text }, { requiredKeys: ['version'] }),
  { noNullPrototype: true },
);

it('what servers were made with comes back from the texts of its Secret, beside others', () => {
  fc.assert(
    fc.property(made, (all) => {
      expect(madeWithIn({ ...madeWithTexts(all), key: 'x' })).toEqual(all);
    }),
  );
});

it.each(['', 'a b', '-x', 'x'.repeat(129)])('a text that is no version is not taken for one: "%s"', (version) => {
  expect(madeWithIn({ 'redis.version': version })).toEqual({});
});
