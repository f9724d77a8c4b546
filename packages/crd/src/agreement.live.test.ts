import { randomUUID } from 'node:crypto';
import {
  ApiError,
  createClient,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  type ResourceType,
} from '@capstan/kube';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Json } from './json-schema.ts';
import { isJsonObject } from './json-schema.ts';
import { jsonFor } from './testing/arbitrary.fixture.ts';
import { installed } from './testing/installed.fixture.ts';
import { refusedFields } from './testing/refused-fields.fixture.ts';
import { Specimen } from './testing/specimen.fixture.ts';

/** Objects per run of the properties, all in flight at once over the client's sessions. */
const AT_ONCE = 50;

type Document = KubeObject & { readonly spec: Json };

/** What one side says of an object: the object to store, or the fields it refuses it for. */
type Answer = { readonly stored: Json } | { readonly refused: readonly string[] };

const specimenOf = (spec: Json, name = 'specimen'): Document => ({
  apiVersion: 'test.capstan.dev/v1',
  kind: 'Specimen',
  metadata: { name, namespace: 'default' },
  spec,
});

const specs = (wildness: number): fc.Arbitrary<Json> => jsonFor(Specimen.schema.properties?.['spec'] ?? {}, wildness);
const anySpec = fc.oneof(
  { arbitrary: specs(0), weight: 3 },
  { arbitrary: specs(1), weight: 4 },
  { arbitrary: specs(6), weight: 2 },
);

let client: KubeClient;
const specimens: ResourceType<Document> = Specimen as ResourceType as ResourceType<Document>; // any JSON is sent, also what the type forbids

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  await installed(client, Specimen, specimenOf({ required: 'x' }));
});
afterAll(async () => {
  await client.close();
});

async function serverAnswer(call: Promise<Document>): Promise<Answer> {
  try {
    return { stored: (await call).spec ?? null };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status !== 422) throw error;
    return { refused: distinct(refusedFields(error)) };
  }
}

function ourAnswer(object: Document, old?: Document): Answer {
  const violations = Specimen.validate(object, old);
  if (violations.length > 0) return { refused: distinct(violations.map(({ path }) => path)) };
  return { stored: (Specimen.withDefaults(object as never) as unknown as Document).spec ?? null }; // any JSON goes in and comes out
}

const distinct = (paths: readonly string[]): readonly string[] => [...new Set(paths)].sort();

describe('validate() and withDefaults(), asked together with a real API server', () => {
  it('agree on 3,000 generated creations: accepted or not, every refused field, every default', async () => {
    const seen = { stored: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(anySpec, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (batch) => {
        const objects = batch.map((spec) => specimenOf(spec));
        const theirs = await Promise.all(
          objects.map((object) =>
            serverAnswer(client.create(specimens, object, { dryRun: true, fieldValidation: 'Ignore' })),
          ),
        );
        for (const answer of theirs) seen['stored' in answer ? 'stored' : 'refused'] += 1;
        const disagreements = objects.flatMap((object, index) =>
          disagreement(object, ourAnswer(object), theirs[index]),
        );
        expect(disagreements).toEqual([]);
      }),
      { numRuns: 60, endOnFailure: true },
    );
    expect(seen.stored, 'enough objects were accepted for the comparison to mean something').toBeGreaterThan(600);
    expect(seen.refused, 'enough objects were refused for the comparison to mean something').toBeGreaterThan(600);
  });

  it('agree on 1,000 generated updates of stored objects, with rules about the change', async () => {
    const seen = { stored: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(specs(0), { minLength: 10, maxLength: 10 }),
        fc.array(anyEdit, { minLength: 40, maxLength: 40 }),
        async (before, edits) => {
          const stored = await storedAmong(before);
          const pairs = edits
            .map((edit, index) => updateOf(stored[index % stored.length], edit))
            .filter((pair) => pair !== undefined);
          const theirs = await Promise.all(
            pairs.map(({ update }) =>
              serverAnswer(client.replace(specimens, update, { dryRun: true, fieldValidation: 'Ignore' })),
            ),
          );
          for (const answer of theirs) seen['stored' in answer ? 'stored' : 'refused'] += 1;
          const disagreements = pairs.flatMap(({ update, old }, index) =>
            disagreement(update, ourAnswer(update, old), theirs[index]),
          );
          expect(disagreements).toEqual([]);
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
    expect(seen.stored).toBeGreaterThan(200);
    expect(seen.refused).toBeGreaterThan(200);
  });

  it('agree on which fields are unknown', async () => {
    const object = specimenOf({
      required: 'x',
      unknown: 1,
      scalars: { other: 2 },
      defaults: { map: { a: { weight: 1, extra: 1 } }, list: [{}, { extra: {} }] },
      collections: { open: { kept: 1 }, json: [{ kept: 1 }], ports: [{ port: 1, extra: 1 }] },
      embedded: { affinity: { nodeAffinity: { extra: 1 } }, resources: { limits: { cpu: 1 }, extra: 1 } },
    });
    const refusal = await client.create(specimens, object, { dryRun: true }).catch((error: unknown) => error);
    const named =
      refusal instanceof ApiError
        ? [...refusal.message.matchAll(/unknown field "([^"]+)"/g)].map((match) => match[1])
        : [];
    expect(named.sort()).toEqual(Specimen.unknownFields(object));
    expect(named).toHaveLength(7);
  });
});

/** Creates those of the specs that are sound; each test run has names of its own. */
async function storedAmong(candidates: readonly Json[]): Promise<readonly Document[]> {
  const sound = [
    {
      required: 'x',
      rules: { grows: 1, tags: ['a'], brokers: [{ name: 'one' }], whole: { set: ['a', 'b'] }, once: 'now', min: 1 },
    },
    ...candidates,
  ].filter((spec) => Specimen.validate(specimenOf(spec)).length === 0);
  return Promise.all(
    sound.map((spec) => client.create(specimens, specimenOf(spec, `stored-${randomUUID().slice(0, 8)}`))),
  );
}

/** How an update changes a stored spec: parts of another are put over it, or it is replaced. */
const anyEdit = fc.record({ spec: anySpec, isMerge: fc.boolean() });

function updateOf(
  old: Document | undefined,
  { spec, isMerge }: { spec: Json; isMerge: boolean },
): { old: Document; update: Document } | undefined {
  if (old === undefined) return undefined;
  return { old, update: { ...old, spec: isMerge ? merged(old.spec, spec) : spec } };
}

/** Objects are merged two levels deep, so that a stored part meets a new one. */
function merged(before: Json, after: Json): Json {
  if (!isJsonObject(before) || !isJsonObject(after)) return after;
  return Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(after)])].map((name) => {
      const [left, right] = [before[name], after[name]];
      if (right === undefined) return [name, left ?? null];
      return [name, isJsonObject(left) && isJsonObject(right) ? { ...left, ...right } : right];
    }),
  );
}

function disagreement(object: Document, ours: Answer, theirs: Answer | undefined): readonly object[] {
  const same = JSON.stringify(sorted(ours)) === JSON.stringify(sorted(theirs ?? null));
  return same ? [] : [{ spec: object.spec, ours, theirs }];
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name])]),
  );
}
