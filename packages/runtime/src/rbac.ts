import type { Draft, KubeObject, ObjectRef, PolicyRule, ResourceType } from '@capstan/kube';
import { crdNameOf } from './cache/crd-watch.ts';
import type { Controller } from './controller/controller.ts';
import type { OwnedKind } from './controller/reconciler.ts';
import { holdsData } from './engine/holds-data.ts';

/** What permissions follow from. */
export type Declaration = Pick<Controller, 'kind' | 'owns'> &
  Partial<Pick<Controller, 'watches' | 'finalizer' | 'formerFinalizers' | 'calls'>>;

/** Where a permission is needed: in each namespace worked in, in `default` (events of cluster-scoped objects), or cluster-wide. */
interface Need {
  readonly where: 'work' | 'default' | 'cluster';
  readonly rule: PolicyRule;
}

/** Who gets the permissions, and where. */
export interface RbacOptions {
  /** Of the roles and bindings. */
  readonly name: string;
  readonly serviceAccount: ObjectRef & { readonly namespace: string };
  /** Cluster-wide, or in these namespaces only: what the manager's `namespaces` says. */
  readonly scope: 'cluster' | { readonly namespaces: readonly string[] };
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The permissions that controllers need, as the rules of one ClusterRole: these and no others.
 *
 * A controller reads the kind it drives and writes that kind's status (and its finalizers, if it has one or takes off former ones); it reads, applies and
 * prunes the kinds it owns, but for those that hold data; it reads what it watches; it records events. Of an optional kind it watches the one
 * CustomResourceDefinition, by name. `update` of the finalizers of its own kind is what the OwnerReferencesPermissionEnforcement
 * admission plug-in (on in OpenShift) asks of everybody who makes owned objects; the runtime sends no such request.
 *
 * @example
 * ```ts
 * const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules: rbacRulesOf(greetings) };
 * ```
 * @throws {Error} when `calls` grants everything of something: `*`, or an empty list of names
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#ownerreferencespermissionenforcement
 */
export function rbacRulesOf(...controllers: readonly Declaration[]): readonly PolicyRule[] {
  return merged(controllers.flatMap(needsOf).map(({ rule }) => rule));
}

/** Permissions of an operator that works in some namespaces only, by where they are granted. */
export interface NamespacedRules {
  /** For a Role in each namespace worked in. */
  readonly inEach: readonly PolicyRule[];
  /** For a Role in `default`: where events of objects without a namespace are kept. */
  readonly inDefault: readonly PolicyRule[];
  /** For a ClusterRole: what no namespace holds, such as nodes, and the definitions of optional kinds. */
  readonly cluster: readonly PolicyRule[];
}

/**
 * The permissions of {@link rbacRulesOf} apart, for manifests whose namespaces are known later, such as a chart: a Role grants
 * nothing of what has no namespace, without a word.
 *
 * @example
 * ```ts
 * const { inEach, cluster } = namespacedRulesOf(greetings);
 * ```
 * @throws {Error} like {@link rbacRulesOf}
 */
export function namespacedRulesOf(...controllers: readonly Declaration[]): NamespacedRules {
  const needs = controllers.flatMap(needsOf);
  const rulesAt = (where: Need['where']) =>
    merged(needs.filter((need) => need.where === where).map(({ rule }) => rule));
  return { inEach: rulesAt('work'), inDefault: rulesAt('default'), cluster: rulesAt('cluster') };
}

/**
 * The roles and bindings with which an account may run controllers: one ClusterRole for a cluster-wide install; one Role in each
 * namespace otherwise, with a ClusterRole only for what no namespace holds.
 *
 * @example
 * ```ts
 * rbacOf([greetings], { name: 'greeting-operator', serviceAccount, scope: { namespaces: ['team-a', 'team-b'] } });
 * ```
 * @throws {Error} like {@link rbacRulesOf}, and for a scope without namespaces
 */
export function rbacOf(controllers: readonly Declaration[], options: RbacOptions): readonly Draft<KubeObject>[] {
  if (options.scope === 'cluster') return granted('ClusterRole', undefined, rbacRulesOf(...controllers), options);
  const { namespaces } = options.scope;
  if (namespaces.length === 0) throw new Error('scope.namespaces is empty: name at least one, or say "cluster"');
  const { inEach, inDefault, cluster } = namespacedRulesOf(...controllers);
  return [
    ...granted('ClusterRole', undefined, cluster, options),
    ...granted('Role', 'default', inDefault, options),
    ...[...new Set(namespaces)].flatMap((namespace) =>
      granted(
        'Role',
        namespace,
        inEach.map((rule) => ownNamespaceOnly(rule, namespace)),
        options,
      ),
    ),
  ];
}

function needsOf(declaration: Declaration): readonly Need[] {
  const { kind, owns, watches = [], calls = [] } = declaration;
  return [
    ...needsOfPrimary(declaration),
    ...owns.map((owned) => of(owned.type, ownedVerbs(owned))),
    ...watches.map(({ type, by }) => of(type, by === 'name' ? ['get', 'list', 'watch'] : ['list', 'watch'])),
    ...[...owns, ...watches].flatMap(({ type, optional }) => (optional === true ? [definitionOf(type)] : [])),
    ...calls.map(callNeed),
    {
      where: kind.namespaced ? 'work' : 'default',
      rule: { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
    },
  ];
}

function needsOfPrimary({ kind, owns, finalizer, formerFinalizers = [] }: Declaration): readonly Need[] {
  const { group, plural, namespaced } = kind;
  const finalizes = finalizer !== undefined;
  const writesFinalizers = finalizes || formerFinalizers.length > 0;
  const where = namespaced ? 'work' : 'cluster';
  const subresource = (name: string, verb: string): Need => ({
    where,
    rule: { apiGroups: [group], resources: [`${plural}/${name}`], verbs: [verb] },
  });
  return [
    of(kind, ['get', 'list', 'watch', ...(writesFinalizers ? ['patch'] : [])]),
    subresource('status', 'patch'),
    ...(owns.length > 0 ? [subresource('finalizers', 'update')] : []),
    // Whether a namespace is going, so that no finalizer holds it up for ever.
    ...(finalizes && namespaced
      ? [{ where, rule: { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] } } as const]
      : []),
  ];
}

/** What an earlier version made is found and deleted, and nothing else; what holds data is never deleted. */
function ownedVerbs({ former, type }: OwnedKind): readonly string[] {
  const verbs = former === true ? ['list', 'watch'] : ['get', 'list', 'watch', 'create', 'patch'];
  return holdsData(type) ? verbs : [...verbs, 'delete'];
}

function of({ group, plural, namespaced }: ResourceType, verbs: readonly string[]): Need {
  return { where: namespaced ? 'work' : 'cluster', rule: { apiGroups: [group], resources: [plural], verbs } };
}

/** A list and a watch of one name are allowed by that name; nothing else is asked of it. */
function definitionOf(type: ResourceType): Need {
  const resources = ['customresourcedefinitions'];
  const resourceNames = [crdNameOf(type)];
  return {
    where: 'cluster',
    rule: { apiGroups: ['apiextensions.k8s.io'], resources, verbs: ['list', 'watch'], resourceNames },
  };
}

function callNeed({ clusterScoped, ...rule }: Controller['calls'][number]): Need {
  const { apiGroups = [], resources = [], verbs, resourceNames } = rule;
  const text = JSON.stringify(rule);
  if (
    [...apiGroups, ...resources, ...verbs, ...(rule.nonResourceURLs ?? [])].some((name) =>
      ['*', '/*', '*/*'].includes(name),
    )
  )
    throw new Error(`calls: ${text} grants everything of something by "*": name what is asked for`);
  if (resourceNames?.length === 0)
    throw new Error(`calls: ${text} has an empty list of names, which means every name: leave it out, or name some`);
  return { where: clusterScoped === true || rule.nonResourceURLs !== undefined ? 'cluster' : 'work', rule };
}

/** In a namespace's own Role, the namespace that may be looked at is that one. */
function ownNamespaceOnly(rule: PolicyRule, namespace: string): PolicyRule {
  const isOfNamespaces = rule.apiGroups?.[0] === '' && rule.resources?.[0] === 'namespaces';
  return isOfNamespaces && rule.resources?.length === 1 ? { ...rule, resourceNames: [namespace] } : rule;
}

/** Every verb of one resource in one rule, and resources of one group with the same verbs together, in the order they came. */
function merged(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const whole = rules.filter(isMergeable);
  const byResource = Map.groupBy(whole.flatMap(resourcesOf), ({ group, resource }) => `${group}/${resource}`);
  const united = [...byResource.values()].map(([first, ...more]) => ({
    ...{ group: first?.group ?? '', resource: first?.resource ?? '' },
    verbs: [...new Set([first, ...more].flatMap((each) => each?.verbs ?? []))],
  }));
  const together = Map.groupBy(united, ({ group, resource, verbs }) =>
    JSON.stringify([group, resource.includes('/') ? resource : '', verbs.toSorted()]),
  );
  const grouped = [...together.values()].map(
    (members): PolicyRule => ({
      apiGroups: [members[0]?.group ?? ''],
      resources: members.map(({ resource }) => resource).sort(),
      verbs: members[0]?.verbs ?? [],
    }),
  );
  return [...grouped, ...withoutRepetition(rules.filter((rule) => !isMergeable(rule)))];
}

function isMergeable({ resourceNames, nonResourceURLs }: PolicyRule): boolean {
  return resourceNames === undefined && nonResourceURLs === undefined;
}

function resourcesOf({ apiGroups = [], resources = [], verbs }: PolicyRule) {
  return apiGroups.flatMap((group) => resources.map((resource) => ({ group, resource, verbs })));
}

function withoutRepetition(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  return [...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values()];
}

function granted(
  kind: 'Role' | 'ClusterRole',
  namespace: string | undefined,
  rules: readonly PolicyRule[],
  { name, serviceAccount, labels }: RbacOptions,
): readonly Draft<
  KubeObject & { readonly rules?: unknown; readonly roleRef?: unknown; readonly subjects?: unknown }
>[] {
  if (rules.length === 0) return [];
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name, ...(namespace !== undefined && { namespace }), ...(labels !== undefined && { labels }) };
  const subject = { kind: 'ServiceAccount', name: serviceAccount.name, namespace: serviceAccount.namespace };
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind, name };
  return [
    { apiVersion, kind, metadata, rules },
    { apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects: [subject] },
  ];
}
