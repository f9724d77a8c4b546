import type { KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { digestOf } from './digest.ts';
import { stripManagedFields } from './managed-fields.ts';
import { AppliedMemory, type Recollection } from './memory.ts';
import { annotate, seal } from './seal.ts';
import { aDesired, aLive, entryOf, names, ownEntryWith } from './testing.fixture.ts';

const desired = aDesired({ data: { a: '1' } });
const sealed = seal(desired, names);
const own = ownEntryWith({ 'f:data': { 'f:a': {} } });
const asApplied = aLive(desired, [own]);

function recollectionOf(live: KubeObject, desiredHash = sealed.desiredHash): Recollection | undefined {
  const memory = new AppliedMemory();
  const digest = digestOf(live, names, 'full');
  if (digest !== undefined) memory.learn('a', { ...digest, desiredHash });
  return memory.recall('a');
}

function edited(
  overrides: Readonly<Record<string, unknown>>,
  metadata: Partial<KubeObject['metadata']> = {},
): KubeObject {
  const live = { ...asApplied, ...overrides };
  return { ...live, metadata: { ...live.metadata, ...metadata } };
}

const judged = (live: KubeObject | undefined, recalled?: Recollection) => decide(sealed, live, recalled, names, 'full');

describe('decide', () => {
  it('needs nothing but the memory for a child as we left it', () => {
    expect(judged(asApplied, recollectionOf(asApplied))).toEqual({ verdict: 'clean' });
  });

  it('trap 12: after a restart finds it clean too, and says what to remember', () => {
    const digest = digestOf(asApplied, names, 'full');
    expect(judged(asApplied)).toEqual({
      verdict: 'clean',
      learned: {
        uid: 'u1',
        desiredHash: sealed.desiredHash,
        fieldsHash: digest?.fieldsHash,
        projectionHash: digest?.projectionHash,
        ownsReplicas: false,
      },
    });
  });

  it('creates what is absent', () => {
    expect(judged(undefined, recollectionOf(asApplied))).toEqual({
      verdict: 'apply',
      reason: 'Absent',
      findings: [],
      mode: 'full',
    });
  });

  it('trap 11: waits while the child is being deleted, whatever it looks like', () => {
    const terminating = edited({ data: {} }, { deletionTimestamp: '2026-01-01T00:00:00Z' });
    expect(judged(terminating)).toEqual({ verdict: 'wait' });
  });

  it.each([
    ['its ownership records were wiped', edited({}, { managedFields: undefined as never })],
    ['somebody else made it', aLive(desired, [entryOf('other', { 'f:data': {} })])],
    ['trap 7: we only updated it', aLive(desired, [entryOf('me', { 'f:data': { 'f:a': {} } })])],
  ])('applies what we own nothing in: %s', (_title, live) => {
    expect(judged(live, recollectionOf(asApplied))).toMatchObject({ verdict: 'apply', reason: 'NeverApplied' });
  });

  it('trap 3: applies a changed wish even where the values look equal', () => {
    const before = aDesired({ kind: 'Widget', spec: { size: '1Gi' } });
    const after = seal(aDesired({ kind: 'Widget', spec: { size: '1024Mi' } }), names);
    const live = aLive(before, [ownEntryWith({ 'f:spec': { 'f:size': {} } })]);
    expect(decide(after, live, recollectionOf(live, seal(before, names).desiredHash), names, 'full')).toMatchObject({
      verdict: 'apply',
      reason: 'DesiredChanged',
      findings: [],
    });
  });

  it('tells an edited seal from a changed wish, also after a restart', () => {
    const { [names.sealAnnotation]: _seal, ...others } = asApplied.metadata.annotations ?? {};
    const annotations = { ...others, [names.sealAnnotation]: 'edited' };
    const withoutSeal = { ...own, fieldsV1: { 'f:data': { 'f:a': {} } } };
    const editor = entryOf('kubectl-edit', {
      'f:metadata': { 'f:annotations': { [`f:${names.sealAnnotation}`]: {} } },
    });
    expect(judged(edited({}, { annotations, managedFields: [withoutSeal, editor] }))).toMatchObject({
      reason: 'Drifted',
      findings: [
        { kind: 'Lost', path: '.metadata.annotations["x.test/applied"]', takenBy: { manager: 'kubectl-edit' } },
      ],
    });
  });

  it('applies what drifted, and names path and taker', () => {
    const taken = [ownEntryWith({}), entryOf('kubectl-edit', { 'f:data': { 'f:a': {} } })];
    expect(judged(edited({ data: { a: '2' } }, { managedFields: taken }), recollectionOf(asApplied))).toEqual({
      verdict: 'apply',
      reason: 'Drifted',
      mode: 'full',
      findings: [
        {
          kind: 'Lost',
          path: '.data.a',
          at: ['f:data', 'f:a'],
          takenBy: { manager: 'kubectl-edit', operation: 'Update' },
        },
      ],
    });
  });

  it('applies what was rewritten under our own name, once: then the memory knows it', () => {
    const rewritten = edited({ data: { a: '2' } });
    expect(judged(rewritten, recollectionOf(asApplied))).toMatchObject({ verdict: 'apply', reason: 'Rewritten' });
    expect(judged(rewritten, recollectionOf(rewritten))).toEqual({ verdict: 'clean' });
  });

  it('knows rewritten values again after a restart by the note on the object', () => {
    const note = digestOf(edited({ data: { a: '2' } }), names, 'full')?.projectionHash ?? '';
    const noted = annotate(sealed.body, names.liveAnnotation, note);
    const ownNote = {
      ...own,
      fieldsV1: { ...own.fieldsV1, 'f:metadata': { 'f:annotations': { 'f:x.test/applied': {}, 'f:x.test/live': {} } } },
    };
    const live: KubeObject = {
      ...asApplied,
      ...{ data: { a: '2' } },
      metadata: { ...asApplied.metadata, ...noted.metadata, managedFields: [ownNote] },
    };
    expect(judged(live)).toMatchObject({ verdict: 'clean', learned: { projectionHash: note } });
    expect(judged({ ...live, ...{ data: { a: '3' } } })).toMatchObject({ verdict: 'apply', reason: 'Rewritten' });
  });

  it('learns again when a foreign field moved the values we project', () => {
    const dir = aDesired({ kind: 'Widget', spec: { dir: {} } });
    const owned = ownEntryWith({ 'f:spec': { 'f:dir': {} } });
    const before = aLive(dir, [owned]);
    const after = aLive(dir, [owned], { spec: { dir: { medium: 'Memory' } } });
    const recalled = recollectionOf(before, seal(dir, names).desiredHash);
    expect(decide(seal(dir, names), after, recalled, names, 'full')).toMatchObject({
      verdict: 'clean',
      learned: { uid: 'u1' },
    });
  });

  describe('of a stripped object', () => {
    const stripped = stripManagedFields(asApplied);

    it('is clean as long as the wish is the same', () => {
      expect(judged(stripped, recollectionOf(asApplied))).toEqual({ verdict: 'clean' });
    });

    it.each([
      ['the wish changed', seal(aDesired({ data: { a: '2' } }), names), stripped, recollectionOf(asApplied)],
      ['the memory is gone', sealed, stripped, undefined],
      ['it is another object', sealed, stripManagedFields(edited({}, { uid: 'u2' })), recollectionOf(asApplied)],
    ])('is applied when %s', (_title, wish, live, recalled) => {
      expect(decide(wish, live, recalled, names, 'full')).toEqual({
        verdict: 'apply',
        reason: 'DesiredChanged',
        findings: [],
        mode: 'full',
      });
    });
  });

  it('cannot see in a metadata-only watch what is written under our own name with the same seal and fields', () => {
    expect(decide(sealed, edited({ data: { a: '2' } }), undefined, names, 'metadata')).toMatchObject({
      verdict: 'clean',
    });
  });
});
