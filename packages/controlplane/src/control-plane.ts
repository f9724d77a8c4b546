import type { BinaryPaths } from './binaries/resolve.ts';
import type { NodeSpec } from './bootstrap-objects.ts';
import { bringUp } from './bring-up.ts';
import type { ComponentName } from './components.ts';
import type { ProgressListener } from './progress.ts';

/** What kind of control plane to start. */
export interface ControlPlaneOptions {
  /** Kubernetes version without `v`; the built-in one ({@link KUBERNETES_VERSION}) unless told. */
  readonly version?: string;
  /** `kwok`: pods are scheduled and played by kwok on one node, `node-1`. `none`: pods stay Pending. */
  readonly nodes: 'kwok' | 'none';
  /** Run kube-controller-manager (and, with nodes, kube-scheduler): true unless told. Must be true for `nodes: 'kwok'`. */
  readonly controllers?: boolean;
  /** Write one JSON line per request to {@link ControlPlane.auditLog}; false unless told. */
  readonly audit?: boolean;
  /**
   * Admission plugins of the API server beyond those that are on by default, such as `OwnerReferencesPermissionEnforcement`,
   * which OpenShift has. That one learns of a new kind only within 30 s, and until then refuses what one of that kind owns.
   */
  readonly admissionPlugins?: readonly string[];
  /** Force every write to disk, for data that must survive a power cut; false (fast) unless told. */
  readonly durable?: boolean;
  /** Keep everything here, and go on with what an earlier run left here. A temporary directory, removed at the end, unless told. */
  readonly dir?: string;
  /** The port of the API server on 127.0.0.1; the one used before in `dir`, else a free one, unless told. */
  readonly port?: number;
  /** A directory with binaries to use, before any other place; `KUBEBUILDER_ASSETS` unless told. */
  readonly assets?: string;
  /** Told about building or downloading, when that is needed, and about starting. */
  readonly onProgress?: ProgressListener;
  /** Told when a component ends that nobody stopped. The rest keeps running. */
  readonly onUnexpectedExit?: (exit: UnexpectedExit) => void;
  /** Gives up starting. Once started, use {@link ControlPlane.stop}. */
  readonly signal?: AbortSignal;
}

/** A component that ended although nobody asked it to. */
export interface UnexpectedExit {
  readonly component: ComponentName;
  /** `exit code 1` or `signal SIGKILL`. */
  readonly how: string;
  readonly logFile: string;
}

/** A user as RBAC knows it. */
export interface UserIdentity {
  readonly user: string;
  readonly groups?: readonly string[];
}

/** Which service account to become, and for how long. */
export interface ServiceAccountIdentity {
  readonly namespace: string;
  readonly name: string;
  /** Seconds that the token is valid; 7 days unless told, at least 600 (the API server's own limit). */
  readonly expirationSeconds?: number;
}

/** A running control plane. All files it names have mode 0600 inside a directory of mode 0700. */
export interface ControlPlane extends AsyncDisposable {
  /** Path of the administrator's kubeconfig (group `system:masters`). */
  readonly kubeconfig: string;
  /** `https://127.0.0.1:PORT`; the port stays the same when the API server is restarted. */
  readonly server: string;
  /** Path of the audit log: JSON lines, audit.k8s.io/v1 Event. Undefined unless `audit` was asked for. */
  readonly auditLog: string | undefined;
  readonly dir: string;
  readonly version: string;
  readonly binaries: BinaryPaths;
  /** Process ids of the components that run now. */
  readonly pids: Readonly<Partial<Record<ComponentName, number>>>;
  /** Writes a kubeconfig with a client certificate for any user, and gives its path. */
  kubeconfigFor(identity: UserIdentity): Promise<string>;
  /** Writes a kubeconfig with a token of an existing service account (TokenRequest), and gives its path. */
  serviceAccountKubeconfig(identity: ServiceAccountIdentity): Promise<string>;
  /** Adds a node for kwok to play; resolves once it is Ready and pods can be scheduled on it. */
  addNode(node: NodeSpec): Promise<void>;
  /** Kills the API server (SIGKILL), as a crash would. */
  killApiServer(): Promise<void>;
  /**
   * Starts the API server again on the same port, and its controllers, scheduler and kwok anew, as they would be in a
   * cluster, those that had ended included; resolves when it is ready. Nothing happens when it runs.
   */
  startApiServer(): Promise<void>;
  /** Stops the API server as an upgrade would (SIGTERM), and starts it again. */
  restartApiServer(): Promise<void>;
  /**
   * Compacts etcd to its newest revision, so that it refuses every older one with a true 410 Gone. What the API server
   * still holds in its watch cache it goes on answering from there, until it is restarted.
   */
  compactEtcd(): Promise<void>;
  /** Stops everything in order; removes the directory when it is temporary. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts a real etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok as local processes on 127.0.0.1.
 *
 * Resolves when the API server is ready and can take pods (the `default` service account exists). The binaries are found
 * as the README of this package says; the first time may take minutes, reported to `onProgress`. The processes end when
 * this process ends, however it ends. Throws {@link ControlPlaneError}, and then leaves nothing running.
 *
 * @example
 * ```ts
 * await using plane = await startControlPlane({ nodes: 'kwok', audit: true });
 * const client = await connect(plane.kubeconfig);
 * ```
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  return await bringUp(options);
}
