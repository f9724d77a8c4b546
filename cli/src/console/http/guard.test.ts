import { expect, test } from 'vitest';
import { bearerOf, checkLoopbackHost, checkManifestType, isLoopbackAddress, namespaceIn } from './guard.ts';

test.each(['localhost', 'localhost:8001', 'LOCALHOST:1', '127.0.0.1:65535', '[::1]:8001'])(
  '%s is this machine',
  (host) => {
    expect(() => checkLoopbackHost(host)).not.toThrow();
  },
);

test.each([
  undefined,
  '',
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '127.0.0.1:80@evil',
  '10.0.0.1:8001',
  '::1',
])('the name %s may belong to somebody else', (host) => {
  expect(() => checkLoopbackHost(host)).toThrow(expect.objectContaining({ status: 421 }));
});

test.each([
  ['Bearer abc.def-ghi_jkl=', 'abc.def-ghi_jkl='],
  ['bearer  abc ', 'abc'],
  ['Basic abc', undefined],
  ['Bearer', undefined],
  ['Bearer a b', undefined],
  ['Bearer a\tb', undefined],
  [undefined, undefined],
])('%j brings the token %j', (header, token) => {
  expect(bearerOf(header)).toBe(token);
});

test.each(['text/yaml', 'application/yaml; charset=utf-8', 'Application/JSON'])('%s is a manifest', (type) => {
  expect(() => checkManifestType(type)).not.toThrow();
});

test.each([undefined, 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=text/yaml'])(
  'what a form of another site can send is refused: %s',
  (type) => {
    expect(() => checkManifestType(type)).toThrow(expect.objectContaining({ status: 415 }));
  },
);

test('a namespace is a name, or is left out', () => {
  expect(namespaceIn(new URLSearchParams('namespace=shop-1'))).toBe('shop-1');
  expect(namespaceIn(new URLSearchParams('namespace='))).toBeUndefined();
  expect(namespaceIn(new URLSearchParams())).toBeUndefined();
  for (const wrong of ['../x', 'A', 'a'.repeat(64), '-a'])
    expect(() => namespaceIn(new URLSearchParams({ namespace: wrong }))).toThrow(
      expect.objectContaining({ status: 400 }),
    );
});

test.each([
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['127.0.0.1.evil.example', false],
])('listening on %s reaches this machine only: %s', (address, isLoopback) => {
  expect(isLoopbackAddress(address)).toBe(isLoopback);
});
