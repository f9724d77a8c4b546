import { ApiError, type Draft, type KubeObject, type ObjectRef, type ResourceType } from '@capstan/kube';
import { adopt, giveBack } from './adopt.ts';
import { applyErrorOf, ImmutableFieldError } from './apply-error.ts';
import { audit } from './audit.ts';
import { ChildRequests, type ChildRequestsOptions } from './child-requests.ts';
import { type ApplyDecision, withLiveOf } from './decide.ts';
import { digestOf, sealOf } from './digest.ts';
import { exclusiveLists, foreignItems } from './exclusive-lists.ts';
import { nodeAt } from './field-set.ts';
import { handOverReplicas, wantsReplicas } from './hand-over.ts';
import type { Hash64 } from './hash64.ts';
import { immutableFields } from './immutable-fields.ts';
import { isStripped, ownEntry, ownsReplicas } from './managed-fields.ts';
import type { AppliedMemory } from './memory.ts';
import { migrate } from './migrate.ts';
import { annotate, type SealedBody } from './seal.ts';

/** What applying one child came to. */
export interface Applied {
  /** The object as the server answered, managedFields still on. */
  readonly object: KubeObject;
  /** `Updated`: we wanted something else. `Repaired`: somebody else had changed it. */
  readonly action: 'Created' | 'Updated' | 'Repaired';
  /** The apply was refused at first, because an edit had left something that cannot stand beside ours. */
  readonly adopted: boolean;
  /** Fields of former managers, or an object without ownership records, were taken over first. */
  readonly migrated: boolean;
  /** `.spec.replicas` was given to whoever scales the child from now on. */
  readonly handedOver: boolean;
  /** All requests made, reads included. */
  readonly requests: number;
}

export interface ChildApplierOptions extends ChildRequestsOptions {
  readonly memory: AppliedMemory;
}

interface Write {
  readonly type: ResourceType;
  readonly ref: ObjectRef;
  readonly key: string;
  readonly sealed: SealedBody;
  readonly decision: ApplyDecision;
  readonly live: KubeObject | undefined;
  readonly requests: ChildRequests;
}

/**
 * Carries out an `apply` decision.
 *
 * One server-side apply, by force, and only where needed more: a migration before the first apply of an object with former
 * managers, a hand-over before `.spec.replicas` is left out, an adoption and a second apply after a refusal (422) or where
 * others are in a list that is to be ours alone, one more apply to note what a webhook made of our values. The memory is
 * taught from the answer before `apply` resolves.
 *
 * The caller sees to it that one child has one write at a time, that watch events of it are not judged meanwhile, and that
 * the answer never replaces a newer version in its cache.
 */
export class ChildApplier {
  readonly #options: ChildApplierOptions;
  /**
   * Bodies that adoption could not help, by child: trying again would change the child, wake us, and go on for ever. Only
   * children that the server refuses are here.
   */
  readonly #vain = new Map<string, Hash64>();

  constructor(options: ChildApplierOptions) {
    this.#options = options;
  }

  /** To be called when the child is gone. */
  forget(key: string): void {
    this.#vain.delete(key);
  }

  /**
   * @param key the child's name in the memory
   * @param live the object that was judged
   * @throws {ApplyError} when the child could not be applied; an {@link ImmutableFieldError} when only a new object can be so
   */
  async apply(
    type: ResourceType,
    key: string,
    sealed: SealedBody,
    decision: ApplyDecision,
    live: KubeObject | undefined,
    signal?: AbortSignal,
  ): Promise<Applied> {
    const { namespace, name } = sealed.body.metadata;
    if (name === undefined) throw new TypeError(`a ${type.kind} to be applied has no metadata.name`);
    const ref: ObjectRef = { namespace, name };
    const requests = new ChildRequests(this.#options, type, ref, signal);
    try {
      return await this.#write({ type, ref, key, sealed, decision, live, requests });
    } catch (error) {
      throw applyErrorOf(error, { kind: type.kind, namespace, name });
    }
  }

  async #write(write: Write): Promise<Applied> {
    const { key, sealed, decision, live, requests } = write;
    const migrated =
      decision.reason === 'NeverApplied' && live !== undefined ? await migrate(requests, write.type, live) : undefined;
    const handedOver = await this.#handOver({ ...write, live: migrated ?? live });
    const { reply, adopted } = await this.#applyChangeable(write);
    const object = decision.mode === 'full' ? await noteRewritten(requests, sealed, reply) : reply;
    this.#learn(key, sealed, decision, object);
    return {
      object,
      action: actionOf(write),
      adopted,
      migrated: migrated !== undefined,
      handedOver,
      requests: requests.count,
    };
  }

  async #applyChangeable(write: Write): Promise<{ reply: KubeObject; adopted: boolean }> {
    const body = bodyFor(write);
    try {
      const applied = await this.#applyOrAdopt(write, body);
      return (await this.#withoutForeignItems(write, body, applied.reply)) ?? applied;
    } catch (refusal) {
      if (!(refusal instanceof ApiError)) throw refusal;
      const fields = await immutableFields(write.requests, body, write.decision, refusal);
      if (fields.length === 0) throw refusal;
      throw new ImmutableFieldError({ kind: write.type.kind, ...write.ref }, fields);
    }
  }

  async #withoutForeignItems({ requests }: Write, body: Draft<KubeObject>, reply: KubeObject) {
    const { names } = requests;
    const own = ownEntry(reply, names.fieldManager)?.fieldsV1 ?? {};
    if (foreignItems(reply, own, exclusiveLists(body, names), names).length === 0) return undefined;
    if ((await adopt(requests, body)) === undefined) return undefined;
    return { reply: await requests.apply(body), adopted: true };
  }

  async #applyOrAdopt(
    { key, requests, sealed, decision }: Write,
    body: Draft<KubeObject>,
  ): Promise<{ reply: KubeObject; adopted: boolean }> {
    try {
      const reply = await requests.apply(body, decision.reason !== 'Absent');
      this.#vain.delete(key);
      return { reply, adopted: false };
    } catch (refusal) {
      const mayAdopt = refusal instanceof ApiError && refusal.isInvalid && this.#vain.get(key) !== sealed.desiredHash;
      const adoption = mayAdopt ? await adopt(requests, body) : undefined;
      if (adoption === undefined) throw refusal;
      try {
        return { reply: await requests.apply(body), adopted: true };
      } catch (second) {
        if (second instanceof ApiError && second.isInvalid) {
          await giveBack(requests, adoption);
          this.#vain.set(key, sealed.desiredHash);
        }
        throw second;
      }
    }
  }

  async #handOver({ key, type, ref, sealed, live, requests }: Write): Promise<boolean> {
    if (live === undefined || wantsReplicas(sealed.body)) return false;
    const { memory, names } = this.#options;
    const mayBeOurs = isStripped(live) ? (memory.recall(key)?.ownsReplicas ?? true) : ownsReplicas(live, names);
    return mayBeOurs && handOverReplicas(requests, type, ref);
  }

  #learn(key: string, { desiredHash }: SealedBody, { mode }: ApplyDecision, reply: KubeObject): void {
    const { memory, names } = this.#options;
    const digest = digestOf(reply, names, mode);
    if (digest === undefined) memory.forget(key);
    else memory.learn(key, { ...digest, desiredHash });
  }
}

/** The body to send: a repair of what we already applied keeps the note on rewritten values, if that is still ours. */
function bodyFor({ sealed, live, requests: { names } }: Write): Draft<KubeObject> {
  if (live === undefined || sealOf(live, names) !== sealed.desiredHash) return sealed.body;
  const noteAt = ['f:metadata', 'f:annotations', `f:${names.liveAnnotation}`];
  const isOurs = nodeAt(ownEntry(live, names.fieldManager)?.fieldsV1, noteAt) !== undefined;
  return isOurs ? withLiveOf(sealed.body, live, names) : sealed.body;
}

/**
 * Where the answer shows other values than we sent, an admission webhook rewrites them. A hash of the result, kept on the
 * object, lets us know it again after a restart without a write.
 */
async function noteRewritten(requests: ChildRequests, sealed: SealedBody, reply: KubeObject): Promise<KubeObject> {
  const { names } = requests;
  const own = ownEntry(reply, names.fieldManager)?.fieldsV1 ?? {};
  const findings = audit(withLiveOf(sealed.body, reply, names), reply, own, names.fieldManager, 'full');
  if (!findings.some(({ kind }) => kind === 'Value')) return reply;
  const note = digestOf(reply, names, 'full')?.projectionHash;
  if (note === undefined || reply.metadata.annotations?.[names.liveAnnotation] === note) return reply;
  return requests.apply(annotate(sealed.body, names.liveAnnotation, note));
}

function actionOf({ decision: { reason }, live, requests: { names } }: Write): Applied['action'] {
  if (reason === 'Absent') return 'Created';
  if (reason === 'Drifted' || reason === 'Rewritten') return 'Repaired';
  // Our seal on an object in which we own nothing: its ownership records were wiped.
  return reason === 'NeverApplied' && live !== undefined && sealOf(live, names) !== undefined ? 'Repaired' : 'Updated';
}
