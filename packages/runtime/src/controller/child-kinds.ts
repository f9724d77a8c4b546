import {
  apiVersionOf,
  type Clock,
  type KubeClient,
  type KubeObject,
  kindNameOf,
  type ObjectRef,
  type ReflectorProblem,
  type ResourceType,
} from '@capstan/kube';
import { childAdmission } from '../cache/child-admission.ts';
import type { CrdWatch } from '../cache/crd-watch.ts';
import { Informer } from '../cache/informer.ts';
import { KindInformers } from '../cache/kind-informers.ts';
import { keyOf, type ObjectKey } from '../cache/object-key.ts';
import type { AppliedMemory } from '../engine/memory.ts';
import type { EngineNames } from '../engine/seal.ts';
import type { OwnedKind, PrimaryKind, Resource } from './reconciler.ts';

/** One owned kind at work. */
export type ChildKind = KindInformers;

export interface ChildKindsOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly names: EngineNames;
  readonly memory: AppliedMemory;
  readonly primary: PrimaryKind<Resource>;
  readonly namespaces: readonly (string | undefined)[];
  readonly onProblem: (problem: ReflectorProblem) => void;
  /** The definition of an optional kind. */
  readonly crdOf: (type: ResourceType) => CrdWatch | undefined;
  /** Told when an optional kind became available, or ceased to be. */
  readonly onServed: (kind: ChildKind, isServed: boolean) => void;
}

/** The name of a child in the applied memory: kind, then namespace and name. */
export function memoryKeyOf(type: ResourceType, key: ObjectKey): string {
  return `${kindNameOf(type)}/${key}`;
}

/**
 * The resource of `primary`'s kind that controls this child, or for which it is retained (without a UID then: whichever has the name).
 */
export function ownerOf(child: KubeObject, primary: ResourceType): (ObjectRef & { readonly uid?: string }) | undefined {
  const owner = child.metadata.ownerReferences?.find(({ controller }) => controller === true);
  // An owner lives in its child's namespace, or in none.
  const place = primary.namespaced ? { namespace: child.metadata.namespace } : {};
  const retainedFor = child.metadata.annotations?.[`${primary.group}/retained-for`];
  if (owner === undefined && retainedFor !== undefined) return { ...place, name: retainedFor };
  if (owner?.kind !== primary.kind || groupOf(owner.apiVersion) !== primary.group) return undefined;
  return { ...place, name: owner.name, uid: owner.uid };
}

/** Finds the owned kind of a body by its apiVersion and kind. */
export class ChildKinds {
  readonly all: readonly ChildKind[];
  readonly #byName: ReadonlyMap<string, ChildKind>;

  constructor(owns: readonly OwnedKind[], options: ChildKindsOptions) {
    this.all = owns.map((kind) => childKind(kind, options));
    const present = this.all.filter((_kind, index) => owns[index]?.former !== true);
    this.#byName = new Map(present.map((kind) => [`${apiVersionOf(kind.type)}/${kind.type.kind}`, kind]));
  }

  /** @throws {Error} when the controller does not declare that it owns this kind: a mistake of its author. */
  of({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): ChildKind {
    const found = this.#byName.get(`${apiVersion}/${kind}`);
    if (found !== undefined) return found;
    throw new Error(`${kind} (${apiVersion}) is used by a pass but not under "owns" of its controller: add it there`);
  }

  /** The owned kind of a resource type; `undefined` when it is not owned. */
  find(type: ResourceType): ChildKind | undefined {
    return this.#byName.get(`${apiVersionOf(type)}/${type.kind}`);
  }
}

function childKind({ type, mode, optional }: OwnedKind, options: ChildKindsOptions): ChildKind {
  const { client, clock, names, memory, primary, namespaces, onProblem, crdOf, onServed } = options;
  const admit = childAdmission<KubeObject>({
    names,
    mode,
    memory,
    memoryKey: (child) => memoryKeyOf(type, keyOf(child.metadata)),
    isOurs: (child) => ownerOf(child, primary) !== undefined,
  });
  return new KindInformers({
    ...{ type, mode, namespaces, onProblem, onServed },
    make: (namespace, told) =>
      new Informer<KubeObject>({ client, type, mode, namespace, clock, admit, onProblem: told }),
    crd: optional === true ? crdOf(type) : undefined,
  });
}

/** The group of an apiVersion; empty for the core. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
