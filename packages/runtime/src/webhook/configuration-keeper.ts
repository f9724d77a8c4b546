import { type Clock, CustomResourceDefinition, type KubeClient, type KubeObject } from '@capstan/kube';
import type { Logger } from 'pino';
import { minutes, seconds } from '../duration.ts';
import type { Fence } from '../leader/leadership.ts';
import { backoffMs } from '../queue/backoff.ts';
import type { ConfigurationOwners } from './configuration-owners.ts';
import type { ConfigurationTarget, Trust } from './configuration-target.ts';
import { WakefulSleep } from './wakeful-sleep.ts';
import { WatchedObject } from './watched-object.ts';

const lookEvery = minutes(1);

/** How fast changes of somebody else are put right, the more often the slower, and after which calm they count as new. */
const pace = { baseMs: seconds(1), maxMs: seconds(60), calm: minutes(10) };

export interface ConfigurationKeeperOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly fence: Fence;
  readonly target: ConfigurationTarget;
  /** With whom it goes. */
  readonly owners: ConfigurationOwners;
  /** Told when it may have come to trust. */
  readonly onMended: () => void;
}

/**
 * Keeps one configuration right, by a watch on it alone. Any replica makes it where it is missing and corrects whom it
 * trusts; the rest only the leader, so that during an upgrade an older replica does not undo what a newer one wrote.
 */
export class ConfigurationKeeper {
  readonly #options: ConfigurationKeeperOptions;
  readonly #sleep: WakefulSleep;
  readonly #live: WatchedObject<KubeObject>;
  #trust: Trust | undefined;
  #problem: string | undefined;
  /** What was still not right after it was made right: somebody else's, or the API server's. */
  #accepted: string | undefined;
  #mendings = 0;
  #lastMendedAt = Number.NEGATIVE_INFINITY;

  constructor(options: ConfigurationKeeperOptions) {
    const { client, clock, log, target } = options;
    this.#options = options;
    this.#sleep = new WakefulSleep(clock);
    this.#live = new WatchedObject({
      ...{ client, clock, log, type: target.type, ref: { name: target.name }, keep: target.keep },
      onChange: () => this.#sleep.wake(),
    });
  }

  /** Why it is not right; `undefined` when it is. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether API servers that read it can call. What does not exist sends nobody to us. */
  isTrusting(trust: Trust): boolean {
    const live = this.#live.object;
    return live === undefined || this.#options.target.isTrusting(live, trust);
  }

  /** From now on API servers are to be told this. */
  want(trust: Trust): void {
    this.#trust = trust;
    this.#lastMendedAt = Number.NEGATIVE_INFINITY; // Nobody disagrees: it is we who changed our mind.
    this.#sleep.wake();
  }

  async run(signal: AbortSignal): Promise<void> {
    const watching = this.#live.run(signal);
    await this.#live.known(signal);
    let failures = 0;
    while (!signal.aborted) {
      const { random } = this.#options;
      failures = (await this.#look(signal)) ? 0 : failures + 1;
      await this.#sleep.sleep(failures === 0 ? lookEvery : backoffMs(failures, random), signal);
    }
    await watching;
  }

  /** False when it is to be tried again soon. */
  async #look(signal: AbortSignal): Promise<boolean> {
    const { onMended, target, log, owners } = this.#options;
    try {
      if (target.type !== CustomResourceDefinition) await owners.learn(signal);
      if (this.#trust !== undefined && this.#isWrong(this.#trust)) await this.#mend(this.#trust, signal);
      this.#problem = undefined;
      onMended();
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const what = `${target.type.kind} ${target.name}`;
      this.#problem = `${what} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
      log.error({ err: error, configuration: what }, 'API servers cannot be told of the webhooks; tried again soon');
      return false;
    }
  }

  #isWrong(trust: Trust): boolean {
    const { target, fence } = this.#options;
    const live = this.#live.object;
    if (live === undefined) return target.type !== CustomResourceDefinition;
    if (!target.isTrusting(live, trust)) return true;
    if (!fence.isHeld && !target.isVital) return false;
    return !this.#isRight(live, trust) && this.#accepted !== live.metadata.resourceVersion;
  }

  /** One that an older release made has other owners. */
  #isRight(live: KubeObject, trust: Trust): boolean {
    const { target, owners } = this.#options;
    if (!target.isRight(live, trust)) return false;
    return target.type === CustomResourceDefinition || owners.has(live);
  }

  async #mend(trust: Trust, signal: AbortSignal): Promise<void> {
    const { client, clock, target, log } = this.#options;
    const owners = target.type === CustomResourceDefinition ? [] : await this.#options.owners.of(target.kinds, signal);
    // It would only outlive the operator that is being taken down.
    if (owners === undefined) return;
    await this.#pace(signal);
    if (signal.aborted) return;
    const mended = await target.mend(client, trust, { owners, signal });
    this.#lastMendedAt = clock.monotonic();
    this.#accepted = this.#isRight(target.keep(mended), trust) ? undefined : mended.metadata.resourceVersion;
    log.info({ configuration: `${target.type.kind} ${target.name}` }, 'API servers were told of the webhooks');
  }

  /** Two who disagree do not keep the API server busy. */
  async #pace(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const since = clock.monotonic() - this.#lastMendedAt;
    this.#mendings = since > pace.calm ? 0 : this.#mendings + 1;
    if (this.#mendings === 0) return;
    const wait = Math.min(pace.maxMs, pace.baseMs * 2 ** (this.#mendings - 1)) - since;
    if (wait > 0) await clock.sleep(wait, signal).catch(() => {});
  }
}
