import type { PolicyRule } from '@capstan/kube';
import type { AuditedRequest } from './audit-log.ts';

/** Where what was granted and what was used differ. Both lists are empty when the permissions are exactly right. */
export interface PermissionDifference {
  /** Granted and never used, such as `delete statefulsets.apps`, sorted. */
  readonly unused: readonly string[];
  /** Refused with 403, sorted. */
  readonly forbidden: readonly string[];
}

/**
 * Compares the rules of a role with the requests that were made under it. A watch is in the audit log once it has ended, so
 * the operator must have been stopped.
 *
 * @example
 * ```ts
 * expect(comparePermissions(rbacRulesOf(greetings), audit.since(0, { user }))).toEqual({ unused: [], forbidden: [] });
 * ```
 */
export function comparePermissions(
  rules: readonly PolicyRule[],
  requests: readonly AuditedRequest[],
): PermissionDifference {
  const allowed = requests.filter(({ code }) => code !== 403);
  const unused = rules
    .flatMap(permissionsOf)
    .filter((permission) => !allowed.some((request) => covers(permission, request)));
  const forbidden = requests.filter(({ code }) => code === 403).map(described);
  return { unused: sortedOnce(unused.map(({ text }) => text)), forbidden: sortedOnce(forbidden) };
}

/** One verb on one resource, or on one object of it. */
interface Permission {
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `pods/status`. */
  readonly resource: string;
  readonly name: string | undefined;
  readonly text: string;
}

function permissionsOf({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
}: PolicyRule): readonly Permission[] {
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      names.flatMap((name) =>
        verbs.map((verb) => ({ verb, group, resource, name, text: textOf(verb, group, resource, name) })),
      ),
    ),
  );
}

function covers({ verb, group, resource, name }: Permission, request: AuditedRequest): boolean {
  // An apply that creates needs both verbs, and is logged as the one it was sent as.
  const isCreation = verb === 'create' && request.verb === 'patch' && request.code === 201;
  return (
    (verb === request.verb || isCreation) &&
    group === request.group &&
    resource === resourceOf(request) &&
    (name === undefined || name === request.name)
  );
}

function described(request: AuditedRequest): string {
  return textOf(request.verb, request.group, resourceOf(request), undefined);
}

function resourceOf({ resource, subresource }: AuditedRequest): string {
  return subresource === '' ? resource : `${resource}/${subresource}`;
}

/** `patch statefulsets.apps/status`, as kubectl writes resources. */
function textOf(verb: string, group: string, resource: string, name: string | undefined): string {
  const [plural = '', subresource] = resource.split('/');
  const at = `${plural}${group === '' ? '' : `.${group}`}${subresource === undefined ? '' : `/${subresource}`}`;
  return `${verb} ${at}${name === undefined ? '' : ` "${name}"`}`;
}

function sortedOnce(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
