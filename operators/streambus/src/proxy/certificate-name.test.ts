import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeName, isAlternativeName } from './certificate-name.ts';

describe('an encoded name', () => {
  it.each([
    ['alice', 'alice'],
    ['svc-1._~', 'svc-1._~'],
    ['Alice Müller', 'Alice%20M%C3%BCller'],
    ['a\nb\r\0#', 'a%0Ab%0D%00%23'],
    ['100%', '100%25'],
    ['DNS:carol.clients', 'DNS%3Acarol.clients'],
  ])('of %j is %s', (name, encoded) => {
    expect(encodeName(name)).toBe(encoded);
  });

  it('is one word, and says which name it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const encoded = encodeName(name);
        expect(encoded).toMatch(/^[A-Za-z0-9._~%-]*$/);
        expect(decodeURIComponent(encoded)).toBe(name);
      }),
    );
  });

  it('is refused when no certificate could have it and HAProxy would cut it', () => {
    expect(encodeName('a'.repeat(4096))).toHaveLength(4096);
    expect(() => encodeName('a'.repeat(4097))).toThrow(/4097 characters is longer/);
  });
});

it.each([
  ['DNS:carol.clients', true],
  ['URI:spiffe://acme/carol', true],
  ['carol', false],
  ['dns:carol', false],
  ['email:carol@acme', false],
])('%s is an alternative name: %s', (name, expected) => {
  expect(isAlternativeName(name)).toBe(expected);
});
