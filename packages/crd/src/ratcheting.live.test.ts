import {
  ApiError,
  createClient,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  type ResourceType,
} from '@capstan/kube';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { customResource, listMap, rule, Type } from './index.ts';
import type { Json, JsonObject } from './json-schema.ts';
import { accepted, installed } from './testing/installed.fixture.ts';
import { refusedFields } from './testing/refused-fields.fixture.ts';

const about = (description: string): { description: string } => ({ description });

/** The kind before and after its schema was tightened; only the bounds differ. */
function ratchets(maxLength: number, text: string): ReturnType<typeof customResource> {
  const item = Type.Object({
    name: Type.String({ maxLength: 10, ...about('A name.') }),
    weight: Type.Optional(Type.Integer({ maximum: maxLength, ...about('A weight.') })),
  });
  return customResource({
    group: 'test.capstan.dev',
    version: 'v1',
    kind: 'Ratchet',
    plural: 'ratchets',
    description: 'A kind whose schema is tightened while objects exist.',
    spec: Type.Object({
      text: Type.Optional(Type.String({ maxLength, ...about('A text.') })),
      other: Type.Optional(Type.String({ maxLength: 20, ...about('Another text.') })),
      parts: Type.Optional(
        Type.Object(
          { a: Type.Optional(Type.Integer(about('A part.'))), b: Type.Optional(Type.Integer(about('A part.'))) },
          { ...about('Parts.'), rules: [rule(text, 'parts must fit')] },
        ),
      ),
      list: Type.Optional(Type.Array(Type.Integer({ maximum: maxLength }), { maxItems: 5, ...about('A list.') })),
      items: Type.Optional(listMap(item, ['name'], { maxItems: 5, ...about('A list-map.') })),
    }),
    status: Type.Object({ phase: Type.Optional(Type.String(about('A phase.'))) }),
  });
}

const lax = ratchets(100, 'self.a < 100');
const tight = ratchets(3, 'self.a < 3');

const WRONG = {
  text: 'too long',
  parts: { a: 5, b: 1 },
  list: [1, 50],
  items: [
    { name: 'x', weight: 50 },
    { name: 'y', weight: 1 },
  ],
};

type Document = KubeObject & { readonly spec: JsonObject };
const type: ResourceType<Document> = tight as ResourceType as ResourceType<Document>; // any JSON is sent, also what the type forbids
const ratchet = (name: string, spec: JsonObject): Document => ({
  apiVersion: 'test.capstan.dev/v1',
  kind: 'Ratchet',
  metadata: { name, namespace: 'default' },
  spec,
});

let client: KubeClient;
let stored: Document;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  await installed(client, lax, ratchet('sample', WRONG));
  stored = await client.create(type, ratchet(`wrong-${process.pid}`, WRONG));
  await installed(client, tight, ratchet('sample', {}));
  await accepted(client, type, ratchet('sample', WRONG), false);
});
afterAll(async () => {
  await client.close();
});

describe('an update of an object that a tightened schema would refuse', () => {
  it.each<[change: string, spec: Readonly<Record<string, Json>>, refused: readonly string[]]>([
    ['changes nothing', {}, []],
    ['adds a sound field', { other: 'new' }, []],
    ['adds an unsound field', { other: 'x'.repeat(21) }, ['spec.other']],
    ['changes the wrong text to another wrong text', { text: 'still long' }, ['spec.text']],
    ['mends the wrong text', { text: 'ok' }, []],
    ['changes a part the rule looks at', { parts: { a: 6, b: 1 } }, ['spec.parts']],
    ['changes a part beside the one the rule looks at', { parts: { a: 5, b: 2 } }, ['spec.parts']],
    ['changes the order of a list-map', { items: [...WRONG.items].reverse() }, []],
    ['changes the sound item of a list-map', { items: [WRONG.items[0] ?? {}, { name: 'y', weight: 2 }] }, []],
    [
      'adds a wrong item to a list-map',
      { items: [...WRONG.items, { name: 'z', weight: 9 }] },
      ['spec.items[2].weight'],
    ],
    ['renames the wrong item of a list-map', { items: [{ name: 'w', weight: 50 }] }, ['spec.items[0].weight']],
    ['appends to a list, whose items are not followed', { list: [1, 50, 2] }, ['spec.list[1]']],
    ['leaves the list as it is, and breaks another field', { list: [1, 50], text: 'long' }, ['spec.text']],
  ])('that %s is judged as the API server judges it', async (_change, spec, refused) => {
    const update = { ...stored, spec: { ...stored.spec, ...spec } };
    const answer = await client.replace(type, update, { dryRun: true }).catch((error: unknown) => error);
    const theirs = answer instanceof ApiError ? refusedFields(answer) : [];
    expect({ theirs, ours: tight.validate(update, stored).map(({ path }) => path) }).toEqual({
      theirs: refused,
      ours: refused,
    });
  });
});
