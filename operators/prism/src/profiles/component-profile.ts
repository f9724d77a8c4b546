import type { EnvVar, Probe } from '@capstan/kube';
import type { PodIdentity } from '@capstan/resources';

/** A port that a container listens on. */
export interface ProfilePort {
  readonly name: string;
  readonly port: number;
}

/** The port that others use, and the one that the Service in front of it has. */
export interface ServedPort extends ProfilePort {
  readonly servicePort: number;
  readonly appProtocol?: string;
}

/** How a component is stopped. */
export interface Stop {
  /** Seconds until it is killed; Kubernetes' own 30 unless given. */
  readonly graceSeconds?: number;
  /**
   * Whether the process must not be the first one of its container, because as such it would not hear SIGTERM. The containers of
   * the pod then share their processes, and the signal arrives; so does SIGINT, for an image that asks for it.
   */
  readonly sharesProcesses?: boolean;
}

/**
 * How one component runs unless its resource says otherwise. Data: no field depends on a cluster.
 *
 * Texts of `args` and `env` may hold `{port}` (the port it serves on), `{proxyAddress}` (host:port of prism-proxy) and `{adminUrl}`.
 */
export interface ComponentProfile {
  /** With its tag. */
  readonly image: string;
  /** For the image above only; for another one the kubelet's own rule counts. */
  readonly imagePullPolicy: 'IfNotPresent' | 'Never';
  /** The image's entry point unless given. */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  /** Absent where it serves nobody. */
  readonly serves?: ServedPort;
  readonly otherPorts?: readonly ProfilePort[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly runAs: PodIdentity;
  readonly stop: Stop;
}

/** prism-admin by itself, and as a member of a raft group of three or five. */
export interface AdminProfile {
  readonly single: ComponentProfile & { readonly serves: ServedPort };
  readonly member: ComponentProfile & { readonly serves: ServedPort };
  /** Where members speak raft with each other. */
  readonly raftPort: number;
}

/** How the configuration file of a runner is laid out; each has a renderer of its own. */
export type ConfigLayout = 'keyvalue' | 'consumer' | 'producer' | 'mailbox' | 'multicast-registry' | 'generic';

/** The file that a runner reads at its start. */
export interface RunnerConfiguration {
  readonly layout: ConfigLayout;
  /** Its name within {@link configDirectory}. */
  readonly file: 'config.yaml' | 'config.json';
}

/** How one kind of pattern runs. */
export interface RunnerProfile extends ComponentProfile {
  /** Absent where it reads no file. */
  readonly configuration?: RunnerConfiguration;
  /** Whether it keeps files although the resource asks for no volume; they are then lost with the pod. */
  readonly needsData?: boolean;
  /** Whether it may listen on a port that nobody has told of; it then gets a name in DNS. */
  readonly mayListen?: boolean;
}

/** Where a runner finds its configuration file. */
export const configDirectory = '/etc/prism';

/** Where components keep their files. */
export const dataDirectory = '/data';
