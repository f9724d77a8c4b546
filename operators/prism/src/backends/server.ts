import type { Container, Quantity, ResourceRequirements } from '@capstan/kube';
import type { PodIdentity } from '@capstan/resources';
import type { PrismBackend, PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import type { MadeServers } from '../secrets/made-with.ts';
import type { Credentials } from './credentials.ts';
import type { Server } from './versions.ts';

/** Makes a short text that changes exactly when one of the secrets does, and tells nothing of them. */
export type SecretHash = (secrets: Readonly<Record<string, string>>) => string;

/** What the servers of a backend, and their children, are made from. */
export interface ServerContext {
  readonly cluster: PrismCluster;
  readonly backend: PrismBackend;
  /** What they let clients in with; empty where there are none. */
  readonly credentials: Credentials;
  /** The Secret that holds them. */
  readonly secretName: string | undefined;
  readonly hashOf: SecretHash;
  /** What there was at the first start of each server; empty where there was none yet. */
  readonly made: MadeServers;
}

/** A port of a server. */
export interface ServerPort {
  readonly name: string;
  readonly port: number;
  /** Only servers of the same backend use it: it is in the headless Service and not in that of clients. */
  readonly isForPeers?: boolean;
}

/** Text files that a server reads at start, mounted read-only. */
export interface ServerFiles {
  readonly directory: string;
  /** By file name. */
  readonly contents: Readonly<Record<string, string>>;
  /** Whether there are secrets in them: they go into a Secret then, else into a ConfigMap. */
  readonly areSecret: boolean;
  /** Each file is mounted by itself, where the directory has others of the image that must stay. */
  readonly isMountedByFile?: boolean;
}

/** A directory in a volume of each server's own. */
export interface ServerData {
  readonly directory: string;
  readonly size: Quantity;
}

/** One kind of server and all that is its own; the rest of its pods, Services and budget is the same for all of them. */
export interface BackendServer {
  readonly server: Server;
  readonly replicas: number;
  /** The number of the first pod, 0 unless told. */
  readonly firstOrdinal?: 1;
  /** The image's own user and group, or one that it runs as just as well. */
  readonly runAs: PodIdentity;
  readonly ports: readonly ServerPort[];
  readonly container: Pick<
    Container,
    'command' | 'args' | 'env' | 'startupProbe' | 'readinessProbe' | 'livenessProbe' | 'workingDir'
  >;
  readonly data: ServerData | undefined;
  /** Directories besides `data` that it writes to; what is there is gone with the pod. */
  readonly scratch: readonly string[];
  readonly files?: ServerFiles;
  /** Where the credentials are mounted, a file for each key, for a server that reads them from there. */
  readonly credentialsDirectory?: string;
  /** How long one may take to stop, in seconds. */
  readonly stopSeconds: number;
  /** Where the cluster says nothing. No CPU limit: a throttled server answers late, and loses elections. */
  readonly resources: ResourceRequirements;
}

/** The name under which the claim of a server's volume starts; the claim is `data-<pod>`. */
export const dataClaim = 'data';

/** The size of a volume where the cluster says nothing. */
export const defaultVolumeSize = '1Gi';

/** Gives a container the pod's own name, as `$(POD_NAME)` in its arguments and variables. */
export const podNameVariable = { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } } as const;

/** Gives a container its pod's number in the StatefulSet; Kubernetes has set the label since 1.28. */
export const podIndexVariable = {
  name: 'POD_INDEX',
  valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
} as const;
