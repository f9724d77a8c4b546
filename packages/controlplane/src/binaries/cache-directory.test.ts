import { homedir } from 'node:os';
import { expect, test } from 'vitest';
import { cacheDirectory, linkerFlags } from './cache-directory.ts';

test.each([
  ['CAPSTAN_CACHE first', { CAPSTAN_CACHE: '/c', XDG_CACHE_HOME: '/x' }, '/c'],
  ['then XDG_CACHE_HOME', { CAPSTAN_CACHE: '', XDG_CACHE_HOME: '/x' }, '/x/capstan'],
  ['else the home directory', {}, `${homedir()}/.cache/capstan`],
])('the cache directory: %s', (_, env, expected) => {
  expect(cacheDirectory(env)).toBe(expected);
});

test('the programs are told their version', () => {
  expect(linkerFlags('1.36.3')).toContain('-X k8s.io/component-base/version.gitVersion=v1.36.3');
  expect(linkerFlags('1.36.3')).toContain('-X k8s.io/client-go/pkg/version.gitMinor=36');
});
