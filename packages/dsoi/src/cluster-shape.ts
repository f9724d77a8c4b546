import type {
  Affinity,
  Container,
  EnvVar,
  LocalObjectReference,
  PersistentVolumeClaimSpec,
  Probe,
  ResourceRequirements,
  ServicePort,
  Toleration,
  Volume,
  VolumeMount,
} from '@capstan/kube';
import type { nodeKinds } from './schema/nodes.ts';

/** One node as its resource says: one workload of one type. */
export interface NodeSpec {
  readonly name: string;
  readonly kind: (typeof nodeKinds)[number];
  readonly nodeType: string;
  readonly replicas: number;
  readonly k8sConfigGroup: string;
  readonly appConfigGroup: string;
}

/** How pods run. */
export interface K8sConfigGroup {
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: NonNullable<Container['imagePullPolicy']>;
  readonly imagePullSecrets?: readonly LocalObjectReference[];
  readonly serviceAccountName?: string;
  readonly resources?: ResourceRequirements;
  readonly env?: readonly EnvVar[];
  readonly port?: number;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly volumes?: readonly Volume[];
  readonly volumeMount?: readonly VolumeMount[];
  readonly storageConfig?: readonly StorageConfig[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly affinity?: Affinity;
  readonly podMetadata?: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly service?: {
    readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer';
    readonly ports: readonly ServicePort[];
  };
}

/** A volume that each pod has of its own. */
export interface StorageConfig {
  readonly name: string;
  readonly mountPath: string;
  readonly spec: PersistentVolumeClaimSpec;
}

/** What the application reads at its start. */
export interface AppConfigGroup<Settings> {
  readonly name: string;
  readonly settings: Settings;
}

/** The part of a spec that says which nodes there are; `appConfigGroup` holds what the spec calls `<app>ConfigGroup`. */
export interface ClusterShape<Settings> {
  readonly nodes: readonly NodeSpec[];
  readonly k8sConfigGroup: readonly K8sConfigGroup[];
  readonly appConfigGroup: readonly AppConfigGroup<Settings>[];
  readonly deploymentOrder?: readonly string[];
}
