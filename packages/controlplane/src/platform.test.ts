import { expect, test } from 'vitest';
import { platformOf } from './platform.ts';

test.each([
  ['linux', 'x64', { os: 'linux', arch: 'amd64' }],
  ['linux', 'arm64', { os: 'linux', arch: 'arm64' }],
  ['darwin', 'arm64', { os: 'darwin', arch: 'arm64' }],
  ['darwin', 'x64', { os: 'darwin', arch: 'amd64' }],
])('%s on %s is supported', (os, arch, expected) => {
  expect(platformOf(os, arch)).toEqual(expected);
});

test.each([
  ['win32', 'x64', /not on win32 x64: run it inside WSL 2/],
  ['linux', 'riscv64', /not on linux riscv64: run it on one of those/],
  ['freebsd', 'x64', /not on freebsd x64/],
])('%s on %s is refused with advice', (os, arch, message) => {
  expect(() => platformOf(os, arch)).toThrow(message);
});
