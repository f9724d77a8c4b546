import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { claimsIn, docstringExamples } from './docstring-examples.ts';
import { mistakesIn } from './example-check.ts';
import { guideExamples } from './guide-examples.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const examples = docstringExamples(root);

const claims = examples.flatMap(({ file, line, code }) =>
  claimsIn(code).map((claim) => ({ ...claim, file, place: `${file}:${line}` })),
);

describe('examples in docstrings', () => {
  it('are found', () => {
    expect(examples.length).toBeGreaterThan(50);
    expect(claims.length).toBeGreaterThan(8);
  });

  it('compile, with no more than what they import and what they say', { timeout: 60_000 }, () => {
    expect(mistakesIn(root, examples)).toEqual([]);
  });

  it.each(claims)('give what they say they give: $expression ($place)', async ({ file, expression, value }) => {
    const scope: object = await import(/* @vite-ignore */ join(root, file));
    const told = (code: string): unknown =>
      compileFunction(`return (${code});`, Object.keys(scope))(...Object.values(scope));
    expect(told(expression)).toEqual(told(value));
  });
});

describe('examples in the guide', () => {
  const shown = guideExamples(root);

  it('are found', () => {
    expect(new Set(shown.map(({ file }) => file)).size).toBeGreaterThan(5);
  });

  it('compile, with no more than what they import and what they say', { timeout: 60_000 }, () => {
    expect(mistakesIn(root, shown)).toEqual([]);
  });
});
