import type { FieldSet, KubeObject, ManagedFieldsEntry } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { audit, type WatchMode } from './audit.ts';
import { aDesired, aLive, entryOf, names, ownEntryWith } from './testing.fixture.ts';

interface Audited {
  readonly desired: Readonly<Record<string, unknown>>;
  readonly own: FieldSet;
  readonly others?: readonly ManagedFieldsEntry[];
  readonly live?: Readonly<Record<string, unknown>>;
  readonly mode?: WatchMode;
  readonly kind?: string;
}

/** `Lost .spec.a (somebody)` for each finding. */
function findingsOf({
  desired,
  own,
  others = [],
  live = desired,
  mode = 'full',
  kind = 'Widget',
}: Audited): readonly string[] {
  const wanted = aDesired({ kind, ...desired });
  const object: KubeObject = aLive(wanted, [ownEntryWith(own), ...others], live);
  return audit(wanted, object, own, names.fieldManager, mode).map(
    ({ kind: finding, path, takenBy }) => `${finding} ${path}${takenBy === undefined ? '' : ` (${takenBy.manager})`}`,
  );
}

const spec = (fields: FieldSet): FieldSet => ({ 'f:spec': fields });

describe('audit', () => {
  it('finds nothing in an object as applied', () => {
    const desired = { spec: { a: 1, list: [{ name: 'x', v: 1 }], set: ['p', 'q'], atomic: [1, 2], empty: {} } };
    const own = spec({
      'f:a': {},
      'f:list': { 'k:{"name":"x"}': { '.': {}, 'f:name': {}, 'f:v': {} } },
      'f:set': { 'v:"p"': {}, 'v:"q"': {} },
      'f:atomic': {},
      'f:empty': {},
    });
    expect(findingsOf({ desired, own })).toEqual([]);
  });

  it.each<[string, Audited, string[]]>([
    [
      'a field somebody took',
      {
        desired: { spec: { a: 1, b: 2 } },
        own: spec({ 'f:a': {} }),
        others: [entryOf('kubectl-edit', spec({ 'f:b': {} }))],
      },
      ['Lost .spec.b (kubectl-edit)'],
    ],
    [
      'a field somebody removed',
      { desired: { spec: { a: 1, b: 2 } }, own: spec({ 'f:a': {} }), live: { spec: { a: 1 } } },
      ['Lost .spec.b'],
    ],
    [
      'a field we own and no longer want',
      { desired: { spec: { a: 1 } }, own: spec({ 'f:a': {}, 'f:b': {} }) },
      ['Extra .spec.b'],
    ],
    [
      'another value under our own name',
      { desired: { spec: { a: 1 } }, own: spec({ 'f:a': {} }), live: { spec: { a: 2 } } },
      ['Value .spec.a'],
    ],
    [
      'an item of ours that is gone',
      {
        desired: { spec: { l: [{ name: 'x' }, { name: 'y' }] } },
        own: spec({ 'f:l': { 'k:{"name":"x"}': { '.': {}, 'f:name': {} } } }),
      },
      ['Lost .spec.l[name=y]'],
    ],
    [
      'an item whose key somebody changed: ours is gone, theirs is no concern of ours',
      {
        desired: { spec: { l: [{ port: 80 }, { port: 1 }] } },
        own: spec({ 'f:l': { 'k:{"port":1}': { '.': {}, 'f:port': {} } } }),
        others: [entryOf('kubectl-edit', spec({ 'f:l': { 'k:{"port":81}': { '.': {}, 'f:port': {} } } }))],
      },
      ['Lost .spec.l[port=80]'],
    ],
    [
      'an item we own and no longer want',
      {
        desired: { spec: { l: [{ name: 'x' }] } },
        own: spec({
          'f:l': { 'k:{"name":"x"}': { '.': {}, 'f:name': {} }, 'k:{"name":"y"}': { '.': {}, 'f:name': {} } },
        }),
      },
      ['Extra .spec.l[name=y]'],
    ],
    [
      'an atomic list somebody appended to',
      { desired: { spec: { l: [1] } }, own: spec({ 'f:x': {} }), others: [entryOf('z', spec({ 'f:l': {} }))] },
      ['Lost .spec.l (z)', 'Extra .spec.x'],
    ],
    [
      'fields below what is a scalar now',
      { desired: { spec: { a: 1 } }, own: spec({ 'f:a': { 'f:b': {} } }) },
      ['Extra .spec.a.b'],
    ],
  ])('finds %s', (_title, audited, findings) => {
    expect(findingsOf(audited)).toEqual(findings);
  });

  it('trap 4: takes an empty keyed list, which is in no set, for what it is', () => {
    const desired = { spec: { a: 1, env: [] } };
    expect(findingsOf({ desired, own: spec({ 'f:a': {} }) })).toEqual([]);
    const foreignItem = entryOf('z', spec({ 'f:env': { 'k:{"name":"x"}': { '.': {} } } }));
    expect(findingsOf({ desired, own: spec({ 'f:a': {} }), others: [foreignItem] })).toEqual([]);
  });

  it('trap 4: sees that somebody filled an empty atomic list of ours', () => {
    const taker = entryOf('z', spec({ 'f:args': {} }));
    expect(findingsOf({ desired: { spec: { a: 1, args: [] } }, own: spec({ 'f:a': {} }), others: [taker] })).toEqual([
      'Lost .spec.args (z)',
    ]);
  });

  it('takes an empty list that somebody removed for the same as an empty one', () => {
    expect(
      findingsOf({ desired: { spec: { a: 1, args: [] } }, own: spec({ 'f:a': {} }), live: { spec: { a: 1 } } }),
    ).toEqual([]);
  });

  it('trap 4: takes a map of empty keyed lists, which is in no set either, for what it is', () => {
    expect(
      findingsOf({ desired: { spec: { a: 1, pod: { volumes: [], deeper: { env: [] } } } }, own: spec({ 'f:a': {} }) }),
    ).toEqual([]);
    expect(findingsOf({ desired: { spec: { a: 1, pod: {} } }, own: spec({ 'f:a': {} }) })).toEqual(['Lost .spec.pod']);
  });

  it('leaves what others put into an empty map of ours to them', () => {
    expect(
      findingsOf({
        desired: { spec: { dir: {} } },
        own: spec({ 'f:dir': {} }),
        live: { spec: { dir: { medium: 'Memory' } } },
      }),
    ).toEqual([]);
  });

  it('trap 6: does not mind another order of a keyed list', () => {
    const own = spec({
      'f:l': { 'k:{"name":"x"}': { '.': {}, 'f:name': {}, 'f:v': {} }, 'k:{"name":"y"}': { '.': {}, 'f:name': {} } },
    });
    const desired = { spec: { l: [{ name: 'x', v: 1 }, { name: 'y' }] } };
    expect(
      findingsOf({ desired, own, live: { spec: { l: [{ name: 'y' }, { name: 'z' }, { name: 'x', v: 1 }] } } }),
    ).toEqual([]);
  });

  it('trap 7: an Update under our own name is another owner', () => {
    const update = entryOf('me', spec({ 'f:b': {} }));
    expect(findingsOf({ desired: { spec: { a: 1, b: 2 } }, own: spec({ 'f:a': {} }), others: [update] })).toEqual([
      'Lost .spec.b (me)',
    ]);
  });

  it('trap 9: audits ownerReferences by UID and finalizers as a set', () => {
    const owner = { apiVersion: 'v1', kind: 'X', name: 'o', uid: 'u1' };
    const wanted = aDesired({ metadata: { name: 'a', namespace: 'n', ownerReferences: [owner], finalizers: ['f/1'] } });
    const own = {
      'f:metadata': { 'f:ownerReferences': { 'k:{"uid":"u1"}': {} }, 'f:finalizers': { '.': {}, 'v:"f/1"': {} } },
    };
    const live = aLive(wanted, [ownEntryWith(own)]);
    expect(audit(wanted, live, own, 'me', 'full')).toEqual([]);
    const bereft = { 'f:metadata': { 'f:finalizers': { 'v:"f/2"': {} } } };
    expect(audit(wanted, live, bereft, 'me', 'full').map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'Lost .metadata.ownerReferences',
      'Lost .metadata.finalizers[="f/1"]',
      'Extra .metadata.finalizers[="f/2"]',
    ]);
  });

  it('trap 13: compares loosely what the server normalises, and exactly what it does not', () => {
    expect(
      findingsOf({ desired: { spec: { q: '1Gi' } }, own: spec({ 'f:q': {} }), live: { spec: { q: '1024Mi' } } }),
    ).toEqual([]);
    const own = { 'f:data': { 'f:q': {} } };
    expect(
      findingsOf({ kind: 'ConfigMap', desired: { data: { q: '1Gi' } }, own, live: { data: { q: '1024Mi' } } }),
    ).toEqual(['Value .data.q']);
    expect(
      findingsOf({ kind: 'Secret', desired: { data: { q: 'eA==\n' } }, own, live: { data: { q: 'eA==' } } }),
    ).toEqual([]);
  });

  it('sees no values in a metadata-only watch, and still every change of ownership', () => {
    const taker = entryOf('z', spec({ 'f:b': {} }));
    const audited = {
      desired: { spec: { a: 1, b: 2 } },
      own: spec({ 'f:a': {} }),
      others: [taker],
      live: { spec: { a: 9 } },
    };
    expect(findingsOf({ ...audited, mode: 'metadata' })).toEqual(['Lost .spec.b (z)']);
    expect(findingsOf({ ...audited, mode: 'full' })).toEqual(['Value .spec.a', 'Lost .spec.b (z)']);
  });

  it('does not take a plundered map for an atomic one', () => {
    const taker = entryOf('z', spec({ 'f:m': { 'f:x': {} } }));
    expect(
      findingsOf({ desired: { spec: { m: { x: 1 } } }, own: spec({ 'f:m': {} }), others: [taker], mode: 'metadata' }),
    ).toEqual(['Lost .spec.m.x (z)']);
  });

  it('names the subresource writer, else the latest one, when several have the field', () => {
    const replicas = spec({ 'f:replicas': {} });
    const early = entryOf('early', replicas, { time: '2026-01-01T00:00:00Z' });
    const late = entryOf('late', replicas, { time: '2026-01-02T00:00:00Z' });
    const scale = entryOf('hpa', replicas, { subresource: 'scale' });
    const lost = (others: ManagedFieldsEntry[]) =>
      findingsOf({ desired: { spec: { a: 1, replicas: 2 } }, own: spec({ 'f:a': {} }), others });
    expect(lost([late, early])).toEqual(['Lost .spec.replicas (late)']);
    expect(lost([late, scale, early])).toEqual(['Lost .spec.replicas (hpa)']);
  });
});
