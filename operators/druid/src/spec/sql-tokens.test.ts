import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sqlTokens } from './sql-tokens.ts';

const shortly = (statement: string) =>
  [...sqlTokens(statement)].map(({ kind, text }) => (kind === 'Word' || kind === 'Sign' ? text : `${kind} ${text}`));

describe('the pieces of a statement', () => {
  it.each([
    ['TABLE(/* x */HTTP -- y\n(1)) // z', ['TABLE', '(', 'HTTP', '(', '1', ')', ')']],
    [`'it''s' 'one' "a ""b"" 'c'"`, [`Text it'sone`, `Name a "b" 'c'`]],
    ["'-- no comment' /*", ['Text -- no comment']],
    [`'"' /* ' */ "'" '/*'`, ['Text "', `Name '`, 'Text /*']],
    ["a.b => _utf8'x' N'y'", ['a', '.', 'b', '=>', 'Text xy']],
    ["'not ended", ['Text not ended']],
  ])('of %s', (statement, pieces) => {
    expect(shortly(statement)).toEqual(pieces);
  });

  it('tell letters that are written by their numbers', () => {
    const encodings = [...sqlTokens(`'a', U&'\\0061', E'\\u0061', U&"a", 'a' u&'b'`)].flatMap((token) =>
      'encoding' in token ? [token.encoding] : [],
    );
    expect(encodings).toEqual(['Plain', 'Unicode', 'C', 'Unicode', 'Unicode']);
  });

  it('are found in any text, which none of them is longer than', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (statement) => {
        expect(shortly(statement).every((text) => text.length <= statement.length + 5)).toBe(true);
      }),
    );
  });

  it.each(['_:', "''", '(', 'U&', '/*', '"', '_a', '/'])('are found in a text of a million characters: %s', (unit) => {
    const start = performance.now();
    for (const _ of sqlTokens(unit.repeat(1_000_000 / unit.length)));
    // Going back and forth in it would take hours.
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
