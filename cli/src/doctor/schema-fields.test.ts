import { expect, test } from 'vitest';
import { fieldsMissingIn } from './schema-fields.ts';

type Schema = NonNullable<Parameters<typeof fieldsMissingIn>[1]>;

const text: Schema = { type: 'string' };
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({ type: 'object', properties });
const list = (items: Schema): Schema => ({ type: 'array', items });

const whole = object({
  kind: text,
  spec: object({ a: text, deep: object({ b: text }), many: list(object({ c: text })) }),
});

test.each<[string, Schema | undefined, readonly string[]]>([
  ['the same', whole, []],
  ['none', undefined, ['spec']],
  ['without a part', object({ spec: object({ a: text, many: list(object({ c: text })) }) }), ['spec.deep']],
  [
    'without inner fields',
    object({ spec: object({ a: text, deep: object({}), many: list(object({})) }) }),
    ['spec.deep.b', 'spec.many[].c'],
  ],
  ['that keeps everything', object({ spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }), []],
  ['that takes any name', object({ spec: { type: 'object', additionalProperties: text } }), []],
])('a schema %s lacks what it does not know', (_, other, missing) => {
  expect(fieldsMissingIn(other, whole)).toEqual(missing);
});
