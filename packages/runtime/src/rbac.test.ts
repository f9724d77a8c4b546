import { ConfigMap, type ResourceType, Service, StatefulSet } from '@capstan/kube';
import { describe, expect, it } from 'vitest';
import { formerly, type OwnedKind, owned, ownedWithStatus } from './controller/reconciler.ts';
import { rbacRulesOf } from './rbac.ts';

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
    expect(rbacRulesOf(greetings([]))).toEqual([...ofPrimary, ofEvents]);
  });

  it('let it only find and delete what an earlier version of it made', () => {
    expect(rbacRulesOf(greetings([owned(ConfigMap), formerly(Service)]))).toEqual([
      ...ofPrimary,
      { apiGroups: [''], resources: ['configmaps'], verbs },
      { apiGroups: [''], resources: ['services'], verbs: ['list', 'watch', 'delete'] },
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
