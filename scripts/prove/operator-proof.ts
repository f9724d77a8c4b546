import { setTimeout as sleep } from 'node:timers/promises';
import {
  ClusterRole,
  ClusterRoleBinding,
  type KubeClient,
  type KubeObject,
  MutatingWebhookConfiguration,
  Namespace,
  Pod,
  type ResourceType,
  ValidatingWebhookConfiguration,
} from '@capstan/kube';
import { AuditLog, comparePermissions, eventually, untilServed, writeVerbs } from '@capstan/testkit';
import { createWorld } from '../../cli/src/demo/create-world.ts';
import type { Exhibit, Show } from '../../cli/src/demo/exhibits/exhibit.ts';
import { applySamples, refOf } from '../../cli/src/demo/samples.ts';
import { worldFor } from '../../cli/src/demo/world.ts';
import { grantedRules } from './granted-rules.ts';
import type { InstalledOperator } from './installed-operator.ts';
import { differences, type Operands, operandsIn } from './operands.ts';
import type { Proof } from './proof-table.ts';
import type { Release } from './releases.ts';

/** A kind with the samples that are shown of it. */
export interface ShownKind {
  readonly exhibit: Exhibit;
  readonly show: Show;
}

/** An edit of a resource, and the pods that it replaces, each once. */
export interface RollOut {
  readonly type: ResourceType;
  readonly ref: { readonly namespace: string; readonly name: string };
  /** A merge patch. */
  readonly patch: object;
  readonly pods: readonly string[];
}

export interface OperatorProofOptions {
  readonly proof: Proof;
  readonly installed: InstalledOperator;
  /** What is shown, and how it is opened once those before it are there. */
  readonly exhibits: readonly Exhibit[];
  readonly open: (exhibit: Exhibit) => Promise<Show>;
  /** A change that replaces pods, to have one under way while the operator is upgraded. */
  readonly rollOut?: RollOut;
  readonly previous: Release;
  readonly current: Release;
}

const quietSeconds = 5;
const minutes = (count: number) => count * 60_000;

/** What a person does with an operator from its first day to its last, each step looked at from outside. */
export class OperatorProof {
  readonly #options: OperatorProofOptions;
  readonly #audit: AuditLog;
  readonly #startedAt: number;
  readonly #kinds: ShownKind[] = [];

  constructor(options: OperatorProofOptions) {
    this.#options = options;
    this.#audit = new AuditLog(options.installed.options.plane.auditLog ?? '');
    this.#startedAt = this.#audit.position();
  }

  async run(): Promise<void> {
    const { previous, current, installed } = this.#options;
    await this.#step(`helm install ${previous.version}`, () => installed.install(previous));
    await this.#step('samples', () => this.#samples());
    await this.#step('a restart of every replica', () => this.#unchanged(() => this.#restartAll()));
    await this.#step(`helm upgrade to ${current.version}`, () => this.#unchanged(() => installed.upgrade(current)));
    await this.#step('the leader is killed', () => this.#unchanged(() => this.#killLeader()));
    await this.#step(`helm rollback to ${previous.version}`, () => this.#unchanged(() => installed.rollback()));
    await this.#step('helm upgrade in mid-roll-out', () => this.#upgradeInMidRollOut());
    await this.#step('quiet', () => this.#quiet());
    await this.#step('helm uninstall', () => this.#unchanged(() => installed.uninstall()));
    await this.#step('what is left of it', () => this.#leftovers());
    await this.#step('helm install again', () => this.#unchanged(() => installed.install(current)));
    await this.#step('samples are deleted', () => this.#deleteSamples());
    await this.#step('permissions', () => this.#permissions());
  }

  #step(name: string, run: () => Promise<string>): Promise<void> {
    return this.#options.proof.step(this.#options.installed.options.operator, name, run);
  }

  get #namespaces(): readonly string[] {
    const samples = this.#kinds.flatMap(({ show }) => show.samples);
    return [...new Set(samples.map((sample) => refOf(sample).namespace))];
  }

  get #types(): readonly ResourceType[] {
    return this.#kinds.map(({ exhibit }) => exhibit.kind);
  }

  /** Those that come later need what the others make. */
  async #samples(): Promise<string> {
    const { exhibits } = this.#options;
    const later = exhibits.filter(({ comesLater }) => comesLater === true);
    await this.#untilOwnersAreKnown();
    const first = await this.#bringIn(exhibits.filter((exhibit) => !later.includes(exhibit)));
    return [...first, ...(await this.#bringIn(later))].join('; ');
  }

  async #bringIn(exhibits: readonly Exhibit[]): Promise<readonly string[]> {
    const kinds: ShownKind[] = [];
    for (const exhibit of exhibits) kinds.push({ exhibit, show: await this.#options.open(exhibit) });
    this.#kinds.push(...kinds);
    await this.#createWorld(kinds);
    const { client } = this.#options.installed.options;
    for (const { exhibit, show } of kinds) {
      const [first] = show.samples;
      if (first !== undefined) await untilServed(client, exhibit.kind, first.manifest, AbortSignal.timeout(minutes(1)));
      await applySamples(client, exhibit.kind, show.samples);
    }
    return (await Promise.all(kinds.map((kind) => this.#verdicts(kind)))).flat();
  }

  /**
   * The admission plugin OwnerReferencesPermissionEnforcement looks for new kinds every 30 s, and until then refuses what one
   * of them owns. An operator tries again, but here every refusal counts.
   */
  async #untilOwnersAreKnown(): Promise<void> {
    await sleep(31_000);
  }

  async #createWorld(kinds: readonly ShownKind[]): Promise<void> {
    const { client, plane } = this.#options.installed.options;
    await createWorld(worldFor(kinds.flatMap(({ show }) => show.samples)), plane, client);
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    for (const name of this.#namespaces)
      await client.patch(Namespace, { name }, { kind: 'merge', body: { metadata: { labels } } });
  }

  /** Waits until each sample is Ready, or says of itself why it never will be. */
  #verdicts({ exhibit, show }: ShownKind): Promise<readonly string[]> {
    const { client } = this.#options.installed.options;
    return Promise.all(
      show.samples.map((sample) =>
        eventually(
          async () => {
            const resource = await client.get<KubeObject>(exhibit.kind, refOf(sample));
            const verdict = resource && exhibit.verdict(resource);
            const name = `${exhibit.kind.kind}/${refOf(sample).name}`;
            if (verdict === undefined || verdict.kind === 'Waiting')
              throw new Error(`${name}: ${verdict?.why ?? 'absent'}`);
            return verdict.kind === 'Ready' ? `${name} Ready` : `${name} runs, not Ready: ${verdict.why}`;
          },
          { timeout: minutes(3), interval: 250 },
        ),
      ),
    );
  }

  #operands(): Promise<Operands> {
    return operandsIn(this.#options.installed.options.client, this.#namespaces, this.#types);
  }

  /** Does something to the operator alone, and compares what it looks after before and after. */
  async #unchanged(act: () => Promise<string>): Promise<string> {
    const before = await this.#operands();
    const position = this.#audit.position();
    const told = await act();
    await sleep(2_000);
    const changed = differences(before, await this.#operands());
    if (changed.length > 0) throw new Error(`${changed.length} operands changed: ${changed.slice(0, 5).join('; ')}`);
    return `writes: ${this.#writes(position)}; ${before.pods.size} pods, ${before.data.size} claims and Secrets as before; ${told}`;
  }

  #writes(position: number): string {
    const user = this.#user;
    const writes = this.#audit.since(position, { user, verbs: writeVerbs, except: ['leases', 'events'] });
    const counts = new Map<string, number>();
    for (const { verb, resource, subresource, code } of writes) {
      const what = `${verb} ${resource}${subresource && `/${subresource}`}${code >= 400 ? ` (${code})` : ''}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    return counts.size === 0 ? 'none' : [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
  }

  get #user(): string {
    const { namespace, operator } = this.#options.installed.options;
    return `system:serviceaccount:${namespace}:${operator}`;
  }

  async #restartAll(): Promise<string> {
    const { client, namespace } = this.#options.installed.options;
    const pods = (await client.list(Pod, { namespace })).items;
    await Promise.all(pods.map(({ metadata }) => client.delete(Pod, metadata)));
    await eventually(
      () => {
        const ready = this.#options.installed.processes.filter(({ isReady }) => isReady);
        if (ready.length < pods.length) throw new Error(`${ready.length} of ${pods.length} replicas are ready`);
      },
      { timeout: minutes(1) },
    );
    const { name } = await this.#options.installed.leader();
    return `${name} leads`;
  }

  async #killLeader(): Promise<string> {
    const leader = await this.#options.installed.leader();
    const start = performance.now();
    await leader.kill();
    await eventually(
      async () => {
        const next = await this.#options.installed.leader();
        if (next.name === leader.name && !next.isReady) throw new Error('nobody leads');
      },
      { timeout: minutes(1) },
    );
    return `${(await this.#options.installed.leader()).name} leads after ${((performance.now() - start) / 1_000).toFixed(1)} s`;
  }

  /** The operator is replaced while it replaces pods: each of those is replaced once, and no other. */
  async #upgradeInMidRollOut(): Promise<string> {
    const { installed, current, rollOut } = this.#options;
    if (rollOut === undefined) return this.#unchanged(() => installed.upgrade(current));
    const { client } = installed.options;
    const { type, ref, patch, pods } = rollOut;
    const before = await this.#operands();
    const position = this.#audit.position();
    await client.patch(type, ref, { kind: 'merge', body: patch });
    await eventually(async () => {
      const { pods: now } = await this.#operands();
      if (!pods.some((pod) => before.pods.get(pod) !== now.get(pod))) throw new Error('no pod is replaced yet');
    });
    const told = await installed.upgrade(current);
    await Promise.all(this.#kinds.map((kind) => this.#verdicts(kind)));
    const after = await this.#operands();
    const left = pods.filter((pod) => before.pods.get(pod) === after.pods.get(pod));
    if (left.length > 0) throw new Error(`not replaced: ${left.join(', ')}`);
    const others = differences({ ...before, specs: new Map() }, after, (pod) => pods.includes(pod));
    if (others.length > 0) throw new Error(`${others.length} others changed: ${others.slice(0, 5).join('; ')}`);
    const deleted = this.#audit.since(position, { user: this.#user, resource: 'pods', verbs: ['delete'] });
    if (deleted.length !== pods.length) throw new Error(`${deleted.length} pods were deleted for ${pods.length}`);
    return `${pods.length} pods replaced, each once, and none of the other ${before.pods.size - pods.length}; ${told}`;
  }

  async #quiet(): Promise<string> {
    const position = this.#audit.position();
    await sleep(quietSeconds * 1_000);
    const requests = this.#audit
      .since(position, { user: this.#user, except: ['leases'] })
      .filter(({ verb }) => verb !== 'watch');
    if (requests.length > 0)
      throw new Error(
        `${requests.length} requests in ${quietSeconds} s: ${requests[0]?.verb} ${requests[0]?.resource}`,
      );
    return `no request but Lease and watches in ${quietSeconds} s`;
  }

  /** After `helm uninstall`: kinds and resources are there, nothing of the operator is. */
  async #leftovers(): Promise<string> {
    const { client, operator, namespace } = this.#options.installed.options;
    const releases = await this.#options.installed.helm('list', '--namespace', namespace, '--short');
    if (releases.trim() !== '') throw new Error(`helm still lists ${releases.trim()}`);
    const left = await clusterWideObjects(client, operator);
    if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
    const held = (await this.#resources()).filter(({ metadata }) => (metadata.finalizers ?? []).length > 0);
    if (held.length > 0)
      throw new Error(`finalizers are left on ${held.map(({ metadata }) => metadata.name).join(', ')}`);
    return `no role, no webhook configuration, no finalizer; the CRDs and ${(await this.#resources()).length} resources are there`;
  }

  async #resources(): Promise<readonly KubeObject[]> {
    const { client } = this.#options.installed.options;
    const lists = await Promise.all(this.#types.map((type) => client.list<KubeObject>(type)));
    return lists.flatMap(({ items }) => items);
  }

  async #deleteSamples(): Promise<string> {
    const { client } = this.#options.installed.options;
    for (const { exhibit, show } of [...this.#kinds].reverse())
      for (const sample of show.samples) await client.delete(exhibit.kind, refOf(sample));
    await eventually(
      async () => {
        const left = await this.#resources();
        if (left.length > 0)
          throw new Error(`${left.length} resources are left, the first is ${left[0]?.metadata.name}`);
      },
      { timeout: minutes(2) },
    );
    await eventually(
      async () => {
        const { pods } = await this.#operands();
        if (pods.size > 0) throw new Error(`${pods.size} pods are left, the first is ${[...pods.keys()][0]}`);
      },
      { timeout: minutes(1) },
    );
    const { data } = await this.#operands();
    return `no resource and no pod is left; kept on purpose: ${[...data.keys()].length} claims and Secrets`;
  }

  /** A watch is in the audit log once it has ended, so the operator is uninstalled first. */
  async #permissions(): Promise<string> {
    const { installed, proof } = this.#options;
    const { client, namespace, operator } = installed.options;
    const rules = await grantedRules(client, { namespace, name: operator });
    await installed.uninstall();
    const used = this.#audit.since(this.#startedAt, { user: this.#user });
    const { unused, forbidden } = comparePermissions(rules, used);
    if (forbidden.length > 0) throw new Error(`refused: ${forbidden.join(', ')}`);
    const why = 'these days had no use for them; test/src/permissions shows the use of each';
    if (unused.length > 0) proof.leaveOut(operator, `${unused.length} permissions`, `${why}: ${unused.join(', ')}`);
    return `none of ${used.length} requests was refused, with ${rules.length} rules granted`;
  }
}

/** What an install makes outside its namespace, but CRDs. */
const clusterWideKinds = [
  ClusterRole,
  ClusterRoleBinding,
  ValidatingWebhookConfiguration,
  MutatingWebhookConfiguration,
] as const satisfies readonly ResourceType[];

/** Those of an operator that are there, by its name or its label. */
async function clusterWideObjects(client: KubeClient, operator: string): Promise<readonly string[]> {
  const isOfOperator = ({ metadata: { name, labels } }: KubeObject) =>
    name.includes(operator) || labels?.['app.kubernetes.io/name'] === operator;
  const found = await Promise.all(
    clusterWideKinds.map(async (type) => {
      const { items } = await client.list<KubeObject>(type);
      return items.filter(isOfOperator).map(({ metadata }) => `${type.kind}/${metadata.name}`);
    }),
  );
  return found.flat();
}
