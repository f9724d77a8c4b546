import { type TSchema, type TUnsafe, Type } from 'typebox';
import { EMBEDDED } from './embedded.gen.ts';
import { type EmbeddedDefinition, expand } from './embedded-definition.ts';
import type {
  Affinity,
  ConfigMapKeySelector,
  Container,
  EmptyDirVolumeSource,
  EnvFromSource,
  EnvVar,
  HostAlias,
  LabelSelector,
  Lifecycle,
  LocalObjectReference,
  ObjectReference,
  PersistentVolumeClaimSpec,
  PodDNSConfig,
  PodSecurityContext,
  PodSpec,
  Probe,
  ResourceRequirements,
  SecretKeySelector,
  SecurityContext,
  ServicePort,
  Toleration,
  TopologySpreadConstraint,
  Volume,
  VolumeMount,
} from './embedded-types.gen.ts';
import type { JsonSchema } from './json-schema.ts';
import type { FieldOptions, ListOptions } from './schema.ts';

/** A condition of a status; `metav1.Condition`. */
export interface EmbeddedCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

type Single<T> = (options?: FieldOptions) => TUnsafe<T>;
type List<T> = (options?: ListOptions) => TUnsafe<readonly T[]>;

function embedded<T>(definition: EmbeddedDefinition, options: FieldOptions | undefined): TUnsafe<T> {
  const { rules, ...rest } = options ?? {};
  const schema: JsonSchema = {
    ...expand(definition, EMBEDDED),
    ...rest,
    ...(rules === undefined ? {} : { 'x-kubernetes-validations': rules }),
  };
  const marked: TSchema = Object.defineProperty({ ...schema }, '~embedded', { value: true });
  return Type.Unsafe<T>(marked);
}

const one =
  <T>(name: string): Single<T> =>
  (options) =>
    embedded({ ref: name }, options);

const listOf =
  <T>(name: string, description: string, ...keys: string[]): List<T> =>
  (options) =>
    embedded(
      {
        type: 'array',
        description,
        items: { ref: name },
        'x-kubernetes-list-type': keys.length === 0 ? 'atomic' : 'map',
        ...(keys.length === 0 ? {} : { 'x-kubernetes-list-map-keys': keys }),
      },
      options,
    );

/**
 * Kubernetes' own types as fields of a spec or status, with the schemas of a real API server: what it would refuse in a pod is
 * refused in the custom resource, with the field path. Lists merge in server-side apply as they do in a pod.
 *
 * @example
 * ```ts
 * Type.Object({ resources: Type.Optional(k8s.resourceRequirements({ description: 'Compute resources of each broker.' })) })
 * ```
 */
export const k8s = {
  affinity: one<Affinity>('Affinity'),
  conditions: conditionList,
  configMapKeySelector: one<ConfigMapKeySelector>('ConfigMapKeySelector'),
  containers: listOf<Container>('Container', 'Containers of the pod.', 'name'),
  dnsConfig: one<PodDNSConfig>('PodDNSConfig'),
  emptyDir: one<EmptyDirVolumeSource>('EmptyDirVolumeSource'),
  env: listOf<EnvVar>('EnvVar', 'Environment variables.', 'name'),
  envFrom: listOf<EnvFromSource>('EnvFromSource', 'Sources of environment variables.'),
  hostAliases: listOf<HostAlias>('HostAlias', 'Entries of /etc/hosts.', 'ip'),
  imagePullSecrets: listOf<LocalObjectReference>('LocalObjectReference', 'Secrets to pull images with.', 'name'),
  labelSelector: one<LabelSelector>('LabelSelector'),
  lifecycle: one<Lifecycle>('Lifecycle'),
  localObjectReference: one<LocalObjectReference>('LocalObjectReference'),
  nodeSelector: nodeSelectorMap,
  objectReference: one<ObjectReference>('ObjectReference'),
  persistentVolumeClaimSpec: one<PersistentVolumeClaimSpec>('PersistentVolumeClaimSpec'),
  podSecurityContext: one<PodSecurityContext>('PodSecurityContext'),
  podSpec: one<PodSpec>('PodSpec'),
  probe: one<Probe>('Probe'),
  resourceRequirements: one<ResourceRequirements>('ResourceRequirements'),
  secretKeySelector: one<SecretKeySelector>('SecretKeySelector'),
  securityContext: one<SecurityContext>('SecurityContext'),
  servicePorts: listOf<ServicePort>('ServicePort', 'Ports of a Service.', 'port', 'protocol'),
  tolerations: listOf<Toleration>('Toleration', 'Taints that are tolerated.'),
  topologySpreadConstraints: listOf<TopologySpreadConstraint>(
    'TopologySpreadConstraint',
    'How pods spread over zones and nodes.',
    'topologyKey',
    'whenUnsatisfiable',
  ),
  volumeMounts: listOf<VolumeMount>('VolumeMount', 'Where volumes are mounted.', 'mountPath'),
  volumes: listOf<Volume>('Volume', 'Volumes of the pod.', 'name'),
} as const;

/** Labels that a node must have. */
function nodeSelectorMap(options?: FieldOptions): TUnsafe<Readonly<Record<string, string>>> {
  const description = 'Labels that a node must have.';
  return embedded(
    { type: 'object', description, additionalProperties: { type: 'string' }, 'x-kubernetes-map-type': 'atomic' },
    options,
  );
}

/** The conditions of a status, one per type, as the API conventions describe them. */
function conditionList(options?: ListOptions): TUnsafe<readonly EmbeddedCondition[]> {
  return embedded(
    {
      type: 'array',
      description: 'The latest observations of the state, one per type.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: CONDITION,
    },
    options,
  );
}

/** The validation that `metav1.Condition` carries in every CRD that controller-gen writes. */
const CONDITION: EmbeddedDefinition = {
  type: 'object',
  description: 'One aspect of the current state.',
  required: ['lastTransitionTime', 'message', 'reason', 'status', 'type'],
  properties: {
    lastTransitionTime: { type: 'string', format: 'date-time', description: 'When the status last changed.' },
    message: { type: 'string', maxLength: 32768, description: 'Details for a person; may be empty.' },
    observedGeneration: {
      type: 'integer',
      format: 'int64',
      minimum: 0,
      description: 'The generation this was observed of.',
    },
    reason: {
      type: 'string',
      minLength: 1,
      maxLength: 1024,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
      description: 'Why the status is what it is, as one CamelCase word.',
    },
    status: { type: 'string', enum: ['True', 'False', 'Unknown'], description: 'True, False or Unknown.' },
    type: {
      type: 'string',
      maxLength: 316,
      pattern:
        '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
      description: 'Which aspect this is about, in CamelCase.',
    },
  },
};
