import type { PolicyRule } from '@capstan/kube';
import { rivalRules } from '../../leader/lease-rules.ts';
import { namedRule } from '../../named-rule.ts';
import { convertedKinds } from './converted-kinds.ts';
import { dataKindsOf } from './data-going-with.ts';
import { finalizersOf } from './departures.ts';
import type { UninstalledController, UninstalledOperator } from './uninstall-options.ts';

/** The permissions that uninstalling needs, by where they are granted. */
export interface UninstallRules {
  /** For a ClusterRole, or a Role in each namespace that the operator works in. */
  readonly work: readonly PolicyRule[];
  /** For a ClusterRole: what no namespace holds. */
  readonly cluster: readonly PolicyRule[];
  /** For a Role in the operator's own namespace. */
  readonly own: readonly PolicyRule[];
}

/**
 * The permissions of an account that runs the operator's program with `uninstall`, and of nobody else: it may neither make nor delete
 * custom resources, nor anything that was made for them.
 *
 * @param deployment the operator's, which is scaled to zero
 */
export function uninstallRules(operator: UninstalledOperator, deployment: string = operator.name): UninstallRules {
  const { name, controllers, webhooks = [], rivals = [] } = operator;
  const configurations = [
    ...(webhooks.some(({ role }) => role === 'validate') ? ['validatingwebhookconfigurations'] : []),
    ...(webhooks.some(({ role }) => role === 'mutate') ? ['mutatingwebhookconfigurations'] : []),
  ];
  const converted = convertedKinds(operator);
  return {
    work: [
      ...controllers.flatMap(rulesOf),
      ...converted.map(({ group, plural }) => ({ apiGroups: [group], resources: [plural], verbs: ['list'] })),
    ],
    cluster: [
      ...namedRule('admissionregistration.k8s.io', configurations, [name], ['get', 'delete']),
      ...namedRule(
        'apiextensions.k8s.io',
        ['customresourcedefinitions'],
        converted.map(({ definition }) => definition),
        ['get', 'patch'],
      ),
      ...rivalRules(rivals).map((rule) => ({ ...rule, verbs: ['list'] })),
    ],
    own: [
      ...namedRule('apps', ['deployments/scale'], [deployment], ['get', 'patch']),
      ...namedRule('coordination.k8s.io', ['leases'], [name], ['get']),
    ],
  };
}

function rulesOf(controller: UninstalledController): readonly PolicyRule[] {
  if (finalizersOf(controller).length === 0) return [];
  const { group, plural } = controller.kind;
  return [
    { apiGroups: [group], resources: [plural], verbs: ['get', 'list', 'patch'] },
    ...dataKindsOf(controller).map((type) => ({
      apiGroups: [type.group],
      resources: [type.plural],
      verbs: ['list'],
    })),
  ];
}
