import { describe, expect, it } from 'vitest';
import { child, childOf, isRetained } from './child.ts';
import { desiredOf } from './plan.ts';

const body = (kind: string, apiVersion = 'v1') => ({ apiVersion, kind, metadata: { name: 'a' } });

describe('the rules of a child', () => {
  it.each([
    ['PersistentVolumeClaim', 'v1'],
    ['Namespace', 'v1'],
    ['CustomResourceDefinition', 'apiextensions.k8s.io/v1'],
  ])('never allow to make a %s anew, for data goes with it', (kind, apiVersion) => {
    for (const onImmutable of ['recreate', 'orphanAndRecreate'] as const)
      expect(() => child(body(kind, apiVersion), { onImmutable })).toThrow(
        `${kind}/a: onImmutable "${onImmutable}" would delete data; a ${kind} is never made anew`,
      );
    expect(child(body(kind, apiVersion), { onImmutable: 'refuse' }).onImmutable).toBe('refuse');
  });

  it('do not let a child be retained and made anew', () => {
    expect(() => child(body('Secret'), { retain: true, onImmutable: 'recreate' })).toThrow(
      'Secret/a: it cannot be retained and be deleted by onImmutable "recreate"',
    );
  });

  it('grow claims of StatefulSets only', () => {
    expect(() => child(body('Deployment', 'apps/v1'), { growClaims: true })).toThrow('growClaims is for StatefulSets');
  });

  it.each([
    [undefined, 'a StatefulSet that is rolled by its controller', body('StatefulSet', 'apps/v1')],
    [undefined, 'a Deployment', { ...body('Deployment', 'apps/v1'), spec: { updateStrategy: { type: 'OnDelete' } } }],
    [
      'in order',
      'a StatefulSet',
      { ...body('StatefulSet', 'apps/v1'), spec: { updateStrategy: { type: 'OnDelete' } } },
    ],
    ['in order', 'a DaemonSet', { ...body('DaemonSet', 'apps/v1'), spec: { updateStrategy: { type: 'OnDelete' } } }],
  ])('say %s how the operator restarts the pods of %s', (told, _title, object) => {
    const rules = () => child(object, { restartsPods: 'in order' });
    if (told === undefined) expect(rules).toThrow('restartsPods is for a StatefulSet or DaemonSet');
    else expect(rules().restartsPods).toBe(told);
  });

  it.each([
    ['a kind that holds data', { object: body('PersistentVolumeClaim') }, true],
    ['a kind that holds data, unless told', { object: body('PersistentVolumeClaim'), retain: false }, false],
    ['any other kind when told', { object: body('Secret'), retain: true }, true],
    ['any other kind not', { object: body('Secret') }, false],
  ])('retain %s', (_title, rules, retained) => {
    expect(isRetained(rules)).toBe(retained);
  });

  it('may be left out: a body is a child without rules', () => {
    const object = body('ConfigMap');
    expect([childOf(object), desiredOf(object), desiredOf(child(object, {}))]).toEqual([{ object }, object, object]);
  });
});
