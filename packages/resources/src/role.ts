import type { Draft, Role } from '@capstan/kube';
import { child } from './child.ts';
import { InvalidChildError } from './invalid-child-error.ts';
import type { ChildMetadata } from './metadata.ts';
import { pathSegment } from './names.ts';

/** A list with something in it: in RBAC an empty list of names means every object. */
export type NonEmpty<T> = readonly [T, ...T[]];

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** What may be done to which objects, all of it by name. */
export interface RoleRule {
  /** `''` is the core group. */
  readonly apiGroups: NonEmpty<string>;
  /** Lower-case plurals; a subresource is `pods/log`. */
  readonly resources: NonEmpty<string>;
  readonly verbs: NonEmpty<Verb>;
  /** Only the objects of these names; left out: all of the namespace. `list`, `watch` and `create` cannot be limited so. */
  readonly resourceNames?: NonEmpty<string>;
}

/**
 * A Role for a child's own pods: what they may ask of the API server in their namespace.
 *
 * An operator can only give away what it may do itself; see
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping.
 * @throws {InvalidChildError} for empty lists, which mean everything or nothing, and for `*`
 */
export function role(metadata: ChildMetadata, rules: readonly RoleRule[]): Draft<Role> {
  const problems = rules.flatMap((rule, index) => ruleProblems(rule, `rules[${index}]`));
  if (problems.length > 0) throw new InvalidChildError(`Role/${metadata.name}`, problems);
  return child<Role>({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules }, pathSegment);
}

/** Lists are checked although their types forbid it: names often come out of a custom resource. */
function ruleProblems(rule: RoleRule, path: string): readonly string[] {
  const { apiGroups, resources, verbs, resourceNames } = rule;
  const lists: Readonly<Record<string, readonly string[] | undefined>> = { apiGroups, resources, verbs, resourceNames };
  return Object.entries(lists).flatMap(([name, list]) => {
    if (list === undefined) return [];
    if (list.length === 0) {
      const meaning = name === 'resourceNames' ? 'an empty list means every object' : 'an empty list grants nothing';
      return [`${path}.${name}: ${meaning}: leave the rule out instead`];
    }
    return list.includes('*') ? [`${path}.${name}: "*" grants more than is needed: name each one`] : [];
  });
}
