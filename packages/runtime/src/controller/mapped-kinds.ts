import type { Clock, KubeClient, KubeObject, ReflectorProblem, ResourceType } from '@capstan/kube';
import type { CrdWatch } from '../cache/crd-watch.ts';
import { Informer } from '../cache/informer.ts';
import { KindInformers } from '../cache/kind-informers.ts';
import { mappedAdmission } from '../cache/mapped-admission.ts';
import { keyOf, type ObjectKey } from '../cache/object-key.ts';
import type { Change } from '../cache/object-store.ts';
import type { Resource } from './reconciler.ts';
import type { MappedKind, ResourceReader } from './watched-kind.ts';

export interface MappedKindsOptions<T extends Resource> {
  readonly client: KubeClient;
  readonly clock: Clock;
  /** `[undefined]`: every namespace. */
  readonly namespaces: readonly (string | undefined)[];
  readonly resources: ResourceReader<T>;
  readonly onProblem: (problem: ReflectorProblem) => void;
  readonly crdOf: (type: ResourceType) => CrdWatch | undefined;
  /** Told of each resource that a change concerns. */
  readonly onChange: (concerned: ObjectKey, type: ResourceType, change: Change, initial: boolean) => void;
  readonly onServed: (kind: KindInformers, isServed: boolean) => void;
  /** Told when a function of the author's throws. */
  readonly onFailure: (type: ResourceType, what: 'map' | 'keep', object: KubeObject, error: unknown) => void;
}

/** Whole kinds that a controller does not own: what happens to their objects concerns the resources that the author names. */
export class MappedKinds<T extends Resource> {
  readonly all: readonly KindInformers[];
  readonly #options: MappedKindsOptions<T>;

  constructor(kinds: readonly MappedKind<T>[], options: MappedKindsOptions<T>) {
    this.#options = options;
    this.all = kinds.map((kind) => this.#informersOf(kind));
  }

  /** The informers of a kind: one for each time that it is mapped. */
  of({ kind, group }: ResourceType): readonly KindInformers[] {
    return this.all.filter(({ type }) => type.kind === kind && type.group === group);
  }

  #informersOf(kind: MappedKind<T>): KindInformers {
    const { client, clock, namespaces, onProblem, crdOf, onServed } = this.#options;
    const { type, mode, optional, labelSelector, keep } = kind;
    const admit = mappedAdmission({
      keep,
      onFailure: (...failure) => this.#options.onFailure(type, 'keep', ...failure),
    });
    const informers = new KindInformers({
      ...{ type, mode, namespaces, onProblem, onServed },
      make: (namespace, told) =>
        new Informer<KubeObject>({ client, clock, type, mode, namespace, labelSelector, admit, onProblem: told }),
      crd: optional === true ? crdOf(type) : undefined,
    });
    informers.onChange((change, initial) => this.#changed(kind, change, initial));
    return informers;
  }

  /** What an object was and what it is concern different resources when what it says of them has changed. */
  #changed(kind: MappedKind<T>, change: Change, initial: boolean): void {
    const refs = [change.before, change.after].flatMap((object) =>
      object === undefined ? [] : this.#map(kind, object),
    );
    for (const key of new Set(refs)) this.#options.onChange(key, kind.type, change, initial);
  }

  #map({ type, map }: MappedKind<T>, object: KubeObject): readonly ObjectKey[] {
    try {
      return map(object, this.#options.resources).map(keyOf);
    } catch (error) {
      this.#options.onFailure(type, 'map', object, error);
      return [];
    }
  }
}
