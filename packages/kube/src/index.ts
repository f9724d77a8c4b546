export type { ApiErrorDetails, StatusCause } from './api-error.ts';
export { ApiError, TransportError } from './api-error.ts';
export { type Backoff, fullJitter } from './backoff.ts';
export type {
  ApplyOptions,
  CallOptions,
  DeleteOptions,
  Draft,
  KubeClient,
  ListOptions,
  Page,
  PatchBody,
  Scale,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './client.ts';
export type { Clock, Timer } from './clock.ts';
export { sleepOn, systemClock } from './clock.ts';
export type { ClientCertificate, Connection, CredentialSource, Credentials } from './connection.ts';
export type { ClientOptions } from './create-client.ts';
export { createClient } from './create-client.ts';
export { discover, type ServedType, type ServedTypes, servedType } from './discovery.ts';
export {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  ControllerRevision,
  CoreEvent,
  CronJob,
  CustomResourceDefinition,
  DaemonSet,
  Deployment,
  EndpointSlice,
  Endpoints,
  Event,
  HorizontalPodAutoscaler,
  Ingress,
  IngressClass,
  Job,
  Lease,
  LimitRange,
  MutatingWebhookConfiguration,
  Namespace,
  NetworkPolicy,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  PriorityClass,
  ReplicaSet,
  ReplicationController,
  ResourceQuota,
  Role,
  RoleBinding,
  Secret,
  SelfSubjectAccessReview,
  Service,
  ServiceAccount,
  StatefulSet,
  StorageClass,
  SubjectAccessReview,
  TokenReview,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from './kinds.ts';
export {
  type ConnectionParameters,
  connectionFrom,
  type InClusterOptions,
  type InlineKubeConfigOptions,
  inClusterConnection,
  inlineKubeConfig,
  isInCluster,
  KubeConfigError,
  type KubeConfigProblem,
  type LoadKubeConfigOptions,
  loadKubeConfig,
} from './kubeconfig/index.ts';
export type {
  Condition,
  FieldSet,
  KubeObject,
  ManagedFieldsEntry,
  ObjectMeta,
  ObjectRef,
  OwnerReference,
} from './object.ts';
export type { ObjectOf, ResourceType } from './resource-type.ts';
export { apiVersionOf, kindNameOf, pathOf } from './resource-type.ts';
export type { CallObservation } from './transport/transport.ts';
export type * from './types.gen.ts';
export {
  Reflector,
  type ReflectorHealth,
  type ReflectorOptions,
  type ReflectorProblem,
  type ReflectorSink,
} from './watch/reflector.ts';
export type { RelistReason } from './watch/reflector-machine.ts';
