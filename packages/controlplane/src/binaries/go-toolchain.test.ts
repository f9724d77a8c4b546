import { describe, expect, test } from 'vitest';
import { buildEnvironment, compareVersions } from './go-toolchain.ts';

describe('versions', () => {
  test.each([
    ['1.26.8', '1.26.0', 1],
    ['1.9', '1.21', -1],
    ['1.21', '1.21.0', 0],
    ['2', '1.99.99', 1],
  ])('%s against %s', (a, b, sign) => {
    expect(Math.sign(compareVersions(a, b))).toBe(sign);
  });
});

describe('the environment of a build', () => {
  const linux = { os: 'linux', arch: 'amd64' } as const;

  test('keeps what reaches the network and overrides what changes the result', () => {
    const callers = {
      HTTPS_PROXY: 'http://proxy',
      GOPROXY: 'https://mirror',
      GOFLAGS: '-mod=vendor',
      GOOS: 'windows',
      CGO_ENABLED: '1',
    };
    expect(buildEnvironment('1.26.8', linux, callers)).toEqual({
      HTTPS_PROXY: 'http://proxy',
      GOPROXY: 'https://mirror',
      GOFLAGS: '-mod=readonly -buildvcs=false',
      CGO_ENABLED: '0',
      GOOS: 'linux',
      GOARCH: 'amd64',
      GOTOOLCHAIN: 'local',
      GOWORK: 'off',
      GO111MODULE: 'on',
    });
  });

  test.each([
    ['1.26.0', 'local'],
    ['1.30', 'local'],
    ['1.25.9', 'auto'],
    ['1.21', 'auto'],
  ])('lets Go %s use toolchain %s', (version, toolchain) => {
    expect(buildEnvironment(version, linux, {})['GOTOOLCHAIN']).toBe(toolchain);
  });
});
