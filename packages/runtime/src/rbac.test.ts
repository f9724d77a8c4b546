import { ConfigMap, Node, PersistentVolumeClaim, type ResourceType, Secret, Service, StatefulSet } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { formerly, type OwnedKind, optional, owned, ownedWithStatus } from './controller/reconciler.ts';
import { mapped, referenced } from './controller/watched-kind.ts';
import { type Declaration, namespacedRulesOf, rbacOf, rbacRulesOf } from './rbac.ts';

const Greeting: ResourceType = {
  group: 'example.dev',
  version: 'v1',
  kind: 'Greeting',
  plural: 'greetings',
  namespaced: true,
};

const greetings = (owns: readonly OwnedKind[]) => ({ kind: Greeting, owns });

const ofPrimary = [
  { apiGroups: ['example.dev'], resources: ['greetings'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['example.dev'], resources: ['greetings/status'], verbs: ['patch'] },
  { apiGroups: ['example.dev'], resources: ['greetings/finalizers'], verbs: ['update'] },
];
const ofEvents = { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] };
const verbs = ['get', 'list', 'watch', 'create', 'patch', 'delete'];

describe('the permissions of a controller', () => {
  it('never let it change a spec, and let it write nothing but status where it owns nothing', () => {
    expect(rbacRulesOf(greetings([]))).toEqual([...ofPrimary.slice(0, 2), ofEvents]);
  });

  it('are told apart by where they are granted, none of them twice and none missing', () => {
    const declared = { ...greetings([owned(ConfigMap), optional(owned(Service))]), watches: [mapped(Node, () => [])] };
    const { inEach, inDefault, cluster } = namespacedRulesOf(declared);
    expect(cluster.map(({ resources }) => resources)).toEqual([['nodes'], ['customresourcedefinitions']]);
    expect([...inEach, ...inDefault, ...cluster]).toHaveLength(rbacRulesOf(declared).length);
  });

  it('never let it delete what holds data', () => {
    expect(rbacRulesOf(greetings([owned(ConfigMap), owned(PersistentVolumeClaim)]))).toEqual([
      ...ofPrimary,
      { apiGroups: [''], resources: ['configmaps'], verbs },
      { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['get', 'list', 'watch', 'create', 'patch'] },
      ofEvents,
    ]);
  });

  it('let it only find and delete what an earlier version of it made', () => {
    expect(rbacRulesOf(greetings([owned(ConfigMap), formerly(Service)]))).toEqual([
      ...ofPrimary,
      { apiGroups: [''], resources: ['configmaps'], verbs },
      { apiGroups: [''], resources: ['services'], verbs: ['list', 'watch', 'delete'] },
      ofEvents,
    ]);
  });

  it('let it take finalizers of an earlier operator off, and look at no namespace for it', () => {
    expect(rbacRulesOf({ ...greetings([]), formerFinalizers: ['example.com/old'] })).toEqual([
      { apiGroups: ['example.dev'], resources: ['greetings'], verbs: ['get', 'list', 'watch', 'patch'] },
      ...ofPrimary.slice(1, 2),
      ofEvents,
    ]);
  });

  it('are one rule per group of owned kinds, whatever is watched of them, without repetition', () => {
    const owns = [owned(Service), ownedWithStatus(StatefulSet), owned(ConfigMap), owned(Service)];
    expect(rbacRulesOf(greetings(owns))).toEqual([
      ...ofPrimary,
      { apiGroups: [''], resources: ['configmaps', 'services'], verbs },
      { apiGroups: ['apps'], resources: ['statefulsets'], verbs },
      ofEvents,
    ]);
  });
});

/** A kind of an add-on. */
const Monitor: ResourceType = {
  ...{ group: 'addon.dev', version: 'v1', kind: 'Monitor', plural: 'monitors', namespaced: true },
};

const everything: Declaration = {
  kind: Greeting,
  owns: [owned(ConfigMap), optional(owned(Monitor))],
  watches: [referenced(Secret, () => []), mapped(Node, () => []), mapped(ConfigMap, () => [])],
  finalizer: 'example.dev/outside',
  calls: [
    { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
    { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get'], clusterScoped: true },
  ],
};

const ofDefinition = {
  apiGroups: ['apiextensions.k8s.io'],
  resources: ['customresourcedefinitions'],
  verbs: ['list', 'watch'],
  resourceNames: ['monitors.addon.dev'],
};

describe('the permissions of a controller that does everything', () => {
  it('follow from what it declares, each kind in one rule', () => {
    expect(rbacRulesOf(everything)).toEqual([
      { apiGroups: ['example.dev'], resources: ['greetings'], verbs: ['get', 'list', 'watch', 'patch'] },
      { apiGroups: ['example.dev'], resources: ['greetings/status'], verbs: ['patch'] },
      { apiGroups: ['example.dev'], resources: ['greetings/finalizers'], verbs: ['update'] },
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
      { apiGroups: [''], resources: ['configmaps'], verbs },
      { apiGroups: ['addon.dev'], resources: ['monitors'], verbs },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'watch'] },
      { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
      { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get'] },
      ofEvents,
      ofDefinition,
    ]);
  });

  it.each([
    [{ apiGroups: ['*'], resources: ['pods'], verbs: ['get'] }, 'grants everything'],
    [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }, 'grants everything'],
    [{ nonResourceURLs: ['*'], verbs: ['get'] }, 'grants everything'],
    [{ apiGroups: [''], resources: ['pods'], verbs: ['get'], resourceNames: [] }, 'empty list of names'],
  ])('are refused for the call %j', (call, problem) => {
    expect(() => rbacRulesOf({ ...everything, calls: [call] })).toThrow(problem);
  });

  it('are united for several controllers', () => {
    const other: Declaration = { ...greetings([owned(Service)]), watches: [referenced(ConfigMap, () => [])] };
    const rules = rbacRulesOf(greetings([owned(ConfigMap)]), other);
    expect(rules.filter(({ apiGroups }) => apiGroups?.[0] === '')).toEqual([
      { apiGroups: [''], resources: ['configmaps', 'services'], verbs },
    ]);
  });
});

describe('roles', () => {
  const options = { name: 'greeter', serviceAccount: { namespace: 'system', name: 'greeter' } };

  it('are one for the whole cluster', () => {
    const [role, binding, ...more] = rbacOf([everything], { ...options, scope: 'cluster', labels: { a: 'b' } });
    expect(more).toEqual([]);
    expect(role).toMatchObject({ kind: 'ClusterRole', metadata: { name: 'greeter', labels: { a: 'b' } } });
    expect(role).toHaveProperty('rules', rbacRulesOf(everything));
    expect(binding).toMatchObject({
      kind: 'ClusterRoleBinding',
      roleRef: { kind: 'ClusterRole', name: 'greeter' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'system', name: 'greeter' }],
    });
  });

  it('are one in each namespace, and one for what no namespace holds', () => {
    const objects = rbacOf([everything], { ...options, scope: { namespaces: ['a', 'b'] } });
    const places = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`.trim());
    expect(places).toEqual(['ClusterRole', 'ClusterRoleBinding', 'Role a', 'RoleBinding a', 'Role b', 'RoleBinding b']);
    expect(objects[0]).toHaveProperty('rules', [
      { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'watch'] },
      { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get'] },
      ofDefinition,
    ]);
    expect(objects[4]).toHaveProperty(
      'rules',
      expect.arrayContaining([{ apiGroups: [''], resources: ['namespaces'], verbs: ['get'], resourceNames: ['b'] }]),
    );
  });

  it('let a controller of cluster-scoped resources record its events, which live in default', () => {
    const kind = { ...Greeting, namespaced: false };
    const objects = rbacOf([{ kind, owns: [] }], { ...options, scope: { namespaces: ['a'] } });
    expect(objects.map(({ kind: role, metadata }) => [role, metadata.namespace])).toEqual([
      ['ClusterRole', undefined],
      ['ClusterRoleBinding', undefined],
      ['Role', 'default'],
      ['RoleBinding', 'default'],
    ]);
    expect(objects[2]).toHaveProperty('rules', [ofEvents]);
  });

  it('need a namespace', () => {
    expect(() => rbacOf([everything], { ...options, scope: { namespaces: [] } })).toThrow('scope.namespaces is empty');
  });
});
