import { describe, expect, expectTypeOf, it } from 'vitest';
import * as kinds from './kinds.ts';
import {
  ClusterRole,
  type ConfigMap,
  CoreEvent,
  type Deployment,
  Event,
  type PodDisruptionBudget,
  StatefulSet,
} from './kinds.ts';
import type { Condition, KubeObject, ObjectMeta } from './object.ts';
import { apiVersionOf, kindNameOf, type ObjectOf, pathOf } from './resource-type.ts';
import type { Container, IntOrString, PersistentVolumeClaim, PodSpec, Quantity, ServicePort } from './types.gen.ts';

describe('the built-in kinds', () => {
  it.each(Object.entries(kinds))('%s is named, pluralised and grouped as the API serves it', (_name, type) => {
    expect(type.kind).toMatch(/^[A-Z][A-Za-z]+$/);
    expect(type.plural).toMatch(/^[a-z]+$/);
    expect(type.version).toMatch(/^v[12]$/);
  });

  it('no two of them are the same resource', () => {
    const names = Object.values(kinds).map((type) => `${type.group}/${type.plural}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('gives the path and the apiVersion of its objects', () => {
    expect([pathOf(StatefulSet, { namespace: 'a', name: 'b' }), apiVersionOf(StatefulSet)]).toEqual([
      '/apis/apps/v1/namespaces/a/statefulsets/b',
      'apps/v1',
    ]);
    expect([pathOf(ClusterRole, { name: 'b' }), kindNameOf(ClusterRole)]).toEqual([
      '/apis/rbac.authorization.k8s.io/v1/clusterroles/b',
      'ClusterRole.rbac.authorization.k8s.io',
    ]);
    expect([pathOf(CoreEvent, { namespace: 'a' }), pathOf(Event, { namespace: 'a' })]).toEqual([
      '/api/v1/namespaces/a/events',
      '/apis/events.k8s.io/v1/namespaces/a/events',
    ]);
  });
});

describe('the generated types', () => {
  it('are the objects of the constants of the same name, and Kubernetes objects', () => {
    expectTypeOf<ObjectOf<typeof Deployment>>().toEqualTypeOf<Deployment>();
    expectTypeOf<ConfigMap>().toExtend<KubeObject>();
    expectTypeOf<StatefulSet['apiVersion']>().toEqualTypeOf<'apps/v1'>();
    expectTypeOf<StatefulSet['metadata']>().toEqualTypeOf<ObjectMeta>();
  });

  it('say which fields are required, which values are allowed, and what may be a number or a string', () => {
    expectTypeOf<PodSpec['containers']>().toEqualTypeOf<readonly Container[]>();
    expectTypeOf<Container['image']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<ServicePort['targetPort']>().toEqualTypeOf<IntOrString | undefined>();
    expectTypeOf<NonNullable<ServicePort['protocol']>>().toEqualTypeOf<'SCTP' | 'TCP' | 'UDP'>();
    expectTypeOf<NonNullable<NonNullable<Container['resources']>['limits']>>().toEqualTypeOf<
      Readonly<Record<string, Quantity>>
    >();
    expectTypeOf<NonNullable<NonNullable<PodDisruptionBudget['status']>['conditions']>>().toEqualTypeOf<
      readonly Condition[]
    >();
  });

  it('let a claim template leave out what its parent already says', () => {
    const template: NonNullable<StatefulSet['spec']>['volumeClaimTemplates'] = [
      { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } },
    ];
    expectTypeOf<PersistentVolumeClaim>().toExtend<NonNullable<typeof template>[number]>();
    expect(template).toHaveLength(1);
  });
});
