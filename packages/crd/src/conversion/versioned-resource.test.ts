import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { customResource, type ResourceOf } from '../custom-resource.ts';
import { listMap, stringEnum, withDefault } from '../schema.ts';
import { SchemaError } from '../schema-error.ts';
import { ConversionError } from './conversion-error.ts';
import { spoke, versionedResource } from './versioned-resource.ts';

const about = (description: string): { description: string } => ({ description });
const names = { group: 'test.capstan.dev', kind: 'Cache', plural: 'caches', description: 'A cache.' };
const status = Type.Object({ ready: Type.Optional(Type.Integer(about('How many serve.'))) });

const Cache = customResource({
  ...names,
  version: 'v1',
  spec: Type.Object({
    replicas: withDefault(Type.Integer(about('How many.')), 1),
    mode: Type.Optional(stringEnum(['Plain', 'Shared', 'Sharded'], about('How they share.'))),
    ports: Type.Optional(
      listMap(
        Type.Object({
          name: Type.String(about('A name.')),
          port: Type.Integer(about('A port.')),
          tls: Type.Optional(Type.Boolean(about('TLS.'))),
        }),
        ['name'],
        about('Ports.'),
      ),
    ),
  }),
  status,
});
type Cache = ResourceOf<typeof Cache>;

const OldCache = customResource({
  ...names,
  version: 'v1alpha1',
  spec: Type.Object({
    size: Type.Integer(about('How many.')),
    shared: withDefault(Type.Boolean(about('Whether they share.')), false),
    note: Type.Optional(Type.String(about('A text that v1 has no place for.'))),
    ports: Type.Optional(
      listMap(
        Type.Object({ name: Type.String(about('A name.')), port: Type.Integer(about('A port.')) }),
        ['name'],
        about('Ports.'),
      ),
    ),
  }),
  status,
});
type OldCache = ResourceOf<typeof OldCache>;

const BetaCache = customResource({
  ...names,
  version: 'v1beta1',
  spec: Type.Object({ count: Type.Integer(about('How many.')) }),
  status,
});

const alpha = spoke(OldCache, Cache).by({
  deprecated: 'v1alpha1 goes away: use v1',
  toHub: ({ spec, status: now }) => {
    if (spec.size < 0) throw new ConversionError('spec.size: must not be negative');
    const ports = spec.ports === undefined ? {} : { ports: spec.ports };
    return { spec: { replicas: spec.size, mode: spec.shared ? 'Shared' : 'Plain', ...ports }, status: now };
  },
  fromHub: ({ spec, status: now }) => {
    const ports = spec.ports === undefined ? {} : { ports: spec.ports.map(({ name, port }) => ({ name, port })) };
    return {
      spec: { size: spec.replicas, shared: spec.mode !== undefined && spec.mode !== 'Plain', ...ports },
      status: now,
    };
  },
});
const beta = spoke(BetaCache, Cache).by({
  toHub: ({ spec }) => ({ spec: { replicas: spec.count } }),
  fromHub: ({ spec }) => ({ spec: { count: spec.replicas } }),
});
const Caches = versionedResource({ hub: Cache, spokes: [alpha, beta] });

const metadata = { name: 'orders', namespace: 'prod', uid: 'u', labels: { a: 'b' }, annotations: { team: 'x' } };
const now: Cache = {
  apiVersion: 'test.capstan.dev/v1',
  kind: 'Cache',
  metadata,
  spec: {
    replicas: 3,
    mode: 'Sharded',
    ports: [
      { name: 'a', port: 1, tls: true },
      { name: 'b', port: 2 },
    ],
  },
  status: { ready: 2 },
};
const old: OldCache = {
  apiVersion: 'test.capstan.dev/v1alpha1',
  kind: 'Cache',
  metadata,
  spec: { size: 2, shared: true, note: 'keep me' },
};
const asOld = (object: object) => Caches.convert(object, 'v1alpha1') as OldCache; // `convert` gives the version asked for
const asNow = (object: object) => Caches.convert(object, 'v1') as Cache;

describe('an object in another version', () => {
  it('has the spec and status of that version, the same metadata, and beside it what that version cannot hold', () => {
    const { metadata: there, ...body } = asOld(now);
    expect(body).toEqual({
      apiVersion: 'test.capstan.dev/v1alpha1',
      kind: 'Cache',
      spec: {
        size: 3,
        shared: true,
        ports: [
          { name: 'a', port: 1 },
          { name: 'b', port: 2 },
        ],
      },
      status: { ready: 2 },
    });
    expect(there).toEqual({
      ...metadata,
      annotations: { team: 'x', 'test.capstan.dev/conversion-data': expect.stringContaining('Sharded') },
    });
  });

  it('comes back as it was, from either side', () => {
    expect(asNow(asOld(now))).toEqual(now);
    expect(asOld(asNow(old))).toEqual(old);
  });

  it('goes through the hub from one spoke to the other and back, and loses nothing', () => {
    const through = Caches.convert(old, 'v1beta1');
    expect(through).toMatchObject({ apiVersion: 'test.capstan.dev/v1beta1', spec: { count: 2 } });
    expect(asOld(through)).toEqual(old);
    expect(asNow(through)).toEqual(asNow(old));
  });

  it('keeps an edit made there, and with it what that version could not show', () => {
    const shown = asOld(now);
    const edited = {
      ...shown,
      spec: { ...shown.spec, size: 5, ports: [{ name: 'c', port: 3 }, ...(shown.spec.ports ?? [])] },
    };
    expect(asNow(edited)).toEqual({
      ...now,
      spec: {
        ...now.spec,
        replicas: 5,
        ports: [
          { name: 'c', port: 3 },
          { name: 'a', port: 1, tls: true },
          { name: 'b', port: 2 },
        ],
      },
    });
  });

  it('takes the edit where it speaks of what that version could not show', () => {
    const shown = asOld(now);
    expect(asNow({ ...shown, spec: { ...shown.spec, shared: false } }).spec.mode).toBe('Plain');
  });

  it('needs no annotation where that version can hold everything', () => {
    const simple = { ...now, spec: { replicas: 3, mode: 'Shared' as const } };
    expect(asOld(simple).metadata).toEqual(metadata);
  });

  it('is the object itself in the version it has', () => {
    expect(Caches.convert(now, 'v1')).toEqual(now);
  });

  it.each(['{', '[]', '{"v1":[{"path":"spec"}]}', '{"v1":[{"path":[1]}]}', '"text"'])(
    'is not harmed by an annotation that somebody broke: %s',
    (broken) => {
      const hurt = { ...old, metadata: { ...metadata, annotations: { 'test.capstan.dev/conversion-data': broken } } };
      expect(asNow(hurt).spec).toEqual({ replicas: 2, mode: 'Shared' });
    },
  );

  it('cannot be had in a version that the kind does not have', () => {
    expect(() => Caches.convert(now, 'v2')).toThrow(new ConversionError("Cache.test.capstan.dev has no version 'v2'"));
    expect(() => Caches.convert({ ...now, apiVersion: 'test.capstan.dev/v0' }, 'v1')).toThrow(ConversionError);
    expect(() => Caches.convert({ kind: 'Cache' }, 'v1')).toThrow(/without metadata/);
  });
});

describe('the manifest of a kind in several versions', () => {
  const url = 'https://127.0.0.1:9443/convert';

  it('lists every version, stores the hub, warns of deprecated ones, and says who converts', () => {
    const { spec } = Caches.manifest({ url });
    expect(spec.versions.map(({ name, served, storage }) => [name, served, storage])).toEqual([
      ['v1', true, true],
      ['v1alpha1', true, false],
      ['v1beta1', true, false],
    ]);
    expect(spec.versions[1]).toMatchObject({ deprecated: true, deprecationWarning: 'v1alpha1 goes away: use v1' });
    expect(spec.conversion).toEqual({
      strategy: 'Webhook',
      webhook: { clientConfig: { url }, conversionReviewVersions: ['v1'] },
    });
  });

  it('stores the version it is told to, so that a downgrade stays possible', () => {
    const { spec } = versionedResource({ hub: Cache, spokes: [alpha], storage: 'v1alpha1' }).manifest({ url });
    expect(spec.versions.map(({ name, storage }) => [name, storage])).toEqual([
      ['v1alpha1', true],
      ['v1', false],
    ]);
  });

  it('is refused where the versions do not belong together', () => {
    const Other = customResource({ ...names, kind: 'Other', version: 'v1beta1', spec: Type.Object({}), status });
    const stranger = spoke(Other, Cache).by({ toHub: () => ({ spec: {} }), fromHub: () => ({ spec: {} }) });
    const make = (...spokes: readonly [typeof alpha, ...(typeof alpha)[]]) => versionedResource({ hub: Cache, spokes });
    expect(() => make(stranger)).toThrow(SchemaError);
    expect(() => make(alpha, alpha)).toThrow(/given twice/);
    expect(() => versionedResource({ hub: OldCache, spokes: [beta] })).toThrow(/another hub/);
    expect(() => versionedResource({ hub: Cache, spokes: [alpha], storage: 'v3' })).toThrow(/storage version v3/);
  });
});
