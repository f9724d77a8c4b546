import type { KubeObject } from './object.ts';
import type { ResourceType } from './resource-type.ts';
import type * as types from './types.gen.ts';

/**
 * Kubernetes' own kinds: each name is a {@link ResourceType} to hand to a client, and the type of its objects.
 *
 * ```ts
 * const service: Service | undefined = await client.get(Service, { namespace: 'default', name: 'kubernetes' });
 * ```
 */
function namespaced<T extends KubeObject>(
  group: string,
  version: string,
  kind: T['kind'],
  plural: string,
): ResourceType<T> {
  return { group, version, kind, plural, namespaced: true };
}

function clusterScoped<T extends KubeObject>(
  group: string,
  version: string,
  kind: T['kind'],
  plural: string,
): ResourceType<T> {
  return { group, version, kind, plural, namespaced: false };
}

export type ConfigMap = types.ConfigMap;
export const ConfigMap: ResourceType<ConfigMap> = namespaced('', 'v1', 'ConfigMap', 'configmaps');
export type Endpoints = types.Endpoints;
export const Endpoints: ResourceType<Endpoints> = namespaced('', 'v1', 'Endpoints', 'endpoints');
/** The older, core/v1 form of an event; write {@link Event}, read either. */
export type CoreEvent = types.CoreEvent;
export const CoreEvent: ResourceType<CoreEvent> = namespaced('', 'v1', 'Event', 'events');
export type LimitRange = types.LimitRange;
export const LimitRange: ResourceType<LimitRange> = namespaced('', 'v1', 'LimitRange', 'limitranges');
export type Namespace = types.Namespace;
export const Namespace: ResourceType<Namespace> = clusterScoped('', 'v1', 'Namespace', 'namespaces');
export type Node = types.Node;
export const Node: ResourceType<Node> = clusterScoped('', 'v1', 'Node', 'nodes');
export type PersistentVolume = types.PersistentVolume;
export const PersistentVolume: ResourceType<PersistentVolume> = clusterScoped(
  '',
  'v1',
  'PersistentVolume',
  'persistentvolumes',
);
export type PersistentVolumeClaim = types.PersistentVolumeClaim;
export const PersistentVolumeClaim: ResourceType<PersistentVolumeClaim> = namespaced(
  '',
  'v1',
  'PersistentVolumeClaim',
  'persistentvolumeclaims',
);
export type Pod = types.Pod;
export const Pod: ResourceType<Pod> = namespaced('', 'v1', 'Pod', 'pods');
export type ReplicationController = types.ReplicationController;
export const ReplicationController: ResourceType<ReplicationController> = namespaced(
  '',
  'v1',
  'ReplicationController',
  'replicationcontrollers',
);
export type ResourceQuota = types.ResourceQuota;
export const ResourceQuota: ResourceType<ResourceQuota> = namespaced('', 'v1', 'ResourceQuota', 'resourcequotas');
export type Secret = types.Secret;
export const Secret: ResourceType<Secret> = namespaced('', 'v1', 'Secret', 'secrets');
export type Service = types.Service;
export const Service: ResourceType<Service> = namespaced('', 'v1', 'Service', 'services');
export type ServiceAccount = types.ServiceAccount;
export const ServiceAccount: ResourceType<ServiceAccount> = namespaced('', 'v1', 'ServiceAccount', 'serviceaccounts');

export type MutatingWebhookConfiguration = types.MutatingWebhookConfiguration;
export const MutatingWebhookConfiguration: ResourceType<MutatingWebhookConfiguration> = clusterScoped(
  'admissionregistration.k8s.io',
  'v1',
  'MutatingWebhookConfiguration',
  'mutatingwebhookconfigurations',
);
export type ValidatingAdmissionPolicy = types.ValidatingAdmissionPolicy;
export const ValidatingAdmissionPolicy: ResourceType<ValidatingAdmissionPolicy> = clusterScoped(
  'admissionregistration.k8s.io',
  'v1',
  'ValidatingAdmissionPolicy',
  'validatingadmissionpolicies',
);
export type ValidatingAdmissionPolicyBinding = types.ValidatingAdmissionPolicyBinding;
export const ValidatingAdmissionPolicyBinding: ResourceType<ValidatingAdmissionPolicyBinding> = clusterScoped(
  'admissionregistration.k8s.io',
  'v1',
  'ValidatingAdmissionPolicyBinding',
  'validatingadmissionpolicybindings',
);
export type ValidatingWebhookConfiguration = types.ValidatingWebhookConfiguration;
export const ValidatingWebhookConfiguration: ResourceType<ValidatingWebhookConfiguration> = clusterScoped(
  'admissionregistration.k8s.io',
  'v1',
  'ValidatingWebhookConfiguration',
  'validatingwebhookconfigurations',
);

export type CustomResourceDefinition = types.CustomResourceDefinition;
export const CustomResourceDefinition: ResourceType<CustomResourceDefinition> = clusterScoped(
  'apiextensions.k8s.io',
  'v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
);

export type ControllerRevision = types.ControllerRevision;
export const ControllerRevision: ResourceType<ControllerRevision> = namespaced(
  'apps',
  'v1',
  'ControllerRevision',
  'controllerrevisions',
);
export type DaemonSet = types.DaemonSet;
export const DaemonSet: ResourceType<DaemonSet> = namespaced('apps', 'v1', 'DaemonSet', 'daemonsets');
export type Deployment = types.Deployment;
export const Deployment: ResourceType<Deployment> = namespaced('apps', 'v1', 'Deployment', 'deployments');
export type ReplicaSet = types.ReplicaSet;
export const ReplicaSet: ResourceType<ReplicaSet> = namespaced('apps', 'v1', 'ReplicaSet', 'replicasets');
export type StatefulSet = types.StatefulSet;
export const StatefulSet: ResourceType<StatefulSet> = namespaced('apps', 'v1', 'StatefulSet', 'statefulsets');

export type TokenReview = types.TokenReview;
export const TokenReview: ResourceType<TokenReview> = clusterScoped(
  'authentication.k8s.io',
  'v1',
  'TokenReview',
  'tokenreviews',
);

export type SelfSubjectAccessReview = types.SelfSubjectAccessReview;
export const SelfSubjectAccessReview: ResourceType<SelfSubjectAccessReview> = clusterScoped(
  'authorization.k8s.io',
  'v1',
  'SelfSubjectAccessReview',
  'selfsubjectaccessreviews',
);
export type SubjectAccessReview = types.SubjectAccessReview;
export const SubjectAccessReview: ResourceType<SubjectAccessReview> = clusterScoped(
  'authorization.k8s.io',
  'v1',
  'SubjectAccessReview',
  'subjectaccessreviews',
);

export type HorizontalPodAutoscaler = types.HorizontalPodAutoscaler;
export const HorizontalPodAutoscaler: ResourceType<HorizontalPodAutoscaler> = namespaced(
  'autoscaling',
  'v2',
  'HorizontalPodAutoscaler',
  'horizontalpodautoscalers',
);

export type CronJob = types.CronJob;
export const CronJob: ResourceType<CronJob> = namespaced('batch', 'v1', 'CronJob', 'cronjobs');
export type Job = types.Job;
export const Job: ResourceType<Job> = namespaced('batch', 'v1', 'Job', 'jobs');

export type Lease = types.Lease;
export const Lease: ResourceType<Lease> = namespaced('coordination.k8s.io', 'v1', 'Lease', 'leases');

export type EndpointSlice = types.EndpointSlice;
export const EndpointSlice: ResourceType<EndpointSlice> = namespaced(
  'discovery.k8s.io',
  'v1',
  'EndpointSlice',
  'endpointslices',
);

/** `events.k8s.io/v1`, the form to write. */
export type Event = types.Event;
export const Event: ResourceType<Event> = namespaced('events.k8s.io', 'v1', 'Event', 'events');

export type Ingress = types.Ingress;
export const Ingress: ResourceType<Ingress> = namespaced('networking.k8s.io', 'v1', 'Ingress', 'ingresses');
export type IngressClass = types.IngressClass;
export const IngressClass: ResourceType<IngressClass> = clusterScoped(
  'networking.k8s.io',
  'v1',
  'IngressClass',
  'ingressclasses',
);
export type NetworkPolicy = types.NetworkPolicy;
export const NetworkPolicy: ResourceType<NetworkPolicy> = namespaced(
  'networking.k8s.io',
  'v1',
  'NetworkPolicy',
  'networkpolicies',
);

export type PodDisruptionBudget = types.PodDisruptionBudget;
export const PodDisruptionBudget: ResourceType<PodDisruptionBudget> = namespaced(
  'policy',
  'v1',
  'PodDisruptionBudget',
  'poddisruptionbudgets',
);

export type ClusterRole = types.ClusterRole;
export const ClusterRole: ResourceType<ClusterRole> = clusterScoped(
  'rbac.authorization.k8s.io',
  'v1',
  'ClusterRole',
  'clusterroles',
);
export type ClusterRoleBinding = types.ClusterRoleBinding;
export const ClusterRoleBinding: ResourceType<ClusterRoleBinding> = clusterScoped(
  'rbac.authorization.k8s.io',
  'v1',
  'ClusterRoleBinding',
  'clusterrolebindings',
);
export type Role = types.Role;
export const Role: ResourceType<Role> = namespaced('rbac.authorization.k8s.io', 'v1', 'Role', 'roles');
export type RoleBinding = types.RoleBinding;
export const RoleBinding: ResourceType<RoleBinding> = namespaced(
  'rbac.authorization.k8s.io',
  'v1',
  'RoleBinding',
  'rolebindings',
);

export type PriorityClass = types.PriorityClass;
export const PriorityClass: ResourceType<PriorityClass> = clusterScoped(
  'scheduling.k8s.io',
  'v1',
  'PriorityClass',
  'priorityclasses',
);

export type StorageClass = types.StorageClass;
export const StorageClass: ResourceType<StorageClass> = clusterScoped(
  'storage.k8s.io',
  'v1',
  'StorageClass',
  'storageclasses',
);
