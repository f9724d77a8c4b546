import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Clock,
  type Condition,
  type Connection,
  createClient,
  type Draft,
  Event,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  Namespace,
  type ObjectOf,
  type PatchBody,
  type PolicyRule,
  type ResourceType,
  systemClock,
} from '@capstan/kube';
import type { Controller, PassRecord } from '@capstan/runtime';
import { type AuditedRequest, AuditLog, countByVerb, writeVerbs } from '../audit-log.ts';
import { type EventuallyOptions, eventually } from '../eventually.ts';
import { FaultProxy } from '../faults/fault-proxy.ts';
import { comparePermissions, type PermissionDifference } from '../permissions.ts';
import { conditionsOf, conditionText, isOfGeneration } from './conditions-of.ts';
import { grantDeclared } from './declared-permissions.ts';
import { type InstallableKind, installKinds, isInstallable } from './install-kinds.ts';
import { lastWords } from './last-words.ts';
import { leaveEmpty } from './leave-empty.ts';
import { type Program, startAsProcess } from './operator-as-process.ts';
import { connectionWith, createIdentity, kubeconfigFor, type OperatorIdentity } from './operator-identity.ts';
import { startInProcess } from './operator-in-process.ts';
import type { LogLine, OperatorUnderTest } from './operator-under-test.ts';
import { type OpenPlane, openPlane, type PlaneAccess } from './plane-access.ts';
import { type PodBehaviour, PodDirector } from './pod-behaviour.ts';

export interface WorldOptions {
  /** What the operator consists of. Their kinds are installed, and the operator may do what they declare, nothing more. */
  readonly controllers: readonly Controller[];
  /** Begins the name of the world's namespace: lower-case letters, digits and dashes; `world` unless told. */
  readonly name?: string;
  /** Further kinds of custom resources to install. */
  readonly kinds?: readonly InstallableKind[];
  /** Runs this program instead of the controllers, which then only say what to install and to permit. */
  readonly program?: Program;
  /** Permissions beyond those the controllers declare. */
  readonly permissions?: readonly PolicyRule[];
  /**
   * `namespace` (unless told): the operator sees this world only, so that many worlds share a control plane. `cluster`: it
   * works in every namespace; then the control plane should be its own.
   */
  readonly scope?: 'namespace' | 'cluster';
  /** Time for the operator, such as a `FakeClock`; not for a program. */
  readonly clock?: Clock;
  /** Puts a `FaultProxy` between operator and API server. */
  readonly faults?: boolean;
  /** Where to open it: the control plane of the run's global setup unless told, else one of its own. */
  readonly plane?: PlaneAccess;
}

/** An object as a test writes it: apiVersion, kind and namespace are the world's business. */
export type Wanted<R extends ResourceType> = 'inputType' extends keyof R
  ? Omit<NonNullable<R['inputType']>, 'apiVersion' | 'kind'>
  : Omit<Draft<ObjectOf<R>>, 'apiVersion' | 'kind'>;

/** One event about an object, as `kubectl describe` shows it. */
export interface SeenEvent {
  /** `Normal` or `Warning`. */
  readonly type: string;
  readonly reason: string;
  readonly note: string;
  readonly action: string;
}

export interface SettledOptions {
  /** How long nothing must happen, in ms; 500 unless told. */
  readonly quietMs?: number;
  /** How long to wait for that, in ms; 30,000 unless told. */
  readonly timeoutMs?: number;
}

/** Whom changes made through the world come from: a person, to the operator. */
const person = { fieldManager: 'a-user' } as const;

/** What says nothing about work: a watch stays open, a lease is renewed for ever. */
function isWork({ verb, resource }: AuditedRequest): boolean {
  return verb !== 'watch' && resource !== 'leases';
}

/** What a world is made of, in the order in which it was made. */
interface Parts {
  readonly options: WorldOptions;
  readonly plane: OpenPlane;
  readonly admin: KubeClient;
  readonly direct: Connection;
  readonly namespace: string;
  readonly identity: OperatorIdentity;
  readonly rules: readonly PolicyRule[];
  readonly faults: FaultProxy | undefined;
  readonly directory: string;
}

/**
 * Opens a world for one test: a namespace of its own on a real control plane, with an operator at work in it.
 *
 * The operator runs as its own service account with exactly the permissions that its controllers declare, so a missing one
 * shows. Worlds do not disturb each other: each operator works in its own namespace.
 *
 * @throws {Error} when the operator does not become ready within 30 s, with what it logged
 *
 * @example
 * ```ts
 * await using world = await openWorld({ controllers: [greetings] });
 * await world.apply(Greeting, { metadata: { name: 'hello' }, spec: { text: 'Hello' } });
 * await world.untilCondition(Greeting, 'hello', 'Ready');
 * await world.expectWrites({ 'patch configmaps': 1 }, () => world.edit(ConfigMap, 'hello', { data: { text: 'Bye' } }));
 * ```
 */
export async function openWorld(options: WorldOptions): Promise<World> {
  await using building = new AsyncDisposableStack();
  const plane = building.use(await openPlane(options.plane));
  if (plane.access.auditLog === undefined)
    throw new Error('the control plane of a world needs its audit log: start it with audit: true');
  const direct = await loadKubeConfig({ path: plane.access.kubeconfig });
  const admin = createClient(direct, { userAgent: 'capstan-testkit' });
  building.defer(() => admin.close());
  const kinds = [...options.controllers.map(({ kind }) => kind).filter(isInstallable), ...(options.kinds ?? [])];
  await installKinds(admin, kinds);
  const namespace = `${options.name ?? 'world'}-${randomBytes(3).toString('hex')}`;
  await admin.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  building.defer(async () => void (await admin.delete(Namespace, { name: namespace })));
  const account = { namespace, name: 'operator' };
  const clusterWide = options.scope === 'cluster';
  const further = options.permissions ?? [];
  const identity = building.use(await createIdentity(admin, { ...account, rules: further, clusterWide }));
  const declared = building.use(
    await grantDeclared(admin, options.controllers, {
      name: `${namespace}-declared`,
      serviceAccount: account,
      scope: clusterWide ? 'cluster' : { namespaces: [namespace] },
    }),
  );
  const rules = [...declared.rules, ...further];
  const faults = options.faults === true ? building.use(await FaultProxy.start({ upstream: direct })) : undefined;
  const directory = await mkdtemp(join(tmpdir(), 'capstan-world-'));
  building.defer(() => rm(directory, { recursive: true, force: true }));
  const world = new World(
    { options, plane, admin, direct, namespace, identity, rules, faults, directory },
    building.move(),
  );
  await using unfinished = new AsyncDisposableStack();
  unfinished.use(world);
  await world.startOperator();
  unfinished.move();
  return world;
}

/** A namespace with an operator at work in it; made by {@link openWorld}. */
export class World implements AsyncDisposable {
  /** The world's own. */
  readonly namespace: string;
  /** A client that may do everything, for what the verbs here do not say. */
  readonly admin: KubeClient;
  readonly audit: AuditLog;
  /** Who the operator is to the API server, as the audit log calls it. */
  readonly operatorUser: string;
  readonly #parts: Parts;
  readonly #rest: AsyncDisposableStack;
  readonly #pods: PodDirector;
  readonly #openedAt: number;
  #operator: OperatorUnderTest | undefined;
  /** The one at work, or the last that was: what it logged stays readable. */
  #latest: OperatorUnderTest | undefined;
  #starts = 0;

  constructor(parts: Parts, rest: AsyncDisposableStack) {
    this.#parts = parts;
    this.#rest = rest;
    this.namespace = parts.namespace;
    this.admin = parts.admin;
    this.operatorUser = parts.identity.user;
    this.audit = new AuditLog(parts.plane.access.auditLog ?? '');
    this.#openedAt = this.audit.position();
    this.#pods = new PodDirector(parts.admin, parts.namespace);
  }

  /** How the operator would reach the API server directly, as itself. */
  get operatorConnection(): Connection {
    return connectionWith(this.#parts.identity.token, this.#parts.direct);
  }

  /** Path of a kubeconfig for programs that act as the operator, through the faults where the world has some. */
  async operatorKubeconfig(): Promise<string> {
    const { identity, direct, faults, directory } = this.#parts;
    const path = join(directory, 'kubeconfig.yaml');
    const connection = faults?.connection(direct) ?? direct;
    await writeFile(path, await kubeconfigFor(connection, identity.token, this.namespace), { mode: 0o600 });
    return path;
  }

  /** The faults between operator and API server. Throws when the world was not opened with `faults: true`. */
  get faults(): FaultProxy {
    const { faults } = this.#parts;
    if (faults === undefined) throw new Error('this world has no fault proxy: open it with faults: true');
    return faults;
  }

  /** Creates or changes an object as a person's `kubectl apply` would. */
  apply<R extends ResourceType>(type: R, wanted: Wanted<R>): Promise<ObjectOf<R>> {
    const { group, version, kind } = type;
    // The author's type is checked against the kind; what it leaves out is filled in here or by the server's defaults.
    const { metadata, ...rest } = wanted as unknown as Draft<KubeObject>;
    const body = {
      ...rest,
      apiVersion: group === '' ? version : `${group}/${version}`,
      kind,
      metadata: { ...metadata, ...this.#at(type) },
    };
    return this.admin.apply(type as unknown as ResourceType<ObjectOf<R>>, body as unknown as Draft<ObjectOf<R>>, {
      ...person,
      force: true,
    });
  }

  /** Changes some fields of an object, as a person's `kubectl edit` would: a merge patch, where null removes. */
  edit<T extends KubeObject>(type: ResourceType<T>, name: string, patch: object): Promise<T> {
    const body: PatchBody = { kind: 'merge', body: patch };
    return this.admin.patch(type, { name, ...this.#at(type) }, body, person);
  }

  /** Reads an object from the server; `undefined` when it does not exist. */
  get<T extends KubeObject>(type: ResourceType<T>, name: string): Promise<T | undefined> {
    return this.admin.get(type, { name, ...this.#at(type) });
  }

  /** Every object of a kind in the world. */
  async list<T extends KubeObject>(type: ResourceType<T>): Promise<readonly T[]> {
    return (await this.admin.list(type, this.#at(type))).items;
  }

  /** Deletes an object; false when it was already gone. It may take a while to go, by its finalizers. */
  delete(type: ResourceType, name: string): Promise<boolean> {
    return this.admin.delete(type, { name, ...this.#at(type) });
  }

  /** `status.conditions` of an object; empty when it has none, or does not exist. */
  async conditions(type: ResourceType, name: string): Promise<readonly Condition[]> {
    return conditionsOf(await this.get(type, name));
  }

  /** The events about an object, oldest first. */
  async events(type: ResourceType, name: string): Promise<readonly SeenEvent[]> {
    const about = (await this.list(Event)).filter(
      ({ regarding }) => regarding?.kind === type.kind && regarding.name === name,
    );
    return about
      .toSorted((a, b) => a.eventTime.localeCompare(b.eventTime))
      .map((event) => ({
        type: event.type ?? '',
        reason: event.reason ?? '',
        note: event.note ?? '',
        action: event.action ?? '',
      }));
  }

  /**
   * Resolves with what `assertion` returns as soon as it no longer throws.
   * @throws its last error, with the end of the operator's log; at once when the operator has ended by itself
   */
  async eventually<T>(assertion: () => T | Promise<T>, options: EventuallyOptions = {}): Promise<T> {
    try {
      return await eventually(() => (this.#failure() === undefined ? assertion() : (undefined as T)), options).finally(
        () => this.#throwIfEnded(),
      );
    } catch (error) {
      // Whoever reads the failure needs to know what the operator thought; the error keeps what its reporter shows of it.
      if (error instanceof Error) error.message += this.#lastWords();
      throw error;
    }
  }

  /**
   * Waits until a condition of an object has a status, `True` unless told. A condition that says of itself that it is about
   * an earlier generation does not count: what it tells was true before the change that a test has just made.
   */
  async untilCondition(
    type: ResourceType,
    name: string,
    condition: string,
    status = 'True',
    options: EventuallyOptions = {},
  ): Promise<Condition> {
    return this.eventually(async () => {
      const object = await this.get(type, name);
      const conditions = conditionsOf(object);
      const isCurrent = isOfGeneration(object?.metadata.generation);
      const found = conditions.find((each) => each.type === condition && each.status === status && isCurrent(each));
      if (found !== undefined) return found;
      const told = conditions.map((each) => conditionText(each, isCurrent(each)));
      throw new Error(
        `${type.kind}/${name} is not ${condition}=${status}; its conditions are ${told.length === 0 ? 'none' : `\n  ${told.join('\n  ')}`}`,
      );
    }, options);
  }

  /**
   * Resolves when the operator has come to rest: nothing queued, and no request for a while but watches and leases.
   * @throws {Error} with what it kept doing, when it does not come to rest in time
   */
  async settled({ quietMs = 500, timeoutMs = 30_000 }: SettledOptions = {}): Promise<void> {
    const start = this.audit.position();
    const deadline = systemClock.monotonic() + timeoutMs;
    let position = start;
    for (
      let quietSince = systemClock.monotonic();
      systemClock.monotonic() - quietSince < quietMs;
      await systemClock.sleep(25)
    ) {
      this.#throwIfEnded();
      const { requests, position: end } = this.audit.follow(position, { user: this.operatorUser });
      position = end;
      if (requests.some(isWork) || this.#operator?.isBusy === true) quietSince = systemClock.monotonic();
      if (systemClock.monotonic() > deadline)
        throw new Error(
          `the operator did not come to rest within ${timeoutMs} ms; it made ${JSON.stringify(countByVerb(this.requests(start)))}${this.#lastWords()}`,
        );
    }
  }

  /** The operator's requests since a position of `audit`, or since the world was opened, but watches and leases. */
  requests(since: number = this.#openedAt): readonly AuditedRequest[] {
    return this.audit.since(since, { user: this.operatorUser }).filter(isWork);
  }

  /** The operator's writes since a position of `audit`, or since the world was opened, but events and leases. */
  writes(since: number = this.#openedAt): readonly AuditedRequest[] {
    return this.requests(since).filter(({ verb, resource }) => writeVerbs.includes(verb) && resource !== 'events');
  }

  /**
   * Runs `during` on an operator at rest and asserts what it wrote until it was at rest again: so many writes, or exactly
   * these by verb and resource. Events and leases do not count.
   * @throws {Error} with every write seen, when they are others
   */
  async expectWrites(expected: number | Readonly<Record<string, number>>, during: () => unknown): Promise<void> {
    await this.settled();
    const start = this.audit.position();
    await during();
    const atLeast =
      typeof expected === 'number' ? expected : Object.values(expected).reduce((sum, count) => sum + count, 0);
    // Too few writes are the error below; here they only mean that there is more to wait for.
    await this.eventually(() => {
      if (this.writes(start).length < atLeast) throw new Error('more is to come');
    }).catch(() => this.#throwIfEnded());
    await this.settled();
    const writes = this.writes(start);
    if (typeof expected === 'number' ? writes.length === expected : isSame(countByVerb(writes), expected)) return;
    const seen = writes.map(
      ({ verb, resource, subresource, name, code }) =>
        `  ${verb} ${resource}${subresource && `/${subresource}`} ${name} (${code})`,
    );
    throw new Error(
      `expected ${JSON.stringify(expected)} writes of the operator, but there were ${writes.length}:\n${seen.join('\n')}${this.#lastWords()}`,
    );
  }

  /** The newest passes, of one resource if told; not for an operator in a process of its own. */
  passes(name?: string): readonly PassRecord[] {
    const passes = this.#latest?.passes ?? [];
    return name === undefined ? passes : passes.filter((pass) => pass.name === name);
  }

  /** What the operator logged since it was last started. */
  logs(): readonly LogLine[] {
    return this.#latest?.logs() ?? [];
  }

  /** From now on every pod of the world behaves so: those that are there, and those to come. */
  podsAre(behaviour: PodBehaviour): Promise<void> {
    return this.#pods.direct(behaviour);
  }

  /** From now on new pods of the world behave so; those that are there go on as they are. */
  newPodsAre(behaviour: PodBehaviour): Promise<void> {
    return this.#pods.directNew(behaviour);
  }

  /** Stops the operator as SIGTERM would, and compares what it was permitted with what it used since the world was opened. */
  async permissions(): Promise<PermissionDifference> {
    await this.stopOperator();
    return comparePermissions(this.#parts.rules, this.audit.since(this.#openedAt, { user: this.operatorUser }));
  }

  /** Starts the operator that was stopped; resolves when its caches are filled. */
  async startOperator(): Promise<void> {
    if (this.#operator !== undefined) throw new Error('the operator is at work already');
    this.#starts += 1;
    const { program } = this.#parts.options;
    this.#operator = await (program === undefined ? this.#startControllers() : this.#startProgram(program));
    this.#latest = this.#operator;
  }

  /** Stops the operator as SIGTERM would; nothing happens when it does not run. Throws when it had ended by itself. */
  async stopOperator(): Promise<void> {
    const operator = this.#operator;
    this.#operator = undefined;
    await operator?.stop();
  }

  /** Ends the operator as SIGKILL would; only a program can be killed. */
  async killOperator(): Promise<void> {
    await this.#operator?.kill();
    this.#operator = undefined;
  }

  /** Stops the operator and starts it again, with nothing but what the API server knows. */
  async restartOperator(): Promise<void> {
    await this.stopOperator();
    await this.startOperator();
  }

  /** Removes everything: what finalizers hold is let go by the operator, or in the end by force. */
  async [Symbol.asyncDispose](): Promise<void> {
    await using rest = this.#rest;
    rest.use(this.#pods);
    this.#parts.faults?.calm();
    const kinds = this.#parts.options.controllers.map(({ kind }) => kind);
    rest.defer(() => leaveEmpty(this.admin, kinds, this.namespace));
    if (this.#operator !== undefined && this.#failure() === undefined)
      await leaveEmpty(this.admin, kinds, this.namespace, 5_000);
    await this.stopOperator();
  }

  async #startControllers(): Promise<OperatorUnderTest> {
    const { options, faults } = this.#parts;
    const connection = faults?.connection(this.operatorConnection) ?? this.operatorConnection;
    const { controllers, clock } = options;
    return startInProcess({ connection, controllers, ...(clock && { clock }), ...this.#scope() });
  }

  async #startProgram(program: Program): Promise<OperatorUnderTest> {
    const { directory, options } = this.#parts;
    const kubeconfig = await this.operatorKubeconfig();
    const logFile = join(directory, `operator-${this.#starts}.log`);
    return startAsProcess({
      program,
      kubeconfig,
      logFile,
      ...(options.scope !== 'cluster' && { namespace: this.namespace }),
    });
  }

  #scope(): { readonly namespaces?: readonly string[] } {
    return this.#parts.options.scope === 'cluster' ? {} : { namespaces: [this.namespace] };
  }

  /** The namespace of an object of this kind, if its kind has one. */
  #at({ namespaced }: ResourceType): { readonly namespace?: string } {
    return namespaced ? { namespace: this.namespace } : {};
  }

  #failure(): Error | undefined {
    return this.#operator?.failure;
  }

  #throwIfEnded(): void {
    const failure = this.#failure();
    if (failure !== undefined) throw failure;
  }

  /** The end of the operator's log, for the message of a failure. */
  #lastWords(): string {
    return lastWords(this.logs());
  }
}

function isSame(counts: Readonly<Record<string, number>>, expected: Readonly<Record<string, number>>): boolean {
  const keys = new Set([...Object.keys(counts), ...Object.keys(expected)]);
  return [...keys].every((key) => (counts[key] ?? 0) === (expected[key] ?? 0));
}
