import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exportLine } from './shell.ts';

test('a value without special characters reads as one expects', () => {
  expect(exportLine('KUBECONFIG', '/home/me/.cache/k.yaml')).toBe("export KUBECONFIG='/home/me/.cache/k.yaml'");
});

test('a shell gives back every value as it was', () => {
  const value = fc.string({ unit: fc.constantFrom(...'ab \'"\\$`!*~;&|\n'), maxLength: 20 }).map((text) => `${text}.`);
  fc.assert(
    fc.property(value, (text) => {
      const script = `${exportLine('VALUE', text)}; printf %s "$VALUE"`;
      expect(execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })).toBe(text);
    }),
    { numRuns: 25 },
  );
});
