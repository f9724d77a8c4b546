import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partsOf } from './yaml-lines.js';

describe('the parts of a line of YAML', () => {
  it('are the whole line, whatever it says', () => {
    const line = fc.oneof(fc.string(), fc.stringMatching(/^ *(- )*[a-z"']*:? ?[\w#:"'[{|>-]*$/));
    fc.assert(
      fc.property(line, (text) => {
        expect(
          partsOf(text)
            .map((part) => part.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  it.each([
    ['  replicas: 3', ['punctuation', 'key', 'punctuation', 'plain']],
    ['- name: web', ['punctuation', 'key', 'punctuation', 'string']],
    ['"a: b": true', ['punctuation', 'key', 'punctuation', 'plain']],
    ['  - value', ['string']],
    ['# a comment: it is', ['comment']],
    ['spec:', ['punctuation', 'key', 'punctuation']],
    ['', []],
  ])('of %j are %j', (line, kinds) => {
    expect(partsOf(line).map(({ is }) => is)).toEqual(kinds);
  });
});
