import { readFileSync } from 'node:fs';
import type { CustomResourceDefinition } from '@capstan/crd';
import type {
  ClusterRole,
  ClusterRoleBinding,
  Deployment,
  Draft,
  KubeObject,
  Namespace,
  PolicyRule,
  Role,
  RoleBinding,
  Service,
  ServiceAccount,
} from '@capstan/kube';
import { restrictedContainer, restrictedPod } from '@capstan/resources';
import {
  type Controller,
  leaseElectionRules,
  metricsReaderRules,
  type Rival,
  rbacRulesOf,
  rivalRules,
  tokenAuthenticationRules,
  type Webhook,
  webhookRules,
  webhookService,
} from '@capstan/runtime';

/** Where an operator with webhooks listens for API servers. */
const webhookPort = 9443;

/** What is needed to install one operator. */
export interface OperatorInstall {
  /** Name of its Deployment, service account and roles; also the folder of its package and of its image. */
  readonly name: string;
  readonly namespace: string;
  /** What it drives: its permissions follow from what these declare. */
  readonly controllers: readonly OperatorController[];
  /** The definitions of its kinds. */
  readonly crds: readonly CustomResourceDefinition[];
  /** What API servers call it for; none unless told. */
  readonly webhooks?: readonly Webhook[];
  /** Other operators that it must not work beside; none unless told. */
  readonly rivals?: readonly Rival[];
  readonly memory: OperatorMemory;
}

/** What permissions, and a way to let resources go, follow from. */
export type OperatorController = Pick<
  Controller,
  'kind' | 'owns' | 'watches' | 'calls' | 'finalizer' | 'formerFinalizers'
>;

/** What a pod asks for and may take at most, and where both numbers are from. */
export interface OperatorMemory {
  readonly request: string;
  readonly limit: string;
  /** Sentences that tell what was measured, for those who set other numbers. */
  readonly measured: string;
}

/** The namespace, the account the operator runs as, and what that account may do. */
export function accountManifests({
  name,
  namespace,
  controllers,
  webhooks = [],
  rivals = [],
}: OperatorInstall): readonly Draft<KubeObject>[] {
  const { cluster, own } = webhookRules(name, webhooks);
  const account: Draft<ServiceAccount> = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, labels: labelsOf(name) },
  };
  return [
    namespaceManifest(namespace, name),
    account,
    clusterRole(name, [...rbacRulesOf(...controllers), ...cluster, ...rivalRules(rivals)], labelsOf(name)),
    clusterRoleBinding(name, { name, namespace }),
    ...ownRole(`${name}-leader`, leaseElectionRules(name), { name, namespace }),
    ...(own.length === 0 ? [] : ownRole(`${name}-webhook`, own, { name, namespace })),
  ];
}

/** The Service by which API servers call the operator, where they do. */
export function webhookManifests({ name, namespace, webhooks = [] }: OperatorInstall): readonly Draft<Service>[] {
  if (webhooks.length === 0) return [];
  const selector = { 'app.kubernetes.io/name': name };
  const service = webhookService(name, webhooks, { namespace, selector, targetPort: webhookPort });
  return [{ ...service, metadata: { ...service.metadata, labels: labelsOf(name) } }];
}

/**
 * The Deployment of an operator. One pod works, as the Lease says; a second one would stand by with warm caches. On an update
 * the new pod comes first: it fills its caches while the old one works, and takes over the moment that one stops.
 */
export function deploymentManifest({ name, namespace, webhooks = [], memory }: OperatorInstall): Draft<Deployment> {
  const hasWebhooks = webhooks.length > 0;
  const labels = labelsOf(name);
  const selector = { 'app.kubernetes.io/name': name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: selector },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          enableServiceLinks: false,
          securityContext: restrictedPod({ uid: 65532, gid: 65532 }),
          // Longer than an operator gives its passes to end, so that it always gets to release its Lease.
          terminationGracePeriodSeconds: 30,
          containers: [
            {
              name: 'operator',
              image: `capstan/${name}:${versionOf(name)}`,
              imagePullPolicy: 'IfNotPresent',
              args: [
                '--leader-elect',
                '--log-level=info',
                ...(hasWebhooks ? [`--webhook-bind-address=:${webhookPort}`] : []),
              ],
              env: [
                // V8 lets its young generation grow to three times 16 MB and never gives it back; an operator's garbage is small.
                { name: 'NODE_OPTIONS', value: '--max-semi-space-size=1' },
                // Told in traces.
                { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
              ],
              ports: [
                { name: 'metrics', containerPort: 8080 },
                { name: 'health', containerPort: 8081 },
                ...(hasWebhooks ? [{ name: 'webhooks', containerPort: webhookPort }] : []),
              ],
              livenessProbe: { httpGet: { path: '/healthz', port: 'health' }, periodSeconds: 20, timeoutSeconds: 5 },
              readinessProbe: { httpGet: { path: '/readyz', port: 'health' }, periodSeconds: 10, timeoutSeconds: 5 },
              // No CPU limit: a throttled operator is a slow repair.
              resources: { requests: { cpu: '50m', memory: memory.request }, limits: { memory: memory.limit } },
              securityContext: restrictedContainer,
              terminationMessagePolicy: 'FallbackToLogsOnError',
            },
          ],
        },
      },
    },
  };
}

/**
 * What `--metrics-secure` takes, and nobody else needs: the operator asks API servers who scrapes it and whether they may.
 * And what those need who scrape; whom it is bound to is the cluster's business.
 */
export function secureMetricsManifests({ name, namespace }: OperatorInstall): readonly Draft<KubeObject>[] {
  const asking = `${name}-metrics-auth`;
  return [
    clusterRole(asking, tokenAuthenticationRules, labelsOf(name)),
    clusterRoleBinding(asking, { name, namespace }),
    clusterRole(`${name}-metrics-reader`, metricsReaderRules, labelsOf(name)),
  ];
}

function namespaceManifest(namespace: string, operator: string): Draft<Namespace> {
  const labels = { ...labelsOf(operator), 'pod-security.kubernetes.io/enforce': 'restricted' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
}

function clusterRole(name: string, rules: readonly PolicyRule[], labels: Labels): Draft<ClusterRole> {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels },
    rules,
  };
}

function clusterRoleBinding(
  name: string,
  account: Pick<OperatorInstall, 'name' | 'namespace'>,
): Draft<ClusterRoleBinding> {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: labelsOf(account.name) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: account.name, namespace: account.namespace }],
  };
}

/** What the operator may do in its own namespace, whatever namespaces it works in: its Lease and its certificates lie beside it. */
function ownRole(
  name: string,
  rules: readonly PolicyRule[],
  account: Pick<OperatorInstall, 'name' | 'namespace'>,
): readonly [Draft<Role>, Draft<RoleBinding>] {
  const metadata = { name, namespace: account.namespace, labels: labelsOf(account.name) };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  return [
    { apiVersion, kind: 'Role', metadata, rules },
    {
      ...{ apiVersion, kind: 'RoleBinding', metadata },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name: account.name, namespace: account.namespace }],
    },
  ];
}

type Labels = Readonly<Record<string, string>>;

function labelsOf(name: string): Labels {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'capstan' };
}

/** The version of an operator, of its package and of its image: `streambus-operator` lives in `operators/streambus`. */
export function versionOf(name: string): string {
  const file = new URL(`../operators/${name.replace(/-operator$/, '')}/package.json`, import.meta.url);
  const { version }: { version: unknown } = JSON.parse(readFileSync(file, 'utf8'));
  return String(version);
}
