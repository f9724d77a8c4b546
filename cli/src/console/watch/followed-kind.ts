import { ApiError, type Clock, type KubeClient, type KubeObject, type Timer } from '@capstan/kube';
import { KindView } from '../../prismctl/kind-view.ts';
import { leanObject, type WatchedKind } from './watched-kinds.ts';

/**
 * What is known of a kind. `Asked`: nothing yet. `Live`: all of it. `Stale`: all of it as it was, for the server does not answer.
 * `Hidden`: nothing, and why.
 */
export type Standing =
  | { readonly is: 'Asked' }
  | { readonly is: 'Live' }
  | { readonly is: 'Stale'; readonly since: number; readonly why: string }
  | { readonly is: 'Hidden'; readonly why: string };

export interface FollowedKindOptions {
  readonly client: KubeClient;
  readonly kind: WatchedKind;
  readonly namespace: string | undefined;
  readonly clock: Clock;
  readonly onChange: () => void;
  /** The server does not know any more who we are. */
  readonly onRefused: () => void;
}

/** Permissions and definitions come by hand: to look every quarter of a minute is soon enough. */
const lookAgainMs = 15_000;
/** A request that is to fail has failed within this time: connecting takes 10 s at most. */
const attemptMs = 12_000;

/** The objects of one kind, by a watch that outlives everything: a kind that may not be seen now is asked for again. */
export class FollowedKind {
  readonly #options: FollowedKindOptions;
  readonly #settled = Promise.withResolvers<void>();
  #view: KindView<KubeObject>;
  #standing: Standing = { is: 'Asked' };
  /** Whether all objects have been seen. */
  #isComplete = false;
  /** Failures since anything was seen. */
  #failures = 0;
  #failedAt = 0;
  #recovery: Timer | undefined;

  constructor(options: FollowedKindOptions) {
    this.#options = options;
    this.#view = this.#newView();
  }

  get kind(): WatchedKind {
    return this.#options.kind;
  }

  get standing(): Standing {
    return this.#standing;
  }

  get objects(): readonly KubeObject[] {
    return this.#standing.is === 'Hidden' ? [] : this.#view.objects;
  }

  /** Resolves when its objects are known, or when it is known why they are not. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  /** Follows the server until the signal aborts; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#attempt(signal);
      if (signal.aborted) break;
      await this.#options.clock.sleep(lookAgainMs, signal).catch(() => {});
      this.#view = this.#newView();
      this.#isComplete = false;
    }
    this.#recovery?.cancel();
  }

  /** Follows until the kind turns out to be hidden. */
  async #attempt(signal: AbortSignal): Promise<void> {
    const hidden = new AbortController();
    await this.#view.follow(AbortSignal.any([signal, hidden.signal]), {
      onChange: () => this.#seen(),
      onSynced: () => {
        this.#isComplete = true;
        this.#becomes({ is: 'Live' });
      },
      onProblem: (error, retryInMs) => {
        const why = this.#whyHidden(error);
        if (why === undefined) this.#failed(error, retryInMs);
        else {
          this.#becomes({ is: 'Hidden', why });
          hidden.abort();
        }
      },
    });
  }

  #newView(): KindView<KubeObject> {
    const { client, kind, namespace } = this.#options;
    const where = kind.type.namespaced && namespace !== undefined ? { namespace } : {};
    return new KindView(client, kind.type, { ...where, metadataOnly: kind.metadataOnly }, leanObject);
  }

  #whyHidden(error: unknown): string | undefined {
    if (!(error instanceof ApiError)) return undefined;
    const { type } = this.#options.kind;
    const name = type.group === '' ? type.plural : `${type.plural}.${type.group}`;
    if (error.status === 403) return `you may not see it: ask for list and watch of ${name}`;
    if (error.isNotFound) return `it is not installed in this cluster in version ${type.version}`;
    return undefined;
  }

  #seen(): void {
    this.#failures = 0;
    if (this.#standing.is === 'Stale' && this.#isComplete) this.#becomes({ is: 'Live' });
    // What comes before the whole is known is told with the whole.
    else if (this.#standing.is === 'Live') this.#options.onChange();
  }

  #failed(error: unknown, retryInMs: number): void {
    const { clock, onRefused } = this.#options;
    if (error instanceof ApiError && error.status === 401) onRefused();
    // Where nothing is waited for, the watch begins anew as it should.
    if (retryInMs === 0) return;
    if (this.#failures === 0) this.#failedAt = clock.now();
    this.#failures += 1;
    // One failure is nothing to speak of: servers restart, load balancers cut.
    if (this.#failures === 1 && this.#standing.is === 'Live') return;
    const why = error instanceof Error ? error.message : String(error);
    this.#becomes({ is: 'Stale', since: this.#failedAt, why });
    this.#recovery?.cancel();
    this.#recovery = clock.setTimeout(() => this.#recovered(), retryInMs + attemptMs);
  }

  /** The next attempt would have failed by now. */
  #recovered(): void {
    this.#failures = 0;
    if (this.#standing.is === 'Stale' && this.#isComplete) this.#becomes({ is: 'Live' });
  }

  #becomes(standing: Standing): void {
    if (standing.is === 'Live') {
      this.#failures = 0;
      this.#recovery?.cancel();
    }
    this.#standing = standing;
    this.#settled.resolve();
    this.#options.onChange();
  }
}
