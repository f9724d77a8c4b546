import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type AdminApi, describeRefusal, isRecord } from './admin-api.ts';
import type { BinaryPaths } from './binaries/resolve.ts';
import { type NodeSpec, node } from './bootstrap-objects.ts';
import type { InstancePaths } from './component-arguments.ts';
import type { ComponentLauncher, ComponentName, Components } from './components.ts';
import type { ControlPlane, ServiceAccountIdentity, UserIdentity } from './control-plane.ts';
import { ControlPlaneError } from './control-plane-error.ts';
import { compactToNewest } from './etcd-client.ts';
import { type InstanceDirectory, releaseInstanceDirectory } from './instance-directory.ts';
import type { InstancePki } from './instance-pki.ts';
import { type KubeconfigContent, writeKubeconfig } from './kubeconfig.ts';
import { startKwok } from './kwok-start.ts';
import { awaitReadyz } from './readiness.ts';
import { waitUntil } from './wait-until.ts';

/*
 * In a cluster these lose their leader's lease while the API server is away, end, and are started again. Here they have no
 * lease, and would sit out their reconnect back-off (up to a minute) with nobody to act on objects meanwhile.
 */
const LEADERS: readonly ComponentName[] = ['kube-controller-manager', 'kube-scheduler', 'kwok'];

const SEVEN_DAYS_S = 7 * 86_400;

/** Everything a running instance consists of. */
export interface ControlPlaneParts {
  readonly directory: InstanceDirectory;
  readonly binaries: BinaryPaths;
  readonly version: string;
  readonly pki: InstancePki;
  readonly components: Components;
  readonly launch: Readonly<Record<ComponentName, ComponentLauncher>>;
  readonly api: AdminApi;
  readonly server: string;
  readonly audit: boolean;
  readonly nodes: 'kwok' | 'none';
}

/** The {@link ControlPlane} that `startControlPlane` gives. */
export class RunningControlPlane implements ControlPlane {
  readonly #parts: ControlPlaneParts;
  #stopping: Promise<void> | undefined;

  constructor(parts: ControlPlaneParts) {
    this.#parts = parts;
  }

  get kubeconfig(): string {
    return this.#paths.kubeconfig;
  }
  get server(): string {
    return this.#parts.server;
  }
  get auditLog(): string | undefined {
    return this.#parts.audit ? this.#paths.auditLog : undefined;
  }
  get dir(): string {
    return this.#paths.dir;
  }
  get version(): string {
    return this.#parts.version;
  }
  get binaries(): BinaryPaths {
    return this.#parts.binaries;
  }
  get pids(): Partial<Record<ComponentName, number>> {
    return this.#parts.components.pids;
  }

  async kubeconfigFor(identity: UserIdentity): Promise<string> {
    const certificate = await this.#parts.pki.clientCertificate(identity.user, identity.groups);
    const file = `user-${fileNameOf([identity.user, ...(identity.groups ?? [])])}`;
    return await this.#writeKubeconfig(file, { user: identity.user, identity: { kind: 'certificate', certificate } });
  }

  async serviceAccountKubeconfig(identity: ServiceAccountIdentity): Promise<string> {
    const { namespace, name } = identity;
    const token = await this.#requestToken(identity);
    const user = `system:serviceaccount:${namespace}:${name}`;
    const file = `serviceaccount-${fileNameOf([namespace, name])}`;
    return await this.#writeKubeconfig(file, { user, namespace, identity: { kind: 'token', token } });
  }

  async addNode(spec: NodeSpec): Promise<void> {
    if (this.#parts.nodes === 'none') {
      throw new ControlPlaneError(
        'InvalidOption',
        `node ${spec.name}: started with nodes: 'none', so nothing plays it; use nodes: 'kwok'`,
      );
    }
    const { path, object } = node(spec);
    await this.#parts.api.apply(path, object);
    const limits = { timeoutMs: 30_000, intervalMs: 50 };
    const schedulable = await waitUntil(
      async () => isSchedulable((await this.#parts.api.send('GET', path)).body),
      limits,
    );
    if (!schedulable)
      throw new ControlPlaneError(
        'StartFailed',
        `node ${spec.name} is not Ready after 30 s: see ${join(this.#paths.logs, 'kwok.log')}`,
      );
  }

  async killApiServer(): Promise<void> {
    await this.#parts.components.kill('kube-apiserver');
  }

  async startApiServer(): Promise<void> {
    const { components, launch, api } = this.#parts;
    if (components.get('kube-apiserver') !== undefined) return;
    await awaitReadyz(api, await components.start('kube-apiserver', launch['kube-apiserver']));
    await Promise.all(LEADERS.map((name) => this.#startAnew(name)));
  }

  async restartApiServer(): Promise<void> {
    await this.#parts.components.stop('kube-apiserver');
    await this.startApiServer();
  }

  async compactEtcd(): Promise<void> {
    await compactToNewest(this.#paths.etcdSocket);
  }

  async stop(): Promise<void> {
    this.#stopping ??= this.#stopEverything();
    await this.#stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  get #paths(): InstancePaths {
    return this.#parts.directory.paths;
  }

  /** Replaces a component; one that gave up while the API server was away comes back, as it would in a cluster. */
  async #startAnew(name: ComponentName): Promise<void> {
    const { components, launch, api } = this.#parts;
    if (!components.has(name)) return;
    await components.stop(name);
    if (name === 'kwok') await startKwok(api, components, launch.kwok);
    else await components.start(name, launch[name]);
  }

  async #stopEverything(): Promise<void> {
    this.#parts.api.close();
    await this.#parts.components.stopAll();
    await releaseInstanceDirectory(this.#parts.directory);
  }

  async #writeKubeconfig(
    file: string,
    content: Pick<KubeconfigContent, 'user' | 'namespace' | 'identity'>,
  ): Promise<string> {
    const path = join(this.#paths.kubeconfigs, `${file}.yaml`);
    const certificateAuthority = this.#parts.pki.authority.certificate;
    await writeKubeconfig(path, { ...content, certificateAuthority, server: this.server, clusterName: 'capstan' });
    return path;
  }

  async #requestToken({ namespace, name, expirationSeconds = SEVEN_DAYS_S }: ServiceAccountIdentity): Promise<string> {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}/token`;
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds } };
    const answer = await this.#parts.api.send('POST', path, { body });
    const status = isRecord(answer.body) ? answer.body['status'] : undefined;
    const token = isRecord(status) ? status['token'] : undefined;
    if (answer.status !== 201 || typeof token !== 'string') {
      throw new ControlPlaneError(
        'InvalidOption',
        `token for service account ${namespace}/${name}: ${describeRefusal(answer)}`,
      );
    }
    return token;
  }
}

/** The longest file name that every file system takes is 255 bytes; the rest is left to the suffix. */
const LONGEST_FILE_NAME = 200;

/** Turns names into one file name: what is not plain is escaped, so that two identities never share a file. */
function fileNameOf(parts: readonly string[]): string {
  const name = parts.map((part) => encodeURIComponent(part)).join(',');
  return name.length <= LONGEST_FILE_NAME ? name : createHash('sha256').update(name).digest('hex');
}

/** Whether a Node is Ready and no longer carries the taints of a node that is not. */
function isSchedulable(body: unknown): boolean {
  if (!isRecord(body) || !isRecord(body['status']) || !isRecord(body['spec'])) return false;
  const { conditions } = body['status'];
  const { taints } = body['spec'];
  const ready =
    Array.isArray(conditions) && conditions.some((c) => isRecord(c) && c['type'] === 'Ready' && c['status'] === 'True');
  const held =
    Array.isArray(taints) &&
    taints.some((t) => isRecord(t) && String(t['key']).startsWith('node.kubernetes.io/not-ready'));
  return ready && !held;
}
