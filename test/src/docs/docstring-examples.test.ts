import { describe, expect, it } from 'vitest';
import { claimsIn } from './docstring-examples.ts';

describe('what an example claims', () => {
  it('stands behind an expression, or below it', () => {
    expect(claimsIn("double(2) // 4\ntwice('a')\n// 'aa'")).toEqual([
      { expression: 'double(2)', value: '4' },
      { expression: "twice('a')", value: "'aa'" },
    ]);
  });

  it('is nothing where statements follow each other, or a comment leads', () => {
    expect(claimsIn('// vitest.config.ts\nconst a = 1;\n// {"a":1}\nlog.info(\'a\');')).toEqual([]);
  });
});
