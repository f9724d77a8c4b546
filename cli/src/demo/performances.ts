import type { Clock } from '@capstan/kube';
import type { Board } from './board.ts';
import type { Scene } from './exhibits/exhibit.ts';
import { type Tally, tallyOf, timeoutFailure } from './settle.ts';
import type { OnStage } from './stage.ts';
import type { Row } from './table.ts';

export interface PerformanceOptions extends Scene {
  readonly board: Pick<Board, 'rows' | 'subscribe'>;
  readonly clock: Clock;
  /** Milliseconds since the demo began. */
  readonly elapsedMs: () => number;
}

/** A kind that has come on stage. */
export interface Performing {
  readonly exhibit: { readonly kind: Pick<OnStage['exhibit']['kind'], 'kind'>; readonly comesLater?: true };
  readonly show: Pick<OnStage['show'], 'act'>;
  readonly rows: Pick<OnStage['rows'], 'table'>;
}

/** What came of the act of a kind, in a few words. */
export interface ActOutcome {
  readonly kind: string;
  readonly text: string;
}

/**
 * Waits for each kind until its resources are ready, and lets it act then: one after the other, so that they can be followed. What comes
 * later acts when all is ready, because its acts take the processors from what still starts.
 */
export class Performances {
  readonly #options: PerformanceOptions;
  readonly #all: Promise<ActOutcome | undefined>[] = [];
  readonly #failed = Promise.withResolvers<never>();
  readonly #settling: Promise<unknown>[] = [];
  readonly #complete = Promise.withResolvers<void>();
  #turn: Promise<unknown> = Promise.resolve();
  #readyMs = 0;

  constructor(options: PerformanceOptions) {
    this.#options = options;
    this.#failed.promise.catch(() => {}); // whoever waits is told; nobody has to
  }

  /** Rejects as soon as something is not reached: {@link DemoFailure}. */
  get failure(): Promise<never> {
    return this.#failed.promise;
  }

  /** When the resources that took longest had come as far as they can, in milliseconds since the demo began. */
  get readyMs(): number {
    return this.#readyMs;
  }

  /** Begins with a kind that has come on stage. */
  begin(onStage: Performing): void {
    const performing = this.#perform(onStage);
    performing.catch(this.#failed.reject);
    this.#all.push(performing);
  }

  /** To be told when no more kinds come, whatever the reason. */
  complete(): void {
    this.#complete.resolve();
  }

  /** Resolves with what came of every act begun so far, and of all resources, once all of it is over and everything is ready again. */
  async outcome(): Promise<{ readonly acts: readonly ActOutcome[]; readonly tally: Tally }> {
    const acts = await Promise.all(this.#all);
    const tally = await this.#settled(() => this.#options.board.rows());
    return { acts: acts.filter((act) => act !== undefined), tally };
  }

  /** Resolves when nothing is under way any more, after the signal; never rejects. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#all);
  }

  async #perform({ exhibit, show, rows }: Performing): Promise<ActOutcome | undefined> {
    const { client, timeoutMs, signal, say, elapsedMs } = this.#options;
    const settled = this.#settled(() => rows.table().rows);
    this.#settling.push(settled);
    await settled;
    this.#readyMs = Math.max(this.#readyMs, elapsedMs());
    if (exhibit.comesLater === true) await this.#allReady();
    const acting = this.#turn.then(() => show.act?.({ client, timeoutMs, signal, say }));
    this.#turn = acting.catch(() => {});
    const text = await acting;
    return text === undefined ? undefined : { kind: exhibit.kind.kind, text };
  }

  async #allReady(): Promise<void> {
    await this.#complete.promise;
    await Promise.allSettled(this.#settling);
  }

  /** Resolves once every resource is Ready or has said why it never will be; rejects when time is up, or with the signal. */
  async #settled(rows: () => readonly Row[]): Promise<Tally> {
    const { board, clock, timeoutMs, signal } = this.#options;
    signal.throwIfAborted();
    const done = Promise.withResolvers<Tally>();
    const look = (): void => {
      const tally = tallyOf(rows());
      if (tally !== undefined) done.resolve(tally);
    };
    board.subscribe(look);
    look();
    const abort = (): void => done.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const timer = clock.setTimeout(() => done.reject(timeoutFailure(rows(), timeoutMs)), timeoutMs);
    return await done.promise.finally(() => {
      timer.cancel();
      signal.removeEventListener('abort', abort);
    });
  }
}
