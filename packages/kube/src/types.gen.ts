// Generated from the OpenAPI documents of Kubernetes v1.36.3 by packages/kube/scripts/generate-types.ts; do not edit.
import type { Condition, KubeObject, ObjectMeta } from './object.ts';

/** A quantity such as `500m` or `10Gi`; the server accepts a bare number too. */
export type Quantity = string | number;

/** A number, or a string such as a port name or a percentage. */
export type IntOrString = number | string;

/** A kind inside another object, such as a claim template: the parent says what it is. */
export type Embedded<T extends KubeObject> = Omit<T, 'apiVersion' | 'kind' | 'metadata'> & {
  readonly apiVersion?: T['apiVersion'];
  readonly kind?: T['kind'];
  readonly metadata?: Partial<ObjectMeta>;
};

/** Represents a Persistent Disk resource in AWS. */
export interface AWSElasticBlockStoreVolumeSource {
  /** fsType is the filesystem type of the volume that you want to mount. */
  readonly fsType?: string;
  /** partition is the partition in the volume that you want to mount. */
  readonly partition?: number;
  /** readOnly value true will force the readOnly setting in VolumeMounts. */
  readonly readOnly?: boolean;
  /** volumeID is unique ID of the persistent disk resource in AWS (Amazon EBS volume). */
  readonly volumeID: string;
}

/** Affinity is a group of affinity scheduling rules. */
export interface Affinity {
  /** Describes node affinity scheduling rules for the pod. */
  readonly nodeAffinity?: NodeAffinity;
  /** Describes pod affinity scheduling rules (e.g. co-locate this pod in the same node, zone, etc. as some other pod(s)). */
  readonly podAffinity?: PodAffinity;
  /** Describes pod anti-affinity scheduling rules (e.g. avoid putting this pod in the same node, zone, etc. as some other pod(s)). */
  readonly podAntiAffinity?: PodAntiAffinity;
}

/** AggregationRule describes how to locate ClusterRoles to aggregate into the ClusterRole */
export interface AggregationRule {
  /** ClusterRoleSelectors holds a list of selectors which will be used to find ClusterRoles and create the rules. */
  readonly clusterRoleSelectors?: readonly LabelSelector[];
}

/** AppArmorProfile defines a pod or container's AppArmor settings. */
export interface AppArmorProfile {
  /** localhostProfile indicates a profile loaded on the node that should be used. */
  readonly localhostProfile?: string;
  /** type indicates which kind of AppArmor profile will be applied. */
  readonly type: 'Localhost' | 'RuntimeDefault' | 'Unconfined';
}

/** AttachedVolume describes a volume attached to a node */
export interface AttachedVolume {
  /** DevicePath represents the device path where the volume should be available */
  readonly devicePath: string;
  /** Name of the attached volume */
  readonly name: string;
}

/** AuditAnnotation describes how to produce an audit annotation for an API request. */
export interface AuditAnnotation {
  /** key specifies the audit annotation key. */
  readonly key: string;
  /** valueExpression represents the expression which is evaluated by CEL to produce an audit annotation value. */
  readonly valueExpression: string;
}

/** AzureDisk represents an Azure Data Disk mount on the host and bind mount to the pod. */
export interface AzureDiskVolumeSource {
  /** cachingMode is the Host Caching mode: None, Read Only, Read Write. */
  readonly cachingMode?: 'None' | 'ReadOnly' | 'ReadWrite';
  /** diskName is the Name of the data disk in the blob storage */
  readonly diskName: string;
  /** diskURI is the URI of data disk in the blob storage */
  readonly diskURI: string;
  /** fsType is Filesystem type to mount. */
  readonly fsType?: string;
  /** kind expected values are Shared: multiple blob disks per storage account Dedicated: single blob disk per storage account Managed: azure managed data disk (only in managed availability set). defaults to shared Possible enum values: - `"Dedicated"` - `"Managed"` - `"Shared"` */
  readonly kind?: 'Dedicated' | 'Managed' | 'Shared';
  /** readOnly Defaults to false (read/write). */
  readonly readOnly?: boolean;
}

/** AzureFile represents an Azure File Service mount on the host and bind mount to the pod. */
export interface AzureFilePersistentVolumeSource {
  /** readOnly defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretName is the name of secret that contains Azure Storage Account Name and Key */
  readonly secretName: string;
  /** secretNamespace is the namespace of the secret that contains Azure Storage Account Name and Key default is the same as the Pod */
  readonly secretNamespace?: string;
  /** shareName is the azure Share Name */
  readonly shareName: string;
}

/** AzureFile represents an Azure File Service mount on the host and bind mount to the pod. */
export interface AzureFileVolumeSource {
  /** readOnly defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretName is the name of secret that contains Azure Storage Account Name and Key */
  readonly secretName: string;
  /** shareName is the azure share Name */
  readonly shareName: string;
}

/** BoundObjectReference is a reference to an object that a token is bound to. */
export interface BoundObjectReference {
  /** apiVersion is API version of the referent. */
  readonly apiVersion?: string;
  /** kind of the referent. */
  readonly kind?: string;
  /** name of the referent. */
  readonly name?: string;
  /** uid of the referent. */
  readonly uid?: string;
}

/** Represents storage that is managed by an external CSI volume driver */
export interface CSIPersistentVolumeSource {
  /** controllerExpandSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI ControllerExpandVolume call. */
  readonly controllerExpandSecretRef?: SecretReference;
  /** controllerPublishSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI ControllerPublishVolume and ControllerUnpublishVolume calls. */
  readonly controllerPublishSecretRef?: SecretReference;
  /** driver is the name of the driver to use for this volume. */
  readonly driver: string;
  /** fsType to mount. */
  readonly fsType?: string;
  /** nodeExpandSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI NodeExpandVolume call. */
  readonly nodeExpandSecretRef?: SecretReference;
  /** nodePublishSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI NodePublishVolume and NodeUnpublishVolume calls. */
  readonly nodePublishSecretRef?: SecretReference;
  /** nodeStageSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI NodeStageVolume and NodeStageVolume and NodeUnstageVolume calls. */
  readonly nodeStageSecretRef?: SecretReference;
  /** readOnly value to pass to ControllerPublishVolumeRequest. */
  readonly readOnly?: boolean;
  /** volumeAttributes of the volume to publish. */
  readonly volumeAttributes?: Readonly<Record<string, string>>;
  /** volumeHandle is the unique volume name returned by the CSI volume plugin’s CreateVolume to refer to the volume on all subsequent calls. */
  readonly volumeHandle: string;
}

/** Represents a source location of a volume to mount, managed by an external CSI driver */
export interface CSIVolumeSource {
  /** driver is the name of the CSI driver that handles this volume. */
  readonly driver: string;
  /** fsType to mount. */
  readonly fsType?: string;
  /** nodePublishSecretRef is a reference to the secret object containing sensitive information to pass to the CSI driver to complete the CSI NodePublishVolume and NodeUnpublishVolume calls. */
  readonly nodePublishSecretRef?: LocalObjectReference;
  /** readOnly specifies a read-only configuration for the volume. */
  readonly readOnly?: boolean;
  /** volumeAttributes stores driver-specific properties that are passed to the CSI driver. */
  readonly volumeAttributes?: Readonly<Record<string, string>>;
}

/** Adds and removes POSIX capabilities from running containers. */
export interface Capabilities {
  /** Added capabilities */
  readonly add?: readonly string[];
  /** Removed capabilities */
  readonly drop?: readonly string[];
}

/** Represents a Ceph Filesystem mount that lasts the lifetime of a pod Cephfs volumes do not support ownership management or SELinux relabeling. */
export interface CephFSPersistentVolumeSource {
  /** monitors is Required: Monitors is a collection of Ceph monitors More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it */
  readonly monitors: readonly string[];
  /** path is Optional: Used as the mounted root, rather than the full Ceph tree, default is / */
  readonly path?: string;
  /** readOnly is Optional: Defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretFile is Optional: SecretFile is the path to key ring for User, default is /etc/ceph/user.secret More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it */
  readonly secretFile?: string;
  /** secretRef is Optional: SecretRef is reference to the authentication secret for User, default is empty. */
  readonly secretRef?: SecretReference;
  /** user is Optional: User is the rados user name, default is admin More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it */
  readonly user?: string;
}

/** Represents a Ceph Filesystem mount that lasts the lifetime of a pod Cephfs volumes do not support ownership management or SELinux relabeling. */
export interface CephFSVolumeSource {
  /** monitors is Required: Monitors is a collection of Ceph monitors More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it */
  readonly monitors: readonly string[];
  /** path is Optional: Used as the mounted root, rather than the full Ceph tree, default is / */
  readonly path?: string;
  /** readOnly is Optional: Defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretFile is Optional: SecretFile is the path to key ring for User, default is /etc/ceph/user.secret More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it */
  readonly secretFile?: string;
  /** secretRef is Optional: SecretRef is reference to the authentication secret for User, default is empty. */
  readonly secretRef?: LocalObjectReference;
  /** user is optional: User is the rados user name, default is admin More info: https://examples.k8s.io/volumes/cephfs/README.md#how-to-use-it */
  readonly user?: string;
}

/** Represents a cinder volume resource in Openstack. */
export interface CinderPersistentVolumeSource {
  /** fsType Filesystem type to mount. */
  readonly fsType?: string;
  /** readOnly is Optional: Defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretRef is Optional: points to a secret object containing parameters used to connect to OpenStack. */
  readonly secretRef?: SecretReference;
  /** volumeID used to identify the volume in cinder. */
  readonly volumeID: string;
}

/** Represents a cinder volume resource in Openstack. */
export interface CinderVolumeSource {
  /** fsType is the filesystem type to mount. */
  readonly fsType?: string;
  /** readOnly defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretRef is optional: points to a secret object containing parameters used to connect to OpenStack. */
  readonly secretRef?: LocalObjectReference;
  /** volumeID used to identify the volume in cinder. */
  readonly volumeID: string;
}

/** ClientIPConfig represents the configurations of Client IP based session affinity. */
export interface ClientIPConfig {
  /** timeoutSeconds specifies the seconds of ClientIP type session sticky time. */
  readonly timeoutSeconds?: number;
}

/** ClusterRole is a cluster level, logical grouping of PolicyRules that can be referenced as a unit by a RoleBinding or ClusterRoleBinding. */
export interface ClusterRole extends KubeObject {
  /** AggregationRule is an optional field that describes how to build the Rules for this ClusterRole. */
  readonly aggregationRule?: AggregationRule;
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'ClusterRole';
  readonly metadata: ObjectMeta;
  /** Rules holds all the PolicyRules for this ClusterRole */
  readonly rules?: readonly PolicyRule[];
}

/** ClusterRoleBinding references a ClusterRole, but not contain it. */
export interface ClusterRoleBinding extends KubeObject {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'ClusterRoleBinding';
  readonly metadata: ObjectMeta;
  /** RoleRef can only reference a ClusterRole in the global namespace. */
  readonly roleRef: RoleRef;
  /** Subjects holds references to the objects the role applies to. */
  readonly subjects?: readonly Subject[];
}

/** ClusterTrustBundleProjection describes how to select a set of ClusterTrustBundle objects and project their contents into the pod filesystem. */
export interface ClusterTrustBundleProjection {
  /** Select all ClusterTrustBundles that match this label selector. */
  readonly labelSelector?: LabelSelector;
  /** Select a single ClusterTrustBundle by object name. */
  readonly name?: string;
  /** If true, don't block pod startup if the referenced ClusterTrustBundle(s) aren't available. */
  readonly optional?: boolean;
  /** Relative path from the volume root to write the bundle. */
  readonly path: string;
  /** Select all ClusterTrustBundles that match this signer name. */
  readonly signerName?: string;
}

/** ConfigMap holds configuration data for pods to consume. */
export interface ConfigMap extends KubeObject {
  readonly apiVersion: 'v1';
  /** BinaryData contains the binary data. */
  readonly binaryData?: Readonly<Record<string, string>>;
  /** Data contains the configuration data. */
  readonly data?: Readonly<Record<string, string>>;
  /** Immutable, if set to true, ensures that data stored in the ConfigMap cannot be updated (only object metadata can be modified). */
  readonly immutable?: boolean;
  readonly kind: 'ConfigMap';
  readonly metadata: ObjectMeta;
}

/** ConfigMapEnvSource selects a ConfigMap to populate the environment variables with. */
export interface ConfigMapEnvSource {
  /** Name of the referent. */
  readonly name?: string;
  /** Specify whether the ConfigMap must be defined */
  readonly optional?: boolean;
}

/** Selects a key from a ConfigMap. */
export interface ConfigMapKeySelector {
  /** The key to select. */
  readonly key: string;
  /** Name of the referent. */
  readonly name?: string;
  /** Specify whether the ConfigMap or its key must be defined */
  readonly optional?: boolean;
}

/** ConfigMapNodeConfigSource contains the information to reference a ConfigMap as a config source for the Node. */
export interface ConfigMapNodeConfigSource {
  /** KubeletConfigKey declares which key of the referenced ConfigMap corresponds to the KubeletConfiguration structure This field is required in all cases. */
  readonly kubeletConfigKey: string;
  /** Name is the metadata.name of the referenced ConfigMap. */
  readonly name: string;
  /** Namespace is the metadata.namespace of the referenced ConfigMap. */
  readonly namespace: string;
  /** ResourceVersion is the metadata.ResourceVersion of the referenced ConfigMap. */
  readonly resourceVersion?: string;
  /** UID is the metadata.UID of the referenced ConfigMap. */
  readonly uid?: string;
}

/** Adapts a ConfigMap into a projected volume. */
export interface ConfigMapProjection {
  /** items if unspecified, each key-value pair in the Data field of the referenced ConfigMap will be projected into the volume as a file whose name is the key and content is the value. */
  readonly items?: readonly KeyToPath[];
  /** Name of the referent. */
  readonly name?: string;
  /** optional specify whether the ConfigMap or its keys must be defined */
  readonly optional?: boolean;
}

/** Adapts a ConfigMap into a volume. */
export interface ConfigMapVolumeSource {
  /** defaultMode is optional: mode bits used to set permissions on created files by default. */
  readonly defaultMode?: number;
  /** items if unspecified, each key-value pair in the Data field of the referenced ConfigMap will be projected into the volume as a file whose name is the key and content is the value. */
  readonly items?: readonly KeyToPath[];
  /** Name of the referent. */
  readonly name?: string;
  /** optional specify whether the ConfigMap or its keys must be defined */
  readonly optional?: boolean;
}

/** A single application container that you want to run within a pod. */
export interface Container {
  /** Arguments to the entrypoint. */
  readonly args?: readonly string[];
  /** Entrypoint array. */
  readonly command?: readonly string[];
  /** List of environment variables to set in the container. */
  readonly env?: readonly EnvVar[];
  /** List of sources to populate environment variables in the container. */
  readonly envFrom?: readonly EnvFromSource[];
  /** Container image name. */
  readonly image?: string;
  /** Image pull policy. */
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Actions that the management system should take in response to container lifecycle events. */
  readonly lifecycle?: Lifecycle;
  /** Periodic probe of container liveness. */
  readonly livenessProbe?: Probe;
  /** Name of the container specified as a DNS_LABEL. */
  readonly name: string;
  /** List of ports to expose from the container. */
  readonly ports?: readonly ContainerPort[];
  /** Periodic probe of container service readiness. */
  readonly readinessProbe?: Probe;
  /** Resources resize policy for the container. */
  readonly resizePolicy?: readonly ContainerResizePolicy[];
  /** Compute Resources required by this container. */
  readonly resources?: ResourceRequirements;
  /** RestartPolicy defines the restart behavior of individual containers in a pod. */
  readonly restartPolicy?: string;
  /** Represents a list of rules to be checked to determine if the container should be restarted on exit. */
  readonly restartPolicyRules?: readonly ContainerRestartRule[];
  /** SecurityContext defines the security options the container should be run with. */
  readonly securityContext?: SecurityContext;
  /** StartupProbe indicates that the Pod has successfully initialized. */
  readonly startupProbe?: Probe;
  /** Whether this container should allocate a buffer for stdin in the container runtime. */
  readonly stdin?: boolean;
  /** Whether the container runtime should close the stdin channel after it has been opened by a single attach. */
  readonly stdinOnce?: boolean;
  /** Optional: Path at which the file to which the container's termination message will be written is mounted into the container's filesystem. */
  readonly terminationMessagePath?: string;
  /** Indicate how the termination message should be populated. */
  readonly terminationMessagePolicy?: 'FallbackToLogsOnError' | 'File';
  /** Whether this container should allocate a TTY for itself, also requires 'stdin' to be true. */
  readonly tty?: boolean;
  /** volumeDevices is the list of block devices to be used by the container. */
  readonly volumeDevices?: readonly VolumeDevice[];
  /** Pod volumes to mount into the container's filesystem. */
  readonly volumeMounts?: readonly VolumeMount[];
  /** Container's working directory. */
  readonly workingDir?: string;
}

/** ContainerExtendedResourceRequest has the mapping of container name, extended resource name to the device request name. */
export interface ContainerExtendedResourceRequest {
  /** The name of the container requesting resources. */
  readonly containerName: string;
  /** The name of the request in the special ResourceClaim which corresponds to the extended resource. */
  readonly requestName: string;
  /** The name of the extended resource in that container which gets backed by DRA. */
  readonly resourceName: string;
}

/** Describe a container image */
export interface ContainerImage {
  /** Names by which this image is known. e.g. ["kubernetes.example/hyperkube:v1.0.7", "cloud-vendor.registry.example/cloud-vendor/hyperkube:v1.0.7"] */
  readonly names?: readonly string[];
  /** The size of the image in bytes. */
  readonly sizeBytes?: number;
}

/** ContainerPort represents a network port in a single container. */
export interface ContainerPort {
  /** Number of port to expose on the pod's IP address. */
  readonly containerPort: number;
  /** What host IP to bind the external port to. */
  readonly hostIP?: string;
  /** Number of port to expose on the host. */
  readonly hostPort?: number;
  /** If specified, this must be an IANA_SVC_NAME and unique within the pod. */
  readonly name?: string;
  /** Protocol for port. */
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP';
}

/** ContainerResizePolicy represents resource resize policy for the container. */
export interface ContainerResizePolicy {
  /** Name of the resource to which this resource resize policy applies. */
  readonly resourceName: string;
  /** Restart policy to apply when specified resource is resized. */
  readonly restartPolicy: string;
}

/** ContainerResourceMetricSource indicates how to scale on a resource metric known to Kubernetes, as specified in requests and limits, describing each pod in the current scale target (e.g. CPU or memory). */
export interface ContainerResourceMetricSource {
  /** container is the name of the container in the pods of the scaling target */
  readonly container: string;
  /** name is the name of the resource in question. */
  readonly name: string;
  /** target specifies the target value for the given metric */
  readonly target: MetricTarget;
}

/** ContainerResourceMetricStatus indicates the current value of a resource metric known to Kubernetes, as specified in requests and limits, describing a single container in each pod in the current scale target (e.g. CPU or memory). */
export interface ContainerResourceMetricStatus {
  /** container is the name of the container in the pods of the scaling target */
  readonly container: string;
  /** current contains the current value for the given metric */
  readonly current: MetricValueStatus;
  /** name is the name of the resource in question. */
  readonly name: string;
}

/** ContainerRestartRule describes how a container exit is handled. */
export interface ContainerRestartRule {
  /** Specifies the action taken on a container exit if the requirements are satisfied. */
  readonly action: string;
  /** Represents the exit codes to check on container exits. */
  readonly exitCodes?: ContainerRestartRuleOnExitCodes;
}

/** ContainerRestartRuleOnExitCodes describes the condition for handling an exited container based on its exit codes. */
export interface ContainerRestartRuleOnExitCodes {
  /** Represents the relationship between the container exit code(s) and the specified values. */
  readonly operator: string;
  /** Specifies the set of values to check for container exit codes. */
  readonly values?: readonly number[];
}

/** ContainerState holds a possible state of container. */
export interface ContainerState {
  /** Details about a running container */
  readonly running?: ContainerStateRunning;
  /** Details about a terminated container */
  readonly terminated?: ContainerStateTerminated;
  /** Details about a waiting container */
  readonly waiting?: ContainerStateWaiting;
}

/** ContainerStateRunning is a running state of a container. */
export interface ContainerStateRunning {
  /** Time at which the container was last (re-)started */
  readonly startedAt?: string;
}

/** ContainerStateTerminated is a terminated state of a container. */
export interface ContainerStateTerminated {
  /** Container's ID in the format '<type>://<container_id>' */
  readonly containerID?: string;
  /** Exit status from the last termination of the container */
  readonly exitCode: number;
  /** Time at which the container last terminated */
  readonly finishedAt?: string;
  /** Message regarding the last termination of the container */
  readonly message?: string;
  /** (brief) reason from the last termination of the container */
  readonly reason?: string;
  /** Signal from the last termination of the container */
  readonly signal?: number;
  /** Time at which previous execution of the container started */
  readonly startedAt?: string;
}

/** ContainerStateWaiting is a waiting state of a container. */
export interface ContainerStateWaiting {
  /** Message regarding why the container is not yet running. */
  readonly message?: string;
  /** (brief) reason the container is not yet running. */
  readonly reason?: string;
}

/** ContainerStatus contains details for the current status of this container. */
export interface ContainerStatus {
  /** AllocatedResources represents the compute resources allocated for this container by the node. */
  readonly allocatedResources?: Readonly<Record<string, Quantity>>;
  /** AllocatedResourcesStatus represents the status of various resources allocated for this Pod. */
  readonly allocatedResourcesStatus?: readonly ResourceStatus[];
  /** ContainerID is the ID of the container in the format '<type>://<container_id>'. */
  readonly containerID?: string;
  /** Image is the name of container image that the container is running. */
  readonly image: string;
  /** ImageID is the image ID of the container's image. */
  readonly imageID: string;
  /** LastTerminationState holds the last termination state of the container to help debug container crashes and restarts. */
  readonly lastState?: ContainerState;
  /** Name is a DNS_LABEL representing the unique name of the container. */
  readonly name: string;
  /** Ready specifies whether the container is currently passing its readiness check. */
  readonly ready: boolean;
  /** Resources represents the compute resource requests and limits that have been successfully enacted on the running container after it has been started or has been successfully resized. */
  readonly resources?: ResourceRequirements;
  /** RestartCount holds the number of times the container has been restarted. */
  readonly restartCount: number;
  /** Started indicates whether the container has finished its postStart lifecycle hook and passed its startup probe. */
  readonly started?: boolean;
  /** State holds details about the container's current condition. */
  readonly state?: ContainerState;
  /** StopSignal reports the effective stop signal for this container Possible enum values: - `"SIGABRT"` - `"SIGALRM"` - `"SIGBUS"` - `"SIGCHLD"` - `"SIGCLD"` - `"SIGCONT"` - `"SIGFPE"` - `"SIGHUP"` - `"SIGILL"` - `"SIGINT"` - `"SIGIO"` - `"SIGIOT"` - `"SIGKILL"` - `"SIGPIPE"` - `"SIGPOLL"` - `"SIGPROF"` - `"SIGPWR"` - `"SIGQUIT"` - `"SIGRTMAX"` - `"SIGRTMAX-1"` - `"SIGRTMAX-10"` - `"SIGRTMAX-11"` - `"SIGRTMAX-12"` - `"SIGRTMAX-13"` - `"SIGRTMAX-14"` - `"SIGRTMAX-2"` - `"SIGRTMAX-3"` - `"SIGRTMAX-4"` - `"SIGRTMAX-5"` - `"SIGRTMAX-6"` - `"SIGRTMAX-7"` - `"SIGRTMAX-8"` - `"SIGRTMAX-9"` - `"SIGRTMIN"` - `"SIGRTMIN+1"` - `"SIGRTMIN+10"` - `"SIGRTMIN+11"` - `"SIGRTMIN+12"` - `"SIGRTMIN+13"` - `"SIGRTMIN+14"` - `"SIGRTMIN+15"` - `"SIGRTMIN+2"` - `"SIGRTMIN+3"` - `"SIGRTMIN+4"` - `"SIGRTMIN+5"` - `"SIGRTMIN+6"` - `"SIGRTMIN+7"` - `"SIGRTMIN+8"` - `"SIGRTMIN+9"` - `"SIGSEGV"` - `"SIGSTKFLT"` - `"SIGSTOP"` - `"SIGSYS"` - `"SIGTERM"` - `"SIGTRAP"` - `"SIGTSTP"` - `"SIGTTIN"` - `"SIGTTOU"` - `"SIGURG"` - `"SIGUSR1"` - `"SIGUSR2"` - `"SIGVTALRM"` - `"SIGWINCH"` - `"SIGXCPU"` - `"SIGXFSZ"` */
  readonly stopSignal?: 'SIGABRT' | 'SIGALRM' | 'SIGBUS' | 'SIGCHLD' | 'SIGCLD' | 'SIGCONT' | 'SIGFPE' | 'SIGHUP' | 'SIGILL' | 'SIGINT' | 'SIGIO' | 'SIGIOT' | 'SIGKILL' | 'SIGPIPE' | 'SIGPOLL' | 'SIGPROF' | 'SIGPWR' | 'SIGQUIT' | 'SIGRTMAX' | 'SIGRTMAX-1' | 'SIGRTMAX-10' | 'SIGRTMAX-11' | 'SIGRTMAX-12' | 'SIGRTMAX-13' | 'SIGRTMAX-14' | 'SIGRTMAX-2' | 'SIGRTMAX-3' | 'SIGRTMAX-4' | 'SIGRTMAX-5' | 'SIGRTMAX-6' | 'SIGRTMAX-7' | 'SIGRTMAX-8' | 'SIGRTMAX-9' | 'SIGRTMIN' | 'SIGRTMIN+1' | 'SIGRTMIN+10' | 'SIGRTMIN+11' | 'SIGRTMIN+12' | 'SIGRTMIN+13' | 'SIGRTMIN+14' | 'SIGRTMIN+15' | 'SIGRTMIN+2' | 'SIGRTMIN+3' | 'SIGRTMIN+4' | 'SIGRTMIN+5' | 'SIGRTMIN+6' | 'SIGRTMIN+7' | 'SIGRTMIN+8' | 'SIGRTMIN+9' | 'SIGSEGV' | 'SIGSTKFLT' | 'SIGSTOP' | 'SIGSYS' | 'SIGTERM' | 'SIGTRAP' | 'SIGTSTP' | 'SIGTTIN' | 'SIGTTOU' | 'SIGURG' | 'SIGUSR1' | 'SIGUSR2' | 'SIGVTALRM' | 'SIGWINCH' | 'SIGXCPU' | 'SIGXFSZ';
  /** User represents user identity information initially attached to the first process of the container */
  readonly user?: ContainerUser;
  /** Status of volume mounts. */
  readonly volumeMounts?: readonly VolumeMountStatus[];
}

/** ContainerUser represents user identity information */
export interface ContainerUser {
  /** Linux holds user identity information initially attached to the first process of the containers in Linux. */
  readonly linux?: LinuxContainerUser;
}

/** ControllerRevision implements an immutable snapshot of state data. */
export interface ControllerRevision extends KubeObject {
  readonly apiVersion: 'apps/v1';
  /** Data is the serialized representation of the state. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly kind: 'ControllerRevision';
  readonly metadata: ObjectMeta;
  /** Revision indicates the revision of the state represented by Data. */
  readonly revision: number;
}

/** ServiceReference holds a reference to Service.legacy.k8s.io */
export interface ConversionServiceReference {
  /** name is the name of the service. */
  readonly name: string;
  /** namespace is the namespace of the service. */
  readonly namespace: string;
  /** path is an optional URL path at which the webhook will be contacted. */
  readonly path?: string;
  /** port is an optional service port at which the webhook will be contacted. */
  readonly port?: number;
}

/** WebhookClientConfig contains the information to make a TLS connection with the webhook. */
export interface ConversionWebhookClientConfig {
  /** caBundle is a PEM encoded CA bundle which will be used to validate the webhook's server certificate. */
  readonly caBundle?: string;
  /** service is a reference to the service for this webhook. */
  readonly service?: ConversionServiceReference;
  /** url gives the location of the webhook, in standard URL form (`scheme://host:port/path`). */
  readonly url?: string;
}

/** Event is a report of an event somewhere in the cluster. */
export interface CoreEvent extends KubeObject {
  /** What action was taken/failed regarding to the Regarding object. */
  readonly action?: string;
  readonly apiVersion: 'v1';
  /** The number of times this event has occurred. */
  readonly count?: number;
  /** Time when this Event was first observed. */
  readonly eventTime?: string;
  /** The time at which the event was first recorded. (Time of server receipt is in TypeMeta.) */
  readonly firstTimestamp?: string;
  /** The object that this event is about. */
  readonly involvedObject: ObjectReference;
  readonly kind: 'Event';
  /** The time at which the most recent occurrence of this event was recorded. */
  readonly lastTimestamp?: string;
  /** A human-readable description of the status of this operation. */
  readonly message?: string;
  readonly metadata: ObjectMeta;
  /** This should be a short, machine understandable string that gives the reason for the transition into the object's current status. */
  readonly reason?: string;
  /** Optional secondary object for more complex actions. */
  readonly related?: ObjectReference;
  /** Name of the controller that emitted this Event, e.g. `kubernetes.io/kubelet`. */
  readonly reportingComponent?: string;
  /** ID of the controller instance, e.g. `kubelet-xyzf`. */
  readonly reportingInstance?: string;
  /** Data about the Event series this event represents or nil if it's a singleton Event. */
  readonly series?: CoreEventSeries;
  /** The component reporting this event. */
  readonly source?: EventSource;
  /** Type of this event (Normal, Warning), new types could be added in the future */
  readonly type?: string;
}

/** EventSeries contain information on series of events, i.e. thing that was/is happening continuously for some time. */
export interface CoreEventSeries {
  /** Number of occurrences in this series up to the last heartbeat time */
  readonly count?: number;
  /** Time of the last occurrence observed */
  readonly lastObservedTime?: string;
}

/** CronJob represents the configuration of a single cron job. */
export interface CronJob extends KubeObject {
  readonly apiVersion: 'batch/v1';
  readonly kind: 'CronJob';
  readonly metadata: ObjectMeta;
  /** Specification of the desired behavior of a cron job, including the schedule. */
  readonly spec: CronJobSpec;
  /** Current status of a cron job. */
  readonly status?: CronJobStatus;
}

/** CronJobSpec describes how the job execution will look like and when it will actually run. */
export interface CronJobSpec {
  /** Specifies how to treat concurrent executions of a Job. */
  readonly concurrencyPolicy?: 'Allow' | 'Forbid' | 'Replace';
  /** The number of failed finished jobs to retain. */
  readonly failedJobsHistoryLimit?: number;
  /** Specifies the job that will be created when executing a CronJob. */
  readonly jobTemplate: JobTemplateSpec;
  /** The schedule in Cron format, see https://en.wikipedia.org/wiki/Cron. */
  readonly schedule: string;
  /** Optional deadline in seconds for starting the job if it misses scheduled time for any reason. */
  readonly startingDeadlineSeconds?: number;
  /** The number of successful finished jobs to retain. */
  readonly successfulJobsHistoryLimit?: number;
  /** This flag tells the controller to suspend subsequent executions, it does not apply to already started executions. */
  readonly suspend?: boolean;
  /** The time zone name for the given schedule, see https://en.wikipedia.org/wiki/List_of_tz_database_time_zones. */
  readonly timeZone?: string;
}

/** CronJobStatus represents the current state of a cron job. */
export interface CronJobStatus {
  /** A list of pointers to currently running jobs. */
  readonly active?: readonly ObjectReference[];
  /** Information when was the last time the job was successfully scheduled. */
  readonly lastScheduleTime?: string;
  /** Information when was the last time the job successfully completed. */
  readonly lastSuccessfulTime?: string;
}

/** CrossVersionObjectReference contains enough information to let you identify the referred resource. */
export interface CrossVersionObjectReference {
  /** apiVersion is the API version of the referent */
  readonly apiVersion?: string;
  /** kind is the kind of the referent; More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
  readonly kind: string;
  /** name is the name of the referent; More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#names */
  readonly name: string;
}

/** CustomResourceColumnDefinition specifies a column for server side printing. */
export interface CustomResourceColumnDefinition {
  /** description is a human readable description of this column. */
  readonly description?: string;
  /** format is an optional OpenAPI type definition for this column. */
  readonly format?: string;
  /** jsonPath is a simple JSON path (i.e. with array notation) which is evaluated against each custom resource to produce the value for this column. */
  readonly jsonPath: string;
  /** name is a human readable name for the column. */
  readonly name: string;
  /** priority is an integer defining the relative importance of this column compared to others. */
  readonly priority?: number;
  /** type is an OpenAPI type definition for this column. */
  readonly type: string;
}

/** CustomResourceConversion describes how to convert different versions of a CR. */
export interface CustomResourceConversion {
  /** strategy specifies how custom resources are converted between versions. */
  readonly strategy: string;
  /** webhook describes how to call the conversion webhook. */
  readonly webhook?: WebhookConversion;
}

/** CustomResourceDefinition represents a resource that should be exposed on the API server. */
export interface CustomResourceDefinition extends KubeObject {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: ObjectMeta;
  /** spec describes how the user wants the resources to appear */
  readonly spec: CustomResourceDefinitionSpec;
  /** status indicates the actual state of the CustomResourceDefinition */
  readonly status?: CustomResourceDefinitionStatus;
}

/** CustomResourceDefinitionCondition contains details for the current condition of this pod. */
export interface CustomResourceDefinitionCondition {
  /** lastTransitionTime last time the condition transitioned from one status to another. */
  readonly lastTransitionTime?: string;
  /** message is a human-readable message indicating details about last transition. */
  readonly message?: string;
  /** observedGeneration represents the .metadata.generation that the condition was set based upon. */
  readonly observedGeneration?: number;
  /** reason is a unique, one-word, CamelCase reason for the condition's last transition. */
  readonly reason?: string;
  /** status is the status of the condition. */
  readonly status: string;
  /** type is the type of the condition. */
  readonly type: string;
}

/** CustomResourceDefinitionNames indicates the names to serve this CustomResourceDefinition */
export interface CustomResourceDefinitionNames {
  /** categories is a list of grouped resources this custom resource belongs to (e.g. 'all'). */
  readonly categories?: readonly string[];
  /** kind is the serialized kind of the resource. */
  readonly kind: string;
  /** listKind is the serialized kind of the list for this resource. */
  readonly listKind?: string;
  /** plural is the plural name of the resource to serve. */
  readonly plural: string;
  /** shortNames are short names for the resource, exposed in API discovery documents, and used by clients to support invocations like `kubectl get <shortname>`. */
  readonly shortNames?: readonly string[];
  /** singular is the singular name of the resource. */
  readonly singular?: string;
}

/** CustomResourceDefinitionSpec describes how a user wants their resource to appear */
export interface CustomResourceDefinitionSpec {
  /** conversion defines conversion settings for the CRD. */
  readonly conversion?: CustomResourceConversion;
  /** group is the API group of the defined custom resource. */
  readonly group: string;
  /** names specify the resource and kind names for the custom resource. */
  readonly names: CustomResourceDefinitionNames;
  /** preserveUnknownFields indicates that object fields which are not specified in the OpenAPI schema should be preserved when persisting to storage. apiVersion, kind, metadata and known fields inside metadata are always preserved. */
  readonly preserveUnknownFields?: boolean;
  /** scope indicates whether the defined custom resource is cluster- or namespace-scoped. */
  readonly scope: string;
  /** versions is the list of all API versions of the defined custom resource. */
  readonly versions: readonly CustomResourceDefinitionVersion[];
}

/** CustomResourceDefinitionStatus indicates the state of the CustomResourceDefinition */
export interface CustomResourceDefinitionStatus {
  /** acceptedNames are the names that are actually being used to serve discovery. */
  readonly acceptedNames?: CustomResourceDefinitionNames;
  /** conditions indicate state for particular aspects of a CustomResourceDefinition */
  readonly conditions?: readonly CustomResourceDefinitionCondition[];
  /** The generation observed by the CRD controller. */
  readonly observedGeneration?: number;
  /** storedVersions lists all versions of CustomResources that were ever persisted. */
  readonly storedVersions?: readonly string[];
}

/** CustomResourceDefinitionVersion describes a version for CRD. */
export interface CustomResourceDefinitionVersion {
  /** additionalPrinterColumns specifies additional columns returned in Table output. */
  readonly additionalPrinterColumns?: readonly CustomResourceColumnDefinition[];
  /** deprecated indicates this version of the custom resource API is deprecated. */
  readonly deprecated?: boolean;
  /** deprecationWarning overrides the default warning returned to API clients. */
  readonly deprecationWarning?: string;
  /** name is the version name, e.g. “v1”, “v2beta1”, etc. The custom resources are served under this version at `/apis/<group>/<version>/...` if `served` is true. */
  readonly name: string;
  /** schema describes the schema used for validation, pruning, and defaulting of this version of the custom resource. */
  readonly schema?: CustomResourceValidation;
  /** selectableFields specifies paths to fields that may be used as field selectors. */
  readonly selectableFields?: readonly SelectableField[];
  /** served is a flag enabling/disabling this version from being served via REST APIs */
  readonly served: boolean;
  /** storage indicates this version should be used when persisting custom resources to storage. */
  readonly storage: boolean;
  /** subresources specify what subresources this version of the defined custom resource have. */
  readonly subresources?: CustomResourceSubresources;
}

/** CustomResourceSubresourceScale defines how to serve the scale subresource for CustomResources. */
export interface CustomResourceSubresourceScale {
  /** labelSelectorPath defines the JSON path inside of a custom resource that corresponds to Scale `status.selector`. */
  readonly labelSelectorPath?: string;
  /** specReplicasPath defines the JSON path inside of a custom resource that corresponds to Scale `spec.replicas`. */
  readonly specReplicasPath: string;
  /** statusReplicasPath defines the JSON path inside of a custom resource that corresponds to Scale `status.replicas`. */
  readonly statusReplicasPath: string;
}

/** CustomResourceSubresourceStatus defines how to serve the status subresource for CustomResources. */
export type CustomResourceSubresourceStatus = Readonly<Record<string, unknown>>;

/** CustomResourceSubresources defines the status and scale subresources for CustomResources. */
export interface CustomResourceSubresources {
  /** scale indicates the custom resource should serve a `/scale` subresource that returns an `autoscaling/v1` Scale object. */
  readonly scale?: CustomResourceSubresourceScale;
  /** status indicates the custom resource should serve a `/status` subresource. */
  readonly status?: CustomResourceSubresourceStatus;
}

/** CustomResourceValidation is a list of validation methods for CustomResources. */
export interface CustomResourceValidation {
  /** openAPIV3Schema is the OpenAPI v3 schema to use for validation and pruning. */
  readonly openAPIV3Schema?: JSONSchemaProps;
}

/** DaemonEndpoint contains information about a single Daemon endpoint. */
export interface DaemonEndpoint {
  /** Port number of the given endpoint. */
  readonly Port: number;
}

/** DaemonSet represents the configuration of a daemon set. */
export interface DaemonSet extends KubeObject {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'DaemonSet';
  readonly metadata: ObjectMeta;
  /** The desired behavior of this daemon set. */
  readonly spec?: DaemonSetSpec;
  /** The current status of this daemon set. */
  readonly status?: DaemonSetStatus;
}

/** DaemonSetCondition describes the state of a DaemonSet at a certain point. */
export interface DaemonSetCondition {
  /** Last time the condition transitioned from one status to another. */
  readonly lastTransitionTime?: string;
  /** A human readable message indicating details about the transition. */
  readonly message?: string;
  /** The reason for the condition's last transition. */
  readonly reason?: string;
  /** Status of the condition, one of True, False, Unknown. */
  readonly status: string;
  /** Type of DaemonSet condition. */
  readonly type: string;
}

/** DaemonSetSpec is the specification of a daemon set. */
export interface DaemonSetSpec {
  /** The minimum number of seconds for which a newly created DaemonSet pod should be ready without any of its container crashing, for it to be considered available. */
  readonly minReadySeconds?: number;
  /** The number of old history to retain to allow rollback. */
  readonly revisionHistoryLimit?: number;
  /** A label query over pods that are managed by the daemon set. */
  readonly selector: LabelSelector;
  /** An object that describes the pod that will be created. */
  readonly template: PodTemplateSpec;
  /** An update strategy to replace existing DaemonSet pods with new pods. */
  readonly updateStrategy?: DaemonSetUpdateStrategy;
}

/** DaemonSetStatus represents the current status of a daemon set. */
export interface DaemonSetStatus {
  /** Count of hash collisions for the DaemonSet. */
  readonly collisionCount?: number;
  /** Represents the latest available observations of a DaemonSet's current state. */
  readonly conditions?: readonly DaemonSetCondition[];
  /** The number of nodes that are running at least 1 daemon pod and are supposed to run the daemon pod. */
  readonly currentNumberScheduled: number;
  /** The total number of nodes that should be running the daemon pod (including nodes correctly running the daemon pod). */
  readonly desiredNumberScheduled: number;
  /** The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and available (ready for at least spec.minReadySeconds) */
  readonly numberAvailable?: number;
  /** The number of nodes that are running the daemon pod, but are not supposed to run the daemon pod. */
  readonly numberMisscheduled: number;
  /** numberReady is the number of nodes that should be running the daemon pod and have one or more of the daemon pod running with a Ready Condition. */
  readonly numberReady: number;
  /** The number of nodes that should be running the daemon pod and have none of the daemon pod running and available (ready for at least spec.minReadySeconds) */
  readonly numberUnavailable?: number;
  /** The most recent generation observed by the daemon set controller. */
  readonly observedGeneration?: number;
  /** The total number of nodes that are running updated daemon pod */
  readonly updatedNumberScheduled?: number;
}

/** DaemonSetUpdateStrategy is a struct used to control the update strategy for a DaemonSet. */
export interface DaemonSetUpdateStrategy {
  /** Rolling update config params. */
  readonly rollingUpdate?: RollingUpdateDaemonSet;
  /** Type of daemon set update. */
  readonly type?: 'OnDelete' | 'RollingUpdate';
}

/** Deployment enables declarative updates for Pods and ReplicaSets. */
export interface Deployment extends KubeObject {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'Deployment';
  readonly metadata: ObjectMeta;
  /** Specification of the desired behavior of the Deployment. */
  readonly spec?: DeploymentSpec;
  /** Most recently observed status of the Deployment. */
  readonly status?: DeploymentStatus;
}

/** DeploymentCondition describes the state of a deployment at a certain point. */
export interface DeploymentCondition {
  /** Last time the condition transitioned from one status to another. */
  readonly lastTransitionTime?: string;
  /** The last time this condition was updated. */
  readonly lastUpdateTime?: string;
  /** A human readable message indicating details about the transition. */
  readonly message?: string;
  /** The reason for the condition's last transition. */
  readonly reason?: string;
  /** Status of the condition, one of True, False, Unknown. */
  readonly status: string;
  /** Type of deployment condition. */
  readonly type: string;
}

/** DeploymentSpec is the specification of the desired behavior of the Deployment. */
export interface DeploymentSpec {
  /** Minimum number of seconds for which a newly created pod should be ready without any of its container crashing, for it to be considered available. */
  readonly minReadySeconds?: number;
  /** Indicates that the deployment is paused. */
  readonly paused?: boolean;
  /** The maximum time in seconds for a deployment to make progress before it is considered to be failed. */
  readonly progressDeadlineSeconds?: number;
  /** Number of desired pods. */
  readonly replicas?: number;
  /** The number of old ReplicaSets to retain to allow rollback. */
  readonly revisionHistoryLimit?: number;
  /** Label selector for pods. */
  readonly selector: LabelSelector;
  /** The deployment strategy to use to replace existing pods with new ones. */
  readonly strategy?: DeploymentStrategy;
  /** Template describes the pods that will be created. */
  readonly template: PodTemplateSpec;
}

/** DeploymentStatus is the most recently observed status of the Deployment. */
export interface DeploymentStatus {
  /** Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by this deployment. */
  readonly availableReplicas?: number;
  /** Count of hash collisions for the Deployment. */
  readonly collisionCount?: number;
  /** Represents the latest available observations of a deployment's current state. */
  readonly conditions?: readonly DeploymentCondition[];
  /** The generation observed by the deployment controller. */
  readonly observedGeneration?: number;
  /** Total number of non-terminating pods targeted by this Deployment with a Ready Condition. */
  readonly readyReplicas?: number;
  /** Total number of non-terminating pods targeted by this deployment (their labels match the selector). */
  readonly replicas?: number;
  /** Total number of terminating pods targeted by this deployment. */
  readonly terminatingReplicas?: number;
  /** Total number of unavailable pods targeted by this deployment. */
  readonly unavailableReplicas?: number;
  /** Total number of non-terminating pods targeted by this deployment that have the desired template spec. */
  readonly updatedReplicas?: number;
}

/** DeploymentStrategy describes how to replace existing pods with new ones. */
export interface DeploymentStrategy {
  /** Rolling update config params. */
  readonly rollingUpdate?: RollingUpdateDeployment;
  /** Type of deployment. */
  readonly type?: 'Recreate' | 'RollingUpdate';
}

/** Represents downward API info for projecting into a projected volume. */
export interface DownwardAPIProjection {
  /** Items is a list of DownwardAPIVolume file */
  readonly items?: readonly DownwardAPIVolumeFile[];
}

/** DownwardAPIVolumeFile represents information to create the file containing the pod field */
export interface DownwardAPIVolumeFile {
  /** Required: Selects a field of the pod: only annotations, labels, name, namespace and uid are supported. */
  readonly fieldRef?: ObjectFieldSelector;
  /** Optional: mode bits used to set permissions on this file, must be an octal value between 0000 and 0777 or a decimal value between 0 and 511. */
  readonly mode?: number;
  /** Required: Path is the relative path name of the file to be created. */
  readonly path: string;
  /** Selects a resource of the container: only resources limits and requests (limits.cpu, limits.memory, requests.cpu and requests.memory) are currently supported. */
  readonly resourceFieldRef?: ResourceFieldSelector;
}

/** DownwardAPIVolumeSource represents a volume containing downward API info. */
export interface DownwardAPIVolumeSource {
  /** Optional: mode bits to use on created files by default. */
  readonly defaultMode?: number;
  /** Items is a list of downward API volume file */
  readonly items?: readonly DownwardAPIVolumeFile[];
}

/** Represents an empty directory for a pod. */
export interface EmptyDirVolumeSource {
  /** medium represents what type of storage medium should back this directory. */
  readonly medium?: string;
  /** sizeLimit is the total amount of local storage required for this EmptyDir volume. */
  readonly sizeLimit?: Quantity;
}

/** Endpoint represents a single logical "backend" implementing a service. */
export interface Endpoint {
  /** addresses of this endpoint. */
  readonly addresses: readonly string[];
  /** conditions contains information about the current status of the endpoint. */
  readonly conditions?: EndpointConditions;
  /** deprecatedTopology contains topology information part of the v1beta1 API. */
  readonly deprecatedTopology?: Readonly<Record<string, string>>;
  /** hints contains information associated with how an endpoint should be consumed. */
  readonly hints?: EndpointHints;
  /** hostname of this endpoint. */
  readonly hostname?: string;
  /** nodeName represents the name of the Node hosting this endpoint. */
  readonly nodeName?: string;
  /** targetRef is a reference to a Kubernetes object that represents this endpoint. */
  readonly targetRef?: ObjectReference;
  /** zone is the name of the Zone this endpoint exists in. */
  readonly zone?: string;
}

/** EndpointAddress is a tuple that describes single IP address. */
export interface EndpointAddress {
  /** The Hostname of this endpoint */
  readonly hostname?: string;
  /** The IP of this endpoint. */
  readonly ip: string;
  /** Optional: Node hosting this endpoint. */
  readonly nodeName?: string;
  /** Reference to object providing the endpoint. */
  readonly targetRef?: ObjectReference;
}

/** EndpointConditions represents the current condition of an endpoint. */
export interface EndpointConditions {
  /** ready indicates that this endpoint is ready to receive traffic, according to whatever system is managing the endpoint. */
  readonly ready?: boolean;
  /** serving indicates that this endpoint is able to receive traffic, according to whatever system is managing the endpoint. */
  readonly serving?: boolean;
  /** terminating indicates that this endpoint is terminating. */
  readonly terminating?: boolean;
}

/** EndpointHints provides hints describing how an endpoint should be consumed. */
export interface EndpointHints {
  /** forNodes indicates the node(s) this endpoint should be consumed by when using topology aware routing. */
  readonly forNodes?: readonly ForNode[];
  /** forZones indicates the zone(s) this endpoint should be consumed by when using topology aware routing. */
  readonly forZones?: readonly ForZone[];
}

/** EndpointPort represents a Port used by an EndpointSlice */
export interface EndpointPort {
  /** The application protocol for this port. */
  readonly appProtocol?: string;
  /** name represents the name of this port. */
  readonly name?: string;
  /** port represents the port number of the endpoint. */
  readonly port?: number;
  /** protocol represents the IP protocol for this port. */
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP';
}

/** EndpointSlice represents a set of service endpoints. */
export interface EndpointSlice extends KubeObject {
  /** addressType specifies the type of address carried by this EndpointSlice. */
  readonly addressType: 'FQDN' | 'IPv4' | 'IPv6';
  readonly apiVersion: 'discovery.k8s.io/v1';
  /** endpoints is a list of unique endpoints in this slice. */
  readonly endpoints?: readonly Endpoint[];
  readonly kind: 'EndpointSlice';
  readonly metadata: ObjectMeta;
  /** ports specifies the list of network ports exposed by each endpoint in this slice. */
  readonly ports?: readonly EndpointPort[];
}

/** EndpointSubset is a group of addresses with a common set of ports. */
export interface EndpointSubset {
  /** IP addresses which offer the related ports that are marked as ready. */
  readonly addresses?: readonly EndpointAddress[];
  /** IP addresses which offer the related ports but are not currently marked as ready because they have not yet finished starting, have recently failed a readiness check, or have recently failed a liveness check. */
  readonly notReadyAddresses?: readonly EndpointAddress[];
  /** Port numbers available on the related IP addresses. */
  readonly ports?: readonly EndpointsPort[];
}

/** Endpoints is a collection of endpoints that implement the actual service. */
export interface Endpoints extends KubeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Endpoints';
  readonly metadata: ObjectMeta;
  /** The set of all endpoints is the union of all subsets. */
  readonly subsets?: readonly EndpointSubset[];
}

/** EndpointPort is a tuple that describes a single port. */
export interface EndpointsPort {
  /** The application protocol for this port. */
  readonly appProtocol?: string;
  /** The name of this port. */
  readonly name?: string;
  /** The port number of the endpoint. */
  readonly port: number;
  /** The IP protocol for this port. */
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP';
}

/** EnvFromSource represents the source of a set of ConfigMaps or Secrets */
export interface EnvFromSource {
  /** The ConfigMap to select from */
  readonly configMapRef?: ConfigMapEnvSource;
  /** Optional text to prepend to the name of each environment variable. */
  readonly prefix?: string;
  /** The Secret to select from */
  readonly secretRef?: SecretEnvSource;
}

/** EnvVar represents an environment variable present in a Container. */
export interface EnvVar {
  /** Name of the environment variable. */
  readonly name: string;
  /** Variable references $(VAR_NAME) are expanded using the previously defined environment variables in the container and any service environment variables. */
  readonly value?: string;
  /** Source for the environment variable's value. */
  readonly valueFrom?: EnvVarSource;
}

/** EnvVarSource represents a source for the value of an EnvVar. */
export interface EnvVarSource {
  /** Selects a key of a ConfigMap. */
  readonly configMapKeyRef?: ConfigMapKeySelector;
  /** Selects a field of the pod: supports metadata.name, metadata.namespace, `metadata.labels['<KEY>']`, `metadata.annotations['<KEY>']`, spec.nodeName, spec.serviceAccountName, status.hostIP, status.podIP, status.podIPs. */
  readonly fieldRef?: ObjectFieldSelector;
  /** FileKeyRef selects a key of the env file. */
  readonly fileKeyRef?: FileKeySelector;
  /** Selects a resource of the container: only resources limits and requests (limits.cpu, limits.memory, limits.ephemeral-storage, requests.cpu, requests.memory and requests.ephemeral-storage) are currently supported. */
  readonly resourceFieldRef?: ResourceFieldSelector;
  /** Selects a key of a secret in the pod's namespace */
  readonly secretKeyRef?: SecretKeySelector;
}

/** An EphemeralContainer is a temporary container that you may add to an existing Pod for user-initiated activities such as debugging. */
export interface EphemeralContainer {
  /** Arguments to the entrypoint. */
  readonly args?: readonly string[];
  /** Entrypoint array. */
  readonly command?: readonly string[];
  /** List of environment variables to set in the container. */
  readonly env?: readonly EnvVar[];
  /** List of sources to populate environment variables in the container. */
  readonly envFrom?: readonly EnvFromSource[];
  /** Container image name. */
  readonly image?: string;
  /** Image pull policy. */
  readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Lifecycle is not allowed for ephemeral containers. */
  readonly lifecycle?: Lifecycle;
  /** Probes are not allowed for ephemeral containers. */
  readonly livenessProbe?: Probe;
  /** Name of the ephemeral container specified as a DNS_LABEL. */
  readonly name: string;
  /** Ports are not allowed for ephemeral containers. */
  readonly ports?: readonly ContainerPort[];
  /** Probes are not allowed for ephemeral containers. */
  readonly readinessProbe?: Probe;
  /** Resources resize policy for the container. */
  readonly resizePolicy?: readonly ContainerResizePolicy[];
  /** Resources are not allowed for ephemeral containers. */
  readonly resources?: ResourceRequirements;
  /** Restart policy for the container to manage the restart behavior of each container within a pod. */
  readonly restartPolicy?: string;
  /** Represents a list of rules to be checked to determine if the container should be restarted on exit. */
  readonly restartPolicyRules?: readonly ContainerRestartRule[];
  /** Optional: SecurityContext defines the security options the ephemeral container should be run with. */
  readonly securityContext?: SecurityContext;
  /** Probes are not allowed for ephemeral containers. */
  readonly startupProbe?: Probe;
  /** Whether this container should allocate a buffer for stdin in the container runtime. */
  readonly stdin?: boolean;
  /** Whether the container runtime should close the stdin channel after it has been opened by a single attach. */
  readonly stdinOnce?: boolean;
  /** If set, the name of the container from PodSpec that this ephemeral container targets. */
  readonly targetContainerName?: string;
  /** Optional: Path at which the file to which the container's termination message will be written is mounted into the container's filesystem. */
  readonly terminationMessagePath?: string;
  /** Indicate how the termination message should be populated. */
  readonly terminationMessagePolicy?: 'FallbackToLogsOnError' | 'File';
  /** Whether this container should allocate a TTY for itself, also requires 'stdin' to be true. */
  readonly tty?: boolean;
  /** volumeDevices is the list of block devices to be used by the container. */
  readonly volumeDevices?: readonly VolumeDevice[];
  /** Pod volumes to mount into the container's filesystem. */
  readonly volumeMounts?: readonly VolumeMount[];
  /** Container's working directory. */
  readonly workingDir?: string;
}

/** Represents an ephemeral volume that is handled by a normal storage driver. */
export interface EphemeralVolumeSource {
  /** Will be used to create a stand-alone PVC to provision the volume. */
  readonly volumeClaimTemplate?: PersistentVolumeClaimTemplate;
}

/** Event is a report of an event somewhere in the cluster. */
export interface Event extends KubeObject {
  /** action is what action was taken/failed regarding to the regarding object. */
  readonly action?: string;
  readonly apiVersion: 'events.k8s.io/v1';
  /** deprecatedCount is the deprecated field assuring backward compatibility with core.v1 Event type. */
  readonly deprecatedCount?: number;
  /** deprecatedFirstTimestamp is the deprecated field assuring backward compatibility with core.v1 Event type. */
  readonly deprecatedFirstTimestamp?: string;
  /** deprecatedLastTimestamp is the deprecated field assuring backward compatibility with core.v1 Event type. */
  readonly deprecatedLastTimestamp?: string;
  /** deprecatedSource is the deprecated field assuring backward compatibility with core.v1 Event type. */
  readonly deprecatedSource?: EventSource;
  /** eventTime is the time when this Event was first observed. */
  readonly eventTime: string;
  readonly kind: 'Event';
  readonly metadata: ObjectMeta;
  /** note is a human-readable description of the status of this operation. */
  readonly note?: string;
  /** reason is why the action was taken. */
  readonly reason?: string;
  /** regarding contains the object this Event is about. */
  readonly regarding?: ObjectReference;
  /** related is the optional secondary object for more complex actions. */
  readonly related?: ObjectReference;
  /** reportingController is the name of the controller that emitted this Event, e.g. `kubernetes.io/kubelet`. */
  readonly reportingController?: string;
  /** reportingInstance is the ID of the controller instance, e.g. `kubelet-xyzf`. */
  readonly reportingInstance?: string;
  /** series is data about the Event series this event represents or nil if it's a singleton Event. */
  readonly series?: EventSeries;
  /** type is the type of this event (Normal, Warning), new types could be added in the future. */
  readonly type?: string;
}

/** EventSeries contain information on series of events, i.e. thing that was/is happening continuously for some time. */
export interface EventSeries {
  /** count is the number of occurrences in this series up to the last heartbeat time. */
  readonly count: number;
  /** lastObservedTime is the time when last Event from the series was seen before last heartbeat. */
  readonly lastObservedTime: string;
}

/** EventSource contains information for an event. */
export interface EventSource {
  /** Component from which the event is generated. */
  readonly component?: string;
  /** Node name on which the event is generated. */
  readonly host?: string;
}

/** ExecAction describes a "run in container" action. */
export interface ExecAction {
  /** Command is the command line to execute inside the container, the working directory for the command is root ('/') in the container's filesystem. */
  readonly command?: readonly string[];
}

/** ExpressionWarning is a warning information that targets a specific expression. */
export interface ExpressionWarning {
  /** fieldRef is the path to the field that refers to the expression. */
  readonly fieldRef: string;
  /** warning contains the content of type checking information in a human-readable form. */
  readonly warning: string;
}

/** ExternalDocumentation allows referencing an external resource for extended documentation. */
export interface ExternalDocumentation {
  readonly description?: string;
  readonly url?: string;
}

/** ExternalMetricSource indicates how to scale on a metric not associated with any Kubernetes object (for example length of queue in cloud messaging service, or QPS from loadbalancer running outside of cluster). */
export interface ExternalMetricSource {
  /** metric identifies the target metric by name and selector */
  readonly metric: MetricIdentifier;
  /** target specifies the target value for the given metric */
  readonly target: MetricTarget;
}

/** ExternalMetricStatus indicates the current value of a global metric not associated with any Kubernetes object. */
export interface ExternalMetricStatus {
  /** current contains the current value for the given metric */
  readonly current: MetricValueStatus;
  /** metric identifies the target metric by name and selector */
  readonly metric: MetricIdentifier;
}

/** Represents a Fibre Channel volume. */
export interface FCVolumeSource {
  /** fsType is the filesystem type to mount. */
  readonly fsType?: string;
  /** lun is Optional: FC target lun number */
  readonly lun?: number;
  /** readOnly is Optional: Defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** targetWWNs is Optional: FC target worldwide names (WWNs) */
  readonly targetWWNs?: readonly string[];
  /** wwids Optional: FC volume world wide identifiers (wwids) Either wwids or combination of targetWWNs and lun must be set, but not both simultaneously. */
  readonly wwids?: readonly string[];
}

/** FieldSelectorAttributes indicates a field limited access. */
export interface FieldSelectorAttributes {
  /** rawSelector is the serialization of a field selector that would be included in a query parameter. */
  readonly rawSelector?: string;
  /** requirements is the parsed interpretation of a field selector. */
  readonly requirements?: readonly FieldSelectorRequirement[];
}

/** FieldSelectorRequirement is a selector that contains values, a key, and an operator that relates the key and values. */
export interface FieldSelectorRequirement {
  /** key is the field selector key that the requirement applies to. */
  readonly key: string;
  /** operator represents a key's relationship to a set of values. */
  readonly operator: string;
  /** values is an array of string values. */
  readonly values?: readonly string[];
}

/** FileKeySelector selects a key of the env file. */
export interface FileKeySelector {
  /** The key within the env file. */
  readonly key: string;
  /** Specify whether the file or its key must be defined. */
  readonly optional?: boolean;
  /** The path within the volume from which to select the file. */
  readonly path: string;
  /** The name of the volume mount containing the env file. */
  readonly volumeName: string;
}

/** FlexPersistentVolumeSource represents a generic persistent volume resource that is provisioned/attached using an exec based plugin. */
export interface FlexPersistentVolumeSource {
  /** driver is the name of the driver to use for this volume. */
  readonly driver: string;
  /** fsType is the Filesystem type to mount. */
  readonly fsType?: string;
  /** options is Optional: this field holds extra command options if any. */
  readonly options?: Readonly<Record<string, string>>;
  /** readOnly is Optional: defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretRef is Optional: SecretRef is reference to the secret object containing sensitive information to pass to the plugin scripts. */
  readonly secretRef?: SecretReference;
}

/** FlexVolume represents a generic volume resource that is provisioned/attached using an exec based plugin. */
export interface FlexVolumeSource {
  /** driver is the name of the driver to use for this volume. */
  readonly driver: string;
  /** fsType is the filesystem type to mount. */
  readonly fsType?: string;
  /** options is Optional: this field holds extra command options if any. */
  readonly options?: Readonly<Record<string, string>>;
  /** readOnly is Optional: defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretRef is Optional: secretRef is reference to the secret object containing sensitive information to pass to the plugin scripts. */
  readonly secretRef?: LocalObjectReference;
}

/** Represents a Flocker volume mounted by the Flocker agent. */
export interface FlockerVolumeSource {
  /** datasetName is Name of the dataset stored as metadata -> name on the dataset for Flocker should be considered as deprecated */
  readonly datasetName?: string;
  /** datasetUUID is the UUID of the dataset. */
  readonly datasetUUID?: string;
}

/** ForNode provides information about which nodes should consume this endpoint. */
export interface ForNode {
  /** name represents the name of the node. */
  readonly name: string;
}

/** ForZone provides information about which zones should consume this endpoint. */
export interface ForZone {
  /** name represents the name of the zone. */
  readonly name: string;
}

/** Represents a Persistent Disk resource in Google Compute Engine. */
export interface GCEPersistentDiskVolumeSource {
  /** fsType is filesystem type of the volume that you want to mount. */
  readonly fsType?: string;
  /** partition is the partition in the volume that you want to mount. */
  readonly partition?: number;
  /** pdName is unique name of the PD resource in GCE. */
  readonly pdName: string;
  /** readOnly here will force the ReadOnly setting in VolumeMounts. */
  readonly readOnly?: boolean;
}

/** GRPCAction specifies an action involving a GRPC service. */
export interface GRPCAction {
  /** Port number of the gRPC service. */
  readonly port: number;
  /** Service is the name of the service to place in the gRPC HealthCheckRequest (see https://github.com/grpc/grpc/blob/master/doc/health-checking.md). */
  readonly service?: string;
}

/** Represents a volume that is populated with the contents of a git repository. */
export interface GitRepoVolumeSource {
  /** directory is the target directory name. */
  readonly directory?: string;
  /** repository is the URL */
  readonly repository: string;
  /** revision is the commit hash for the specified revision. */
  readonly revision?: string;
}

/** Represents a Glusterfs mount that lasts the lifetime of a pod. */
export interface GlusterfsPersistentVolumeSource {
  /** endpoints is the endpoint name that details Glusterfs topology. */
  readonly endpoints: string;
  /** endpointsNamespace is the namespace that contains Glusterfs endpoint. */
  readonly endpointsNamespace?: string;
  /** path is the Glusterfs volume path. */
  readonly path: string;
  /** readOnly here will force the Glusterfs volume to be mounted with read-only permissions. */
  readonly readOnly?: boolean;
}

/** Represents a Glusterfs mount that lasts the lifetime of a pod. */
export interface GlusterfsVolumeSource {
  /** endpoints is the endpoint name that details Glusterfs topology. */
  readonly endpoints: string;
  /** path is the Glusterfs volume path. */
  readonly path: string;
  /** readOnly here will force the Glusterfs volume to be mounted with read-only permissions. */
  readonly readOnly?: boolean;
}

/** HPAScalingPolicy is a single policy which must hold true for a specified past interval. */
export interface HPAScalingPolicy {
  /** periodSeconds specifies the window of time for which the policy should hold true. */
  readonly periodSeconds: number;
  /** type is used to specify the scaling policy. */
  readonly type: string;
  /** value contains the amount of change which is permitted by the policy. */
  readonly value: number;
}

/** HPAScalingRules configures the scaling behavior for one direction via scaling Policy Rules and a configurable metric tolerance. */
export interface HPAScalingRules {
  /** policies is a list of potential scaling polices which can be used during scaling. */
  readonly policies?: readonly HPAScalingPolicy[];
  /** selectPolicy is used to specify which policy should be used. */
  readonly selectPolicy?: string;
  /** stabilizationWindowSeconds is the number of seconds for which past recommendations should be considered while scaling up or scaling down. */
  readonly stabilizationWindowSeconds?: number;
  /** tolerance is the tolerance on the ratio between the current and desired metric value under which no updates are made to the desired number of replicas (e.g. 0.01 for 1%). */
  readonly tolerance?: Quantity;
}

/** HTTPGetAction describes an action based on HTTP Get requests. */
export interface HTTPGetAction {
  /** Host name to connect to, defaults to the pod IP. */
  readonly host?: string;
  /** Custom headers to set in the request. */
  readonly httpHeaders?: readonly HTTPHeader[];
  /** Path to access on the HTTP server. */
  readonly path?: string;
  /** Name or number of the port to access on the container. */
  readonly port: IntOrString;
  /** Scheme to use for connecting to the host. */
  readonly scheme?: 'HTTP' | 'HTTPS';
}

/** HTTPHeader describes a custom header to be used in HTTP probes */
export interface HTTPHeader {
  /** The header field name. */
  readonly name: string;
  /** The header field value */
  readonly value: string;
}

/** HTTPIngressPath associates a path with a backend. */
export interface HTTPIngressPath {
  /** backend defines the referenced service endpoint to which the traffic will be forwarded to. */
  readonly backend: IngressBackend;
  /** path is matched against the path of an incoming request. */
  readonly path?: string;
  /** pathType determines the interpretation of the path matching. */
  readonly pathType: 'Exact' | 'ImplementationSpecific' | 'Prefix';
}

/** HTTPIngressRuleValue is a list of http selectors pointing to backends. */
export interface HTTPIngressRuleValue {
  /** paths is a collection of paths that map requests to backends. */
  readonly paths: readonly HTTPIngressPath[];
}

/** HorizontalPodAutoscaler is the configuration for a horizontal pod autoscaler, which automatically manages the replica count of any resource implementing the scale subresource based on the metrics specified. */
export interface HorizontalPodAutoscaler extends KubeObject {
  readonly apiVersion: 'autoscaling/v2';
  readonly kind: 'HorizontalPodAutoscaler';
  readonly metadata: ObjectMeta;
  /** spec is the specification for the behaviour of the autoscaler. */
  readonly spec: HorizontalPodAutoscalerSpec;
  /** status is the current information about the autoscaler. */
  readonly status?: HorizontalPodAutoscalerStatus;
}

/** HorizontalPodAutoscalerBehavior configures the scaling behavior of the target in both Up and Down directions (scaleUp and scaleDown fields respectively). */
export interface HorizontalPodAutoscalerBehavior {
  /** scaleDown is scaling policy for scaling Down. */
  readonly scaleDown?: HPAScalingRules;
  /** scaleUp is scaling policy for scaling Up. */
  readonly scaleUp?: HPAScalingRules;
}

/** HorizontalPodAutoscalerCondition describes the state of a HorizontalPodAutoscaler at a certain point. */
export interface HorizontalPodAutoscalerCondition {
  /** lastTransitionTime is the last time the condition transitioned from one status to another */
  readonly lastTransitionTime?: string;
  /** message is a human-readable explanation containing details about the transition */
  readonly message?: string;
  /** reason is the reason for the condition's last transition. */
  readonly reason?: string;
  /** status is the status of the condition (True, False, Unknown) */
  readonly status: string;
  /** type describes the current condition */
  readonly type: string;
}

/** HorizontalPodAutoscalerSpec describes the desired functionality of the HorizontalPodAutoscaler. */
export interface HorizontalPodAutoscalerSpec {
  /** behavior configures the scaling behavior of the target in both Up and Down directions (scaleUp and scaleDown fields respectively). */
  readonly behavior?: HorizontalPodAutoscalerBehavior;
  /** maxReplicas is the upper limit for the number of replicas to which the autoscaler can scale up. */
  readonly maxReplicas: number;
  /** metrics contains the specifications for which to use to calculate the desired replica count (the maximum replica count across all metrics will be used). */
  readonly metrics?: readonly MetricSpec[];
  /** minReplicas is the lower limit for the number of replicas to which the autoscaler can scale down. */
  readonly minReplicas?: number;
  /** scaleTargetRef points to the target resource to scale, and is used to the pods for which metrics should be collected, as well as to actually change the replica count. */
  readonly scaleTargetRef: CrossVersionObjectReference;
}

/** HorizontalPodAutoscalerStatus describes the current status of a horizontal pod autoscaler. */
export interface HorizontalPodAutoscalerStatus {
  /** conditions is the set of conditions required for this autoscaler to scale its target, and indicates whether or not those conditions are met. */
  readonly conditions?: readonly HorizontalPodAutoscalerCondition[];
  /** currentMetrics is the last read state of the metrics used by this autoscaler. */
  readonly currentMetrics?: readonly MetricStatus[];
  /** currentReplicas is current number of replicas of pods managed by this autoscaler, as last seen by the autoscaler. */
  readonly currentReplicas?: number;
  /** desiredReplicas is the desired number of replicas of pods managed by this autoscaler, as last calculated by the autoscaler. */
  readonly desiredReplicas: number;
  /** lastScaleTime is the last time the HorizontalPodAutoscaler scaled the number of pods, used by the autoscaler to control how often the number of pods is changed. */
  readonly lastScaleTime?: string;
  /** observedGeneration is the most recent generation observed by this autoscaler. */
  readonly observedGeneration?: number;
}

/** HostAlias holds the mapping between IP and hostnames that will be injected as an entry in the pod's hosts file. */
export interface HostAlias {
  /** Hostnames for the above IP address. */
  readonly hostnames?: readonly string[];
  /** IP address of the host file entry. */
  readonly ip: string;
}

/** HostIP represents a single IP address allocated to the host. */
export interface HostIP {
  /** IP is the IP address assigned to the host */
  readonly ip: string;
}

/** Represents a host path mapped into a pod. */
export interface HostPathVolumeSource {
  /** path of the directory on the host. */
  readonly path: string;
  /** type for HostPath Volume Defaults to "" More info: https://kubernetes.io/docs/concepts/storage/volumes#hostpath Possible enum values: - `""` For backwards compatible, leave it empty if unset - `"BlockDevice"` A block device must exist at the given path - `"CharDevice"` A character device must exist at the given path - `"Directory"` A directory must exist at the given path - `"DirectoryOrCreate"` If nothing exists at the given path, an empty directory will be created there as needed with file mode 0755, having the same group and ownership with Kubelet. - `"File"` A file must exist at the given path - `"FileOrCreate"` If nothing exists at the given path, an empty file will be created there as needed with file mode 0644, having the same group and ownership with Kubelet. - `"Socket"` A UNIX socket must exist at the given path */
  readonly type?: '' | 'BlockDevice' | 'CharDevice' | 'Directory' | 'DirectoryOrCreate' | 'File' | 'FileOrCreate' | 'Socket';
}

/** IPBlock describes a particular CIDR (Ex. */
export interface IPBlock {
  /** cidr is a string representing the IPBlock Valid examples are "192.168.1.0/24" or "2001:db8::/64" */
  readonly cidr: string;
  /** except is a slice of CIDRs that should not be included within an IPBlock Valid examples are "192.168.1.0/24" or "2001:db8::/64" Except values will be rejected if they are outside the cidr range */
  readonly except?: readonly string[];
}

/** ISCSIPersistentVolumeSource represents an ISCSI disk. */
export interface ISCSIPersistentVolumeSource {
  /** chapAuthDiscovery defines whether support iSCSI Discovery CHAP authentication */
  readonly chapAuthDiscovery?: boolean;
  /** chapAuthSession defines whether support iSCSI Session CHAP authentication */
  readonly chapAuthSession?: boolean;
  /** fsType is the filesystem type of the volume that you want to mount. */
  readonly fsType?: string;
  /** initiatorName is the custom iSCSI Initiator Name. */
  readonly initiatorName?: string;
  /** iqn is Target iSCSI Qualified Name. */
  readonly iqn: string;
  /** iscsiInterface is the interface Name that uses an iSCSI transport. */
  readonly iscsiInterface?: string;
  /** lun is iSCSI Target Lun number. */
  readonly lun: number;
  /** portals is the iSCSI Target Portal List. */
  readonly portals?: readonly string[];
  /** readOnly here will force the ReadOnly setting in VolumeMounts. */
  readonly readOnly?: boolean;
  /** secretRef is the CHAP Secret for iSCSI target and initiator authentication */
  readonly secretRef?: SecretReference;
  /** targetPortal is iSCSI Target Portal. */
  readonly targetPortal: string;
}

/** Represents an ISCSI disk. */
export interface ISCSIVolumeSource {
  /** chapAuthDiscovery defines whether support iSCSI Discovery CHAP authentication */
  readonly chapAuthDiscovery?: boolean;
  /** chapAuthSession defines whether support iSCSI Session CHAP authentication */
  readonly chapAuthSession?: boolean;
  /** fsType is the filesystem type of the volume that you want to mount. */
  readonly fsType?: string;
  /** initiatorName is the custom iSCSI Initiator Name. */
  readonly initiatorName?: string;
  /** iqn is the target iSCSI Qualified Name. */
  readonly iqn: string;
  /** iscsiInterface is the interface Name that uses an iSCSI transport. */
  readonly iscsiInterface?: string;
  /** lun represents iSCSI Target Lun number. */
  readonly lun: number;
  /** portals is the iSCSI Target Portal List. */
  readonly portals?: readonly string[];
  /** readOnly here will force the ReadOnly setting in VolumeMounts. */
  readonly readOnly?: boolean;
  /** secretRef is the CHAP Secret for iSCSI target and initiator authentication */
  readonly secretRef?: LocalObjectReference;
  /** targetPortal is iSCSI Target Portal. */
  readonly targetPortal: string;
}

/** ImageVolumeSource represents a image volume resource. */
export interface ImageVolumeSource {
  /** Policy for pulling OCI objects. */
  readonly pullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
  /** Required: Image or artifact reference to be used. */
  readonly reference?: string;
}

/** ImageVolumeStatus represents the image-based volume status. */
export interface ImageVolumeStatus {
  /** ImageRef is the digest of the image used for this volume. */
  readonly imageRef: string;
}

/** Ingress is a collection of rules that allow inbound connections to reach the endpoints defined by a backend. */
export interface Ingress extends KubeObject {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'Ingress';
  readonly metadata: ObjectMeta;
  /** spec is the desired state of the Ingress. */
  readonly spec?: IngressSpec;
  /** status is the current state of the Ingress. */
  readonly status?: IngressStatus;
}

/** IngressBackend describes all endpoints for a given service and port. */
export interface IngressBackend {
  /** resource is an ObjectRef to another Kubernetes resource in the namespace of the Ingress object. */
  readonly resource?: TypedLocalObjectReference;
  /** service references a service as a backend. */
  readonly service?: IngressServiceBackend;
}

/** IngressClass represents the class of the Ingress, referenced by the Ingress Spec. */
export interface IngressClass extends KubeObject {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'IngressClass';
  readonly metadata: ObjectMeta;
  /** spec is the desired state of the IngressClass. */
  readonly spec?: IngressClassSpec;
}

/** IngressClassParametersReference identifies an API object. */
export interface IngressClassParametersReference {
  /** apiGroup is the group for the resource being referenced. */
  readonly apiGroup?: string;
  /** kind is the type of resource being referenced. */
  readonly kind: string;
  /** name is the name of resource being referenced. */
  readonly name: string;
  /** namespace is the namespace of the resource being referenced. */
  readonly namespace?: string;
  /** scope represents if this refers to a cluster or namespace scoped resource. */
  readonly scope?: string;
}

/** IngressClassSpec provides information about the class of an Ingress. */
export interface IngressClassSpec {
  /** controller refers to the name of the controller that should handle this class. */
  readonly controller?: string;
  /** parameters is a link to a custom resource containing additional configuration for the controller. */
  readonly parameters?: IngressClassParametersReference;
}

/** IngressLoadBalancerIngress represents the status of a load-balancer ingress point. */
export interface IngressLoadBalancerIngress {
  /** hostname is set for load-balancer ingress points that are DNS based. */
  readonly hostname?: string;
  /** ip is set for load-balancer ingress points that are IP based. */
  readonly ip?: string;
  /** ports provides information about the ports exposed by this LoadBalancer. */
  readonly ports?: readonly IngressPortStatus[];
}

/** IngressLoadBalancerStatus represents the status of a load-balancer. */
export interface IngressLoadBalancerStatus {
  /** ingress is a list containing ingress points for the load-balancer. */
  readonly ingress?: readonly IngressLoadBalancerIngress[];
}

/** IngressPortStatus represents the error condition of a service port */
export interface IngressPortStatus {
  /** error is to record the problem with the service port The format of the error shall comply with the following rules: - built-in error values shall be specified in this file and those shall use CamelCase names - cloud provider specific error values must have names that comply with the format foo.example.com/CamelCase. */
  readonly error?: string;
  /** port is the port number of the ingress port. */
  readonly port: number;
  /** protocol is the protocol of the ingress port. */
  readonly protocol: 'SCTP' | 'TCP' | 'UDP';
}

/** IngressRule represents the rules mapping the paths under a specified host to the related backend services. */
export interface IngressRule {
  /** host is the fully qualified domain name of a network host, as defined by RFC 3986. */
  readonly host?: string;
  readonly http?: HTTPIngressRuleValue;
}

/** IngressServiceBackend references a Kubernetes Service as a Backend. */
export interface IngressServiceBackend {
  /** name is the referenced service. */
  readonly name: string;
  /** port of the referenced service. */
  readonly port?: ServiceBackendPort;
}

/** IngressSpec describes the Ingress the user wishes to exist. */
export interface IngressSpec {
  /** defaultBackend is the backend that should handle requests that don't match any rule. */
  readonly defaultBackend?: IngressBackend;
  /** ingressClassName is the name of an IngressClass cluster resource. */
  readonly ingressClassName?: string;
  /** rules is a list of host rules used to configure the Ingress. */
  readonly rules?: readonly IngressRule[];
  /** tls represents the TLS configuration. */
  readonly tls?: readonly IngressTLS[];
}

/** IngressStatus describe the current state of the Ingress. */
export interface IngressStatus {
  /** loadBalancer contains the current status of the load-balancer. */
  readonly loadBalancer?: IngressLoadBalancerStatus;
}

/** IngressTLS describes the transport layer security associated with an ingress. */
export interface IngressTLS {
  /** hosts is a list of hosts included in the TLS certificate. */
  readonly hosts?: readonly string[];
  /** secretName is the name of the secret used to terminate TLS traffic on port 443. */
  readonly secretName?: string;
}

/** JSONSchemaProps is a JSON-Schema following Specification Draft 4 (http://json-schema.org/). */
export interface JSONSchemaProps {
  readonly $ref?: string;
  readonly $schema?: string;
  readonly additionalItems?: JSONSchemaProps | boolean;
  readonly additionalProperties?: JSONSchemaProps | boolean;
  readonly allOf?: readonly JSONSchemaProps[];
  readonly anyOf?: readonly JSONSchemaProps[];
  /** default is a default value for undefined object fields. */
  readonly default?: unknown;
  readonly definitions?: Readonly<Record<string, JSONSchemaProps>>;
  readonly dependencies?: Readonly<Record<string, JSONSchemaProps | readonly string[]>>;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly exclusiveMaximum?: boolean;
  readonly exclusiveMinimum?: boolean;
  readonly externalDocs?: ExternalDocumentation;
  /** format is an OpenAPI v3 format string. */
  readonly format?: string;
  readonly id?: string;
  readonly items?: JSONSchemaProps | readonly JSONSchemaProps[];
  readonly maxItems?: number;
  readonly maxLength?: number;
  readonly maxProperties?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minProperties?: number;
  readonly minimum?: number;
  readonly multipleOf?: number;
  readonly not?: JSONSchemaProps;
  readonly nullable?: boolean;
  readonly oneOf?: readonly JSONSchemaProps[];
  readonly pattern?: string;
  readonly patternProperties?: Readonly<Record<string, JSONSchemaProps>>;
  readonly properties?: Readonly<Record<string, JSONSchemaProps>>;
  readonly required?: readonly string[];
  readonly title?: string;
  readonly type?: string;
  readonly uniqueItems?: boolean;
  /** x-kubernetes-embedded-resource defines that the value is an embedded Kubernetes runtime.Object, with TypeMeta and ObjectMeta. */
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  /** x-kubernetes-int-or-string specifies that this value is either an integer or a string. */
  readonly 'x-kubernetes-int-or-string'?: boolean;
  /** x-kubernetes-list-map-keys annotates an array with the x-kubernetes-list-type `map` by specifying the keys used as the index of the map. */
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  /** x-kubernetes-list-type annotates an array to further describe its topology. */
  readonly 'x-kubernetes-list-type'?: string;
  /** x-kubernetes-map-type annotates an object to further describe its topology. */
  readonly 'x-kubernetes-map-type'?: string;
  /** x-kubernetes-preserve-unknown-fields stops the API server decoding step from pruning fields which are not specified in the validation schema. */
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  /** x-kubernetes-validations describes a list of validation rules written in the CEL expression language. */
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

/** Job represents the configuration of a single job. */
export interface Job extends KubeObject {
  readonly apiVersion: 'batch/v1';
  readonly kind: 'Job';
  readonly metadata: ObjectMeta;
  /** Specification of the desired behavior of a job. */
  readonly spec?: JobSpec;
  /** Current status of a job. */
  readonly status?: JobStatus;
}

/** JobCondition describes current state of a job. */
export interface JobCondition {
  /** Last time the condition was checked. */
  readonly lastProbeTime?: string;
  /** Last time the condition transit from one status to another. */
  readonly lastTransitionTime?: string;
  /** Human readable message indicating details about last transition. */
  readonly message?: string;
  /** (brief) reason for the condition's last transition. */
  readonly reason?: string;
  /** Status of the condition, one of True, False, Unknown. */
  readonly status: string;
  /** Type of job condition, Complete or Failed. */
  readonly type: string;
}

/** JobSpec describes how the job execution will look like. */
export interface JobSpec {
  /** Specifies the duration in seconds relative to the startTime that the job may be continuously active before the system tries to terminate it; value must be positive integer. */
  readonly activeDeadlineSeconds?: number;
  /** Specifies the number of retries before marking this job failed. */
  readonly backoffLimit?: number;
  /** Specifies the limit for the number of retries within an index before marking this index as failed. */
  readonly backoffLimitPerIndex?: number;
  /** completionMode specifies how Pod completions are tracked. */
  readonly completionMode?: 'Indexed' | 'NonIndexed';
  /** Specifies the desired number of successfully finished pods the job should be run with. */
  readonly completions?: number;
  /** ManagedBy field indicates the controller that manages a Job. */
  readonly managedBy?: string;
  /** manualSelector controls generation of pod labels and pod selectors. */
  readonly manualSelector?: boolean;
  /** Specifies the maximal number of failed indexes before marking the Job as failed, when backoffLimitPerIndex is set. */
  readonly maxFailedIndexes?: number;
  /** Specifies the maximum desired number of pods the job should run at any given time. */
  readonly parallelism?: number;
  /** Specifies the policy of handling failed pods. */
  readonly podFailurePolicy?: PodFailurePolicy;
  /** podReplacementPolicy specifies when to create replacement Pods. */
  readonly podReplacementPolicy?: 'Failed' | 'TerminatingOrFailed';
  /** A label query over pods that should match the pod count. */
  readonly selector?: LabelSelector;
  /** successPolicy specifies the policy when the Job can be declared as succeeded. */
  readonly successPolicy?: SuccessPolicy;
  /** suspend specifies whether the Job controller should create Pods or not. */
  readonly suspend?: boolean;
  /** Describes the pod that will be created when executing a job. */
  readonly template: PodTemplateSpec;
  /** ttlSecondsAfterFinished limits the lifetime of a Job that has finished execution (either Complete or Failed). */
  readonly ttlSecondsAfterFinished?: number;
}

/** JobStatus represents the current state of a Job. */
export interface JobStatus {
  /** The number of pending and running pods which are not terminating (without a deletionTimestamp). */
  readonly active?: number;
  /** completedIndexes holds the completed indexes when .spec.completionMode = "Indexed" in a text format. */
  readonly completedIndexes?: string;
  /** Represents time when the job was completed. */
  readonly completionTime?: string;
  /** The latest available observations of an object's current state. */
  readonly conditions?: readonly JobCondition[];
  /** The number of pods which reached phase Failed. */
  readonly failed?: number;
  /** FailedIndexes holds the failed indexes when spec.backoffLimitPerIndex is set. */
  readonly failedIndexes?: string;
  /** The number of active pods which have a Ready condition and are not terminating (without a deletionTimestamp). */
  readonly ready?: number;
  /** Represents time when the job controller started processing a job. */
  readonly startTime?: string;
  /** The number of pods which reached phase Succeeded. */
  readonly succeeded?: number;
  /** The number of pods which are terminating (in phase Pending or Running and have a deletionTimestamp). */
  readonly terminating?: number;
  /** uncountedTerminatedPods holds the UIDs of Pods that have terminated but the job controller hasn't yet accounted for in the status counters. */
  readonly uncountedTerminatedPods?: UncountedTerminatedPods;
}

/** JobTemplateSpec describes the data a Job should have when created from a template */
export interface JobTemplateSpec {
  /** Standard object's metadata of the jobs created from this template. */
  readonly metadata?: Partial<ObjectMeta>;
  /** Specification of the desired behavior of the job. */
  readonly spec?: JobSpec;
}

/** Maps a string key to a path within a volume. */
export interface KeyToPath {
  /** key is the key to project. */
  readonly key: string;
  /** mode is Optional: mode bits used to set permissions on this file. */
  readonly mode?: number;
  /** path is the relative path of the file to map the key to. */
  readonly path: string;
}

/** A label selector is a label query over a set of resources. */
export interface LabelSelector {
  /** matchExpressions is a list of label selector requirements. */
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
  /** matchLabels is a map of {key,value} pairs. */
  readonly matchLabels?: Readonly<Record<string, string>>;
}

/** LabelSelectorAttributes indicates a label limited access. */
export interface LabelSelectorAttributes {
  /** rawSelector is the serialization of a field selector that would be included in a query parameter. */
  readonly rawSelector?: string;
  /** requirements is the parsed interpretation of a label selector. */
  readonly requirements?: readonly LabelSelectorRequirement[];
}

/** A label selector requirement is a selector that contains values, a key, and an operator that relates the key and values. */
export interface LabelSelectorRequirement {
  /** key is the label key that the selector applies to. */
  readonly key: string;
  /** operator represents a key's relationship to a set of values. */
  readonly operator: string;
  /** values is an array of string values. */
  readonly values?: readonly string[];
}

/** Lease defines a lease concept. */
export interface Lease extends KubeObject {
  readonly apiVersion: 'coordination.k8s.io/v1';
  readonly kind: 'Lease';
  readonly metadata: ObjectMeta;
  /** spec contains the specification of the Lease. */
  readonly spec?: LeaseSpec;
}

/** LeaseSpec is a specification of a Lease. */
export interface LeaseSpec {
  /** acquireTime is a time when the current lease was acquired. */
  readonly acquireTime?: string;
  /** holderIdentity contains the identity of the holder of a current lease. */
  readonly holderIdentity?: string;
  /** leaseDurationSeconds is a duration that candidates for a lease need to wait to force acquire it. */
  readonly leaseDurationSeconds?: number;
  /** leaseTransitions is the number of transitions of a lease between holders. */
  readonly leaseTransitions?: number;
  /** PreferredHolder signals to a lease holder that the lease has a more optimal holder and should be given up. */
  readonly preferredHolder?: string;
  /** renewTime is a time when the current holder of a lease has last updated the lease. */
  readonly renewTime?: string;
  /** Strategy indicates the strategy for picking the leader for coordinated leader election. */
  readonly strategy?: string;
}

/** Lifecycle describes actions that the management system should take in response to container lifecycle events. */
export interface Lifecycle {
  /** PostStart is called immediately after a container is created. */
  readonly postStart?: LifecycleHandler;
  /** PreStop is called immediately before a container is terminated due to an API request or management event such as liveness/startup probe failure, preemption, resource contention, etc. The handler is not called if the container crashes or exits. */
  readonly preStop?: LifecycleHandler;
  /** StopSignal defines which signal will be sent to a container when it is being stopped. */
  readonly stopSignal?: 'SIGABRT' | 'SIGALRM' | 'SIGBUS' | 'SIGCHLD' | 'SIGCLD' | 'SIGCONT' | 'SIGFPE' | 'SIGHUP' | 'SIGILL' | 'SIGINT' | 'SIGIO' | 'SIGIOT' | 'SIGKILL' | 'SIGPIPE' | 'SIGPOLL' | 'SIGPROF' | 'SIGPWR' | 'SIGQUIT' | 'SIGRTMAX' | 'SIGRTMAX-1' | 'SIGRTMAX-10' | 'SIGRTMAX-11' | 'SIGRTMAX-12' | 'SIGRTMAX-13' | 'SIGRTMAX-14' | 'SIGRTMAX-2' | 'SIGRTMAX-3' | 'SIGRTMAX-4' | 'SIGRTMAX-5' | 'SIGRTMAX-6' | 'SIGRTMAX-7' | 'SIGRTMAX-8' | 'SIGRTMAX-9' | 'SIGRTMIN' | 'SIGRTMIN+1' | 'SIGRTMIN+10' | 'SIGRTMIN+11' | 'SIGRTMIN+12' | 'SIGRTMIN+13' | 'SIGRTMIN+14' | 'SIGRTMIN+15' | 'SIGRTMIN+2' | 'SIGRTMIN+3' | 'SIGRTMIN+4' | 'SIGRTMIN+5' | 'SIGRTMIN+6' | 'SIGRTMIN+7' | 'SIGRTMIN+8' | 'SIGRTMIN+9' | 'SIGSEGV' | 'SIGSTKFLT' | 'SIGSTOP' | 'SIGSYS' | 'SIGTERM' | 'SIGTRAP' | 'SIGTSTP' | 'SIGTTIN' | 'SIGTTOU' | 'SIGURG' | 'SIGUSR1' | 'SIGUSR2' | 'SIGVTALRM' | 'SIGWINCH' | 'SIGXCPU' | 'SIGXFSZ';
}

/** LifecycleHandler defines a specific action that should be taken in a lifecycle hook. */
export interface LifecycleHandler {
  /** Exec specifies a command to execute in the container. */
  readonly exec?: ExecAction;
  /** HTTPGet specifies an HTTP GET request to perform. */
  readonly httpGet?: HTTPGetAction;
  /** Sleep represents a duration that the container should sleep. */
  readonly sleep?: SleepAction;
  /** Deprecated. */
  readonly tcpSocket?: TCPSocketAction;
}

/** LimitRange sets resource usage limits for each kind of resource in a Namespace. */
export interface LimitRange extends KubeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'LimitRange';
  readonly metadata: ObjectMeta;
  /** Spec defines the limits enforced. */
  readonly spec?: LimitRangeSpec;
}

/** LimitRangeItem defines a min/max usage limit for any resource that matches on kind. */
export interface LimitRangeItem {
  /** Default resource requirement limit value by resource name if resource limit is omitted. */
  readonly default?: Readonly<Record<string, Quantity>>;
  /** DefaultRequest is the default resource requirement request value by resource name if resource request is omitted. */
  readonly defaultRequest?: Readonly<Record<string, Quantity>>;
  /** Max usage constraints on this kind by resource name. */
  readonly max?: Readonly<Record<string, Quantity>>;
  /** MaxLimitRequestRatio if specified, the named resource must have a request and limit that are both non-zero where limit divided by request is less than or equal to the enumerated value; this represents the max burst for the named resource. */
  readonly maxLimitRequestRatio?: Readonly<Record<string, Quantity>>;
  /** Min usage constraints on this kind by resource name. */
  readonly min?: Readonly<Record<string, Quantity>>;
  /** Type of resource that this limit applies to. */
  readonly type: string;
}

/** LimitRangeSpec defines a min/max usage limit for resources that match on kind. */
export interface LimitRangeSpec {
  /** Limits is the list of LimitRangeItem objects that are enforced. */
  readonly limits: readonly LimitRangeItem[];
}

/** LinuxContainerUser represents user identity information in Linux containers */
export interface LinuxContainerUser {
  /** GID is the primary gid initially attached to the first process in the container */
  readonly gid: number;
  /** SupplementalGroups are the supplemental groups initially attached to the first process in the container */
  readonly supplementalGroups?: readonly number[];
  /** UID is the primary uid initially attached to the first process in the container */
  readonly uid: number;
}

/** LoadBalancerIngress represents the status of a load-balancer ingress point: traffic intended for the service should be sent to an ingress point. */
export interface LoadBalancerIngress {
  /** Hostname is set for load-balancer ingress points that are DNS based (typically AWS load-balancers) */
  readonly hostname?: string;
  /** IP is set for load-balancer ingress points that are IP based (typically GCE or OpenStack load-balancers) */
  readonly ip?: string;
  /** IPMode specifies how the load-balancer IP behaves, and may only be specified when the ip field is specified. */
  readonly ipMode?: string;
  /** Ports is a list of records of service ports If used, every port defined in the service should have an entry in it */
  readonly ports?: readonly PortStatus[];
}

/** LoadBalancerStatus represents the status of a load-balancer. */
export interface LoadBalancerStatus {
  /** Ingress is a list containing ingress points for the load-balancer. */
  readonly ingress?: readonly LoadBalancerIngress[];
}

/** LocalObjectReference contains enough information to let you locate the referenced object inside the same namespace. */
export interface LocalObjectReference {
  /** Name of the referent. */
  readonly name?: string;
}

/** Local represents directly-attached storage with node affinity */
export interface LocalVolumeSource {
  /** fsType is the filesystem type to mount. */
  readonly fsType?: string;
  /** path of the full path to the volume on the node. */
  readonly path: string;
}

/** MatchCondition represents a condition which must by fulfilled for a request to be sent to a webhook. */
export interface MatchCondition {
  /** expression represents the expression which will be evaluated by CEL. */
  readonly expression: string;
  /** name is an identifier for this match condition, used for strategic merging of MatchConditions, as well as providing an identifier for logging purposes. */
  readonly name: string;
}

/** MatchResources decides whether to run the admission control policy on an object based on whether it meets the match criteria. */
export interface MatchResources {
  /** excludeResourceRules describes what operations on what resources/subresources the ValidatingAdmissionPolicy should not care about. */
  readonly excludeResourceRules?: readonly NamedRuleWithOperations[];
  /** matchPolicy defines how the "MatchResources" list is used to match incoming requests. */
  readonly matchPolicy?: 'Equivalent' | 'Exact';
  /** namespaceSelector decides whether to run the admission control policy on an object based on whether the namespace for that object matches the selector. */
  readonly namespaceSelector?: LabelSelector;
  /** objectSelector decides whether to run the validation based on if the object has matching labels. objectSelector is evaluated against both the oldObject and newObject that would be sent to the cel validation, and is considered to match if either object matches the selector. */
  readonly objectSelector?: LabelSelector;
  /** resourceRules describes what operations on what resources/subresources the ValidatingAdmissionPolicy matches. */
  readonly resourceRules?: readonly NamedRuleWithOperations[];
}

/** MetricIdentifier defines the name and optionally selector for a metric */
export interface MetricIdentifier {
  /** name is the name of the given metric */
  readonly name: string;
  /** selector is the string-encoded form of a standard kubernetes label selector for the given metric When set, it is passed as an additional parameter to the metrics server for more specific metrics scoping. */
  readonly selector?: LabelSelector;
}

/** MetricSpec specifies how to scale based on a single metric (only `type` and one other matching field should be set at once). */
export interface MetricSpec {
  /** containerResource refers to a resource metric (such as those specified in requests and limits) known to Kubernetes describing a single container in each pod of the current scale target (e.g. CPU or memory). */
  readonly containerResource?: ContainerResourceMetricSource;
  /** external refers to a global metric that is not associated with any Kubernetes object. */
  readonly external?: ExternalMetricSource;
  /** object refers to a metric describing a single kubernetes object (for example, hits-per-second on an Ingress object). */
  readonly object?: ObjectMetricSource;
  /** pods refers to a metric describing each pod in the current scale target (for example, transactions-processed-per-second). */
  readonly pods?: PodsMetricSource;
  /** resource refers to a resource metric (such as those specified in requests and limits) known to Kubernetes describing each pod in the current scale target (e.g. CPU or memory). */
  readonly resource?: ResourceMetricSource;
  /** type is the type of metric source. */
  readonly type: string;
}

/** MetricStatus describes the last-read state of a single metric. */
export interface MetricStatus {
  /** container resource refers to a resource metric (such as those specified in requests and limits) known to Kubernetes describing a single container in each pod in the current scale target (e.g. CPU or memory). */
  readonly containerResource?: ContainerResourceMetricStatus;
  /** external refers to a global metric that is not associated with any Kubernetes object. */
  readonly external?: ExternalMetricStatus;
  /** object refers to a metric describing a single kubernetes object (for example, hits-per-second on an Ingress object). */
  readonly object?: ObjectMetricStatus;
  /** pods refers to a metric describing each pod in the current scale target (for example, transactions-processed-per-second). */
  readonly pods?: PodsMetricStatus;
  /** resource refers to a resource metric (such as those specified in requests and limits) known to Kubernetes describing each pod in the current scale target (e.g. CPU or memory). */
  readonly resource?: ResourceMetricStatus;
  /** type is the type of metric source. */
  readonly type: string;
}

/** MetricTarget defines the target value, average value, or average utilization of a specific metric */
export interface MetricTarget {
  /** averageUtilization is the target value of the average of the resource metric across all relevant pods, represented as a percentage of the requested value of the resource for the pods. */
  readonly averageUtilization?: number;
  /** averageValue is the target value of the average of the metric across all relevant pods (as a quantity) */
  readonly averageValue?: Quantity;
  /** type represents whether the metric type is Utilization, Value, or AverageValue */
  readonly type: string;
  /** value is the target value of the metric (as a quantity). */
  readonly value?: Quantity;
}

/** MetricValueStatus holds the current value for a metric */
export interface MetricValueStatus {
  /** currentAverageUtilization is the current value of the average of the resource metric across all relevant pods, represented as a percentage of the requested value of the resource for the pods. */
  readonly averageUtilization?: number;
  /** averageValue is the current value of the average of the metric across all relevant pods (as a quantity) */
  readonly averageValue?: Quantity;
  /** value is the current value of the metric (as a quantity). */
  readonly value?: Quantity;
}

/** ModifyVolumeStatus represents the status object of ControllerModifyVolume operation */
export interface ModifyVolumeStatus {
  /** status is the status of the ControllerModifyVolume operation. */
  readonly status: 'InProgress' | 'Infeasible' | 'Pending';
  /** targetVolumeAttributesClassName is the name of the VolumeAttributesClass the PVC currently being reconciled */
  readonly targetVolumeAttributesClassName?: string;
}

/** MutatingWebhook describes an admission webhook and the resources and operations it applies to. */
export interface MutatingWebhook {
  /** admissionReviewVersions is an ordered list of preferred `AdmissionReview` versions the Webhook expects. */
  readonly admissionReviewVersions: readonly string[];
  /** clientConfig defines how to communicate with the hook. */
  readonly clientConfig: WebhookClientConfig;
  /** failurePolicy defines how unrecognized errors from the admission endpoint are handled - allowed values are Ignore or Fail. */
  readonly failurePolicy?: 'Fail' | 'Ignore';
  /** matchConditions is a list of conditions that must be met for a request to be sent to this webhook. */
  readonly matchConditions?: readonly MatchCondition[];
  /** matchPolicy defines how the "rules" list is used to match incoming requests. */
  readonly matchPolicy?: 'Equivalent' | 'Exact';
  /** name is the name of the admission webhook. */
  readonly name: string;
  /** namespaceSelector decides whether to run the webhook on an object based on whether the namespace for that object matches the selector. */
  readonly namespaceSelector?: LabelSelector;
  /** objectSelector decides whether to run the webhook based on if the object has matching labels. objectSelector is evaluated against both the oldObject and newObject that would be sent to the webhook, and is considered to match if either object matches the selector. */
  readonly objectSelector?: LabelSelector;
  /** reinvocationPolicy indicates whether this webhook should be called multiple times as part of a single admission evaluation. */
  readonly reinvocationPolicy?: 'IfNeeded' | 'Never';
  /** rules describes what operations on what resources/subresources the webhook cares about. */
  readonly rules?: readonly RuleWithOperations[];
  /** sideEffects states whether this webhook has side effects. */
  readonly sideEffects: 'None' | 'NoneOnDryRun' | 'Some' | 'Unknown';
  /** timeoutSeconds specifies the timeout for this webhook. */
  readonly timeoutSeconds?: number;
}

/** MutatingWebhookConfiguration describes the configuration of and admission webhook that accept or reject and may change the object. */
export interface MutatingWebhookConfiguration extends KubeObject {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'MutatingWebhookConfiguration';
  readonly metadata: ObjectMeta;
  /** webhooks is a list of webhooks and the affected resources and operations. */
  readonly webhooks?: readonly MutatingWebhook[];
}

/** Represents an NFS mount that lasts the lifetime of a pod. */
export interface NFSVolumeSource {
  /** path that is exported by the NFS server. */
  readonly path: string;
  /** readOnly here will force the NFS export to be mounted with read-only permissions. */
  readonly readOnly?: boolean;
  /** server is the hostname or IP address of the NFS server. */
  readonly server: string;
}

/** NamedRuleWithOperations is a tuple of Operations and Resources with ResourceNames. */
export interface NamedRuleWithOperations {
  /** apiGroups is the API groups the resources belong to. '*' is all groups. */
  readonly apiGroups?: readonly string[];
  /** apiVersions is the API versions the resources belong to. '*' is all versions. */
  readonly apiVersions?: readonly string[];
  /** operations is the operations the admission hook cares about - CREATE, UPDATE, DELETE, CONNECT or * for all of those operations and any future admission operations that are added. */
  readonly operations?: readonly ('*' | 'CONNECT' | 'CREATE' | 'DELETE' | 'UPDATE')[];
  /** resourceNames is an optional white list of names that the rule applies to. */
  readonly resourceNames?: readonly string[];
  /** resources is a list of resources this rule applies to. */
  readonly resources?: readonly string[];
  /** scope specifies the scope of this rule. */
  readonly scope?: '*' | 'Cluster' | 'Namespaced';
}

/** Namespace provides a scope for Names. */
export interface Namespace extends KubeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace';
  readonly metadata: ObjectMeta;
  /** Spec defines the behavior of the Namespace. */
  readonly spec?: NamespaceSpec;
  /** Status describes the current status of a Namespace. */
  readonly status?: NamespaceStatus;
}

/** NamespaceCondition contains details about state of namespace. */
export interface NamespaceCondition {
  /** Last time the condition transitioned from one status to another. */
  readonly lastTransitionTime?: string;
  /** Human-readable message indicating details about last transition. */
  readonly message?: string;
  /** Unique, one-word, CamelCase reason for the condition's last transition. */
  readonly reason?: string;
  /** Status of the condition, one of True, False, Unknown. */
  readonly status: string;
  /** Type of namespace controller condition. */
  readonly type: string;
}

/** NamespaceSpec describes the attributes on a Namespace. */
export interface NamespaceSpec {
  /** Finalizers is an opaque list of values that must be empty to permanently remove object from storage. */
  readonly finalizers?: readonly string[];
}

/** NamespaceStatus is information about the current status of a Namespace. */
export interface NamespaceStatus {
  /** Represents the latest available observations of a namespace's current state. */
  readonly conditions?: readonly NamespaceCondition[];
  /** Phase is the current lifecycle phase of the namespace. */
  readonly phase?: 'Active' | 'Terminating';
}

/** NetworkPolicy describes what network traffic is allowed for a set of Pods */
export interface NetworkPolicy extends KubeObject {
  readonly apiVersion: 'networking.k8s.io/v1';
  readonly kind: 'NetworkPolicy';
  readonly metadata: ObjectMeta;
  /** spec represents the specification of the desired behavior for this NetworkPolicy. */
  readonly spec?: NetworkPolicySpec;
}

/** NetworkPolicyEgressRule describes a particular set of traffic that is allowed out of pods matched by a NetworkPolicySpec's podSelector. */
export interface NetworkPolicyEgressRule {
  /** ports is a list of destination ports for outgoing traffic. */
  readonly ports?: readonly NetworkPolicyPort[];
  /** to is a list of destinations for outgoing traffic of pods selected for this rule. */
  readonly to?: readonly NetworkPolicyPeer[];
}

/** NetworkPolicyIngressRule describes a particular set of traffic that is allowed to the pods matched by a NetworkPolicySpec's podSelector. */
export interface NetworkPolicyIngressRule {
  /** from is a list of sources which should be able to access the pods selected for this rule. */
  readonly from?: readonly NetworkPolicyPeer[];
  /** ports is a list of ports which should be made accessible on the pods selected for this rule. */
  readonly ports?: readonly NetworkPolicyPort[];
}

/** NetworkPolicyPeer describes a peer to allow traffic to/from. */
export interface NetworkPolicyPeer {
  /** ipBlock defines policy on a particular IPBlock. */
  readonly ipBlock?: IPBlock;
  /** namespaceSelector selects namespaces using cluster-scoped labels. */
  readonly namespaceSelector?: LabelSelector;
  /** podSelector is a label selector which selects pods. */
  readonly podSelector?: LabelSelector;
}

/** NetworkPolicyPort describes a port to allow traffic on */
export interface NetworkPolicyPort {
  /** endPort indicates that the range of ports from port to endPort if set, inclusive, should be allowed by the policy. */
  readonly endPort?: number;
  /** port represents the port on the given protocol. */
  readonly port?: IntOrString;
  /** protocol represents the protocol (TCP, UDP, or SCTP) which traffic must match. */
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP';
}

/** NetworkPolicySpec provides the specification of a NetworkPolicy */
export interface NetworkPolicySpec {
  /** egress is a list of egress rules to be applied to the selected pods. */
  readonly egress?: readonly NetworkPolicyEgressRule[];
  /** ingress is a list of ingress rules to be applied to the selected pods. */
  readonly ingress?: readonly NetworkPolicyIngressRule[];
  /** podSelector selects the pods to which this NetworkPolicy object applies. */
  readonly podSelector?: LabelSelector;
  /** policyTypes is a list of rule types that the NetworkPolicy relates to. */
  readonly policyTypes?: readonly ('Egress' | 'Ingress')[];
}

/** Node is a worker node in Kubernetes. */
export interface Node extends KubeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Node';
  readonly metadata: ObjectMeta;
  /** Spec defines the behavior of a node. https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status */
  readonly spec?: NodeSpec;
  /** Most recently observed status of the node. */
  readonly status?: NodeStatus;
}

/** NodeAddress contains information for the node's address. */
export interface NodeAddress {
  /** The node address. */
  readonly address: string;
  /** Node address type, one of Hostname, ExternalIP or InternalIP. */
  readonly type: string;
}

/** Node affinity is a group of node affinity scheduling rules. */
export interface NodeAffinity {
  /** The scheduler will prefer to schedule pods to nodes that satisfy the affinity expressions specified by this field, but it may choose a node that violates one or more of the expressions. */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredSchedulingTerm[];
  /** If the affinity requirements specified by this field are not met at scheduling time, the pod will not be scheduled onto the node. */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
}

/** NodeAllocatableResourceClaimStatus describes the status of node allocatable resources allocated via DRA. */
export interface NodeAllocatableResourceClaimStatus {
  /** Containers lists the names of all containers in this pod that reference the claim. */
  readonly containers?: readonly string[];
  /** ResourceClaimName is the resource claim referenced by the pod that resulted in this node allocatable resource allocation. */
  readonly resourceClaimName: string;
  /** Resources is a map of the node-allocatable resource name to the aggregate quantity allocated to the claim. */
  readonly resources: Readonly<Record<string, Quantity>>;
}

/** NodeCondition contains condition information for a node. */
export interface NodeCondition {
  /** Last time we got an update on a given condition. */
  readonly lastHeartbeatTime?: string;
  /** Last time the condition transit from one status to another. */
  readonly lastTransitionTime?: string;
  /** Human readable message indicating details about last transition. */
  readonly message?: string;
  /** (brief) reason for the condition's last transition. */
  readonly reason?: string;
  /** Status of the condition, one of True, False, Unknown. */
  readonly status: string;
  /** Type of node condition. */
  readonly type: string;
}

/** NodeConfigSource specifies a source of node configuration. */
export interface NodeConfigSource {
  /** ConfigMap is a reference to a Node's ConfigMap */
  readonly configMap?: ConfigMapNodeConfigSource;
}

/** NodeConfigStatus describes the status of the config assigned by Node.Spec.ConfigSource. */
export interface NodeConfigStatus {
  /** Active reports the checkpointed config the node is actively using. */
  readonly active?: NodeConfigSource;
  /** Assigned reports the checkpointed config the node will try to use. */
  readonly assigned?: NodeConfigSource;
  /** Error describes any problems reconciling the Spec.ConfigSource to the Active config. */
  readonly error?: string;
  /** LastKnownGood reports the checkpointed config the node will fall back to when it encounters an error attempting to use the Assigned config. */
  readonly lastKnownGood?: NodeConfigSource;
}

/** NodeDaemonEndpoints lists ports opened by daemons running on the Node. */
export interface NodeDaemonEndpoints {
  /** Endpoint on which Kubelet is listening. */
  readonly kubeletEndpoint?: DaemonEndpoint;
}

/** NodeFeatures describes the set of features implemented by the CRI implementation. */
export interface NodeFeatures {
  /** SupplementalGroupsPolicy is set to true if the runtime supports SupplementalGroupsPolicy and ContainerUser. */
  readonly supplementalGroupsPolicy?: boolean;
}

/** NodeRuntimeHandler is a set of runtime handler information. */
export interface NodeRuntimeHandler {
  /** Supported features. */
  readonly features?: NodeRuntimeHandlerFeatures;
  /** Runtime handler name. */
  readonly name?: string;
}

/** NodeRuntimeHandlerFeatures is a set of features implemented by the runtime handler. */
export interface NodeRuntimeHandlerFeatures {
  /** RecursiveReadOnlyMounts is set to true if the runtime handler supports RecursiveReadOnlyMounts. */
  readonly recursiveReadOnlyMounts?: boolean;
  /** UserNamespaces is set to true if the runtime handler supports UserNamespaces, including for volumes. */
  readonly userNamespaces?: boolean;
}

/** A node selector represents the union of the results of one or more label queries over a set of nodes; that is, it represents the OR of the selectors represented by the node selector terms. */
export interface NodeSelector {
  /** Required. */
  readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
}

/** A node selector requirement is a selector that contains values, a key, and an operator that relates the key and values. */
export interface NodeSelectorRequirement {
  /** The label key that the selector applies to. */
  readonly key: string;
  /** Represents a key's relationship to a set of values. */
  readonly operator: 'DoesNotExist' | 'Exists' | 'Gt' | 'In' | 'Lt' | 'NotIn';
  /** An array of string values. */
  readonly values?: readonly string[];
}

/** A null or empty node selector term matches no objects. */
export interface NodeSelectorTerm {
  /** A list of node selector requirements by node's labels. */
  readonly matchExpressions?: readonly NodeSelectorRequirement[];
  /** A list of node selector requirements by node's fields. */
  readonly matchFields?: readonly NodeSelectorRequirement[];
}

/** NodeSpec describes the attributes that a node is created with. */
export interface NodeSpec {
  /** Deprecated: Previously used to specify the source of the node's configuration for the DynamicKubeletConfig feature. */
  readonly configSource?: NodeConfigSource;
  /** Deprecated. */
  readonly externalID?: string;
  /** PodCIDR represents the pod IP range assigned to the node. */
  readonly podCIDR?: string;
  /** podCIDRs represents the IP ranges assigned to the node for usage by Pods on that node. */
  readonly podCIDRs?: readonly string[];
  /** ID of the node assigned by the cloud provider in the format: <ProviderName>://<ProviderSpecificNodeID> */
  readonly providerID?: string;
  /** If specified, the node's taints. */
  readonly taints?: readonly Taint[];
  /** Unschedulable controls node schedulability of new pods. */
  readonly unschedulable?: boolean;
}

/** NodeStatus is information about the current status of a node. */
export interface NodeStatus {
  /** List of addresses reachable to the node. */
  readonly addresses?: readonly NodeAddress[];
  /** Allocatable represents the resources of a node that are available for scheduling. */
  readonly allocatable?: Readonly<Record<string, Quantity>>;
  /** Capacity represents the total resources of a node. */
  readonly capacity?: Readonly<Record<string, Quantity>>;
  /** Conditions is an array of current observed node conditions. */
  readonly conditions?: readonly NodeCondition[];
  /** Status of the config assigned to the node via the dynamic Kubelet config feature. */
  readonly config?: NodeConfigStatus;
  /** Endpoints of daemons running on the Node. */
  readonly daemonEndpoints?: NodeDaemonEndpoints;
  /** DeclaredFeatures represents the features related to feature gates that are declared by the node. */
  readonly declaredFeatures?: readonly string[];
  /** Features describes the set of features implemented by the CRI implementation. */
  readonly features?: NodeFeatures;
  /** List of container images on this node */
  readonly images?: readonly ContainerImage[];
  /** Set of ids/uuids to uniquely identify the node. */
  readonly nodeInfo?: NodeSystemInfo;
  /** NodePhase is the recently observed lifecycle phase of the node. */
  readonly phase?: 'Pending' | 'Running' | 'Terminated';
  /** The available runtime handlers. */
  readonly runtimeHandlers?: readonly NodeRuntimeHandler[];
  /** List of volumes that are attached to the node. */
  readonly volumesAttached?: readonly AttachedVolume[];
  /** List of attachable volumes in use (mounted) by the node. */
  readonly volumesInUse?: readonly string[];
}

/** NodeSwapStatus represents swap memory information. */
export interface NodeSwapStatus {
  /** Total amount of swap memory in bytes. */
  readonly capacity?: number;
}

/** NodeSystemInfo is a set of ids/uuids to uniquely identify the node. */
export interface NodeSystemInfo {
  /** The Architecture reported by the node */
  readonly architecture: string;
  /** Boot ID reported by the node. */
  readonly bootID: string;
  /** ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2). */
  readonly containerRuntimeVersion: string;
  /** Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64). */
  readonly kernelVersion: string;
  /** Deprecated: KubeProxy Version reported by the node. */
  readonly kubeProxyVersion: string;
  /** Kubelet Version reported by the node. */
  readonly kubeletVersion: string;
  /** MachineID reported by the node. */
  readonly machineID: string;
  /** The Operating System reported by the node */
  readonly operatingSystem: string;
  /** OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy)). */
  readonly osImage: string;
  /** Swap Info reported by the node. */
  readonly swap?: NodeSwapStatus;
  /** SystemUUID reported by the node. */
  readonly systemUUID: string;
}

/** NonResourceAttributes includes the authorization attributes available for non-resource requests to the Authorizer interface */
export interface NonResourceAttributes {
  /** path is the URL path of the request */
  readonly path?: string;
  /** verb is the standard HTTP verb */
  readonly verb?: string;
}

/** ObjectFieldSelector selects an APIVersioned field of an object. */
export interface ObjectFieldSelector {
  /** Version of the schema the FieldPath is written in terms of, defaults to "v1". */
  readonly apiVersion?: string;
  /** Path of the field to select in the specified API version. */
  readonly fieldPath: string;
}

/** ObjectMetricSource indicates how to scale on a metric describing a kubernetes object (for example, hits-per-second on an Ingress object). */
export interface ObjectMetricSource {
  /** describedObject specifies the descriptions of a object,such as kind,name apiVersion */
  readonly describedObject: CrossVersionObjectReference;
  /** metric identifies the target metric by name and selector */
  readonly metric: MetricIdentifier;
  /** target specifies the target value for the given metric */
  readonly target: MetricTarget;
}

/** ObjectMetricStatus indicates the current value of a metric describing a kubernetes object (for example, hits-per-second on an Ingress object). */
export interface ObjectMetricStatus {
  /** current contains the current value for the given metric */
  readonly current: MetricValueStatus;
  /** DescribedObject specifies the descriptions of a object,such as kind,name apiVersion */
  readonly describedObject: CrossVersionObjectReference;
  /** metric identifies the target metric by name and selector */
  readonly metric: MetricIdentifier;
}

/** ObjectReference contains enough information to let you inspect or modify the referred object. */
export interface ObjectReference {
  /** API version of the referent. */
  readonly apiVersion?: string;
  /** If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement, such as desiredState.manifest.containers[2]. */
  readonly fieldPath?: string;
  /** Kind of the referent. */
  readonly kind?: string;
  /** Name of the referent. */
  readonly name?: string;
  /** Namespace of the referent. */
  readonly namespace?: string;
  /** Specific resourceVersion to which this reference is made, if any. */
  readonly resourceVersion?: string;
  /** UID of the referent. */
  readonly uid?: string;
}

/** ParamKind is a tuple of Group Kind and Version. */
export interface ParamKind {
  /** apiVersion is the API group version the resources belong to. */
  readonly apiVersion?: string;
  /** kind is the API kind the resources belong to. */
  readonly kind?: string;
}

/** ParamRef describes how to locate the params to be used as input to expressions of rules applied by a policy binding. */
export interface ParamRef {
  /** name is the name of the resource being referenced. */
  readonly name?: string;
  /** namespace is the namespace of the referenced resource. */
  readonly namespace?: string;
  /** parameterNotFoundAction controls the behavior of the binding when the resource exists, and name or selector is valid, but there are no parameters matched by the binding. */
  readonly parameterNotFoundAction?: string;
  /** selector can be used to match multiple param objects based on their labels. */
  readonly selector?: LabelSelector;
}

/** PersistentVolume (PV) is a storage resource provisioned by an administrator. */
export interface PersistentVolume extends KubeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'PersistentVolume';
  readonly metadata: ObjectMeta;
  /** spec defines a specification of a persistent volume owned by the cluster. */
  readonly spec?: PersistentVolumeSpec;
  /** status represents the current information/status for the persistent volume. */
  readonly status?: PersistentVolumeStatus;
}

/** PersistentVolumeClaim is a user's request for and claim to a persistent volume */
export interface PersistentVolumeClaim extends KubeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'PersistentVolumeClaim';
  readonly metadata: ObjectMeta;
  /** spec defines the desired characteristics of a volume requested by a pod author. */
  readonly spec?: PersistentVolumeClaimSpec;
  /** status represents the current information/status of a persistent volume claim. */
  readonly status?: PersistentVolumeClaimStatus;
}

/** PersistentVolumeClaimCondition contains details about state of pvc */
export interface PersistentVolumeClaimCondition {
  /** lastProbeTime is the time we probed the condition. */
  readonly lastProbeTime?: string;
  /** lastTransitionTime is the time the condition transitioned from one status to another. */
  readonly lastTransitionTime?: string;
  /** message is the human-readable message indicating details about last transition. */
  readonly message?: string;
  /** reason is a unique, this should be a short, machine understandable string that gives the reason for condition's last transition. */
  readonly reason?: string;
  /** Status is the status of the condition. */
  readonly status: string;
  /** Type is the type of the condition. */
  readonly type: string;
}

/** PersistentVolumeClaimSpec describes the common attributes of storage devices and allows a Source for provider-specific attributes */
export interface PersistentVolumeClaimSpec {
  /** accessModes contains the desired access modes the volume should have. */
  readonly accessModes?: readonly ('ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOnce' | 'ReadWriteOncePod')[];
  /** dataSource field can be used to specify either: * An existing VolumeSnapshot object (snapshot.storage.k8s.io/VolumeSnapshot) * An existing PVC (PersistentVolumeClaim) If the provisioner or an external controller can support the specified data source, it will create a new volume based on the contents of the specified data source. */
  readonly dataSource?: TypedLocalObjectReference;
  /** dataSourceRef specifies the object from which to populate the volume with data, if a non-empty volume is desired. */
  readonly dataSourceRef?: TypedObjectReference;
  /** resources represents the minimum resources the volume should have. */
  readonly resources?: VolumeResourceRequirements;
  /** selector is a label query over volumes to consider for binding. */
  readonly selector?: LabelSelector;
  /** storageClassName is the name of the StorageClass required by the claim. */
  readonly storageClassName?: string;
  /** volumeAttributesClassName may be used to set the VolumeAttributesClass used by this claim. */
  readonly volumeAttributesClassName?: string;
  /** volumeMode defines what type of volume is required by the claim. */
  readonly volumeMode?: 'Block' | 'Filesystem';
  /** volumeName is the binding reference to the PersistentVolume backing this claim. */
  readonly volumeName?: string;
}

/** PersistentVolumeClaimStatus is the current status of a persistent volume claim. */
export interface PersistentVolumeClaimStatus {
  /** accessModes contains the actual access modes the volume backing the PVC has. */
  readonly accessModes?: readonly ('ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOnce' | 'ReadWriteOncePod')[];
  /** allocatedResourceStatuses stores status of resource being resized for the given PVC. */
  readonly allocatedResourceStatuses?: Readonly<Record<string, 'ControllerResizeInProgress' | 'ControllerResizeInfeasible' | 'NodeResizeInProgress' | 'NodeResizeInfeasible' | 'NodeResizePending'>>;
  /** allocatedResources tracks the resources allocated to a PVC including its capacity. */
  readonly allocatedResources?: Readonly<Record<string, Quantity>>;
  /** capacity represents the actual resources of the underlying volume. */
  readonly capacity?: Readonly<Record<string, Quantity>>;
  /** conditions is the current Condition of persistent volume claim. */
  readonly conditions?: readonly PersistentVolumeClaimCondition[];
  /** currentVolumeAttributesClassName is the current name of the VolumeAttributesClass the PVC is using. */
  readonly currentVolumeAttributesClassName?: string;
  /** ModifyVolumeStatus represents the status object of ControllerModifyVolume operation. */
  readonly modifyVolumeStatus?: ModifyVolumeStatus;
  /** phase represents the current phase of PersistentVolumeClaim. */
  readonly phase?: 'Bound' | 'Lost' | 'Pending';
}

/** PersistentVolumeClaimTemplate is used to produce PersistentVolumeClaim objects as part of an EphemeralVolumeSource. */
export interface PersistentVolumeClaimTemplate {
  /** May contain labels and annotations that will be copied into the PVC when creating it. */
  readonly metadata?: Partial<ObjectMeta>;
  /** The specification for the PersistentVolumeClaim. */
  readonly spec: PersistentVolumeClaimSpec;
}

/** PersistentVolumeClaimVolumeSource references the user's PVC in the same namespace. */
export interface PersistentVolumeClaimVolumeSource {
  /** claimName is the name of a PersistentVolumeClaim in the same namespace as the pod using this volume. */
  readonly claimName: string;
  /** readOnly Will force the ReadOnly setting in VolumeMounts. */
  readonly readOnly?: boolean;
}

/** PersistentVolumeSpec is the specification of a persistent volume. */
export interface PersistentVolumeSpec {
  /** accessModes contains all ways the volume can be mounted. */
  readonly accessModes?: readonly ('ReadOnlyMany' | 'ReadWriteMany' | 'ReadWriteOnce' | 'ReadWriteOncePod')[];
  /** awsElasticBlockStore represents an AWS Disk resource that is attached to a kubelet's host machine and then exposed to the pod. */
  readonly awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource;
  /** azureDisk represents an Azure Data Disk mount on the host and bind mount to the pod. */
  readonly azureDisk?: AzureDiskVolumeSource;
  /** azureFile represents an Azure File Service mount on the host and bind mount to the pod. */
  readonly azureFile?: AzureFilePersistentVolumeSource;
  /** capacity is the description of the persistent volume's resources and capacity. */
  readonly capacity?: Readonly<Record<string, Quantity>>;
  /** cephFS represents a Ceph FS mount on the host that shares a pod's lifetime. */
  readonly cephfs?: CephFSPersistentVolumeSource;
  /** cinder represents a cinder volume attached and mounted on kubelets host machine. */
  readonly cinder?: CinderPersistentVolumeSource;
  /** claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim. */
  readonly claimRef?: ObjectReference;
  /** csi represents storage that is handled by an external CSI driver. */
  readonly csi?: CSIPersistentVolumeSource;
  /** fc represents a Fibre Channel resource that is attached to a kubelet's host machine and then exposed to the pod. */
  readonly fc?: FCVolumeSource;
  /** flexVolume represents a generic volume resource that is provisioned/attached using an exec based plugin. */
  readonly flexVolume?: FlexPersistentVolumeSource;
  /** flocker represents a Flocker volume attached to a kubelet's host machine and exposed to the pod for its usage. */
  readonly flocker?: FlockerVolumeSource;
  /** gcePersistentDisk represents a GCE Disk resource that is attached to a kubelet's host machine and then exposed to the pod. */
  readonly gcePersistentDisk?: GCEPersistentDiskVolumeSource;
  /** glusterfs represents a Glusterfs volume that is attached to a host and exposed to the pod. */
  readonly glusterfs?: GlusterfsPersistentVolumeSource;
  /** hostPath represents a directory on the host. */
  readonly hostPath?: HostPathVolumeSource;
  /** iscsi represents an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod. */
  readonly iscsi?: ISCSIPersistentVolumeSource;
  /** local represents directly-attached storage with node affinity */
  readonly local?: LocalVolumeSource;
  /** mountOptions is the list of mount options, e.g. ["ro", "soft"]. */
  readonly mountOptions?: readonly string[];
  /** nfs represents an NFS mount on the host. */
  readonly nfs?: NFSVolumeSource;
  /** nodeAffinity defines constraints that limit what nodes this volume can be accessed from. */
  readonly nodeAffinity?: VolumeNodeAffinity;
  /** persistentVolumeReclaimPolicy defines what happens to a persistent volume when released from its claim. */
  readonly persistentVolumeReclaimPolicy?: 'Delete' | 'Recycle' | 'Retain';
  /** photonPersistentDisk represents a PhotonController persistent disk attached and mounted on kubelets host machine. */
  readonly photonPersistentDisk?: PhotonPersistentDiskVolumeSource;
  /** portworxVolume represents a portworx volume attached and mounted on kubelets host machine. */
  readonly portworxVolume?: PortworxVolumeSource;
  /** quobyte represents a Quobyte mount on the host that shares a pod's lifetime. */
  readonly quobyte?: QuobyteVolumeSource;
  /** rbd represents a Rados Block Device mount on the host that shares a pod's lifetime. */
  readonly rbd?: RBDPersistentVolumeSource;
  /** scaleIO represents a ScaleIO persistent volume attached and mounted on Kubernetes nodes. */
  readonly scaleIO?: ScaleIOPersistentVolumeSource;
  /** storageClassName is the name of StorageClass to which this persistent volume belongs. */
  readonly storageClassName?: string;
  /** storageOS represents a StorageOS volume that is attached to the kubelet's host machine and mounted into the pod. */
  readonly storageos?: StorageOSPersistentVolumeSource;
  /** Name of VolumeAttributesClass to which this persistent volume belongs. */
  readonly volumeAttributesClassName?: string;
  /** volumeMode defines if a volume is intended to be used with a formatted filesystem or to remain in raw block state. */
  readonly volumeMode?: 'Block' | 'Filesystem';
  /** vsphereVolume represents a vSphere volume attached and mounted on kubelets host machine. */
  readonly vsphereVolume?: VsphereVirtualDiskVolumeSource;
}

/** PersistentVolumeStatus is the current status of a persistent volume. */
export interface PersistentVolumeStatus {
  /** lastPhaseTransitionTime is the time the phase transitioned from one to another and automatically resets to current time everytime a volume phase transitions. */
  readonly lastPhaseTransitionTime?: string;
  /** message is a human-readable message indicating details about why the volume is in this state. */
  readonly message?: string;
  /** phase indicates if a volume is available, bound to a claim, or released by a claim. */
  readonly phase?: 'Available' | 'Bound' | 'Failed' | 'Pending' | 'Released';
  /** reason is a brief CamelCase string that describes any failure and is meant for machine parsing and tidy display in the CLI. */
  readonly reason?: string;
}

/** Represents a Photon Controller persistent disk resource. */
export interface PhotonPersistentDiskVolumeSource {
  /** fsType is the filesystem type to mount. */
  readonly fsType?: string;
  /** pdID is the ID that identifies Photon Controller persistent disk */
  readonly pdID: string;
}

/** Pod is a collection of containers that can run on a host. */
export interface Pod extends KubeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: ObjectMeta;
  /** Specification of the desired behavior of the pod. */
  readonly spec?: PodSpec;
  /** Most recently observed status of the pod. */
  readonly status?: PodStatus;
}

/** Pod affinity is a group of inter pod affinity scheduling rules. */
export interface PodAffinity {
  /** The scheduler will prefer to schedule pods to nodes that satisfy the affinity expressions specified by this field, but it may choose a node that violates one or more of the expressions. */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly WeightedPodAffinityTerm[];
  /** If the affinity requirements specified by this field are not met at scheduling time, the pod will not be scheduled onto the node. */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
}

/** Defines a set of pods (namely those matching the labelSelector relative to the given namespace(s)) that this pod should be co-located (affinity) or not co-located (anti-affinity) with, where co-located is defined as running on a node whose value of the label with key <topologyKey> matches that of any node on which a pod of the set of pods is running */
export interface PodAffinityTerm {
  /** A label query over a set of resources, in this case pods. */
  readonly labelSelector?: LabelSelector;
  /** MatchLabelKeys is a set of pod label keys to select which pods will be taken into consideration. */
  readonly matchLabelKeys?: readonly string[];
  /** MismatchLabelKeys is a set of pod label keys to select which pods will be taken into consideration. */
  readonly mismatchLabelKeys?: readonly string[];
  /** A label query over the set of namespaces that the term applies to. */
  readonly namespaceSelector?: LabelSelector;
  /** namespaces specifies a static list of namespace names that the term applies to. */
  readonly namespaces?: readonly string[];
  /** This pod should be co-located (affinity) or not co-located (anti-affinity) with the pods matching the labelSelector in the specified namespaces, where co-located is defined as running on a node whose value of the label with key topologyKey matches that of any node on which any of the selected pods is running. */
  readonly topologyKey: string;
}

/** Pod anti affinity is a group of inter pod anti affinity scheduling rules. */
export interface PodAntiAffinity {
  /** The scheduler will prefer to schedule pods to nodes that satisfy the anti-affinity expressions specified by this field, but it may choose a node that violates one or more of the expressions. */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly WeightedPodAffinityTerm[];
  /** If the anti-affinity requirements specified by this field are not met at scheduling time, the pod will not be scheduled onto the node. */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
}

/** PodCertificateProjection provides a private key and X.509 certificate in the pod filesystem. */
export interface PodCertificateProjection {
  /** Write the certificate chain at this path in the projected volume. */
  readonly certificateChainPath?: string;
  /** Write the credential bundle at this path in the projected volume. */
  readonly credentialBundlePath?: string;
  /** Write the key at this path in the projected volume. */
  readonly keyPath?: string;
  /** The type of keypair Kubelet will generate for the pod. */
  readonly keyType: string;
  /** maxExpirationSeconds is the maximum lifetime permitted for the certificate. */
  readonly maxExpirationSeconds?: number;
  /** Kubelet's generated CSRs will be addressed to this signer. */
  readonly signerName: string;
  /** userAnnotations allow pod authors to pass additional information to the signer implementation. */
  readonly userAnnotations?: Readonly<Record<string, string>>;
}

/** PodCondition contains details for the current condition of this pod. */
export interface PodCondition {
  /** Last time we probed the condition. */
  readonly lastProbeTime?: string;
  /** Last time the condition transitioned from one status to another. */
  readonly lastTransitionTime?: string;
  /** Human-readable message indicating details about last transition. */
  readonly message?: string;
  /** If set, this represents the .metadata.generation that the pod condition was set based upon. */
  readonly observedGeneration?: number;
  /** Unique, one-word, CamelCase reason for the condition's last transition. */
  readonly reason?: string;
  /** Status is the status of the condition. */
  readonly status: string;
  /** Type is the type of the condition. */
  readonly type: string;
}

/** PodDNSConfig defines the DNS parameters of a pod in addition to those generated from DNSPolicy. */
export interface PodDNSConfig {
  /** A list of DNS name server IP addresses. */
  readonly nameservers?: readonly string[];
  /** A list of DNS resolver options. */
  readonly options?: readonly PodDNSConfigOption[];
  /** A list of DNS search domains for host-name lookup. */
  readonly searches?: readonly string[];
}

/** PodDNSConfigOption defines DNS resolver options of a pod. */
export interface PodDNSConfigOption {
  /** Name is this DNS resolver option's name. */
  readonly name?: string;
  /** Value is this DNS resolver option's value. */
  readonly value?: string;
}

/** PodDisruptionBudget is an object to define the max disruption that can be caused to a collection of pods */
export interface PodDisruptionBudget extends KubeObject {
  readonly apiVersion: 'policy/v1';
  readonly kind: 'PodDisruptionBudget';
  readonly metadata: ObjectMeta;
  /** Specification of the desired behavior of the PodDisruptionBudget. */
  readonly spec?: PodDisruptionBudgetSpec;
  /** Most recently observed status of the PodDisruptionBudget. */
  readonly status?: PodDisruptionBudgetStatus;
}

/** PodDisruptionBudgetSpec is a description of a PodDisruptionBudget. */
export interface PodDisruptionBudgetSpec {
  /** An eviction is allowed if at most "maxUnavailable" pods selected by "selector" are unavailable after the eviction, i.e. even in absence of the evicted pod. */
  readonly maxUnavailable?: IntOrString;
  /** An eviction is allowed if at least "minAvailable" pods selected by "selector" will still be available after the eviction, i.e. even in the absence of the evicted pod. */
  readonly minAvailable?: IntOrString;
  /** Label query over pods whose evictions are managed by the disruption budget. */
  readonly selector?: LabelSelector;
  /** UnhealthyPodEvictionPolicy defines the criteria for when unhealthy pods should be considered for eviction. */
  readonly unhealthyPodEvictionPolicy?: 'AlwaysAllow' | 'IfHealthyBudget';
}

/** PodDisruptionBudgetStatus represents information about the status of a PodDisruptionBudget. */
export interface PodDisruptionBudgetStatus {
  /** Conditions contain conditions for PDB. */
  readonly conditions?: readonly Condition[];
  /** current number of healthy pods */
  readonly currentHealthy?: number;
  /** minimum desired number of healthy pods */
  readonly desiredHealthy?: number;
  /** DisruptedPods contains information about pods whose eviction was processed by the API server eviction subresource handler but has not yet been observed by the PodDisruptionBudget controller. */
  readonly disruptedPods?: Readonly<Record<string, string>>;
  /** Number of pod disruptions that are currently allowed. */
  readonly disruptionsAllowed?: number;
  /** total number of pods counted by this disruption budget */
  readonly expectedPods?: number;
  /** Most recent generation observed when updating this PDB status. */
  readonly observedGeneration?: number;
}

/** PodExtendedResourceClaimStatus is stored in the PodStatus for the extended resource requests backed by DRA. */
export interface PodExtendedResourceClaimStatus {
  /** RequestMappings identifies the mapping of <container, extended resource backed by DRA> to device request in the generated ResourceClaim. */
  readonly requestMappings: readonly ContainerExtendedResourceRequest[];
  /** ResourceClaimName is the name of the ResourceClaim that was generated for the Pod in the namespace of the Pod. */
  readonly resourceClaimName: string;
}

/** PodFailurePolicy describes how failed pods influence the backoffLimit. */
export interface PodFailurePolicy {
  /** A list of pod failure policy rules. */
  readonly rules: readonly PodFailurePolicyRule[];
}

/** PodFailurePolicyOnExitCodesRequirement describes the requirement for handling a failed pod based on its container exit codes. */
export interface PodFailurePolicyOnExitCodesRequirement {
  /** Restricts the check for exit codes to the container with the specified name. */
  readonly containerName?: string;
  /** Represents the relationship between the container exit code(s) and the specified values. */
  readonly operator: 'In' | 'NotIn';
  /** Specifies the set of values. */
  readonly values: readonly number[];
}

/** PodFailurePolicyOnPodConditionsPattern describes a pattern for matching an actual pod condition type. */
export interface PodFailurePolicyOnPodConditionsPattern {
  /** Specifies the required Pod condition status. */
  readonly status?: string;
  /** Specifies the required Pod condition type. */
  readonly type: string;
}

/** PodFailurePolicyRule describes how a pod failure is handled when the requirements are met. */
export interface PodFailurePolicyRule {
  /** Specifies the action taken on a pod failure when the requirements are satisfied. */
  readonly action: 'Count' | 'FailIndex' | 'FailJob' | 'Ignore';
  /** Represents the requirement on the container exit codes. */
  readonly onExitCodes?: PodFailurePolicyOnExitCodesRequirement;
  /** Represents the requirement on the pod conditions. */
  readonly onPodConditions?: readonly PodFailurePolicyOnPodConditionsPattern[];
}

/** PodIP represents a single IP address allocated to the pod. */
export interface PodIP {
  /** IP is the IP address assigned to the pod */
  readonly ip: string;
}

/** PodOS defines the OS parameters of a pod. */
export interface PodOS {
  /** Name is the name of the operating system. */
  readonly name: string;
}

/** PodReadinessGate contains the reference to a pod condition */
export interface PodReadinessGate {
  /** ConditionType refers to a condition in the pod's condition list with matching type. */
  readonly conditionType: string;
}

/** PodResourceClaim references exactly one ResourceClaim, either directly or by naming a ResourceClaimTemplate which is then turned into a ResourceClaim for the pod. */
export interface PodResourceClaim {
  /** Name uniquely identifies this resource claim inside the pod. */
  readonly name: string;
  /** ResourceClaimName is the name of a ResourceClaim object in the same namespace as this pod. */
  readonly resourceClaimName?: string;
  /** ResourceClaimTemplateName is the name of a ResourceClaimTemplate object in the same namespace as this pod. */
  readonly resourceClaimTemplateName?: string;
}

/** PodResourceClaimStatus is stored in the PodStatus for each PodResourceClaim which references a ResourceClaimTemplate. */
export interface PodResourceClaimStatus {
  /** Name uniquely identifies this resource claim inside the pod. */
  readonly name: string;
  /** ResourceClaimName is the name of the ResourceClaim that was generated for the Pod in the namespace of the Pod. */
  readonly resourceClaimName?: string;
}

/** PodSchedulingGate is associated to a Pod to guard its scheduling. */
export interface PodSchedulingGate {
  /** Name of the scheduling gate. */
  readonly name: string;
}

/** PodSchedulingGroup identifies the runtime scheduling group instance that a Pod belongs to. */
export interface PodSchedulingGroup {
  /** PodGroupName specifies the name of the standalone PodGroup object that represents the runtime instance of this group. */
  readonly podGroupName?: string;
}

/** PodSecurityContext holds pod-level security attributes and common container settings. */
export interface PodSecurityContext {
  /** appArmorProfile is the AppArmor options to use by the containers in this pod. */
  readonly appArmorProfile?: AppArmorProfile;
  /** A special supplemental group that applies to all containers in a pod. */
  readonly fsGroup?: number;
  /** fsGroupChangePolicy defines behavior of changing ownership and permission of the volume before being exposed inside Pod. */
  readonly fsGroupChangePolicy?: 'Always' | 'OnRootMismatch';
  /** The GID to run the entrypoint of the container process. */
  readonly runAsGroup?: number;
  /** Indicates that the container must run as a non-root user. */
  readonly runAsNonRoot?: boolean;
  /** The UID to run the entrypoint of the container process. */
  readonly runAsUser?: number;
  /** seLinuxChangePolicy defines how the container's SELinux label is applied to all volumes used by the Pod. */
  readonly seLinuxChangePolicy?: string;
  /** The SELinux context to be applied to all containers. */
  readonly seLinuxOptions?: SELinuxOptions;
  /** The seccomp options to use by the containers in this pod. */
  readonly seccompProfile?: SeccompProfile;
  /** A list of groups applied to the first process run in each container, in addition to the container's primary GID and fsGroup (if specified). */
  readonly supplementalGroups?: readonly number[];
  /** Defines how supplemental groups of the first container processes are calculated. */
  readonly supplementalGroupsPolicy?: 'Merge' | 'Strict';
  /** Sysctls hold a list of namespaced sysctls used for the pod. */
  readonly sysctls?: readonly Sysctl[];
  /** The Windows specific settings applied to all containers. */
  readonly windowsOptions?: WindowsSecurityContextOptions;
}

/** PodSpec is a description of a pod. */
export interface PodSpec {
  /** Optional duration in seconds the pod may be active on the node relative to StartTime before the system will actively try to mark it failed and kill associated containers. */
  readonly activeDeadlineSeconds?: number;
  /** If specified, the pod's scheduling constraints */
  readonly affinity?: Affinity;
  /** AutomountServiceAccountToken indicates whether a service account token should be automatically mounted. */
  readonly automountServiceAccountToken?: boolean;
  /** List of containers belonging to the pod. */
  readonly containers: readonly Container[];
  /** Specifies the DNS parameters of a pod. */
  readonly dnsConfig?: PodDNSConfig;
  /** Set DNS policy for the pod. */
  readonly dnsPolicy?: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  /** EnableServiceLinks indicates whether information about services should be injected into pod's environment variables, matching the syntax of Docker links. */
  readonly enableServiceLinks?: boolean;
  /** List of ephemeral containers run in this pod. */
  readonly ephemeralContainers?: readonly EphemeralContainer[];
  /** HostAliases is an optional list of hosts and IPs that will be injected into the pod's hosts file if specified. */
  readonly hostAliases?: readonly HostAlias[];
  /** Use the host's ipc namespace. */
  readonly hostIPC?: boolean;
  /** Host networking requested for this pod. */
  readonly hostNetwork?: boolean;
  /** Use the host's pid namespace. */
  readonly hostPID?: boolean;
  /** Use the host's user namespace. */
  readonly hostUsers?: boolean;
  /** Specifies the hostname of the Pod If not specified, the pod's hostname will be set to a system-defined value. */
  readonly hostname?: string;
  /** HostnameOverride specifies an explicit override for the pod's hostname as perceived by the pod. */
  readonly hostnameOverride?: string;
  /** ImagePullSecrets is an optional list of references to secrets in the same namespace to use for pulling any of the images used by this PodSpec. */
  readonly imagePullSecrets?: readonly LocalObjectReference[];
  /** List of initialization containers belonging to the pod. */
  readonly initContainers?: readonly Container[];
  /** NodeName indicates in which node this pod is scheduled. */
  readonly nodeName?: string;
  /** NodeSelector is a selector which must be true for the pod to fit on a node. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Specifies the OS of the containers in the pod. */
  readonly os?: PodOS;
  /** Overhead represents the resource overhead associated with running a pod for a given RuntimeClass. */
  readonly overhead?: Readonly<Record<string, Quantity>>;
  /** PreemptionPolicy is the Policy for preempting pods with lower priority. */
  readonly preemptionPolicy?: 'Never' | 'PreemptLowerPriority';
  /** The priority value. */
  readonly priority?: number;
  /** If specified, indicates the pod's priority. */
  readonly priorityClassName?: string;
  /** If specified, all readiness gates will be evaluated for pod readiness. */
  readonly readinessGates?: readonly PodReadinessGate[];
  /** ResourceClaims defines which ResourceClaims must be allocated and reserved before the Pod is allowed to start. */
  readonly resourceClaims?: readonly PodResourceClaim[];
  /** Resources is the total amount of CPU and Memory resources required by all containers in the pod. */
  readonly resources?: ResourceRequirements;
  /** Restart policy for all containers within the pod. */
  readonly restartPolicy?: 'Always' | 'Never' | 'OnFailure';
  /** RuntimeClassName refers to a RuntimeClass object in the node.k8s.io group, which should be used to run this pod. */
  readonly runtimeClassName?: string;
  /** If specified, the pod will be dispatched by specified scheduler. */
  readonly schedulerName?: string;
  /** SchedulingGates is an opaque list of values that if specified will block scheduling the pod. */
  readonly schedulingGates?: readonly PodSchedulingGate[];
  /** SchedulingGroup provides a reference to the immediate scheduling runtime grouping object that this Pod belongs to. */
  readonly schedulingGroup?: PodSchedulingGroup;
  /** SecurityContext holds pod-level security attributes and common container settings. */
  readonly securityContext?: PodSecurityContext;
  /** DeprecatedServiceAccount is a deprecated alias for ServiceAccountName. */
  readonly serviceAccount?: string;
  /** ServiceAccountName is the name of the ServiceAccount to use to run this pod. */
  readonly serviceAccountName?: string;
  /** If true the pod's hostname will be configured as the pod's FQDN, rather than the leaf name (the default). */
  readonly setHostnameAsFQDN?: boolean;
  /** Share a single process namespace between all of the containers in a pod. */
  readonly shareProcessNamespace?: boolean;
  /** If specified, the fully qualified Pod hostname will be "<hostname>.<subdomain>.<pod namespace>.svc.<cluster domain>". */
  readonly subdomain?: string;
  /** Optional duration in seconds the pod needs to terminate gracefully. */
  readonly terminationGracePeriodSeconds?: number;
  /** If specified, the pod's tolerations. */
  readonly tolerations?: readonly Toleration[];
  /** TopologySpreadConstraints describes how a group of pods ought to spread across topology domains. */
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[];
  /** List of volumes that can be mounted by containers belonging to the pod. */
  readonly volumes?: readonly Volume[];
}

/** PodStatus represents information about the status of a pod. */
export interface PodStatus {
  /** AllocatedResources is the total requests allocated for this pod by the node. */
  readonly allocatedResources?: Readonly<Record<string, Quantity>>;
  /** Current service state of pod. */
  readonly conditions?: readonly PodCondition[];
  /** Statuses of containers in this pod. */
  readonly containerStatuses?: readonly ContainerStatus[];
  /** Statuses for any ephemeral containers that have run in this pod. */
  readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  /** Status of extended resource claim backed by DRA. */
  readonly extendedResourceClaimStatus?: PodExtendedResourceClaimStatus;
  /** hostIP holds the IP address of the host to which the pod is assigned. */
  readonly hostIP?: string;
  /** hostIPs holds the IP addresses allocated to the host. */
  readonly hostIPs?: readonly HostIP[];
  /** Statuses of init containers in this pod. */
  readonly initContainerStatuses?: readonly ContainerStatus[];
  /** A human readable message indicating details about why the pod is in this condition. */
  readonly message?: string;
  /** NodeAllocatableResourceClaimStatuses contains the status of node-allocatable resources that were allocated for this pod through DRA claims. */
  readonly nodeAllocatableResourceClaimStatuses?: readonly NodeAllocatableResourceClaimStatus[];
  /** nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as preemption victims receive their graceful termination periods. */
  readonly nominatedNodeName?: string;
  /** If set, this represents the .metadata.generation that the pod status was set based upon. */
  readonly observedGeneration?: number;
  /** The phase of a Pod is a simple, high-level summary of where the Pod is in its lifecycle. */
  readonly phase?: 'Failed' | 'Pending' | 'Running' | 'Succeeded' | 'Unknown';
  /** podIP address allocated to the pod. */
  readonly podIP?: string;
  /** podIPs holds the IP addresses allocated to the pod. */
  readonly podIPs?: readonly PodIP[];
  /** The Quality of Service (QOS) classification assigned to the pod based on resource requirements See PodQOSClass type for available QOS classes More info: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/#quality-of-service-classes Possible enum values: - `"BestEffort"` is the BestEffort qos class. - `"Burstable"` is the Burstable qos class. - `"Guaranteed"` is the Guaranteed qos class. */
  readonly qosClass?: 'BestEffort' | 'Burstable' | 'Guaranteed';
  /** A brief CamelCase message indicating details about why the pod is in this state. e.g. 'Evicted' */
  readonly reason?: string;
  /** Status of resources resize desired for pod's containers. */
  readonly resize?: string;
  /** Status of resource claims. */
  readonly resourceClaimStatuses?: readonly PodResourceClaimStatus[];
  /** Resources represents the compute resource requests and limits that have been applied at the pod level if pod-level requests or limits are set in PodSpec.Resources */
  readonly resources?: ResourceRequirements;
  /** RFC 3339 date and time at which the object was acknowledged by the Kubelet. */
  readonly startTime?: string;
}

/** PodTemplateSpec describes the data a pod should have when created from a template */
export interface PodTemplateSpec {
  /** Standard object's metadata. */
  readonly metadata?: Partial<ObjectMeta>;
  /** Specification of the desired behavior of the pod. */
  readonly spec?: PodSpec;
}

/** PodsMetricSource indicates how to scale on a metric describing each pod in the current scale target (for example, transactions-processed-per-second). */
export interface PodsMetricSource {
  /** metric identifies the target metric by name and selector */
  readonly metric: MetricIdentifier;
  /** target specifies the target value for the given metric */
  readonly target: MetricTarget;
}

/** PodsMetricStatus indicates the current value of a metric describing each pod in the current scale target (for example, transactions-processed-per-second). */
export interface PodsMetricStatus {
  /** current contains the current value for the given metric */
  readonly current: MetricValueStatus;
  /** metric identifies the target metric by name and selector */
  readonly metric: MetricIdentifier;
}

/** PolicyRule holds information that describes a policy rule, but does not contain information about who the rule applies to or which namespace the rule applies to. */
export interface PolicyRule {
  /** APIGroups is the name of the APIGroup that contains the resources. */
  readonly apiGroups?: readonly string[];
  /** NonResourceURLs is a set of partial urls that a user should have access to. *s are allowed, but only as the full, final step in the path Since non-resource URLs are not namespaced, this field is only applicable for ClusterRoles referenced from a ClusterRoleBinding. */
  readonly nonResourceURLs?: readonly string[];
  /** ResourceNames is an optional white list of names that the rule applies to. */
  readonly resourceNames?: readonly string[];
  /** Resources is a list of resources this rule applies to. '*' represents all resources. */
  readonly resources?: readonly string[];
  /** Verbs is a list of Verbs that apply to ALL the ResourceKinds contained in this rule. '*' represents all verbs. */
  readonly verbs: readonly string[];
}

/** PortStatus represents the error condition of a service port */
export interface PortStatus {
  /** Error is to record the problem with the service port The format of the error shall comply with the following rules: - built-in error values shall be specified in this file and those shall use CamelCase names - cloud provider specific error values must have names that comply with the format foo.example.com/CamelCase. */
  readonly error?: string;
  /** Port is the port number of the service port of which status is recorded here */
  readonly port: number;
  /** Protocol is the protocol of the service port of which status is recorded here The supported values are: "TCP", "UDP", "SCTP" Possible enum values: - `"SCTP"` is the SCTP protocol. - `"TCP"` is the TCP protocol. - `"UDP"` is the UDP protocol. */
  readonly protocol: 'SCTP' | 'TCP' | 'UDP';
}

/** PortworxVolumeSource represents a Portworx volume resource. */
export interface PortworxVolumeSource {
  /** fSType represents the filesystem type to mount Must be a filesystem type supported by the host operating system. */
  readonly fsType?: string;
  /** readOnly defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** volumeID uniquely identifies a Portworx volume */
  readonly volumeID: string;
}

/** An empty preferred scheduling term matches all objects with implicit weight 0 (i.e. it's a no-op). */
export interface PreferredSchedulingTerm {
  /** A node selector term, associated with the corresponding weight. */
  readonly preference: NodeSelectorTerm;
  /** Weight associated with matching the corresponding nodeSelectorTerm, in the range 1-100. */
  readonly weight: number;
}

/** PriorityClass defines mapping from a priority class name to the priority integer value. */
export interface PriorityClass extends KubeObject {
  readonly apiVersion: 'scheduling.k8s.io/v1';
  /** description is an arbitrary string that usually provides guidelines on when this priority class should be used. */
  readonly description?: string;
  /** globalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do not have any priority class. */
  readonly globalDefault?: boolean;
  readonly kind: 'PriorityClass';
  readonly metadata: ObjectMeta;
  /** preemptionPolicy is the Policy for preempting pods with lower priority. */
  readonly preemptionPolicy?: 'Never' | 'PreemptLowerPriority';
  /** value represents the integer value of this priority class. */
  readonly value?: number;
}

/** Probe describes a health check to be performed against a container to determine whether it is alive or ready to receive traffic. */
export interface Probe {
  /** Exec specifies a command to execute in the container. */
  readonly exec?: ExecAction;
  /** Minimum consecutive failures for the probe to be considered failed after having succeeded. */
  readonly failureThreshold?: number;
  /** GRPC specifies a GRPC HealthCheckRequest. */
  readonly grpc?: GRPCAction;
  /** HTTPGet specifies an HTTP GET request to perform. */
  readonly httpGet?: HTTPGetAction;
  /** Number of seconds after the container has started before liveness probes are initiated. */
  readonly initialDelaySeconds?: number;
  /** How often (in seconds) to perform the probe. */
  readonly periodSeconds?: number;
  /** Minimum consecutive successes for the probe to be considered successful after having failed. */
  readonly successThreshold?: number;
  /** TCPSocket specifies a connection to a TCP port. */
  readonly tcpSocket?: TCPSocketAction;
  /** Optional duration in seconds the pod needs to terminate gracefully upon probe failure. */
  readonly terminationGracePeriodSeconds?: number;
  /** Number of seconds after which the probe times out. */
  readonly timeoutSeconds?: number;
}

/** Represents a projected volume source */
export interface ProjectedVolumeSource {
  /** defaultMode are the mode bits used to set permissions on created files by default. */
  readonly defaultMode?: number;
  /** sources is the list of volume projections. */
  readonly sources?: readonly VolumeProjection[];
}

/** Represents a Quobyte mount that lasts the lifetime of a pod. */
export interface QuobyteVolumeSource {
  /** group to map volume access to Default is no group */
  readonly group?: string;
  /** readOnly here will force the Quobyte volume to be mounted with read-only permissions. */
  readonly readOnly?: boolean;
  /** registry represents a single or multiple Quobyte Registry services specified as a string as host:port pair (multiple entries are separated with commas) which acts as the central registry for volumes */
  readonly registry: string;
  /** tenant owning the given Quobyte volume in the Backend Used with dynamically provisioned Quobyte volumes, value is set by the plugin */
  readonly tenant?: string;
  /** user to map volume access to Defaults to serivceaccount user */
  readonly user?: string;
  /** volume is a string that references an already created Quobyte volume by name. */
  readonly volume: string;
}

/** Represents a Rados Block Device mount that lasts the lifetime of a pod. */
export interface RBDPersistentVolumeSource {
  /** fsType is the filesystem type of the volume that you want to mount. */
  readonly fsType?: string;
  /** image is the rados image name. */
  readonly image: string;
  /** keyring is the path to key ring for RBDUser. */
  readonly keyring?: string;
  /** monitors is a collection of Ceph monitors. */
  readonly monitors: readonly string[];
  /** pool is the rados pool name. */
  readonly pool?: string;
  /** readOnly here will force the ReadOnly setting in VolumeMounts. */
  readonly readOnly?: boolean;
  /** secretRef is name of the authentication secret for RBDUser. */
  readonly secretRef?: SecretReference;
  /** user is the rados user name. */
  readonly user?: string;
}

/** Represents a Rados Block Device mount that lasts the lifetime of a pod. */
export interface RBDVolumeSource {
  /** fsType is the filesystem type of the volume that you want to mount. */
  readonly fsType?: string;
  /** image is the rados image name. */
  readonly image: string;
  /** keyring is the path to key ring for RBDUser. */
  readonly keyring?: string;
  /** monitors is a collection of Ceph monitors. */
  readonly monitors: readonly string[];
  /** pool is the rados pool name. */
  readonly pool?: string;
  /** readOnly here will force the ReadOnly setting in VolumeMounts. */
  readonly readOnly?: boolean;
  /** secretRef is name of the authentication secret for RBDUser. */
  readonly secretRef?: LocalObjectReference;
  /** user is the rados user name. */
  readonly user?: string;
}

/** ReplicaSet ensures that a specified number of pod replicas are running at any given time. */
export interface ReplicaSet extends KubeObject {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'ReplicaSet';
  readonly metadata: ObjectMeta;
  /** Spec defines the specification of the desired behavior of the ReplicaSet. */
  readonly spec?: ReplicaSetSpec;
  /** Status is the most recently observed status of the ReplicaSet. */
  readonly status?: ReplicaSetStatus;
}

/** ReplicaSetCondition describes the state of a replica set at a certain point. */
export interface ReplicaSetCondition {
  /** The last time the condition transitioned from one status to another. */
  readonly lastTransitionTime?: string;
  /** A human readable message indicating details about the transition. */
  readonly message?: string;
  /** The reason for the condition's last transition. */
  readonly reason?: string;
  /** Status of the condition, one of True, False, Unknown. */
  readonly status: string;
  /** Type of replica set condition. */
  readonly type: string;
}

/** ReplicaSetSpec is the specification of a ReplicaSet. */
export interface ReplicaSetSpec {
  /** Minimum number of seconds for which a newly created pod should be ready without any of its container crashing, for it to be considered available. */
  readonly minReadySeconds?: number;
  /** Replicas is the number of desired pods. */
  readonly replicas?: number;
  /** Selector is a label query over pods that should match the replica count. */
  readonly selector: LabelSelector;
  /** Template is the object that describes the pod that will be created if insufficient replicas are detected. */
  readonly template?: PodTemplateSpec;
}

/** ReplicaSetStatus represents the current status of a ReplicaSet. */
export interface ReplicaSetStatus {
  /** The number of available non-terminating pods (ready for at least minReadySeconds) for this replica set. */
  readonly availableReplicas?: number;
  /** Represents the latest available observations of a replica set's current state. */
  readonly conditions?: readonly ReplicaSetCondition[];
  /** The number of non-terminating pods that have labels matching the labels of the pod template of the replicaset. */
  readonly fullyLabeledReplicas?: number;
  /** ObservedGeneration reflects the generation of the most recently observed ReplicaSet. */
  readonly observedGeneration?: number;
  /** The number of non-terminating pods targeted by this ReplicaSet with a Ready Condition. */
  readonly readyReplicas?: number;
  /** Replicas is the most recently observed number of non-terminating pods. */
  readonly replicas: number;
  /** The number of terminating pods for this replica set. */
  readonly terminatingReplicas?: number;
}

/** ReplicationController represents the configuration of a replication controller. */
export interface ReplicationController extends KubeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'ReplicationController';
  readonly metadata: ObjectMeta;
  /** Spec defines the specification of the desired behavior of the replication controller. */
  readonly spec?: ReplicationControllerSpec;
  /** Status is the most recently observed status of the replication controller. */
  readonly status?: ReplicationControllerStatus;
}

/** ReplicationControllerCondition describes the state of a replication controller at a certain point. */
export interface ReplicationControllerCondition {
  /** The last time the condition transitioned from one status to another. */
  readonly lastTransitionTime?: string;
  /** A human readable message indicating details about the transition. */
  readonly message?: string;
  /** The reason for the condition's last transition. */
  readonly reason?: string;
  /** Status of the condition, one of True, False, Unknown. */
  readonly status: string;
  /** Type of replication controller condition. */
  readonly type: string;
}

/** ReplicationControllerSpec is the specification of a replication controller. */
export interface ReplicationControllerSpec {
  /** Minimum number of seconds for which a newly created pod should be ready without any of its container crashing, for it to be considered available. */
  readonly minReadySeconds?: number;
  /** Replicas is the number of desired replicas. */
  readonly replicas?: number;
  /** Selector is a label query over pods that should match the Replicas count. */
  readonly selector?: Readonly<Record<string, string>>;
  /** Template is the object that describes the pod that will be created if insufficient replicas are detected. */
  readonly template?: PodTemplateSpec;
}

/** ReplicationControllerStatus represents the current status of a replication controller. */
export interface ReplicationControllerStatus {
  /** The number of available replicas (ready for at least minReadySeconds) for this replication controller. */
  readonly availableReplicas?: number;
  /** Represents the latest available observations of a replication controller's current state. */
  readonly conditions?: readonly ReplicationControllerCondition[];
  /** The number of pods that have labels matching the labels of the pod template of the replication controller. */
  readonly fullyLabeledReplicas?: number;
  /** ObservedGeneration reflects the generation of the most recently observed replication controller. */
  readonly observedGeneration?: number;
  /** The number of ready replicas for this replication controller. */
  readonly readyReplicas?: number;
  /** Replicas is the most recently observed number of replicas. */
  readonly replicas: number;
}

/** ResourceAttributes includes the authorization attributes available for resource requests to the Authorizer interface */
export interface ResourceAttributes {
  /** fieldSelector describes the limitation on access based on field. */
  readonly fieldSelector?: FieldSelectorAttributes;
  /** group is the API Group of the Resource. */
  readonly group?: string;
  /** labelSelector describes the limitation on access based on labels. */
  readonly labelSelector?: LabelSelectorAttributes;
  /** name is the name of the resource being requested for a "get" or deleted for a "delete". */
  readonly name?: string;
  /** namespace is the namespace of the action being requested. */
  readonly namespace?: string;
  /** resource is one of the existing resource types. */
  readonly resource?: string;
  /** subresource is one of the existing resource types. */
  readonly subresource?: string;
  /** verb is a kubernetes resource API verb, like: get, list, watch, create, update, delete, proxy. */
  readonly verb?: string;
  /** version is the API Version of the Resource. */
  readonly version?: string;
}

/** ResourceClaim references one entry in PodSpec.ResourceClaims. */
export interface ResourceClaim {
  /** Name must match the name of one entry in pod.spec.resourceClaims of the Pod where this field is used. */
  readonly name: string;
  /** Request is the name chosen for a request in the referenced claim. */
  readonly request?: string;
}

/** ResourceFieldSelector represents container resources (cpu, memory) and their output format */
export interface ResourceFieldSelector {
  /** Container name: required for volumes, optional for env vars */
  readonly containerName?: string;
  /** Specifies the output format of the exposed resources, defaults to "1" */
  readonly divisor?: Quantity;
  /** Required: resource to select */
  readonly resource: string;
}

/** ResourceHealth represents the health of a resource. */
export interface ResourceHealth {
  /** Health of the resource. can be one of: - Healthy: operates as normal - Unhealthy: reported unhealthy. */
  readonly health?: string;
  /** Message provides human-readable context for Health (e.g. "ECC error count exceeded threshold"). */
  readonly message?: string;
  /** ResourceID is the unique identifier of the resource. */
  readonly resourceID: string;
}

/** ResourceMetricSource indicates how to scale on a resource metric known to Kubernetes, as specified in requests and limits, describing each pod in the current scale target (e.g. CPU or memory). */
export interface ResourceMetricSource {
  /** name is the name of the resource in question. */
  readonly name: string;
  /** target specifies the target value for the given metric */
  readonly target: MetricTarget;
}

/** ResourceMetricStatus indicates the current value of a resource metric known to Kubernetes, as specified in requests and limits, describing each pod in the current scale target (e.g. CPU or memory). */
export interface ResourceMetricStatus {
  /** current contains the current value for the given metric */
  readonly current: MetricValueStatus;
  /** name is the name of the resource in question. */
  readonly name: string;
}

/** ResourceQuota sets aggregate quota restrictions enforced per namespace */
export interface ResourceQuota extends KubeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'ResourceQuota';
  readonly metadata: ObjectMeta;
  /** Spec defines the desired quota. https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status */
  readonly spec?: ResourceQuotaSpec;
  /** Status defines the actual enforced quota and its current usage. https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status */
  readonly status?: ResourceQuotaStatus;
}

/** ResourceQuotaSpec defines the desired hard limits to enforce for Quota. */
export interface ResourceQuotaSpec {
  /** hard is the set of desired hard limits for each named resource. */
  readonly hard?: Readonly<Record<string, Quantity>>;
  /** scopeSelector is also a collection of filters like scopes that must match each object tracked by a quota but expressed using ScopeSelectorOperator in combination with possible values. */
  readonly scopeSelector?: ScopeSelector;
  /** A collection of filters that must match each object tracked by a quota. */
  readonly scopes?: readonly ('BestEffort' | 'CrossNamespacePodAffinity' | 'NotBestEffort' | 'NotTerminating' | 'PriorityClass' | 'Terminating' | 'VolumeAttributesClass')[];
}

/** ResourceQuotaStatus defines the enforced hard limits and observed use. */
export interface ResourceQuotaStatus {
  /** Hard is the set of enforced hard limits for each named resource. */
  readonly hard?: Readonly<Record<string, Quantity>>;
  /** Used is the current observed total usage of the resource in the namespace. */
  readonly used?: Readonly<Record<string, Quantity>>;
}

/** ResourceRequirements describes the compute resource requirements. */
export interface ResourceRequirements {
  /** Claims lists the names of resources, defined in spec.resourceClaims, that are used by this container. */
  readonly claims?: readonly ResourceClaim[];
  /** Limits describes the maximum amount of compute resources allowed. */
  readonly limits?: Readonly<Record<string, Quantity>>;
  /** Requests describes the minimum amount of compute resources required. */
  readonly requests?: Readonly<Record<string, Quantity>>;
}

/** ResourceStatus represents the status of a single resource allocated to a Pod. */
export interface ResourceStatus {
  /** Name of the resource. */
  readonly name: string;
  /** List of unique resources health. */
  readonly resources?: readonly ResourceHealth[];
}

/** Role is a namespaced, logical grouping of PolicyRules that can be referenced as a unit by a RoleBinding. */
export interface Role extends KubeObject {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'Role';
  readonly metadata: ObjectMeta;
  /** Rules holds all the PolicyRules for this Role */
  readonly rules?: readonly PolicyRule[];
}

/** RoleBinding references a role, but does not contain it. */
export interface RoleBinding extends KubeObject {
  readonly apiVersion: 'rbac.authorization.k8s.io/v1';
  readonly kind: 'RoleBinding';
  readonly metadata: ObjectMeta;
  /** RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. */
  readonly roleRef: RoleRef;
  /** Subjects holds references to the objects the role applies to. */
  readonly subjects?: readonly Subject[];
}

/** RoleRef contains information that points to the role being used */
export interface RoleRef {
  /** APIGroup is the group for the resource being referenced */
  readonly apiGroup?: string;
  /** Kind is the type of resource being referenced */
  readonly kind: string;
  /** Name is the name of resource being referenced */
  readonly name: string;
}

/** Spec to control the desired behavior of daemon set rolling update. */
export interface RollingUpdateDaemonSet {
  /** The maximum number of nodes with an existing available DaemonSet pod that can have an updated DaemonSet pod during during an update. */
  readonly maxSurge?: IntOrString;
  /** The maximum number of DaemonSet pods that can be unavailable during the update. */
  readonly maxUnavailable?: IntOrString;
}

/** Spec to control the desired behavior of rolling update. */
export interface RollingUpdateDeployment {
  /** The maximum number of pods that can be scheduled above the desired number of pods. */
  readonly maxSurge?: IntOrString;
  /** The maximum number of pods that can be unavailable during the update. */
  readonly maxUnavailable?: IntOrString;
}

/** RollingUpdateStatefulSetStrategy is used to communicate parameter for RollingUpdateStatefulSetStrategyType. */
export interface RollingUpdateStatefulSetStrategy {
  /** The maximum number of pods that can be unavailable during the update. */
  readonly maxUnavailable?: IntOrString;
  /** Partition indicates the ordinal at which the StatefulSet should be partitioned for updates. */
  readonly partition?: number;
}

/** RuleWithOperations is a tuple of Operations and Resources. */
export interface RuleWithOperations {
  /** apiGroups is the API groups the resources belong to. '*' is all groups. */
  readonly apiGroups?: readonly string[];
  /** apiVersions is the API versions the resources belong to. '*' is all versions. */
  readonly apiVersions?: readonly string[];
  /** operations is the operations the admission hook cares about - CREATE, UPDATE, DELETE, CONNECT or * for all of those operations and any future admission operations that are added. */
  readonly operations?: readonly ('*' | 'CONNECT' | 'CREATE' | 'DELETE' | 'UPDATE')[];
  /** resources is a list of resources this rule applies to. */
  readonly resources?: readonly string[];
  /** scope specifies the scope of this rule. */
  readonly scope?: '*' | 'Cluster' | 'Namespaced';
}

/** SELinuxOptions are the labels to be applied to the container */
export interface SELinuxOptions {
  /** Level is SELinux level label that applies to the container. */
  readonly level?: string;
  /** Role is a SELinux role label that applies to the container. */
  readonly role?: string;
  /** Type is a SELinux type label that applies to the container. */
  readonly type?: string;
  /** User is a SELinux user label that applies to the container. */
  readonly user?: string;
}

/** ScaleIOPersistentVolumeSource represents a persistent ScaleIO volume */
export interface ScaleIOPersistentVolumeSource {
  /** fsType is the filesystem type to mount. */
  readonly fsType?: string;
  /** gateway is the host address of the ScaleIO API Gateway. */
  readonly gateway: string;
  /** protectionDomain is the name of the ScaleIO Protection Domain for the configured storage. */
  readonly protectionDomain?: string;
  /** readOnly defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretRef references to the secret for ScaleIO user and other sensitive information. */
  readonly secretRef: SecretReference;
  /** sslEnabled is the flag to enable/disable SSL communication with Gateway, default false */
  readonly sslEnabled?: boolean;
  /** storageMode indicates whether the storage for a volume should be ThickProvisioned or ThinProvisioned. */
  readonly storageMode?: string;
  /** storagePool is the ScaleIO Storage Pool associated with the protection domain. */
  readonly storagePool?: string;
  /** system is the name of the storage system as configured in ScaleIO. */
  readonly system: string;
  /** volumeName is the name of a volume already created in the ScaleIO system that is associated with this volume source. */
  readonly volumeName?: string;
}

/** ScaleIOVolumeSource represents a persistent ScaleIO volume */
export interface ScaleIOVolumeSource {
  /** fsType is the filesystem type to mount. */
  readonly fsType?: string;
  /** gateway is the host address of the ScaleIO API Gateway. */
  readonly gateway: string;
  /** protectionDomain is the name of the ScaleIO Protection Domain for the configured storage. */
  readonly protectionDomain?: string;
  /** readOnly Defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretRef references to the secret for ScaleIO user and other sensitive information. */
  readonly secretRef: LocalObjectReference;
  /** sslEnabled Flag enable/disable SSL communication with Gateway, default false */
  readonly sslEnabled?: boolean;
  /** storageMode indicates whether the storage for a volume should be ThickProvisioned or ThinProvisioned. */
  readonly storageMode?: string;
  /** storagePool is the ScaleIO Storage Pool associated with the protection domain. */
  readonly storagePool?: string;
  /** system is the name of the storage system as configured in ScaleIO. */
  readonly system: string;
  /** volumeName is the name of a volume already created in the ScaleIO system that is associated with this volume source. */
  readonly volumeName?: string;
}

/** A scope selector represents the AND of the selectors represented by the scoped-resource selector requirements. */
export interface ScopeSelector {
  /** A list of scope selector requirements by scope of the resources. */
  readonly matchExpressions?: readonly ScopedResourceSelectorRequirement[];
}

/** A scoped-resource selector requirement is a selector that contains values, a scope name, and an operator that relates the scope name and values. */
export interface ScopedResourceSelectorRequirement {
  /** Represents a scope's relationship to a set of values. */
  readonly operator: 'DoesNotExist' | 'Exists' | 'In' | 'NotIn';
  /** The name of the scope that the selector applies to. */
  readonly scopeName: 'BestEffort' | 'CrossNamespacePodAffinity' | 'NotBestEffort' | 'NotTerminating' | 'PriorityClass' | 'Terminating' | 'VolumeAttributesClass';
  /** An array of string values. */
  readonly values?: readonly string[];
}

/** SeccompProfile defines a pod/container's seccomp profile settings. */
export interface SeccompProfile {
  /** localhostProfile indicates a profile defined in a file on the node should be used. */
  readonly localhostProfile?: string;
  /** type indicates which kind of seccomp profile will be applied. */
  readonly type: 'Localhost' | 'RuntimeDefault' | 'Unconfined';
}

/** Secret holds secret data of a certain type. */
export interface Secret extends KubeObject {
  readonly apiVersion: 'v1';
  /** Data contains the secret data. */
  readonly data?: Readonly<Record<string, string>>;
  /** Immutable, if set to true, ensures that data stored in the Secret cannot be updated (only object metadata can be modified). */
  readonly immutable?: boolean;
  readonly kind: 'Secret';
  readonly metadata: ObjectMeta;
  /** stringData allows specifying non-binary secret data in string form. */
  readonly stringData?: Readonly<Record<string, string>>;
  /** Used to facilitate programmatic handling of secret data. */
  readonly type?: string;
}

/** SecretEnvSource selects a Secret to populate the environment variables with. */
export interface SecretEnvSource {
  /** Name of the referent. */
  readonly name?: string;
  /** Specify whether the Secret must be defined */
  readonly optional?: boolean;
}

/** SecretKeySelector selects a key of a Secret. */
export interface SecretKeySelector {
  /** The key of the secret to select from. */
  readonly key: string;
  /** Name of the referent. */
  readonly name?: string;
  /** Specify whether the Secret or its key must be defined */
  readonly optional?: boolean;
}

/** Adapts a secret into a projected volume. */
export interface SecretProjection {
  /** items if unspecified, each key-value pair in the Data field of the referenced Secret will be projected into the volume as a file whose name is the key and content is the value. */
  readonly items?: readonly KeyToPath[];
  /** Name of the referent. */
  readonly name?: string;
  /** optional field specify whether the Secret or its key must be defined */
  readonly optional?: boolean;
}

/** SecretReference represents a Secret Reference. */
export interface SecretReference {
  /** name is unique within a namespace to reference a secret resource. */
  readonly name?: string;
  /** namespace defines the space within which the secret name must be unique. */
  readonly namespace?: string;
}

/** Adapts a Secret into a volume. */
export interface SecretVolumeSource {
  /** defaultMode is Optional: mode bits used to set permissions on created files by default. */
  readonly defaultMode?: number;
  /** items If unspecified, each key-value pair in the Data field of the referenced Secret will be projected into the volume as a file whose name is the key and content is the value. */
  readonly items?: readonly KeyToPath[];
  /** optional field specify whether the Secret or its keys must be defined */
  readonly optional?: boolean;
  /** secretName is the name of the secret in the pod's namespace to use. */
  readonly secretName?: string;
}

/** SecurityContext holds security configuration that will be applied to a container. */
export interface SecurityContext {
  /** AllowPrivilegeEscalation controls whether a process can gain more privileges than its parent process. */
  readonly allowPrivilegeEscalation?: boolean;
  /** appArmorProfile is the AppArmor options to use by this container. */
  readonly appArmorProfile?: AppArmorProfile;
  /** The capabilities to add/drop when running containers. */
  readonly capabilities?: Capabilities;
  /** Run container in privileged mode. */
  readonly privileged?: boolean;
  /** procMount denotes the type of proc mount to use for the containers. */
  readonly procMount?: 'Default' | 'Unmasked';
  /** Whether this container has a read-only root filesystem. */
  readonly readOnlyRootFilesystem?: boolean;
  /** The GID to run the entrypoint of the container process. */
  readonly runAsGroup?: number;
  /** Indicates that the container must run as a non-root user. */
  readonly runAsNonRoot?: boolean;
  /** The UID to run the entrypoint of the container process. */
  readonly runAsUser?: number;
  /** The SELinux context to be applied to the container. */
  readonly seLinuxOptions?: SELinuxOptions;
  /** The seccomp options to use by this container. */
  readonly seccompProfile?: SeccompProfile;
  /** The Windows specific settings applied to all containers. */
  readonly windowsOptions?: WindowsSecurityContextOptions;
}

/** SelectableField specifies the JSON path of a field that may be used with field selectors. */
export interface SelectableField {
  /** jsonPath is a simple JSON path which is evaluated against each custom resource to produce a field selector value. */
  readonly jsonPath: string;
}

/** SelfSubjectAccessReview checks whether or the current user can perform an action. */
export interface SelfSubjectAccessReview extends KubeObject {
  readonly apiVersion: 'authorization.k8s.io/v1';
  readonly kind: 'SelfSubjectAccessReview';
  readonly metadata: ObjectMeta;
  /** spec holds information about the request being evaluated. user and groups must be empty */
  readonly spec: SelfSubjectAccessReviewSpec;
  /** status is filled in by the server and indicates whether the request is allowed or not */
  readonly status?: SubjectAccessReviewStatus;
}

/** SelfSubjectAccessReviewSpec is a description of the access request. */
export interface SelfSubjectAccessReviewSpec {
  /** nonResourceAttributes describes information for a non-resource access request */
  readonly nonResourceAttributes?: NonResourceAttributes;
  /** resourceAttributes describes information for a resource access request */
  readonly resourceAttributes?: ResourceAttributes;
}

/** Service is a named abstraction of software service (for example, mysql) consisting of local port (for example 3306) that the proxy listens on, and the selector that determines which pods will answer requests sent through the proxy. */
export interface Service extends KubeObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Service';
  readonly metadata: ObjectMeta;
  /** Spec defines the behavior of a service. https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status */
  readonly spec?: ServiceSpec;
  /** Most recently observed status of the service. */
  readonly status?: ServiceStatus;
}

/** ServiceAccount binds together: * a name, understood by users, and perhaps by peripheral systems, for an identity * a principal that can be authenticated and authorized * a set of secrets */
export interface ServiceAccount extends KubeObject {
  readonly apiVersion: 'v1';
  /** AutomountServiceAccountToken indicates whether pods running as this service account should have an API token automatically mounted. */
  readonly automountServiceAccountToken?: boolean;
  /** ImagePullSecrets is a list of references to secrets in the same namespace to use for pulling any images in pods that reference this ServiceAccount. */
  readonly imagePullSecrets?: readonly LocalObjectReference[];
  readonly kind: 'ServiceAccount';
  readonly metadata: ObjectMeta;
  /** Secrets is a list of the secrets in the same namespace that pods running using this ServiceAccount are allowed to use. */
  readonly secrets?: readonly ObjectReference[];
}

/** ServiceAccountTokenProjection represents a projected service account token volume. */
export interface ServiceAccountTokenProjection {
  /** audience is the intended audience of the token. */
  readonly audience?: string;
  /** expirationSeconds is the requested duration of validity of the service account token. */
  readonly expirationSeconds?: number;
  /** path is the path relative to the mount point of the file to project the token into. */
  readonly path: string;
}

/** ServiceBackendPort is the service port being referenced. */
export interface ServiceBackendPort {
  /** name is the name of the port on the Service. */
  readonly name?: string;
  /** number is the numerical port number (e.g. 80) on the Service. */
  readonly number?: number;
}

/** ServicePort contains information on service's port. */
export interface ServicePort {
  /** The application protocol for this port. */
  readonly appProtocol?: string;
  /** The name of this port within the service. */
  readonly name?: string;
  /** The port on each node on which this service is exposed when type is NodePort or LoadBalancer. */
  readonly nodePort?: number;
  /** The port that will be exposed by this service. */
  readonly port: number;
  /** The IP protocol for this port. */
  readonly protocol?: 'SCTP' | 'TCP' | 'UDP';
  /** Number or name of the port to access on the pods targeted by the service. */
  readonly targetPort?: IntOrString;
}

/** ServiceReference holds a reference to Service.legacy.k8s.io */
export interface ServiceReference {
  /** name is the name of the service. */
  readonly name: string;
  /** namespace is the namespace of the service. */
  readonly namespace: string;
  /** path is an optional URL path which will be sent in any request to this service. */
  readonly path?: string;
  /** port is the port on the service that hosts the webhook. */
  readonly port?: number;
}

/** ServiceSpec describes the attributes that a user creates on a service. */
export interface ServiceSpec {
  /** allocateLoadBalancerNodePorts defines if NodePorts will be automatically allocated for services with type LoadBalancer. */
  readonly allocateLoadBalancerNodePorts?: boolean;
  /** clusterIP is the IP address of the service and is usually assigned randomly. */
  readonly clusterIP?: string;
  /** ClusterIPs is a list of IP addresses assigned to this service, and are usually assigned randomly. */
  readonly clusterIPs?: readonly string[];
  /** externalIPs is a list of IP addresses for which nodes in the cluster will also accept traffic for this service. */
  readonly externalIPs?: readonly string[];
  /** externalName is the external reference that discovery mechanisms will return as an alias for this service (e.g. a DNS CNAME record). */
  readonly externalName?: string;
  /** externalTrafficPolicy describes how nodes distribute service traffic they receive on one of the Service's "externally-facing" addresses (NodePorts, ExternalIPs, and LoadBalancer IPs). */
  readonly externalTrafficPolicy?: 'Cluster' | 'Local';
  /** healthCheckNodePort specifies the healthcheck nodePort for the service. */
  readonly healthCheckNodePort?: number;
  /** InternalTrafficPolicy describes how nodes distribute service traffic they receive on the ClusterIP. */
  readonly internalTrafficPolicy?: 'Cluster' | 'Local';
  /** IPFamilies is a list of IP families (e.g. IPv4, IPv6) assigned to this service. */
  readonly ipFamilies?: readonly ('' | 'IPv4' | 'IPv6')[];
  /** IPFamilyPolicy represents the dual-stack-ness requested or required by this Service. */
  readonly ipFamilyPolicy?: 'PreferDualStack' | 'RequireDualStack' | 'SingleStack';
  /** loadBalancerClass is the class of the load balancer implementation this Service belongs to. */
  readonly loadBalancerClass?: string;
  /** Only applies to Service Type: LoadBalancer. */
  readonly loadBalancerIP?: string;
  /** If specified and supported by the platform, this will restrict traffic through the cloud-provider load-balancer will be restricted to the specified client IPs. */
  readonly loadBalancerSourceRanges?: readonly string[];
  /** The list of ports that are exposed by this service. */
  readonly ports?: readonly ServicePort[];
  /** publishNotReadyAddresses indicates that any agent which deals with endpoints for this Service should disregard any indications of ready/not-ready. */
  readonly publishNotReadyAddresses?: boolean;
  /** Route service traffic to pods with label keys and values matching this selector. */
  readonly selector?: Readonly<Record<string, string>>;
  /** Supports "ClientIP" and "None". */
  readonly sessionAffinity?: 'ClientIP' | 'None';
  /** sessionAffinityConfig contains the configurations of session affinity. */
  readonly sessionAffinityConfig?: SessionAffinityConfig;
  /** TrafficDistribution offers a way to express preferences for how traffic is distributed to Service endpoints. */
  readonly trafficDistribution?: string;
  /** type determines how the Service is exposed. */
  readonly type?: 'ClusterIP' | 'ExternalName' | 'LoadBalancer' | 'NodePort';
}

/** ServiceStatus represents the current status of a service. */
export interface ServiceStatus {
  /** Current service state */
  readonly conditions?: readonly Condition[];
  /** LoadBalancer contains the current status of the load-balancer, if one is present. */
  readonly loadBalancer?: LoadBalancerStatus;
}

/** SessionAffinityConfig represents the configurations of session affinity. */
export interface SessionAffinityConfig {
  /** clientIP contains the configurations of Client IP based session affinity. */
  readonly clientIP?: ClientIPConfig;
}

/** SleepAction describes a "sleep" action. */
export interface SleepAction {
  /** Seconds is the number of seconds to sleep. */
  readonly seconds: number;
}

/** StatefulSet represents a set of pods with consistent identities. */
export interface StatefulSet extends KubeObject {
  readonly apiVersion: 'apps/v1';
  readonly kind: 'StatefulSet';
  readonly metadata: ObjectMeta;
  /** Spec defines the desired identities of pods in this set. */
  readonly spec?: StatefulSetSpec;
  /** Status is the current status of Pods in this StatefulSet. */
  readonly status?: StatefulSetStatus;
}

/** StatefulSetCondition describes the state of a statefulset at a certain point. */
export interface StatefulSetCondition {
  /** Last time the condition transitioned from one status to another. */
  readonly lastTransitionTime?: string;
  /** A human readable message indicating details about the transition. */
  readonly message?: string;
  /** The reason for the condition's last transition. */
  readonly reason?: string;
  /** Status of the condition, one of True, False, Unknown. */
  readonly status: string;
  /** Type of statefulset condition. */
  readonly type: string;
}

/** StatefulSetOrdinals describes the policy used for replica ordinal assignment in this StatefulSet. */
export interface StatefulSetOrdinals {
  /** start is the number representing the first replica's index. */
  readonly start?: number;
}

/** StatefulSetPersistentVolumeClaimRetentionPolicy describes the policy used for PVCs created from the StatefulSet VolumeClaimTemplates. */
export interface StatefulSetPersistentVolumeClaimRetentionPolicy {
  /** WhenDeleted specifies what happens to PVCs created from StatefulSet VolumeClaimTemplates when the StatefulSet is deleted. */
  readonly whenDeleted?: string;
  /** WhenScaled specifies what happens to PVCs created from StatefulSet VolumeClaimTemplates when the StatefulSet is scaled down. */
  readonly whenScaled?: string;
}

/** A StatefulSetSpec is the specification of a StatefulSet. */
export interface StatefulSetSpec {
  /** Minimum number of seconds for which a newly created pod should be ready without any of its container crashing for it to be considered available. */
  readonly minReadySeconds?: number;
  /** ordinals controls the numbering of replica indices in a StatefulSet. */
  readonly ordinals?: StatefulSetOrdinals;
  /** persistentVolumeClaimRetentionPolicy describes the lifecycle of persistent volume claims created from volumeClaimTemplates. */
  readonly persistentVolumeClaimRetentionPolicy?: StatefulSetPersistentVolumeClaimRetentionPolicy;
  /** podManagementPolicy controls how pods are created during initial scale up, when replacing pods on nodes, or when scaling down. */
  readonly podManagementPolicy?: 'OrderedReady' | 'Parallel';
  /** replicas is the desired number of replicas of the given Template. */
  readonly replicas?: number;
  /** revisionHistoryLimit is the maximum number of revisions that will be maintained in the StatefulSet's revision history. */
  readonly revisionHistoryLimit?: number;
  /** selector is a label query over pods that should match the replica count. */
  readonly selector: LabelSelector;
  /** serviceName is the name of the service that governs this StatefulSet. */
  readonly serviceName?: string;
  /** template is the object that describes the pod that will be created if insufficient replicas are detected. */
  readonly template: PodTemplateSpec;
  /** updateStrategy indicates the StatefulSetUpdateStrategy that will be employed to update Pods in the StatefulSet when a revision is made to Template. */
  readonly updateStrategy?: StatefulSetUpdateStrategy;
  /** volumeClaimTemplates is a list of claims that pods are allowed to reference. */
  readonly volumeClaimTemplates?: readonly Embedded<PersistentVolumeClaim>[];
}

/** StatefulSetStatus represents the current state of a StatefulSet. */
export interface StatefulSetStatus {
  /** Total number of available pods (ready for at least minReadySeconds) targeted by this statefulset. */
  readonly availableReplicas?: number;
  /** collisionCount is the count of hash collisions for the StatefulSet. */
  readonly collisionCount?: number;
  /** Represents the latest available observations of a statefulset's current state. */
  readonly conditions?: readonly StatefulSetCondition[];
  /** currentReplicas is the number of Pods created by the StatefulSet controller from the StatefulSet version indicated by currentRevision. */
  readonly currentReplicas?: number;
  /** currentRevision, if not empty, indicates the version of the StatefulSet used to generate Pods in the sequence [0,currentReplicas). */
  readonly currentRevision?: string;
  /** observedGeneration is the most recent generation observed for this StatefulSet. */
  readonly observedGeneration?: number;
  /** readyReplicas is the number of pods created for this StatefulSet with a Ready Condition. */
  readonly readyReplicas?: number;
  /** replicas is the number of Pods created by the StatefulSet controller. */
  readonly replicas: number;
  /** updateRevision, if not empty, indicates the version of the StatefulSet used to generate Pods in the sequence [replicas-updatedReplicas,replicas) */
  readonly updateRevision?: string;
  /** updatedReplicas is the number of Pods created by the StatefulSet controller from the StatefulSet version indicated by updateRevision. */
  readonly updatedReplicas?: number;
}

/** StatefulSetUpdateStrategy indicates the strategy that the StatefulSet controller will use to perform updates. */
export interface StatefulSetUpdateStrategy {
  /** RollingUpdate is used to communicate parameters when Type is RollingUpdateStatefulSetStrategyType. */
  readonly rollingUpdate?: RollingUpdateStatefulSetStrategy;
  /** Type indicates the type of the StatefulSetUpdateStrategy. */
  readonly type?: 'OnDelete' | 'RollingUpdate';
}

/** StorageClass describes the parameters for a class of storage for which PersistentVolumes can be dynamically provisioned. */
export interface StorageClass extends KubeObject {
  /** allowVolumeExpansion shows whether the storage class allow volume expand. */
  readonly allowVolumeExpansion?: boolean;
  /** allowedTopologies restrict the node topologies where volumes can be dynamically provisioned. */
  readonly allowedTopologies?: readonly TopologySelectorTerm[];
  readonly apiVersion: 'storage.k8s.io/v1';
  readonly kind: 'StorageClass';
  readonly metadata: ObjectMeta;
  /** mountOptions controls the mountOptions for dynamically provisioned PersistentVolumes of this storage class. e.g. ["ro", "soft"]. */
  readonly mountOptions?: readonly string[];
  /** parameters holds the parameters for the provisioner that should create volumes of this storage class. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** provisioner indicates the type of the provisioner. */
  readonly provisioner: string;
  /** reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class. */
  readonly reclaimPolicy?: 'Delete' | 'Recycle' | 'Retain';
  /** volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound. */
  readonly volumeBindingMode?: 'Immediate' | 'WaitForFirstConsumer';
}

/** Represents a StorageOS persistent volume resource. */
export interface StorageOSPersistentVolumeSource {
  /** fsType is the filesystem type to mount. */
  readonly fsType?: string;
  /** readOnly defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretRef specifies the secret to use for obtaining the StorageOS API credentials. */
  readonly secretRef?: ObjectReference;
  /** volumeName is the human-readable name of the StorageOS volume. */
  readonly volumeName?: string;
  /** volumeNamespace specifies the scope of the volume within StorageOS. */
  readonly volumeNamespace?: string;
}

/** Represents a StorageOS persistent volume resource. */
export interface StorageOSVolumeSource {
  /** fsType is the filesystem type to mount. */
  readonly fsType?: string;
  /** readOnly defaults to false (read/write). */
  readonly readOnly?: boolean;
  /** secretRef specifies the secret to use for obtaining the StorageOS API credentials. */
  readonly secretRef?: LocalObjectReference;
  /** volumeName is the human-readable name of the StorageOS volume. */
  readonly volumeName?: string;
  /** volumeNamespace specifies the scope of the volume within StorageOS. */
  readonly volumeNamespace?: string;
}

/** Subject contains a reference to the object or user identities a role binding applies to. */
export interface Subject {
  /** APIGroup holds the API group of the referenced subject. */
  readonly apiGroup?: string;
  /** Kind of object being referenced. */
  readonly kind: string;
  /** Name of the object being referenced. */
  readonly name: string;
  /** Namespace of the referenced object. */
  readonly namespace?: string;
}

/** SubjectAccessReview checks whether or not a user or group can perform an action. */
export interface SubjectAccessReview extends KubeObject {
  readonly apiVersion: 'authorization.k8s.io/v1';
  readonly kind: 'SubjectAccessReview';
  readonly metadata: ObjectMeta;
  /** spec holds information about the request being evaluated */
  readonly spec: SubjectAccessReviewSpec;
  /** status is filled in by the server and indicates whether the request is allowed or not */
  readonly status?: SubjectAccessReviewStatus;
}

/** SubjectAccessReviewSpec is a description of the access request. */
export interface SubjectAccessReviewSpec {
  /** extra corresponds to the user.Info.GetExtra() method from the authenticator. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /** groups is the groups you're testing for. */
  readonly groups?: readonly string[];
  /** nonResourceAttributes describes information for a non-resource access request */
  readonly nonResourceAttributes?: NonResourceAttributes;
  /** resourceAttributes describes information for a resource access request */
  readonly resourceAttributes?: ResourceAttributes;
  /** uid information about the requesting user. */
  readonly uid?: string;
  /** user is the user you're testing for. */
  readonly user?: string;
}

/** SubjectAccessReviewStatus */
export interface SubjectAccessReviewStatus {
  /** allowed is required. */
  readonly allowed: boolean;
  /** denied is optional. */
  readonly denied?: boolean;
  /** evaluationError is an indication that some error occurred during the authorization check. */
  readonly evaluationError?: string;
  /** reason is optional. */
  readonly reason?: string;
}

/** SuccessPolicy describes when a Job can be declared as succeeded based on the success of some indexes. */
export interface SuccessPolicy {
  /** rules represents the list of alternative rules for the declaring the Jobs as successful before `.status.succeeded >= .spec.completions`. */
  readonly rules: readonly SuccessPolicyRule[];
}

/** SuccessPolicyRule describes rule for declaring a Job as succeeded. */
export interface SuccessPolicyRule {
  /** succeededCount specifies the minimal required size of the actual set of the succeeded indexes for the Job. */
  readonly succeededCount?: number;
  /** succeededIndexes specifies the set of indexes which need to be contained in the actual set of the succeeded indexes for the Job. */
  readonly succeededIndexes?: string;
}

/** Sysctl defines a kernel parameter to be set */
export interface Sysctl {
  /** Name of a property to set */
  readonly name: string;
  /** Value of a property to set */
  readonly value: string;
}

/** TCPSocketAction describes an action based on opening a socket */
export interface TCPSocketAction {
  /** Optional: Host name to connect to, defaults to the pod IP. */
  readonly host?: string;
  /** Number or name of the port to access on the container. */
  readonly port: IntOrString;
}

/** The node this Taint is attached to has the "effect" on any pod that does not tolerate the Taint. */
export interface Taint {
  /** Required. */
  readonly effect: 'NoExecute' | 'NoSchedule' | 'PreferNoSchedule';
  /** Required. */
  readonly key: string;
  /** TimeAdded represents the time at which the taint was added. */
  readonly timeAdded?: string;
  /** The taint value corresponding to the taint key. */
  readonly value?: string;
}

/** TokenRequest requests a token for a given service account. */
export interface TokenRequest extends KubeObject {
  readonly apiVersion: 'authentication.k8s.io/v1';
  readonly kind: 'TokenRequest';
  readonly metadata: ObjectMeta;
  /** spec holds information about the request being evaluated */
  readonly spec?: TokenRequestSpec;
  /** status is filled in by the server and indicates whether the token can be authenticated. */
  readonly status?: TokenRequestStatus;
}

/** TokenRequestSpec contains client provided parameters of a token request. */
export interface TokenRequestSpec {
  /** audiences are the intendend audiences of the token. */
  readonly audiences?: readonly string[];
  /** boundObjectRef is a reference to an object that the token will be bound to. */
  readonly boundObjectRef?: BoundObjectReference;
  /** expirationSeconds is the requested duration of validity of the request. */
  readonly expirationSeconds?: number;
}

/** TokenRequestStatus is the result of a token request. */
export interface TokenRequestStatus {
  /** expirationTimestamp is the time of expiration of the returned token. */
  readonly expirationTimestamp?: string;
  /** token is the opaque bearer token. */
  readonly token?: string;
}

/** TokenReview attempts to authenticate a token to a known user. */
export interface TokenReview extends KubeObject {
  readonly apiVersion: 'authentication.k8s.io/v1';
  readonly kind: 'TokenReview';
  readonly metadata: ObjectMeta;
  /** spec holds information about the request being evaluated */
  readonly spec: TokenReviewSpec;
  /** status is filled in by the server and indicates whether the request can be authenticated. */
  readonly status?: TokenReviewStatus;
}

/** TokenReviewSpec is a description of the token authentication request. */
export interface TokenReviewSpec {
  /** audiences is a list of the identifiers that the resource server presented with the token identifies as. */
  readonly audiences?: readonly string[];
  /** token is the opaque bearer token. */
  readonly token: string;
}

/** TokenReviewStatus is the result of the token authentication request. */
export interface TokenReviewStatus {
  /** audiences are audience identifiers chosen by the authenticator that are compatible with both the TokenReview and token. */
  readonly audiences?: readonly string[];
  /** authenticated indicates that the token was associated with a known user. */
  readonly authenticated?: boolean;
  /** error indicates that the token couldn't be checked */
  readonly error?: string;
  /** user is the UserInfo associated with the provided token. */
  readonly user?: UserInfo;
}

/** The pod this Toleration is attached to tolerates any taint that matches the triple <key,value,effect> using the matching operator <operator>. */
export interface Toleration {
  /** Effect indicates the taint effect to match. */
  readonly effect?: 'NoExecute' | 'NoSchedule' | 'PreferNoSchedule';
  /** Key is the taint key that the toleration applies to. */
  readonly key?: string;
  /** Operator represents a key's relationship to the value. */
  readonly operator?: 'Equal' | 'Exists' | 'Gt' | 'Lt';
  /** TolerationSeconds represents the period of time the toleration (which must be of effect NoExecute, otherwise this field is ignored) tolerates the taint. */
  readonly tolerationSeconds?: number;
  /** Value is the taint value the toleration matches to. */
  readonly value?: string;
}

/** A topology selector requirement is a selector that matches given label. */
export interface TopologySelectorLabelRequirement {
  /** The label key that the selector applies to. */
  readonly key: string;
  /** An array of string values. */
  readonly values: readonly string[];
}

/** A topology selector term represents the result of label queries. */
export interface TopologySelectorTerm {
  /** A list of topology selector requirements by labels. */
  readonly matchLabelExpressions?: readonly TopologySelectorLabelRequirement[];
}

/** TopologySpreadConstraint specifies how to spread matching pods among the given topology. */
export interface TopologySpreadConstraint {
  /** LabelSelector is used to find matching pods. */
  readonly labelSelector?: LabelSelector;
  /** MatchLabelKeys is a set of pod label keys to select the pods over which spreading will be calculated. */
  readonly matchLabelKeys?: readonly string[];
  /** MaxSkew describes the degree to which pods may be unevenly distributed. */
  readonly maxSkew: number;
  /** MinDomains indicates a minimum number of eligible domains. */
  readonly minDomains?: number;
  /** NodeAffinityPolicy indicates how we will treat Pod's nodeAffinity/nodeSelector when calculating pod topology spread skew. */
  readonly nodeAffinityPolicy?: 'Honor' | 'Ignore';
  /** NodeTaintsPolicy indicates how we will treat node taints when calculating pod topology spread skew. */
  readonly nodeTaintsPolicy?: 'Honor' | 'Ignore';
  /** TopologyKey is the key of node labels. */
  readonly topologyKey: string;
  /** WhenUnsatisfiable indicates how to deal with a pod if it doesn't satisfy the spread constraint. - DoNotSchedule (default) tells the scheduler not to schedule it. - ScheduleAnyway tells the scheduler to schedule the pod in any location, but giving higher precedence to topologies that would help reduce the skew. */
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
}

/** TypeChecking contains results of type checking the expressions in the ValidatingAdmissionPolicy */
export interface TypeChecking {
  /** expressionWarnings contains the type checking warnings for each expression. */
  readonly expressionWarnings?: readonly ExpressionWarning[];
}

/** TypedLocalObjectReference contains enough information to let you locate the typed referenced object inside the same namespace. */
export interface TypedLocalObjectReference {
  /** APIGroup is the group for the resource being referenced. */
  readonly apiGroup?: string;
  /** Kind is the type of resource being referenced */
  readonly kind: string;
  /** Name is the name of resource being referenced */
  readonly name: string;
}

/** TypedObjectReference contains enough information to let you locate the typed referenced object */
export interface TypedObjectReference {
  /** APIGroup is the group for the resource being referenced. */
  readonly apiGroup?: string;
  /** Kind is the type of resource being referenced */
  readonly kind: string;
  /** Name is the name of resource being referenced */
  readonly name: string;
  /** Namespace is the namespace of resource being referenced Note that when a namespace is specified, a gateway.networking.k8s.io/ReferenceGrant object is required in the referent namespace to allow that namespace's owner to accept the reference. */
  readonly namespace?: string;
}

/** UncountedTerminatedPods holds UIDs of Pods that have terminated but haven't been accounted in Job status counters. */
export interface UncountedTerminatedPods {
  /** failed holds UIDs of failed Pods. */
  readonly failed?: readonly string[];
  /** succeeded holds UIDs of succeeded Pods. */
  readonly succeeded?: readonly string[];
}

/** UserInfo holds the information about the user needed to implement the user.Info interface. */
export interface UserInfo {
  /** extra is any additional information provided by the authenticator. */
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /** groups is the names of groups this user is a part of. */
  readonly groups?: readonly string[];
  /** uid is a unique value that identifies this user across time. */
  readonly uid?: string;
  /** username is the name that uniquely identifies this user among all active users. */
  readonly username?: string;
}

/** ValidatingAdmissionPolicy describes the definition of an admission validation policy that accepts or rejects an object without changing it. */
export interface ValidatingAdmissionPolicy extends KubeObject {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'ValidatingAdmissionPolicy';
  readonly metadata: ObjectMeta;
  /** spec defines the desired behavior of the ValidatingAdmissionPolicy. */
  readonly spec?: ValidatingAdmissionPolicySpec;
  /** status represents the current status of the ValidatingAdmissionPolicy, including warnings that are useful to determine if the policy behaves in the expected way. */
  readonly status?: ValidatingAdmissionPolicyStatus;
}

/** ValidatingAdmissionPolicyBinding binds the ValidatingAdmissionPolicy with paramerized resources. */
export interface ValidatingAdmissionPolicyBinding extends KubeObject {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'ValidatingAdmissionPolicyBinding';
  readonly metadata: ObjectMeta;
  /** spec defines the desired behavior of the ValidatingAdmissionPolicyBinding. */
  readonly spec: ValidatingAdmissionPolicyBindingSpec;
}

/** ValidatingAdmissionPolicyBindingSpec is the specification of the ValidatingAdmissionPolicyBinding. */
export interface ValidatingAdmissionPolicyBindingSpec {
  /** matchResources declares what resources match this binding and will be validated by it. */
  readonly matchResources?: MatchResources;
  /** paramRef specifies the parameter resource used to configure the admission control policy. */
  readonly paramRef?: ParamRef;
  /** policyName references a ValidatingAdmissionPolicy name which the ValidatingAdmissionPolicyBinding binds to. */
  readonly policyName: string;
  /** validationActions declares how Validations of the referenced ValidatingAdmissionPolicy are enforced. */
  readonly validationActions: readonly ('Audit' | 'Deny' | 'Warn')[];
}

/** ValidatingAdmissionPolicySpec is the specification of the desired behavior of the AdmissionPolicy. */
export interface ValidatingAdmissionPolicySpec {
  /** auditAnnotations contains CEL expressions which are used to produce audit annotations for the audit event of the API request. validations and auditAnnotations may not both be empty; a least one of validations or auditAnnotations is required. */
  readonly auditAnnotations?: readonly AuditAnnotation[];
  /** failurePolicy defines how to handle failures for the admission policy. */
  readonly failurePolicy?: 'Fail' | 'Ignore';
  /** matchConditions is a list of conditions that must be met for a request to be validated. */
  readonly matchConditions?: readonly MatchCondition[];
  /** matchConstraints specifies what resources this policy is designed to validate. */
  readonly matchConstraints?: MatchResources;
  /** paramKind specifies the kind of resources used to parameterize this policy. */
  readonly paramKind?: ParamKind;
  /** validations contain CEL expressions which is used to apply the validation. */
  readonly validations?: readonly Validation[];
  /** variables contain definitions of variables that can be used in composition of other expressions. */
  readonly variables?: readonly Variable[];
}

/** ValidatingAdmissionPolicyStatus represents the status of an admission validation policy. */
export interface ValidatingAdmissionPolicyStatus {
  /** conditions represent the latest available observations of a policy's current state. */
  readonly conditions?: readonly Condition[];
  /** observedGeneration is the generation observed by the controller. */
  readonly observedGeneration?: number;
  /** typeChecking contains the results of type checking for each expression. */
  readonly typeChecking?: TypeChecking;
}

/** ValidatingWebhook describes an admission webhook and the resources and operations it applies to. */
export interface ValidatingWebhook {
  /** admissionReviewVersions is an ordered list of preferred `AdmissionReview` versions the Webhook expects. */
  readonly admissionReviewVersions: readonly string[];
  /** clientConfig defines how to communicate with the hook. */
  readonly clientConfig: WebhookClientConfig;
  /** failurePolicy defines how unrecognized errors from the admission endpoint are handled - allowed values are Ignore or Fail. */
  readonly failurePolicy?: 'Fail' | 'Ignore';
  /** matchConditions is a list of conditions that must be met for a request to be sent to this webhook. */
  readonly matchConditions?: readonly MatchCondition[];
  /** matchPolicy defines how the "rules" list is used to match incoming requests. */
  readonly matchPolicy?: 'Equivalent' | 'Exact';
  /** name is the name of the admission webhook. */
  readonly name: string;
  /** namespaceSelector decides whether to run the webhook on an object based on whether the namespace for that object matches the selector. */
  readonly namespaceSelector?: LabelSelector;
  /** objectSelector decides whether to run the webhook based on if the object has matching labels. objectSelector is evaluated against both the oldObject and newObject that would be sent to the webhook, and is considered to match if either object matches the selector. */
  readonly objectSelector?: LabelSelector;
  /** rules describes what operations on what resources/subresources the webhook cares about. */
  readonly rules?: readonly RuleWithOperations[];
  /** sideEffects states whether this webhook has side effects. */
  readonly sideEffects: 'None' | 'NoneOnDryRun' | 'Some' | 'Unknown';
  /** timeoutSeconds specifies the timeout for this webhook. */
  readonly timeoutSeconds?: number;
}

/** ValidatingWebhookConfiguration describes the configuration of and admission webhook that accept or reject and object without changing it. */
export interface ValidatingWebhookConfiguration extends KubeObject {
  readonly apiVersion: 'admissionregistration.k8s.io/v1';
  readonly kind: 'ValidatingWebhookConfiguration';
  readonly metadata: ObjectMeta;
  /** webhooks is a list of webhooks and the affected resources and operations. */
  readonly webhooks?: readonly ValidatingWebhook[];
}

/** Validation specifies the CEL expression which is used to apply the validation. */
export interface Validation {
  /** expression represents the expression which will be evaluated by CEL. ref: https://github.com/google/cel-spec CEL expressions have access to the contents of the API request/response, organized into CEL variables as well as some other useful variables: - 'object' - The object from the incoming request. */
  readonly expression: string;
  /** message represents the message displayed when validation fails. */
  readonly message?: string;
  /** messageExpression declares a CEL expression that evaluates to the validation failure message that is returned when this rule fails. */
  readonly messageExpression?: string;
  /** reason represents a machine-readable description of why this validation failed. */
  readonly reason?: string;
}

/** ValidationRule describes a validation rule written in the CEL expression language. */
export interface ValidationRule {
  /** fieldPath represents the field path returned when the validation fails. */
  readonly fieldPath?: string;
  /** Message represents the message displayed when validation fails. */
  readonly message?: string;
  /** MessageExpression declares a CEL expression that evaluates to the validation failure message that is returned when this rule fails. */
  readonly messageExpression?: string;
  /** optionalOldSelf is used to opt a transition rule into evaluation even when the object is first created, or if the old object is missing the value. */
  readonly optionalOldSelf?: boolean;
  /** reason provides a machine-readable validation failure reason that is returned to the caller when a request fails this validation rule. */
  readonly reason?: 'FieldValueDuplicate' | 'FieldValueForbidden' | 'FieldValueInvalid' | 'FieldValueRequired';
  /** Rule represents the expression which will be evaluated by CEL. ref: https://github.com/google/cel-spec The Rule is scoped to the location of the x-kubernetes-validations extension in the schema. */
  readonly rule: string;
}

/** Variable is the definition of a variable that is used for composition. */
export interface Variable {
  /** expression is the expression that will be evaluated as the value of the variable. */
  readonly expression: string;
  /** name is the name of the variable. */
  readonly name: string;
}

/** Volume represents a named volume in a pod that may be accessed by any container in the pod. */
export interface Volume {
  /** awsElasticBlockStore represents an AWS Disk resource that is attached to a kubelet's host machine and then exposed to the pod. */
  readonly awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource;
  /** azureDisk represents an Azure Data Disk mount on the host and bind mount to the pod. */
  readonly azureDisk?: AzureDiskVolumeSource;
  /** azureFile represents an Azure File Service mount on the host and bind mount to the pod. */
  readonly azureFile?: AzureFileVolumeSource;
  /** cephFS represents a Ceph FS mount on the host that shares a pod's lifetime. */
  readonly cephfs?: CephFSVolumeSource;
  /** cinder represents a cinder volume attached and mounted on kubelets host machine. */
  readonly cinder?: CinderVolumeSource;
  /** configMap represents a configMap that should populate this volume */
  readonly configMap?: ConfigMapVolumeSource;
  /** csi (Container Storage Interface) represents ephemeral storage that is handled by certain external CSI drivers. */
  readonly csi?: CSIVolumeSource;
  /** downwardAPI represents downward API about the pod that should populate this volume */
  readonly downwardAPI?: DownwardAPIVolumeSource;
  /** emptyDir represents a temporary directory that shares a pod's lifetime. */
  readonly emptyDir?: EmptyDirVolumeSource;
  /** ephemeral represents a volume that is handled by a cluster storage driver. */
  readonly ephemeral?: EphemeralVolumeSource;
  /** fc represents a Fibre Channel resource that is attached to a kubelet's host machine and then exposed to the pod. */
  readonly fc?: FCVolumeSource;
  /** flexVolume represents a generic volume resource that is provisioned/attached using an exec based plugin. */
  readonly flexVolume?: FlexVolumeSource;
  /** flocker represents a Flocker volume attached to a kubelet's host machine. */
  readonly flocker?: FlockerVolumeSource;
  /** gcePersistentDisk represents a GCE Disk resource that is attached to a kubelet's host machine and then exposed to the pod. */
  readonly gcePersistentDisk?: GCEPersistentDiskVolumeSource;
  /** gitRepo represents a git repository at a particular revision. */
  readonly gitRepo?: GitRepoVolumeSource;
  /** glusterfs represents a Glusterfs mount on the host that shares a pod's lifetime. */
  readonly glusterfs?: GlusterfsVolumeSource;
  /** hostPath represents a pre-existing file or directory on the host machine that is directly exposed to the container. */
  readonly hostPath?: HostPathVolumeSource;
  /** image represents an OCI object (a container image or artifact) pulled and mounted on the kubelet's host machine. */
  readonly image?: ImageVolumeSource;
  /** iscsi represents an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod. */
  readonly iscsi?: ISCSIVolumeSource;
  /** name of the volume. */
  readonly name: string;
  /** nfs represents an NFS mount on the host that shares a pod's lifetime More info: https://kubernetes.io/docs/concepts/storage/volumes#nfs */
  readonly nfs?: NFSVolumeSource;
  /** persistentVolumeClaimVolumeSource represents a reference to a PersistentVolumeClaim in the same namespace. */
  readonly persistentVolumeClaim?: PersistentVolumeClaimVolumeSource;
  /** photonPersistentDisk represents a PhotonController persistent disk attached and mounted on kubelets host machine. */
  readonly photonPersistentDisk?: PhotonPersistentDiskVolumeSource;
  /** portworxVolume represents a portworx volume attached and mounted on kubelets host machine. */
  readonly portworxVolume?: PortworxVolumeSource;
  /** projected items for all in one resources secrets, configmaps, and downward API */
  readonly projected?: ProjectedVolumeSource;
  /** quobyte represents a Quobyte mount on the host that shares a pod's lifetime. */
  readonly quobyte?: QuobyteVolumeSource;
  /** rbd represents a Rados Block Device mount on the host that shares a pod's lifetime. */
  readonly rbd?: RBDVolumeSource;
  /** scaleIO represents a ScaleIO persistent volume attached and mounted on Kubernetes nodes. */
  readonly scaleIO?: ScaleIOVolumeSource;
  /** secret represents a secret that should populate this volume. */
  readonly secret?: SecretVolumeSource;
  /** storageOS represents a StorageOS volume attached and mounted on Kubernetes nodes. */
  readonly storageos?: StorageOSVolumeSource;
  /** vsphereVolume represents a vSphere volume attached and mounted on kubelets host machine. */
  readonly vsphereVolume?: VsphereVirtualDiskVolumeSource;
}

/** volumeDevice describes a mapping of a raw block device within a container. */
export interface VolumeDevice {
  /** devicePath is the path inside of the container that the device will be mapped to. */
  readonly devicePath: string;
  /** name must match the name of a persistentVolumeClaim in the pod */
  readonly name: string;
}

/** VolumeMount describes a mounting of a Volume within a container. */
export interface VolumeMount {
  /** Path within the container at which the volume should be mounted. */
  readonly mountPath: string;
  /** mountPropagation determines how mounts are propagated from the host to container and the other way around. */
  readonly mountPropagation?: 'Bidirectional' | 'HostToContainer' | 'None';
  /** This must match the Name of a Volume. */
  readonly name: string;
  /** Mounted read-only if true, read-write otherwise (false or unspecified). */
  readonly readOnly?: boolean;
  /** RecursiveReadOnly specifies whether read-only mounts should be handled recursively. */
  readonly recursiveReadOnly?: string;
  /** Path within the volume from which the container's volume should be mounted. */
  readonly subPath?: string;
  /** Expanded path within the volume from which the container's volume should be mounted. */
  readonly subPathExpr?: string;
}

/** VolumeMountStatus shows status of volume mounts. */
export interface VolumeMountStatus {
  /** MountPath corresponds to the original VolumeMount. */
  readonly mountPath: string;
  /** Name corresponds to the name of the original VolumeMount. */
  readonly name: string;
  /** ReadOnly corresponds to the original VolumeMount. */
  readonly readOnly?: boolean;
  /** RecursiveReadOnly must be set to Disabled, Enabled, or unspecified (for non-readonly mounts). */
  readonly recursiveReadOnly?: string;
  /** volumeStatus represents volume-type-specific status about the mounted volume. */
  readonly volumeStatus?: VolumeStatus;
}

/** VolumeNodeAffinity defines constraints that limit what nodes this volume can be accessed from. */
export interface VolumeNodeAffinity {
  /** required specifies hard node constraints that must be met. */
  readonly required?: NodeSelector;
}

/** Projection that may be projected along with other supported volume types. */
export interface VolumeProjection {
  /** ClusterTrustBundle allows a pod to access the `.spec.trustBundle` field of ClusterTrustBundle objects in an auto-updating file. */
  readonly clusterTrustBundle?: ClusterTrustBundleProjection;
  /** configMap information about the configMap data to project */
  readonly configMap?: ConfigMapProjection;
  /** downwardAPI information about the downwardAPI data to project */
  readonly downwardAPI?: DownwardAPIProjection;
  /** Projects an auto-rotating credential bundle (private key and certificate chain) that the pod can use either as a TLS client or server. */
  readonly podCertificate?: PodCertificateProjection;
  /** secret information about the secret data to project */
  readonly secret?: SecretProjection;
  /** serviceAccountToken is information about the serviceAccountToken data to project */
  readonly serviceAccountToken?: ServiceAccountTokenProjection;
}

/** VolumeResourceRequirements describes the storage resource requirements for a volume. */
export interface VolumeResourceRequirements {
  /** Limits describes the maximum amount of compute resources allowed. */
  readonly limits?: Readonly<Record<string, Quantity>>;
  /** Requests describes the minimum amount of compute resources required. */
  readonly requests?: Readonly<Record<string, Quantity>>;
}

/** VolumeStatus represents the status of a mounted volume. */
export interface VolumeStatus {
  /** image represents an OCI object (a container image or artifact) pulled and mounted on the kubelet's host machine. */
  readonly image?: ImageVolumeStatus;
}

/** Represents a vSphere volume resource. */
export interface VsphereVirtualDiskVolumeSource {
  /** fsType is filesystem type to mount. */
  readonly fsType?: string;
  /** storagePolicyID is the storage Policy Based Management (SPBM) profile ID associated with the StoragePolicyName. */
  readonly storagePolicyID?: string;
  /** storagePolicyName is the storage Policy Based Management (SPBM) profile name. */
  readonly storagePolicyName?: string;
  /** volumePath is the path that identifies vSphere volume vmdk */
  readonly volumePath: string;
}

/** WebhookClientConfig contains the information to make a TLS connection with the webhook */
export interface WebhookClientConfig {
  /** caBundle is a PEM encoded CA bundle which will be used to validate the webhook's server certificate. */
  readonly caBundle?: string;
  /** service is a reference to the service for this webhook. */
  readonly service?: ServiceReference;
  /** url gives the location of the webhook, in standard URL form (`scheme://host:port/path`). */
  readonly url?: string;
}

/** WebhookConversion describes how to call a conversion webhook */
export interface WebhookConversion {
  /** clientConfig is the instructions for how to call the webhook if strategy is `Webhook`. */
  readonly clientConfig?: ConversionWebhookClientConfig;
  /** conversionReviewVersions is an ordered list of preferred `ConversionReview` versions the Webhook expects. */
  readonly conversionReviewVersions: readonly string[];
}

/** The weights of all of the matched WeightedPodAffinityTerm fields are added per-node to find the most preferred node(s) */
export interface WeightedPodAffinityTerm {
  /** Required. */
  readonly podAffinityTerm: PodAffinityTerm;
  /** weight associated with matching the corresponding podAffinityTerm, in the range 1-100. */
  readonly weight: number;
}

/** WindowsSecurityContextOptions contain Windows-specific options and credentials. */
export interface WindowsSecurityContextOptions {
  /** GMSACredentialSpec is where the GMSA admission webhook (https://github.com/kubernetes-sigs/windows-gmsa) inlines the contents of the GMSA credential spec named by the GMSACredentialSpecName field. */
  readonly gmsaCredentialSpec?: string;
  /** GMSACredentialSpecName is the name of the GMSA credential spec to use. */
  readonly gmsaCredentialSpecName?: string;
  /** HostProcess determines if a container should be run as a 'Host Process' container. */
  readonly hostProcess?: boolean;
  /** The UserName in Windows to run the entrypoint of the container process. */
  readonly runAsUserName?: string;
}
