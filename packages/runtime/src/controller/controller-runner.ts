import type { Clock, KubeClient, KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import type { Logger } from 'pino';
import { isFreed } from '../cache/child-admission.ts';
import type { KindInformers } from '../cache/kind-informers.ts';
import { keyOf, type ObjectKey, refOf } from '../cache/object-key.ts';
import type { Change } from '../cache/object-store.ts';
import { ChildApplier } from '../engine/child-applier.ts';
import { FightLedger } from '../engine/fights.ts';
import { AppliedMemory } from '../engine/memory.ts';
import type { EngineNames } from '../engine/seal.ts';
import type { EventRecorder } from '../events/recorder.ts';
import type { Feed } from '../feed.ts';
import type { PassRecord } from '../observe/pass-record.ts';
import type { Rehearsal } from '../preview/rehearsal.ts';
import { type Trigger, WorkQueue } from '../queue/work-queue.ts';
import type { ApplyContext } from './apply-context.ts';
import { memoryKeyOf, ownerOf } from './child-kinds.ts';
import type { Runner, RunnerDepth, Watching } from './controller.ts';
import { annotationsOf } from './controller-annotations.ts';
import { ControllerCaches, verbOf } from './controller-caches.ts';
import { MissingChildren } from './missing-children.ts';
import { PassRunner } from './pass-runner.ts';
import type { ControllerOptions, PrimaryKind, Resource } from './reconciler.ts';
import { Recreations } from './recreations.ts';
import { superviseSource } from './source-supervisor.ts';
import { StepWaits } from './step-waits.ts';

export interface RunnerOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly recorder: EventRecorder;
  /** `[undefined]`: every namespace. */
  readonly namespaces: readonly (string | undefined)[];
  /** Namespaces whose resources are left alone; none unless told. */
  readonly deniedNamespaces?: readonly string[];
  /** Told of every pass that ended. */
  readonly passes: Feed<PassRecord>;
  /** Only for `preview`: nothing may be changed. */
  readonly rehearsal?: Rehearsal;
}

const defaultConcurrency = 16;

/** Runs one controller: its caches feed the queue, its workers drain it. */
export class ControllerRunner<T extends Resource> implements Runner {
  readonly name: string;
  readonly kind: PrimaryKind<T>;
  readonly #controller: ControllerOptions<T>;
  readonly #options: RunnerOptions;
  readonly #log: Logger;
  readonly #names: EngineNames;
  readonly #memory = new AppliedMemory();
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #caches: ControllerCaches<T>;
  readonly #passes: PassRunner<T>;
  readonly #applier: ChildApplier;
  readonly #fights: FightLedger;
  readonly #waits: StepWaits;
  readonly #recreations = new Recreations();
  readonly #claims = new Map<string, ObjectKey>();
  readonly #missing = new MissingChildren();
  /** Denied namespaces of which the log has been told. */
  readonly #toldDenied = new Set<string>();
  /** A process that stands by fills its caches and nothing else: what it has to do it finds there when it comes to work. */
  #isAtWork = false;

  constructor(kind: PrimaryKind<T>, controller: ControllerOptions<T>, options: RunnerOptions) {
    const { client, clock, random, namespaces } = options;
    this.name = controller.name;
    this.kind = kind;
    this.#controller = controller;
    this.#options = options;
    this.#log = options.log.child({ controller: controller.name });
    this.#names = engineNames(kind, controller);
    this.#queue = new WorkQueue({ clock, random, ...(controller.rate !== undefined && { rate: controller.rate }) });
    this.#caches = new ControllerCaches<T>(kind, controller, {
      ...{ client, clock, namespaces, log: this.#log, names: this.#names, memory: this.#memory },
      onResource: (change, initial) => this.#resourceChanged(change, initial),
      onChild: (type, change, initial) => this.#childChanged(type, change, initial),
      onConcerned: (key, trigger) => this.#look(key, trigger),
      onServed: (served, isServed) => this.#kindServed(served, isServed),
      onInstalled: (type) => this.#lookAtAll(`${type.kind} was installed`),
    });
    this.#applier = new ChildApplier({ client, names: this.#names, memory: this.#memory, clock, random });
    this.#fights = new FightLedger({ clock });
    this.#waits = new StepWaits(clock);
    this.#passes = new PassRunner<T>({
      ...{ ...options, log: this.#log, controller, caches: this.#caches },
      applyContext: (signal) => this.#applyContext(signal),
      onGone: (key) => this.#forget(key),
    });
  }

  /** Every informer of this controller, as what keeps watching: whatever its objects are. */
  informers(): readonly Watching[] {
    return this.#caches.informers();
  }

  get synced(): Promise<unknown> {
    return this.#caches.synced;
  }

  get concurrency(): number {
    return this.#controller.concurrency ?? defaultConcurrency;
  }

  queueDepth(): RunnerDepth {
    return { ...this.#queue.depth(), stuck: this.#passes.stuck };
  }

  async watch(stop: AbortSignal): Promise<void> {
    if (!stop.aborted) await this.#caches.run(stop);
  }

  async work(stop: AbortSignal, abandon: AbortSignal): Promise<void> {
    this.#isAtWork = true;
    for (const key of this.#caches.keys()) {
      const resource = this.#caches.resource(key);
      const isLeaving = resource?.metadata.deletionTimestamp !== undefined;
      if (resource !== undefined && (isLeaving || this.#satisfies(resource, undefined)))
        this.#enqueue(key, { priority: 'initial', reason: 'resource appeared' });
    }
    const workers = Array.from({ length: this.concurrency }, () => this.#drain(stop, abandon));
    await Promise.all([...workers, this.#listen(stop)]);
    this.#queue.shutDown();
  }

  async #drain(stop: AbortSignal, abandon: AbortSignal): Promise<void> {
    for (let work = await this.#queue.next(stop); work !== undefined; work = await this.#queue.next(stop)) {
      const taken = work;
      await this.#passes.run(taken, abandon, ({ outcome }) => this.#queue.done(taken, outcome));
    }
  }

  /** Events from outside are heard only by who acts on them, and never in a preview. */
  async #listen(stop: AbortSignal): Promise<void> {
    const { clock, random, rehearsal } = this.#options;
    if (rehearsal !== undefined) return;
    const emit = (ref: ObjectRef, source: string, reason: string) =>
      this.#look(keyOf(ref), { priority: 'child', reason: `${source}: ${reason}` });
    const sources = this.#controller.sources ?? [];
    await Promise.all(sources.map((source) => superviseSource(source, { clock, random, log: this.#log, emit }, stop)));
  }

  #resourceChanged({ key, before, after }: Change<T>, initial: boolean): void {
    if (after !== undefined && !initial && !this.#isWorthAPass(after, before)) return;
    if (after !== undefined && initial && !this.#satisfies(after, undefined)) return;
    const priority = initial ? 'initial' : 'edit';
    this.#enqueue(key, { priority, reason: before === undefined ? 'resource appeared' : 'resource changed' });
  }

  /** What the runtime itself has to know is never kept back by the author's predicate. */
  #isWorthAPass(after: T, before: T | undefined): boolean {
    if (after.metadata.deletionTimestamp !== before?.metadata.deletionTimestamp) return true;
    if (after.metadata.uid !== before?.metadata.uid && before !== undefined) return true;
    const isTold = Object.values(annotationsOf(this.kind)).some(
      (annotation) => after.metadata.annotations?.[annotation] !== before?.metadata.annotations?.[annotation],
    );
    return isTold || this.#satisfies(after, before);
  }

  #satisfies(after: T, before: T | undefined): boolean {
    const { predicate } = this.#controller;
    if (predicate === undefined) return true;
    try {
      return predicate(after, before);
    } catch (error) {
      const { namespace, name } = after.metadata;
      this.#log.error({ namespace, name, err: error }, 'the predicate failed on a resource; a pass is made');
      return true;
    }
  }

  /** Starts a pass of a resource for something that happened elsewhere. */
  #look(key: ObjectKey, trigger: Trigger): void {
    if (this.#caches.resource(key) !== undefined) this.#enqueue(key, trigger);
  }

  #enqueue(key: ObjectKey, trigger: Trigger): void {
    if (!this.#isAtWork) return;
    const { namespace } = refOf(key);
    if (namespace === undefined || this.#options.deniedNamespaces?.includes(namespace) !== true) {
      this.#queue.add(key, trigger);
      return;
    }
    if (this.#toldDenied.has(namespace)) return;
    this.#toldDenied.add(namespace);
    this.#log.info({ namespace }, 'resources of this namespace are left alone, as the deny list says');
  }

  /** Both the former and the present owner hear of a child: a removed owner reference must be noticed too. */
  #childChanged(type: ResourceType, { key, before, after }: Change, initial: boolean): void {
    const trigger: Trigger = {
      priority: initial ? 'initial' : 'child',
      reason: `${type.kind}/${refOf(key).name} ${verbOf(before, after)}`,
    };
    const memoryKey = memoryKeyOf(type, key);
    for (const [ownerKey, uid] of this.#ownersOf(before, after)) {
      const owner = this.#caches.resource(ownerKey);
      this.#look(ownerKey, trigger);
      if (after === undefined)
        this.#childGone(memoryKey, ownerKey, owner !== undefined && (uid === undefined || owner.metadata.uid === uid));
    }
    // A stranger that has gone, or may be taken over now.
    const isToBeHad =
      after === undefined ||
      this.#names.adoptAnnotation in (after.metadata.annotations ?? {}) ||
      isFreed(after, before);
    if (isToBeHad) this.#nameIsFree(memoryKey, trigger);
  }

  #nameIsFree(memoryKey: string, trigger: Trigger): void {
    const claimant = this.#claims.get(memoryKey);
    if (claimant === undefined) return;
    this.#claims.delete(memoryKey);
    this.#enqueue(claimant, trigger);
  }

  #ownersOf(...children: readonly (KubeObject | undefined)[]): ReadonlyMap<ObjectKey, string | undefined> {
    const owners = children.flatMap((child) => (child && ownerOf(child, this.kind)) ?? []);
    return new Map(owners.map((owner) => [keyOf(owner), owner.uid]));
  }

  /** While the owner stands, a child that is gone is remembered, so that its return counts as a repair. */
  #childGone(memoryKey: string, ownerKey: ObjectKey, ownerStands: boolean): void {
    if (!ownerStands || !this.#isAtWork) this.#forgetChild(memoryKey);
    else this.#missing.add(ownerKey, memoryKey);
  }

  /** With the definition of a kind all its objects came, or went: every resource may have to do with them. */
  #kindServed({ type, informers }: KindInformers, isServed: boolean): void {
    if (!isServed)
      for (const { store } of informers) for (const key of store.keys()) this.#forgetChild(memoryKeyOf(type, key));
    const reason = `${type.kind} is ${isServed ? 'available now' : 'not installed any more'}`;
    this.#log.info({ kind: type.kind, group: type.group }, `optional kind: ${reason}`);
    this.#lookAtAll(reason);
  }

  #lookAtAll(reason: string): void {
    for (const key of this.#caches.keys()) this.#look(key, { priority: 'child', reason });
  }

  #forgetChild(memoryKey: string): void {
    this.#memory.forget(memoryKey);
    this.#fights.forget(memoryKey);
    this.#applier.forget(memoryKey);
  }

  #forgetMissing(owner: ObjectKey, wanted: ReadonlySet<string>): void {
    for (const memoryKey of this.#missing.takeUnwanted(owner, wanted)) this.#forgetChild(memoryKey);
  }

  #applyContext(signal: AbortSignal): ApplyContext {
    const { client, clock } = this.#options;
    return {
      ...{ client, clock, signal, names: this.#names, memory: this.#memory, primary: this.kind },
      ...{ applier: this.#applier, fights: this.#fights, waits: this.#waits, recreations: this.#recreations },
      kinds: this.#caches.children,
      claims: this.#claims,
      forgetUnwanted: (owner, wanted) => this.#forgetMissing(owner, wanted),
    };
  }

  #forget(key: ObjectKey): void {
    this.#waits.forget(key);
    this.#recreations.forget(key);
    this.#forgetMissing(key, new Set());
    for (const [memoryKey, claimant] of this.#claims) if (claimant === key) this.#claims.delete(memoryKey);
  }
}

/** The names under which a controller marks and owns what it applies. */
export function engineNames(
  kind: ResourceType,
  { name, formerManagers = [] }: { readonly name: string; readonly formerManagers?: readonly string[] },
): EngineNames {
  return {
    fieldManager: name,
    sealAnnotation: `${kind.group}/applied`,
    liveAnnotation: `${kind.group}/applied-live`,
    adoptAnnotation: `${kind.group}/adopt`,
    retainAnnotation: `${kind.group}/retained-for`,
    exclusiveAnnotation: `${kind.group}/exclusive`,
    formerManagers,
  };
}
