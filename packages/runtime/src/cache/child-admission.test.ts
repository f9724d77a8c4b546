import type { KubeObject, ManagedFieldsEntry } from '@capstan/kube';
import { beforeEach, describe, expect, it } from 'vitest';
import { digestOf } from '../engine/digest.ts';
import { AppliedMemory } from '../engine/memory.ts';
import { type EngineNames, seal } from '../engine/seal.ts';
import { childAdmission } from './child-admission.ts';

const names: EngineNames = {
  fieldManager: 'us',
  sealAnnotation: 'test.dev/applied',
  liveAnnotation: 'test.dev/applied-live',
  adoptAnnotation: 'test.dev/adopt',
  retainAnnotation: 'test.dev/retained-for',
  exclusiveAnnotation: 'test.dev/exclusive',
  formerManagers: [],
};
const owner = { apiVersion: 'test.dev/v1', kind: 'Thing', name: 'thing', uid: 'owner', controller: true };
const sealed = seal(
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'child' }, data: { a: '1' } } as KubeObject,
  names,
);

const applied: ManagedFieldsEntry = {
  manager: 'us',
  operation: 'Apply',
  fieldsV1: { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:annotations': { 'f:test.dev/applied': {} } } },
};

interface Over {
  readonly managedFields?: readonly ManagedFieldsEntry[];
  readonly owned?: boolean;
  readonly rest?: object;
  readonly resourceVersion?: string;
}

function live({ managedFields = [applied], owned = true, rest = {}, resourceVersion = '1' }: Over = {}): KubeObject {
  const metadata = {
    name: 'child',
    namespace: 'ns',
    uid: 'u',
    resourceVersion,
    annotations: { [names.sealAnnotation]: sealed.desiredHash },
    ...(owned && { ownerReferences: [owner] }),
    managedFields,
  };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, ...rest };
}

let memory: AppliedMemory;
let admit: ReturnType<typeof childAdmission<KubeObject>>;

beforeEach(() => {
  memory = new AppliedMemory();
  admit = childAdmission({
    names,
    mode: 'full',
    memory,
    memoryKey: () => 'child',
    isOurs: ({ metadata }) => metadata.ownerReferences?.[0]?.uid === 'owner',
  });
});

function rememberAsApplied(object: KubeObject): void {
  const digest = digestOf(object, names, 'full');
  if (digest === undefined) throw new Error('the specimen bears no apply of ours');
  memory.learn('child', { ...digest, desiredHash: sealed.desiredHash });
}

describe('a child that arrives', () => {
  it('exactly as we left it is kept without its field records and announced to nobody', () => {
    const object = live();
    rememberAsApplied(object);
    const { keep, quiet } = admit(object, live());
    expect([keep.metadata.managedFields, quiet]).toEqual([[], true]);
  });

  it('is announced when its status moved, and still loses its field records', () => {
    const before = live({ rest: { status: { ready: 1 } } });
    const after = live({ rest: { status: { ready: 2 } }, resourceVersion: '2' });
    rememberAsApplied(before);
    const { keep, quiet } = admit(after, before);
    expect([keep.metadata.managedFields, quiet]).toEqual([[], false]);
  });

  it('with a field taken from us keeps its records until it is judged, and is announced', () => {
    rememberAsApplied(live());
    const taken = { ...applied, fieldsV1: { 'f:metadata': { 'f:annotations': { 'f:test.dev/applied': {} } } } };
    const drifted = live({
      managedFields: [taken, { manager: 'other', operation: 'Update', fieldsV1: { 'f:data': { 'f:a': {} } } }],
    });
    expect(admit(drifted, live())).toEqual({ keep: drifted, quiet: false });
  });

  it('after a restart, when nothing is remembered, is announced with its records', () => {
    const object = live();
    expect(admit(object, undefined)).toEqual({ keep: object, quiet: false });
  });
});

describe('an object of somebody else', () => {
  const foreign = live({
    managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: {} }],
    owned: false,
    rest: { data: { secret: 'x' } },
  });
  const unmarked: KubeObject = { ...foreign, metadata: { ...foreign.metadata, annotations: { note: 'long' } } };

  it('is kept as a stub that tells its name is taken, with none of its content', () => {
    const metadata = { name: 'child', namespace: 'ns', uid: 'u', resourceVersion: '1' };
    expect(admit(unmarked, undefined)).toEqual({
      keep: { apiVersion: 'v1', kind: 'ConfigMap', metadata },
      quiet: true,
    });
  });

  it('that may be taken over is kept with that consent, and announced when it is given', () => {
    const offered = {
      ...unmarked,
      metadata: { ...unmarked.metadata, annotations: { 'test.dev/adopt': 'a', note: 'long' } },
    };
    const { keep, quiet } = admit(offered, unmarked);
    expect([keep.metadata.annotations, quiet]).toEqual([{ 'test.dev/adopt': 'a' }, false]);
    expect(admit(offered, keep).quiet).toBe(true);
  });

  it('that was a child of ours a moment ago is announced, so that its former owner hears of it', () => {
    expect(admit(unmarked, live()).quiet).toBe(false);
  });

  it('that we once applied is kept whole although its owner reference is gone, so that it can be taken back', () => {
    const orphan = live({ owned: false });
    expect(admit(orphan, live())).toEqual({ keep: orphan, quiet: false });
  });
});
