import { join } from 'node:path';
import type { ControlPlane } from '@capstan/controlplane';
import { Deployment, type Draft, type KubeClient, Namespace, type Pod } from '@capstan/kube';
import { eventually, LoadBalancer, type PodProcess, ProcessNode } from '@capstan/testkit';
import type { OperatorSurroundings } from '../../cli/src/demo/exhibits/exhibit.ts';
import { helm, helmEnvironment } from '../go-tools/helm.ts';
import { imagesOf, type Release } from './releases.ts';

export interface InstallOptions {
  readonly plane: ControlPlane;
  readonly client: KubeClient;
  readonly dir: string;
  readonly operator: string;
  readonly namespace: string;
  readonly releases: readonly Release[];
  readonly surroundings: OperatorSurroundings;
  /** Values of its chart, as of `helm --set`, given where API servers call its webhooks. */
  readonly values: (webhooks: URL) => readonly string[];
}

const webhookPort = 9443;
const ports: Readonly<Record<number, string>> = {
  8080: '--metrics-bind-address',
  8081: '--health-probe-bind-address',
  [webhookPort]: '--webhook-bind-address',
};

/**
 * An operator as its chart installs it, each replica a process with what its pod says: arguments, environment, mounted files
 * and a token of its own service account. Only where it listens is another place, for replicas of one machine share no ports.
 */
export class InstalledOperator implements AsyncDisposable {
  readonly options: InstallOptions;
  readonly #node: ProcessNode;
  readonly #webhooks: LoadBalancer;

  private constructor(options: InstallOptions, node: ProcessNode, webhooks: LoadBalancer) {
    this.options = options;
    this.#node = node;
    this.#webhooks = webhooks;
  }

  /** Makes the namespace, with restricted pod security enforced; nothing is installed yet. */
  static async prepare(options: InstallOptions): Promise<InstalledOperator> {
    const { client, namespace, plane, operator, releases, surroundings } = options;
    await client.apply(Namespace, restricted(namespace), { fieldManager: 'a-platform', force: true });
    const webhooks = await LoadBalancer.start();
    const nodeFlags = surroundings.preload === undefined ? [] : ['--import', surroundings.preload];
    const node = await ProcessNode.start({
      ...{ client, namespace, dir: join(options.dir, 'pods') },
      imageOf: imagesOf(operator, releases, nodeFlags),
      kubeconfigOf: (name) => plane.serviceAccountKubeconfig({ namespace, name }),
      argumentsFor: (pod, open) => (isReplica(pod) ? [...placeArguments(open), ...surroundings.flags] : []),
      env: surroundings.env ?? {},
      onReadiness: (ready) => webhooks.aimAt(ready.flatMap((process) => process.ports.get(webhookPort) ?? [])),
    });
    return new InstalledOperator(options, node, webhooks);
  }

  get #webhookUrl(): URL {
    return new URL(`https://127.0.0.1:${this.#webhooks.port}`);
  }

  get processes(): readonly PodProcess[] {
    return [...this.#node.processes.values()];
  }

  /** What Helm prints against the cluster of this operator. */
  helm(...args: readonly string[]): Promise<string> {
    const { plane, dir } = this.options;
    return helm(args, helmEnvironment(plane.kubeconfig, dir));
  }

  async install({ chart }: Release): Promise<string> {
    const { operator, namespace, values } = this.options;
    await this.helm(
      'install',
      operator,
      chart,
      '--namespace',
      namespace,
      ...values(this.#webhookUrl).flatMap((each) => ['--set', each]),
    );
    return this.#untilRolledOut();
  }

  async upgrade({ chart }: Release): Promise<string> {
    const { operator, namespace } = this.options;
    await this.helm('upgrade', operator, chart, '--namespace', namespace, '--reset-then-reuse-values');
    return this.#untilRolledOut();
  }

  /** Back to the revision before, as `helm rollback` does it. */
  async rollback(): Promise<string> {
    const { operator, namespace } = this.options;
    await this.helm('rollback', operator, '--namespace', namespace);
    return this.#untilRolledOut();
  }

  /** What helm says, and what is left of processes: none. */
  async uninstall(): Promise<string> {
    const { operator, namespace } = this.options;
    const said = await this.helm('uninstall', operator, '--namespace', namespace, '--timeout', '120s');
    await eventually(
      () => {
        if (this.#node.processes.size > 0) throw new Error(`${this.#node.processes.size} processes are left`);
      },
      { timeout: 60_000 },
    );
    return said.trim().split('\n').at(-1) ?? '';
  }

  /** The replica that leads, as its metrics say: a process bears the name of this machine in the Lease, not that of its pod. */
  async leader(): Promise<PodProcess> {
    return eventually(
      async () => {
        const leading = await Promise.all(this.processes.map(isLeading));
        const leader = this.processes.find((_, index) => leading[index]);
        if (leader === undefined) throw new Error('no replica leads');
        return leader;
      },
      { timeout: 60_000, interval: 100 },
    );
  }

  async #untilRolledOut(): Promise<string> {
    const { client, namespace, operator } = this.options;
    const replicas = await eventually(
      async () => {
        const { metadata, spec, status = {} } = (await client.get(Deployment, { namespace, name: operator })) ?? {};
        const wanted = spec?.replicas ?? 1;
        const isThere =
          status.observedGeneration === metadata?.generation &&
          [status.updatedReplicas, status.availableReplicas, status.replicas].every((count) => count === wanted);
        if (!isThere) throw new Error(`Deployment/${operator} is not rolled out: ${JSON.stringify(status)}`);
        return wanted;
      },
      { timeout: 120_000, interval: 200 },
    );
    const { name } = await this.leader();
    return `${replicas} of ${replicas} replicas are ready, ${name} leads`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#node[Symbol.asyncDispose]();
    await this.#webhooks[Symbol.asyncDispose]();
  }
}

function restricted(name: string): Draft<Namespace> {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** A pod of the Deployment, not one of a hook or a test: those end by themselves. */
function isReplica({ spec }: Pod): boolean {
  return spec?.restartPolicy === 'Always';
}

async function isLeading({ ports: open }: PodProcess): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${open.get(8080)}/metrics`);
    return /^leader_election_master_status\{[^}]*\} 1$/m.test(await answer.text());
  } catch {
    // Not started yet, or ended just now.
    return false;
  }
}

function placeArguments(open: ReadonlyMap<number, number>): readonly string[] {
  return [...open].flatMap(([port, here]) => {
    const flag = ports[port];
    return flag === undefined ? [] : [`${flag}=127.0.0.1:${here}`];
  });
}
