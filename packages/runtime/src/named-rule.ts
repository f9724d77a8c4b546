import type { PolicyRule } from '@capstan/kube';

/** A rule on objects by their names. No rule at all where there are none: an empty list of names would mean every one. */
export function namedRule(
  group: string,
  resources: readonly string[],
  resourceNames: readonly string[],
  verbs: readonly string[],
): readonly PolicyRule[] {
  if (resources.length === 0 || resourceNames.length === 0) return [];
  return [{ apiGroups: [group], resources, resourceNames, verbs }];
}
