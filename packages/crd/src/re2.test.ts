import { describe, expect, it } from 'vitest';
import { compileRe2 } from './re2.ts';

describe('a pattern in RE2 syntax', () => {
  it.each<[pattern: string, text: string, matches: boolean]>([
    ['^a.b$', 'a\rb', true],
    ['^a.b$', 'a\nb', false],
    ['(?s)^a.b$', 'a\nb', true],
    ['^\\s$', '\u00a0', false],
    ['^\\S$', '\u00a0', true],
    ['^[\\s\\d]$', '\v', false],
    ['^[[:alpha:]_]+$', 'ab_c', true],
    ['^[^[:digit:]]$', '5', false],
    ['^[]a]$', ']', true],
    ['^a{$', 'a{', true],
    ['^a{2,3}$', 'aaa', true],
    ['^.$', '😀', true],
    ['^\\x{1F600}$', '😀', true],
    ['\\Aab\\z', 'ab\n', false],
    ['^(?P<name>x)$', 'x', true],
    ['^\\p{Lu}$', 'É', true],
    ['^a\\-b\\:c$', 'a-b:c', true],
  ])('%j says of %j: %s', (pattern, text, matches) => {
    expect(compileRe2(pattern).test(text)).toBe(matches);
  });

  it.each([
    ['(?=a)', /lookaround/],
    ['(?<!a)b', /lookaround/],
    ['(a)\\1', /escape/],
    ['a(?i)b', /lookaround|flags/],
    ['(?i)a', /both cases/],
    ['[a', /not closed/],
    ['a{2000}', /above 1000/],
    ['a\\', /backslash/],
    ['(a', /Invalid regular expression/],
  ])('%j is refused, because the two engines differ or it is no pattern', (pattern, reason) => {
    expect(() => compileRe2(pattern)).toThrow(reason);
  });
});
