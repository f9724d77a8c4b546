import { join } from 'node:path';
import { PKI_FILES } from './instance-pki.ts';

/** The files and directories of one control plane. */
export interface InstancePaths {
  readonly dir: string;
  readonly pki: string;
  readonly logs: string;
  readonly kubeconfigs: string;
  /** The administrator's kubeconfig. */
  readonly kubeconfig: string;
  readonly etcdData: string;
  /** Unix sockets of etcd: only the owner of the directory can reach them, and no port is taken. */
  readonly etcdSocket: string;
  readonly etcdPeerSocket: string;
  readonly auditLog: string;
  readonly auditPolicy: string;
}

/** The longest path a Unix socket may have on every supported system (macOS has room for 104 bytes with the final zero). */
export const LONGEST_SOCKET_PATH = 103;

/**
 * Lays out the directory of an instance; `socketDir` holds the sockets where `dir` itself is too long for them. Each `run`
 * (four characters) has sockets of its own: an etcd that ends late removes the files of its names, more than once.
 */
export function instancePaths(dir: string, socketDir: string = dir, run = '0000'): InstancePaths {
  return {
    dir,
    pki: join(dir, 'pki'),
    logs: join(dir, 'logs'),
    kubeconfigs: join(dir, 'kubeconfigs'),
    kubeconfig: join(dir, 'kubeconfig.yaml'),
    etcdData: join(dir, 'etcd'),
    etcdSocket: join(socketDir, `etcd-${run}.sock`),
    etcdPeerSocket: join(socketDir, `peer-${run}.sock`),
    auditLog: join(dir, 'audit.log'),
    auditPolicy: join(dir, 'audit-policy.yaml'),
  };
}

/**
 * Flags of etcd: one member, reached over Unix sockets only.
 *
 * The advertised URLs must look like TCP although nobody listens there: etcd refuses to advertise a socket.
 * Without `durable` nothing is forced to disk: faster, and lost with the machine's power.
 */
export function etcdArguments(paths: InstancePaths, durable: boolean): string[] {
  return [
    '--name=capstan',
    `--data-dir=${paths.etcdData}`,
    `--listen-client-urls=unix://${paths.etcdSocket}`,
    '--advertise-client-urls=http://127.0.0.1:0',
    `--listen-peer-urls=unix://${paths.etcdPeerSocket}`,
    '--initial-advertise-peer-urls=http://127.0.0.1:0',
    '--initial-cluster=capstan=http://127.0.0.1:0',
    `--quota-backend-bytes=${4 * 1024 ** 3}`,
    '--log-level=warn',
    ...(durable ? [] : ['--unsafe-no-fsync']),
  ];
}

/** What varies between API servers. */
export interface ApiServerSettings {
  readonly port: number;
  readonly audit: boolean;
  readonly admissionPlugins: readonly string[];
}

/** Flags of kube-apiserver: TLS on 127.0.0.1 only, RBAC, nobody anonymous. */
export function apiServerArguments(paths: InstancePaths, settings: ApiServerSettings): string[] {
  const pki = (file: string): string => join(paths.pki, file);
  return [
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${settings.port}`,
    `--etcd-servers=unix://${paths.etcdSocket}`,
    `--client-ca-file=${pki(PKI_FILES.authorityCertificate)}`,
    `--tls-cert-file=${pki(PKI_FILES.servingCertificate)}`,
    `--tls-private-key-file=${pki(PKI_FILES.servingKey)}`,
    `--service-account-key-file=${pki(PKI_FILES.serviceAccountPublicKey)}`,
    `--service-account-signing-key-file=${pki(PKI_FILES.serviceAccountKey)}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=RBAC',
    '--anonymous-auth=false',
    '--allow-privileged=true',
    '--profiling=false',
    // An address on loopback cannot be written into the Endpoints of the service `kubernetes`; it would fail for ever.
    '--endpoint-reconciler-type=none',
    ...(settings.admissionPlugins.length > 0
      ? [`--enable-admission-plugins=${settings.admissionPlugins.join(',')}`]
      : []),
    ...(settings.audit ? auditArguments(paths) : []),
  ];
}

/** Blocking mode: the line is in the file before the client has its answer. No rotation: a reader sees the whole run. */
function auditArguments(paths: InstancePaths): string[] {
  return [
    `--audit-log-path=${paths.auditLog}`,
    `--audit-policy-file=${paths.auditPolicy}`,
    '--audit-log-mode=blocking',
    '--audit-log-format=json',
    `--audit-log-maxsize=${100 * 1024}`,
  ];
}

/** The audit policy: who did what to which object, once per request, when it was answered; never a body. */
export const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
omitManagedFields: true
rules:
- level: Metadata
`;

/** Flags of kube-controller-manager. Every controller has a service account of its own; nothing listens. */
export function controllerManagerArguments(paths: InstancePaths): string[] {
  return [
    `--kubeconfig=${componentKubeconfig(paths, 'kube-controller-manager')}`,
    `--root-ca-file=${join(paths.pki, PKI_FILES.authorityCertificate)}`,
    `--service-account-private-key-file=${join(paths.pki, PKI_FILES.serviceAccountKey)}`,
    '--use-service-account-credentials=true',
    '--secure-port=0',
    '--leader-elect=false',
    '--enable-hostpath-provisioner=true',
    '--profiling=false',
    // The defaults (20 requests per second) make a laptop's control plane slower than any operator under test.
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--concurrent-statefulset-syncs=20',
    '--concurrent-gc-syncs=20',
  ];
}

/** Flags of kube-scheduler. Nothing listens. */
export function schedulerArguments(paths: InstancePaths): string[] {
  return [
    `--kubeconfig=${componentKubeconfig(paths, 'kube-scheduler')}`,
    '--secure-port=0',
    '--leader-elect=false',
    '--profiling=false',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
  ];
}

/** Flags of kwok: every node is its own, and pods follow the stages in `stageFiles`. Nothing listens. */
export function kwokArguments(paths: InstancePaths, stageFiles: readonly string[]): string[] {
  return [
    `--kubeconfig=${componentKubeconfig(paths, 'kwok')}`,
    ...stageFiles.map((file) => `--config=${file}`),
    '--manage-all-nodes=true',
    '--cidr=10.64.0.0/12',
    '--node-ip=127.0.0.1',
    '--node-lease-duration-seconds=40',
    '--v=WARN',
  ];
}

/** Path of the kubeconfig that a component runs with. */
export function componentKubeconfig(paths: InstancePaths, component: string): string {
  return join(paths.kubeconfigs, `${component}.yaml`);
}

/** The user and groups each component authenticates as; RBAC's bootstrap roles know the first two. */
export const COMPONENT_IDENTITIES = {
  'kube-controller-manager': { user: 'system:kube-controller-manager', groups: [] },
  'kube-scheduler': { user: 'system:kube-scheduler', groups: [] },
  kwok: { user: 'capstan:kwok', groups: [] },
} as const;
