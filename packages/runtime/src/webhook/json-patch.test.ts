import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonPatchOperation, jsonPatch } from './json-patch.ts';

const keys = fc.constantFrom('a', 'b', 'a/b', '~', '~1', '', '0', '__proto__');
const { value } = fc.letrec((tie) => ({
  leaf: fc.constantFrom<unknown>(null, 0, 1, '', 'x', true, {}, []),
  value: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
  ),
}));

/** RFC 6902 to the letter, as far as a patch of ours goes: a path that does not exist is an error. */
function applied(document: unknown, { path, ...operation }: JsonPatchOperation): unknown {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return at(document, steps, operation);
}

function at(node: unknown, [step, ...rest]: readonly string[], operation: Omit<JsonPatchOperation, 'path'>): unknown {
  const value = 'value' in operation ? operation.value : undefined;
  if (step === undefined) return value;
  if (Array.isArray(node)) {
    const index = Number(step);
    const isThere = index < node.length;
    if (
      !/^(0|[1-9]\d*)$/.test(step) ||
      (!isThere && !(rest.length === 0 && operation.op === 'add' && index === node.length))
    )
      throw new Error(`there is no item ${step}`);
    if (rest.length > 0) return node.with(index, at(node[index], rest, operation));
    if (operation.op === 'remove') return node.toSpliced(index, 1);
    return node.toSpliced(index, operation.op === 'replace' ? 1 : 0, value);
  }
  if (typeof node !== 'object' || node === null) throw new Error(`there is nothing below ${step}`);
  const members = new Map<string, unknown>(Object.entries(node));
  if (!members.has(step) && !(rest.length === 0 && operation.op === 'add'))
    throw new Error(`there is no member ${step}`);
  if (rest.length === 0 && operation.op === 'remove') members.delete(step);
  else members.set(step, at(members.get(step), rest, operation));
  return Object.fromEntries(members);
}

describe('a JSON patch', () => {
  it('turns one value into the other, whatever they are', () => {
    fc.assert(
      fc.property(value, value, (from, to) => {
        expect(jsonPatch(from, to).reduce(applied, from)).toEqual(to);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is empty for equal values, in whatever order their members are', () => {
    expect(jsonPatch({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toEqual([]);
  });

  it.each<[what: string, from: unknown, to: unknown, patch: readonly JsonPatchOperation[]]>([
    ['a new field', { a: 1 }, { a: 1, b: 2 }, [{ op: 'add', path: '/b', value: 2 }]],
    ['a field gone', { a: 1, b: 2 }, { a: 1 }, [{ op: 'remove', path: '/b' }]],
    ['a field set to undefined', { a: 1 }, { a: undefined }, [{ op: 'remove', path: '/a' }]],
    ['a deep change', { a: { b: [1, 2] } }, { a: { b: [1, 3] } }, [{ op: 'replace', path: '/a/b/1', value: 3 }]],
    ['an item more', { a: [1] }, { a: [1, 2] }, [{ op: 'add', path: '/a/1', value: 2 }]],
    [
      'two items less',
      [1, 2, 3],
      [1],
      [
        { op: 'remove', path: '/2' },
        { op: 'remove', path: '/1' },
      ],
    ],
    ['a key that must be escaped', {}, { 'a/b~c': 1 }, [{ op: 'add', path: '/a~1b~0c', value: 1 }]],
  ])('says no more than needed: %s', (_what, from, to, patch) => {
    expect(jsonPatch(from, to)).toEqual(patch);
  });
});
