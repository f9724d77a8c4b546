import { isDeepStrictEqual } from 'node:util';
import { type Clock, type KubeClient, kindNameOf } from '@capstan/kube';
import type { Overview, TreeNode } from '../api.ts';
import { familyOf } from '../trees.ts';
import { FollowedKind } from './followed-kind.ts';
import { Newest } from './newest.ts';
import { overviewOf } from './overview.ts';
import { Pace } from './pace.ts';
import type { WatchedKind } from './watched-kinds.ts';

export interface ClusterWatchOptions {
  readonly client: KubeClient;
  readonly kinds: readonly WatchedKind[];
  /** Every namespace unless told. */
  readonly namespace: string | undefined;
  readonly clock: Clock;
  /** Made when the server does not know any more who we are: it ends all who follow. Unless told that is a failure like others. */
  readonly refusal?: () => Error;
}

/** A first picture is not kept back for longer by a server that is slow for one kind. */
const firstPictureMs = 5_000;

/** Everything the trees are made of, by one watch a kind. */
export class ClusterWatch {
  readonly #options: ClusterWatchOptions;
  readonly #kinds: readonly FollowedKind[];
  readonly #pace: Pace;
  readonly #newest = new Newest<Overview>();
  readonly #end = new AbortController();
  #hasPicture = false;

  constructor(options: ClusterWatchOptions) {
    const { client, namespace, clock, refusal } = options;
    this.#options = options;
    this.#pace = new Pace(clock, () => this.#draw());
    this.#kinds = options.kinds.map(
      (kind) =>
        new FollowedKind({
          ...{ client, kind, namespace, clock },
          onChange: () => this.#pace.changed(),
          onRefused: () => {
            if (refusal !== undefined) this.#newest.fail(refusal());
          },
        }),
    );
  }

  /** Follows the server until `stop`; never rejects. */
  async run(): Promise<void> {
    const { signal } = this.#end;
    void this.#firstPicture(signal);
    await Promise.all(this.#kinds.map((kind) => kind.run(signal)));
  }

  stop(): void {
    this.#end.abort();
    this.#pace.stop();
  }

  /** The overview, as soon as all kinds are known, and after each change; at most every 250 ms. */
  overviews(signal: AbortSignal): AsyncGenerator<Overview, void, void> {
    return this.#newest.follow(AbortSignal.any([signal, this.#end.signal]));
  }

  /** An object in the newest overview, and the tree it stands in; `undefined` when it stands in none. */
  find(uid: string): { readonly node: TreeNode; readonly root: TreeNode } | undefined {
    for (const root of this.#newest.value?.resources ?? []) {
      const node = familyOf(root).find(({ ref }) => ref.uid === uid);
      if (node !== undefined) return { node, root };
    }
    return undefined;
  }

  /** The kind of a plural, if it is one of those that are watched. */
  kindOf({ group, plural }: { readonly group: string; readonly plural: string }): WatchedKind | undefined {
    return this.#options.kinds.find(({ type }) => type.group === group && type.plural === plural);
  }

  /** Resolves when there is an overview. */
  async ready(signal: AbortSignal): Promise<void> {
    for await (const _ of this.overviews(signal)) return;
  }

  /** For people: the kinds that are watched. */
  get kindNames(): readonly string[] {
    return this.#options.kinds.map(({ type }) => kindNameOf(type));
  }

  async #firstPicture(signal: AbortSignal): Promise<void> {
    const patience = this.#options.clock.sleep(firstPictureMs, signal).catch(() => {});
    await Promise.race([Promise.all(this.#kinds.map(({ settled }) => settled)), patience]);
    if (signal.aborted) return;
    this.#hasPicture = true;
    this.#pace.changed();
  }

  #draw(): void {
    if (!this.#hasPicture) return;
    const overview = overviewOf(this.#kinds, this.#options.clock.now());
    const before = this.#newest.value;
    if (before !== undefined && isDeepStrictEqual({ ...before, at: '' }, { ...overview, at: '' })) return;
    this.#newest.set(overview);
  }
}
