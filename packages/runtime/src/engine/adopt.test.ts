import type { FieldSet, KubeObject } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { adoptable, adoptedEntries, returnedEntries } from './adopt.ts';
import type { Finding } from './finding.ts';
import { ownEntry } from './managed-fields.ts';
import { aDesired, aLive, entryOf, ownEntryWith } from './testing.fixture.ts';

const spec = (fields: FieldSet): FieldSet => ({ 'f:spec': fields });
const item = (port: number): FieldSet => ({ [`k:{"port":${port}}`]: { '.': {}, 'f:name': {}, 'f:port': {} } });
const lost = (at: readonly string[], manager?: string): Finding => ({
  kind: 'Lost',
  path: '',
  at,
  ...(manager !== undefined && { takenBy: { manager } }),
});

function adoptionOf(live: KubeObject, findings: readonly Finding[]) {
  const own = ownEntry(live, 'me');
  if (own === undefined) throw new Error('no entry of ours');
  return adoptable(live, own, findings);
}

describe('adoption', () => {
  const editor = entryOf('kubectl-edit', spec({ 'f:ports': item(81), 'f:paused': {} }));
  const scaler = entryOf('hpa', spec({ 'f:replicas': {} }), { subresource: 'scale' });
  const live = aLive(aDesired(), [ownEntryWith(spec({ 'f:ports': item(53) })), editor, scaler]);
  const portLost = lost(['f:spec', 'f:ports', 'k:{"port":80}']);

  it('moves what others own beside a lost field, and nothing else', () => {
    expect(adoptedEntries(live, adoptionOf(live, [portLost]), 'me')).toEqual([
      ownEntryWith(spec({ 'f:ports': { ...item(53), ...item(81) } })),
      { ...editor, fieldsV1: spec({ 'f:paused': {} }) },
      scaler,
    ]);
  });

  it('can be given back to the last field', () => {
    const adoption = adoptionOf(live, [portLost]);
    const adopted = { ...live, metadata: { ...live.metadata, managedFields: adoptedEntries(live, adoption, 'me') } };
    expect(returnedEntries(adopted, adoption, 'me')).toEqual(live.metadata.managedFields);
  });

  it('brings an entry back that had nothing left', () => {
    const only = entryOf('kubectl-edit', spec({ 'f:ports': item(81) }));
    const object = aLive(aDesired(), [ownEntryWith(spec({ 'f:ports': item(53) })), only]);
    const adoption = adoptionOf(object, [portLost]);
    const entries = adoptedEntries(object, adoption, 'me');
    expect(entries).toHaveLength(1);
    const adopted = { ...object, metadata: { ...object.metadata, managedFields: entries } };
    expect(returnedEntries(adopted, adoption, 'me')).toEqual(object.metadata.managedFields);
  });

  it.each([
    [
      'of a field as high as .spec.replicas that somebody holds: siblings are half of the object',
      lost(['f:spec', 'f:replicas'], 'hpa'),
    ],
    ['of labels', lost(['f:metadata', 'f:labels', 'f:a'])],
    ['of a root field', lost(['f:spec'])],
    ['of what is only extra', { kind: 'Extra', path: '', at: ['f:spec', 'f:ports', 'k:{"port":1}'] } as const],
  ])('adopts nothing because %s', (_title, finding) => {
    expect(adoptionOf(live, [finding]).moved).toEqual([]);
  });

  it('adopts what somebody put inside a field that he took (Recreate turned into RollingUpdate)', () => {
    const strategy = spec({ 'f:strategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {} }, 'f:type': {} } });
    const object = aLive(aDesired(), [ownEntryWith({}), entryOf('kubectl-edit', strategy)]);
    expect(adoptedEntries(object, adoptionOf(object, [lost(['f:spec', 'f:strategy'], 'kubectl-edit')]), 'me')).toEqual([
      ownEntryWith(strategy),
    ]);
  });

  it('never touches what the scale and status subresources wrote', () => {
    expect(adoptionOf(live, [lost(['f:spec', 'f:minAvailable'])]).moved.map(({ from }) => from.manager)).toEqual([
      'kubectl-edit',
    ]);
  });
});
