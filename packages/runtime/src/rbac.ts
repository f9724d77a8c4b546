import type { PolicyRule } from '@capstan/kube';
import type { Controller } from './controller/controller.ts';
import type { OwnedKind } from './controller/reconciler.ts';

/**
 * The permissions a controller needs, as rules of a ClusterRole: these and no others.
 *
 * It reads the kind it drives and writes that kind's status; it reads, applies and prunes the kinds it owns; it records
 * events. `update` of the finalizers of its own kind is what the OwnerReferencesPermissionEnforcement admission plug-in
 * (on in OpenShift) asks of everybody who makes owned objects; the runtime sends no such request.
 *
 * @example
 * ```ts
 * const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules: rbacRulesOf(greetings) };
 * ```
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#ownerreferencespermissionenforcement
 */
export function rbacRulesOf({ kind, owns }: Pick<Controller, 'kind' | 'owns'>): readonly PolicyRule[] {
  const { group, plural } = kind;
  return [
    { apiGroups: [group], resources: [plural], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [group], resources: [`${plural}/status`], verbs: ['patch'] },
    { apiGroups: [group], resources: [`${plural}/finalizers`], verbs: ['update'] },
    ...ownedRules(
      owns.filter(({ former }) => former !== true),
      ['get', 'list', 'watch', 'create', 'patch', 'delete'],
    ),
    ...ownedRules(
      owns.filter(({ former }) => former === true),
      ['list', 'watch', 'delete'],
    ),
    { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  ];
}

/** One rule per API group, in the order in which the groups first appear. */
function ownedRules(kinds: readonly OwnedKind[], verbs: readonly string[]): readonly PolicyRule[] {
  const byGroup = Map.groupBy(
    kinds.map(({ type }) => type),
    ({ group }) => group,
  );
  return [...byGroup].map(([group, members]) => ({
    apiGroups: [group],
    resources: [...new Set(members.map(({ plural }) => plural))].sort(),
    verbs,
  }));
}
