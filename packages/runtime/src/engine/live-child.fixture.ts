import {
  ApiError,
  type Draft,
  type KubeClient,
  type KubeObject,
  type ObjectRef,
  type PatchBody,
  systemClock,
  type WriteOptions,
} from '@capstan/kube';
import type { WatchMode } from './audit.ts';
import { type Applied, ChildApplier } from './child-applier.ts';
import { type ChildSample, desiredOf } from './child-bodies.fixture.ts';
import { type Decision, decide } from './decide.ts';
import { digestOf } from './digest.ts';
import type { LiveNamespace } from './live-namespace.fixture.ts';
import { stripManagedFields } from './managed-fields.ts';
import { AppliedMemory } from './memory.ts';
import { type EngineNames, type SealedBody, seal } from './seal.ts';

export const names: EngineNames = {
  fieldManager: 'sample-operator',
  sealAnnotation: 'sample.test/applied',
  liveAnnotation: 'sample.test/live',
  adoptAnnotation: 'sample.test/adopt',
  retainAnnotation: 'sample.test/retained-for',
  exclusiveAnnotation: 'sample.test/exclusive',
  formerManagers: ['former-operator', 'former-applier', 'kubectl-client-side-apply'],
};

const MODES: readonly WatchMode[] = ['full', 'metadata'];

/** Another writer: what it did was taken, or refused by the server. */
export type Outcome = 'done' | 'refused';

/** One applied child on a real API server, with what the operator remembers of it in either watch mode. */
export class LiveChild {
  readonly client: KubeClient;
  readonly sample: ChildSample;
  readonly owners: LiveNamespace['owners'];
  readonly ref: ObjectRef & { readonly namespace: string };
  sealed: SealedBody;
  #memories = emptyMemories();

  constructor(at: Pick<LiveNamespace, 'client' | 'namespace' | 'owners'>, sample: ChildSample, name: string) {
    this.client = at.client;
    this.sample = sample;
    this.owners = at.owners;
    this.ref = { namespace: at.namespace, name };
    this.sealed = seal(this.desired, names);
  }

  get desired(): Draft<KubeObject> {
    return desiredOf(this.sample, this.ref.namespace, this.ref.name, this.owners.ours);
  }

  /** Wants something else from now on. */
  want(desired: Draft<KubeObject>): void {
    this.sealed = seal(desired, names);
  }

  /** Forgets everything, as a new process does. */
  restart(): void {
    this.#memories = emptyMemories();
  }

  memory(mode: WatchMode): AppliedMemory {
    return this.#memories[mode];
  }

  read(mode: WatchMode = 'full'): Promise<KubeObject | undefined> {
    return this.client.get(this.sample.type, this.ref, { metadataOnly: mode === 'metadata' });
  }

  /** @throws {Error} when the object is not there */
  async mustRead(): Promise<KubeObject> {
    const live = await this.read();
    if (live === undefined) throw new Error(`${this.sample.title} ${this.ref.name} is not there`);
    return live;
  }

  /** What an operator decides now: `warm` with its memory, otherwise as after a restart. */
  async decide(mode: WatchMode, warm: boolean): Promise<Decision> {
    return this.#decide(await this.read(mode), mode, warm);
  }

  #decide(live: KubeObject | undefined, mode: WatchMode, warm: boolean): Decision {
    const recalled = warm ? this.memory(mode).recall(this.ref.name) : undefined;
    return decide(this.sealed, live, recalled, names, mode);
  }

  /** Judges in both modes, warm and after a restart. */
  async verdicts(): Promise<
    Readonly<Record<'full, warm' | 'full, restarted' | 'metadata, warm' | 'metadata, restarted', Decision>>
  > {
    const [full, metadata] = await Promise.all([this.read('full'), this.read('metadata')]);
    return {
      'full, warm': this.#decide(full, 'full', true),
      'full, restarted': this.#decide(full, 'full', false),
      'metadata, warm': this.#decide(metadata, 'metadata', true),
      'metadata, restarted': this.#decide(metadata, 'metadata', false),
    };
  }

  /** Applies what `decide` asks for, in one mode; the memories of both modes learn from the answer. */
  async bring(mode: WatchMode = this.sample.mode): Promise<Applied | undefined> {
    return this.#bring(await this.read(mode), mode);
  }

  /** The same, with the object as the cache keeps it once it was found to be right. */
  async bringStripped(mode: WatchMode = this.sample.mode): Promise<Applied | undefined> {
    return this.#bring(stripManagedFields(await this.mustRead()), mode);
  }

  async #bring(live: KubeObject | undefined, mode: WatchMode): Promise<Applied | undefined> {
    const decision = this.#decide(live, mode, true);
    if (decision.verdict !== 'apply') return undefined;
    const { client } = this;
    const applier = new ChildApplier({
      client,
      names,
      clock: systemClock,
      random: Math.random,
      memory: this.memory(mode),
    });
    const applied = await applier.apply(this.sample.type, this.ref.name, this.sealed, decision, live);
    this.#learn(applied.object);
    return applied;
  }

  #learn(reply: KubeObject): void {
    for (const mode of MODES) {
      const digest = digestOf(reply, names, mode);
      if (digest !== undefined)
        this.memory(mode).learn(this.ref.name, { ...digest, desiredHash: this.sealed.desiredHash });
    }
  }

  patch(patch: PatchBody, fieldManager = 'somebody', options: WriteOptions = {}): Promise<Outcome> {
    return outcomeOf(
      this.client.patch(this.sample.type, this.ref, patch, { fieldManager, fieldValidation: 'Ignore', ...options }),
    );
  }

  merge(body: object, fieldManager?: string, options?: WriteOptions): Promise<Outcome> {
    return this.patch({ kind: 'merge', body }, fieldManager, options);
  }

  json(...operations: readonly object[]): Promise<Outcome> {
    return this.patch({ kind: 'json', operations });
  }

  /** One operation of a JSON patch by another manager; refused also where the path does not exist. */
  edit(operation: object, fieldManager: string): Promise<Outcome> {
    return this.patch({ kind: 'json', operations: [operation] }, fieldManager);
  }

  /** PUT by another manager. */
  replace(object: KubeObject): Promise<Outcome> {
    return outcomeOf(this.client.replace(this.sample.type, object, { fieldManager: 'somebody' }));
  }

  /** Server-side apply by another manager of these fields only. */
  applyAs(fieldManager: string, fields: { readonly metadata?: object }, force: boolean): Promise<Outcome> {
    const { apiVersion, kind } = this.sealed.body;
    const body = { apiVersion, kind, ...fields, metadata: { ...this.ref, ...fields.metadata } };
    return outcomeOf(this.client.apply(this.sample.type, body, { fieldManager, force, fieldValidation: 'Ignore' }));
  }

  createAs(fieldManager: string): Promise<Outcome> {
    return outcomeOf(this.client.create(this.sample.type, this.desired, { fieldManager }));
  }

  async remove(propagationPolicy: 'Background' | 'Orphan' = 'Background'): Promise<void> {
    await this.client.delete(this.sample.type, this.ref, { propagationPolicy, gracePeriodSeconds: 0 });
  }
}

/** Refusals of what others try; 500 is how the server refuses a node port that is taken. */
const REFUSALS: ReadonlySet<number> = new Set([400, 404, 409, 422, 500]);

async function outcomeOf(write: Promise<unknown>): Promise<Outcome> {
  try {
    await write;
    return 'done';
  } catch (error) {
    if (error instanceof ApiError && REFUSALS.has(error.status)) return 'refused';
    throw error;
  }
}

function emptyMemories(): Readonly<Record<WatchMode, AppliedMemory>> {
  return { full: new AppliedMemory(), metadata: new AppliedMemory() };
}
