import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seal } from './seal.ts';
import { aDesired, names } from './testing.fixture.ts';

const json = fc.jsonValue({ maxDepth: 4 });

describe('seal', () => {
  it('puts the hash of the desired object into an annotation of the body', () => {
    const { body, desiredHash } = seal(aDesired({ data: { a: '1' } }), names);
    expect(desiredHash).toMatch(/^[0-9a-f]{16}$/);
    expect(body).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'n', annotations: { 'x.test/applied': desiredHash } },
      data: { a: '1' },
    });
  });

  it('trap 1: turns the stringData of a Secret into data, which others cannot change unseen', () => {
    const secret = aDesired({
      kind: 'Secret',
      data: { kept: 'eA==', both: 'b2xk' },
      stringData: { both: 'new', ü: 'ü' },
    });
    expect(seal(secret, names).body).toMatchObject({ data: { kept: 'eA==', both: 'bmV3', ü: 'w7w=' } });
    expect(seal(secret, names).body).not.toHaveProperty('stringData');
    expect(seal(aDesired({ stringData: { a: 'b' } }), names).body).toHaveProperty('stringData');
  });

  it('trap 2: drops null and undefined everywhere, which the server would apply as empty values', () => {
    const { body } = seal(
      aDesired({ data: { a: null, b: undefined, c: 'c' }, list: [null, { d: null, e: 1 }] }),
      names,
    );
    expect(body).toMatchObject({ data: { c: 'c' }, list: [{ e: 1 }] });
    expect(Object.keys((body as unknown as { data: object }).data)).toEqual(['c']);
  });

  it('trap 4: keeps empty lists and maps, which mean something', () => {
    expect(seal(aDesired({ spec: { env: [], emptyDir: {} } }), names).body).toMatchObject({
      spec: { env: [], emptyDir: {} },
    });
  });

  it('drops status, what the server writes into metadata, and annotations of its own', () => {
    const read = aDesired({
      metadata: {
        name: 'a',
        namespace: 'n',
        uid: 'u',
        resourceVersion: '7',
        generation: 2,
        creationTimestamp: '2026-01-01T00:00:00Z',
        managedFields: [],
        annotations: { 'x.test/applied': 'old', 'x.test/live': 'old' },
      },
      status: { ready: true },
    });
    const clean = aDesired({ metadata: { name: 'a', namespace: 'n', uid: 'u', annotations: {} } });
    expect(seal(read, names)).toEqual(seal(clean, names));
  });

  it('keeps keys that are special to JavaScript', () => {
    const data = JSON.parse('{"__proto__":"a","constructor":"b"}') as object;
    expect(JSON.stringify((seal(aDesired({ data }), names).body as unknown as { data: object }).data)).toBe(
      JSON.stringify(data),
    );
  });

  it.each([
    ['a Date', { spec: { at: [new Date(0)] } }, '.spec.at[0]: a Date is not a JSON value'],
    ['a function', { spec: { run: () => 1 } }, '.spec.run: a function is not a JSON value'],
    ['not a number', { spec: { count: Number.NaN } }, '.spec.count: a number is not a JSON value'],
    ['a bigint', { spec: { count: 1n } }, '.spec.count: a bigint is not a JSON value'],
  ])('refuses %s with its path', (_title, fields, message) => {
    expect(() => seal(aDesired(fields), names)).toThrow(message);
  });

  it('has the same hash whatever the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json, { maxKeys: 8 }), (spec) => {
        const reordered = Object.fromEntries(Object.entries(spec).toReversed());
        expect(seal(aDesired({ spec: reordered }), names).desiredHash).toBe(
          seal(aDesired({ spec }), names).desiredHash,
        );
      }),
    );
  });

  it('is stable: sealing the body again changes nothing', () => {
    fc.assert(
      fc.property(json, (spec) => {
        const sealed = seal(aDesired({ spec }), names);
        expect(seal(sealed.body, names)).toEqual(sealed);
      }),
    );
  });

  it('has another hash for another value, and for the same quantity written differently (trap 3)', () => {
    const hashOf = (size: string) => seal(aDesired({ spec: { size } }), names).desiredHash;
    expect(hashOf('1Gi')).not.toBe(hashOf('1024Mi'));
  });

  it('does not change the desired object', () => {
    const desired = aDesired({ data: { a: null } });
    const before = structuredClone(desired);
    seal(desired, names);
    expect(desired).toEqual(before);
  });
});
