import fc from 'fast-check';
import { expect, test } from 'vitest';
import { volumeIdsIn } from './host-path-volumes.ts';

const A = '11111111-2222-3333-4444-555555555555';
const B = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';

test('volumes are found between any bytes, each once', () => {
  expect(volumeIdsIn(`\u0000x/tmp/hostpath_pv/${B}\u0012\u0000/tmp/hostpath_pv/${A}"/tmp/hostpath_pv/${B}`)).toEqual([
    A,
    B,
  ]);
});

test.each([
  ['a directory above', '/tmp/hostpath_pv/'],
  ['a way out', '/tmp/hostpath_pv/../../etc'],
  ['a name that is no uuid', '/tmp/hostpath_pv/data'],
  ['another place', `/var/hostpath_pv/${A}`],
])('%s is never taken for a volume', (_, text) => {
  expect(volumeIdsIn(text)).toEqual([]);
});

test('whatever the bytes, nothing but a uuid comes out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (noise) => {
      for (const id of volumeIdsIn(`${noise}/tmp/hostpath_pv/${noise}`)) expect(id).toMatch(/^[0-9a-f-]{36}$/);
    }),
  );
});
