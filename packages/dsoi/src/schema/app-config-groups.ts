import { listMap, type TSchema, Type } from '@capstan/crd';

import { longestName, mostGroups, namePattern } from './limits.ts';

/**
 * `spec.<app>ConfigGroup`: settings of the application by name, and nothing of Kubernetes. Any number of nodes may name the
 * same group.
 * Dsoi-Spec, cluster.md: lines 5 and 6 of docs/dsoi.md. The specification's own type forgot the name that nodes refer to.
 *
 * @param settings schema of what the application reads at its start
 */
export function appConfigGroups<Settings extends TSchema>(settings: Settings) {
  const group = Type.Object({
    name: Type.String({ maxLength: longestName, pattern: namePattern, description: 'Name that nodes refer to.' }),
    settings,
  });
  return listMap(group, ['name'], {
    minItems: 1,
    maxItems: mostGroups,
    description: 'Settings of the application, by name.',
  });
}
