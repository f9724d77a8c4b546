import { ApiError, type KubeObject, systemClock } from '@capstan/kube';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { ApplyError } from './apply-error.ts';
import { type ChildSample, childSamples } from './child-bodies.fixture.ts';
import { canonicalJson, isRecord } from './json-value.ts';
import { LiveChild, names } from './live-child.fixture.ts';
import { inParallel, type LiveNamespace, openNamespace } from './live-namespace.fixture.ts';
import { ownEntry } from './managed-fields.ts';
import { type Operation, randomEdit, randomFrom } from './random-edits.fixture.ts';
import { defineWidgets } from './widget.fixture.ts';

const CASES = Number(process.env['ENGINE_FUZZ_CASES'] ?? 400);
const SEED = Number(process.env['ENGINE_FUZZ_SEED'] ?? 1);
const CONCURRENCY = 12;
const WRITERS = ['kubectl-edit', 'kubectl-patch', 'a-controller', 'somebody'] as const;

let live: LiveNamespace;

beforeAll(async () => {
  live = await openNamespace(inject('kubeconfig'), 'engine-fuzz');
  await defineWidgets(live.client, systemClock, AbortSignal.timeout(30_000));
});
afterAll(() => live[Symbol.asyncDispose]());

/** What the server would make of one more apply of our body: the same, something else, or a refusal. */
type Oracle = 'unchanged' | 'changed' | 'refused';

interface Case {
  readonly kind: string;
  readonly seed: number;
  readonly edits: readonly Operation[];
  readonly oracle: Oracle;
  readonly verdicts: readonly string[];
  /** After our apply: `clean`, or why not. */
  readonly afterwards: string;
}

it(`${CASES} random edits by four writers are judged as a dry-run of our apply judges them (seed ${SEED})`, {
  timeout: 30_000 + CASES * 600,
}, async () => {
  const seeds = Array.from({ length: CASES }, (_, index) => SEED * 1_000_003 + index);
  const cases = await inParallel(seeds, CONCURRENCY, runCase);
  const judged = cases.filter((result) => result !== undefined);
  console.log(summaryOf(cases));
  expect(judged.filter((result) => !isJudgedRight(result))).toEqual([]);
  expect(judged.filter((result) => result.afterwards !== 'clean' && !isBeyondRepair(result))).toEqual([]);
  // A fuzz test whose edits are all refused, or all harmless, would prove nothing.
  expect(judged.length).toBeGreaterThan(CASES / 3);
  expect(judged.filter(({ oracle }) => oracle === 'changed').length).toBeGreaterThan(CASES / 10);
  expect(judged.filter(({ oracle }) => oracle === 'unchanged').length).toBeGreaterThan(CASES / 20);
});

function isJudgedRight({ oracle, verdicts }: Case): boolean {
  const expected = oracle === 'unchanged' ? 'clean' : 'apply';
  return verdicts.every((verdict) => verdict === expected);
}

/** The template of a Job edited while it was suspended and released then: nobody can change it back. */
function isBeyondRepair({ kind, oracle, afterwards }: Case): boolean {
  return kind === 'Job' && oracle === 'refused' && afterwards === 'refused: Invalid';
}

function summaryOf(cases: readonly (Case | undefined)[]): string {
  const count = (oracle: Oracle | undefined) => cases.filter((result) => result?.oracle === oracle).length;
  return `${cases.length} cases: ${count(undefined)} edits refused by the server, ${count('unchanged')} harmless, ${count('changed')} drift, ${count('refused')} drift that a plain apply cannot repair`;
}

/** `undefined` when the server refused the edit. */
async function runCase(seed: number): Promise<Case | undefined> {
  const random = randomFrom(seed);
  const sample = childSamples[Math.floor(random() * childSamples.length)];
  if (sample === undefined) throw new Error('there are no samples');
  const child = new LiveChild(live, sample, `fuzz-${seed}`);
  await child.bring();
  try {
    const edits = await editAtRandom(child, random);
    return edits.length === 0 ? undefined : await judge(child, seed, edits);
  } finally {
    await child.remove();
  }
}

async function editAtRandom(child: LiveChild, random: () => number): Promise<readonly Operation[]> {
  const accepted: Operation[] = [];
  const wanted = 1 + Math.floor(random() * 3);
  for (let tried = 0; tried < 8 && accepted.length < wanted; tried += 1) {
    const edit = randomEdit(await child.mustRead(), random);
    const writer = WRITERS[Math.floor(random() * WRITERS.length)] ?? 'somebody';
    if ((await child.edit(edit, writer)) === 'done') accepted.push(edit);
  }
  return accepted;
}

async function judge(child: LiveChild, seed: number, edits: readonly Operation[]): Promise<Case> {
  for (;;) {
    const before = await child.mustRead();
    const verdicts = Object.values(await child.verdicts()).map(({ verdict }) => verdict);
    const oracle = await askServer(child, before);
    // A controller wrote in between: the three answers are about different objects.
    if ((await child.mustRead()).metadata.resourceVersion !== before.metadata.resourceVersion) continue;
    return { kind: child.sample.title, seed, edits, oracle, verdicts, afterwards: await bringToRest(child) };
  }
}

async function askServer({ client, sample, sealed }: LiveChild, before: KubeObject): Promise<Oracle> {
  try {
    const after = await client.apply(sample.type, sealed.body, {
      fieldManager: names.fieldManager,
      force: true,
      dryRun: true,
    });
    return comparable(after, sample) === comparable(before, sample) ? 'unchanged' : 'changed';
  } catch (error) {
    if (error instanceof ApiError && error.isInvalid) return 'refused';
    throw error;
  }
}

/** Object and our set of fields, whatever the order of lists: an apply restores our order, and order alone is no drift. */
function comparable(object: KubeObject, { type }: ChildSample): string {
  const {
    managedFields: _fields,
    resourceVersion: _version,
    generation: _generation,
    annotations,
    ...metadata
  } = object.metadata;
  // The daemon set strategy counts the generations of its template in an annotation.
  const { 'deprecated.daemonset.template.generation': _count, ...others } = annotations ?? {};
  const own = ownEntry(object, names.fieldManager)?.fieldsV1;
  return unordered({
    ...object,
    status: undefined,
    metadata: { ...metadata, annotations: others },
    own,
    kind: type.kind,
  });
}

function unordered(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(unordered).toSorted().join(',')}]`;
  if (!isRecord(value)) return canonicalJson(value);
  const fields = Object.entries(value).map(([key, field]) => `${JSON.stringify(key)}:${unordered(field)}`);
  return `{${fields.toSorted().join(',')}}`;
}

/** Applies as often as decided, at most twice: one apply must do. */
async function bringToRest(child: LiveChild): Promise<string> {
  try {
    await child.bring('full');
  } catch (error) {
    return `refused: ${error instanceof ApplyError ? error.reason : String(error)}`;
  }
  const verdicts = Object.entries(await child.verdicts()).filter(([, { verdict }]) => verdict !== 'clean');
  return verdicts.length === 0 ? 'clean' : `not clean (${verdicts.map(([view]) => view).join('; ')})`;
}
