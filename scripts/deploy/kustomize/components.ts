import { toYaml } from '@capstan/crd';
import type { PolicyRule } from '@capstan/kube';
import { namespacedRulesOf, rivalRules, webhookRules } from '@capstan/runtime';
import type { OperatorInstall } from '../../install-manifests.ts';
import { secureMetricsManifests } from '../../install-manifests.ts';
import type { Content, Patch } from './kustomization.ts';

/** A component of one operator's kustomization. */
export interface Component {
  readonly name: string;
  readonly about: readonly string[];
  readonly content: Content;
  readonly files?: readonly { readonly name: string; readonly documents: readonly object[] }[];
}

/** What can be added to the base of an operator, in any combination. */
export function components(operator: OperatorInstall): readonly Component[] {
  return [threeReplicas(operator), secureMetrics(operator), openshift(operator), namespaced(operator)];
}

function threeReplicas({ name, namespace }: OperatorInstall): Component {
  const selector = { matchLabels: { 'app.kubernetes.io/name': name } };
  const budget = {
    ...{ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
    metadata: { name, namespace, labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'capstan' } },
    spec: { maxUnavailable: 1, selector },
  };
  const spread = { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' };
  const pod = { topologySpreadConstraints: [{ ...spread, labelSelector: selector }] };
  return {
    name: 'three-replicas',
    about: ['One works, as its Lease says; two stand by with warm caches, on other nodes where there are some.'],
    content: {
      resources: ['disruption-budget.yaml'],
      replicas: [{ name, count: 3 }],
      patches: [deploymentPatch(name, { spec: { template: { spec: pod } } })],
    },
    files: [{ name: 'disruption-budget.yaml', documents: [budget] }],
  };
}

function secureMetrics(operator: OperatorInstall): Component {
  const { name } = operator;
  return {
    name: 'secure-metrics',
    about: [
      'Metrics by HTTPS, for those whom the API server knows and lets.',
      `Bind the ClusterRole ${name}-metrics-reader to the account of Prometheus.`,
    ],
    content: { resources: ['permissions.yaml'], patches: [flagPatch(name, '--metrics-secure')] },
    files: [{ name: 'permissions.yaml', documents: secureMetricsManifests(operator) }],
  };
}

function openshift({ name }: OperatorInstall): Component {
  const ofPlatform = { runAsUser: null, runAsGroup: null, fsGroup: null, fsGroupChangePolicy: null };
  return {
    name: 'openshift',
    about: ['User and groups of the pods are those that the security context constraint restricted-v2 gives.'],
    content: { patches: [deploymentPatch(name, { spec: { template: { spec: { securityContext: ofPlatform } } } })] },
  };
}

function namespaced(operator: OperatorInstall): Component {
  const { name } = operator;
  return {
    name: 'namespaced',
    about: [
      'Works in one namespace, its own: set "namespace:" in your kustomization to say which.',
      'For more namespaces see ../../grant.',
    ],
    content: {
      resources: ['../../grant'],
      patches: [
        {
          target: { kind: 'ClusterRole', name },
          patch: toYaml([{ op: 'replace', path: '/rules', value: clusterRulesOf(operator) }]),
        },
        flagPatch(name, '--namespace=$(POD_NAMESPACE)'),
      ],
    },
  };
}

/** What stays in the ClusterRole of an operator that works in some namespaces: what no namespace holds. */
function clusterRulesOf({ name, controllers, webhooks = [], rivals = [] }: OperatorInstall): readonly PolicyRule[] {
  return [...namespacedRulesOf(...controllers).cluster, ...webhookRules(name, webhooks).cluster, ...rivalRules(rivals)];
}

function deploymentPatch(name: string, change: object): Patch {
  const patch = toYaml({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, ...change });
  return { target: { kind: 'Deployment', name }, patch };
}

function flagPatch(name: string, flag: string): Patch {
  const patch = `- op: add\n  path: /spec/template/spec/containers/0/args/-\n  value: ${flag}\n`;
  return { target: { kind: 'Deployment', name }, patch };
}
