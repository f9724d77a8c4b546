import { COMPONENT_IDENTITIES } from './component-arguments.ts';

/** An object with the path to apply it to. */
export interface BootstrapObject {
  readonly path: string;
  readonly object: object;
}

/** A node that kwok plays. */
export interface NodeSpec {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly NodeTaint[];
}

/** core/v1 Taint. */
export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** The default StorageClass. Its volumes are directories made by the controller-manager, bound as soon as they are claimed. */
export function storageClass(): BootstrapObject {
  return {
    path: '/apis/storage.k8s.io/v1/storageclasses/standard',
    object: {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      provisioner: 'kubernetes.io/host-path',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    },
  };
}

/** A Node object, as a kubelet would register it. */
export function node(spec: NodeSpec): BootstrapObject {
  const labels = {
    'kubernetes.io/hostname': spec.name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    ...spec.labels,
  };
  return {
    path: `/api/v1/nodes/${spec.name}`,
    object: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: spec.name, labels },
      spec: spec.taints === undefined ? {} : { taints: spec.taints },
    },
  };
}

/** What kwok may do, and that the API server never slows it down: pods must not wait behind an operator under load. */
export function kwokPermissions(): BootstrapObject[] {
  const subject = { kind: 'User', name: COMPONENT_IDENTITIES.kwok.user, apiGroup: 'rbac.authorization.k8s.io' };
  return [
    {
      path: '/apis/rbac.authorization.k8s.io/v1/clusterroles/capstan-kwok',
      object: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'capstan-kwok' },
        rules: [
          { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list', 'watch'] },
          { apiGroups: [''], resources: ['nodes/status', 'pods/status'], verbs: ['patch', 'update'] },
          { apiGroups: [''], resources: ['pods'], verbs: ['delete', 'patch', 'update'] },
          { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch', 'update'] },
          {
            apiGroups: ['coordination.k8s.io'],
            resources: ['leases'],
            verbs: ['create', 'get', 'list', 'patch', 'update', 'watch'],
          },
        ],
      },
    },
    {
      path: '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/capstan-kwok',
      object: {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'capstan-kwok' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'capstan-kwok' },
        subjects: [subject],
      },
    },
    {
      path: '/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/capstan-kwok',
      object: {
        apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
        kind: 'FlowSchema',
        metadata: { name: 'capstan-kwok' },
        spec: {
          priorityLevelConfiguration: { name: 'exempt' },
          matchingPrecedence: 1000,
          rules: [
            {
              subjects: [{ kind: 'User', user: { name: COMPONENT_IDENTITIES.kwok.user } }],
              nonResourceRules: [{ nonResourceURLs: ['*'], verbs: ['*'] }],
              resourceRules: [
                { apiGroups: ['*'], clusterScope: true, namespaces: ['*'], resources: ['*'], verbs: ['*'] },
              ],
            },
          ],
        },
      },
    },
  ];
}
