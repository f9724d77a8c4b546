import type { Clock } from '@capstan/kube';
import { type Millis, millis, seconds } from '@capstan/runtime';
import type { ControlPlane, Dial, Failure, Placed, ProxyRequest } from './control-plane.ts';
import type { Errand, ErrandOutcome } from './errand.ts';
import { readBackOf } from './read-back.ts';

/** One prism-admin: where it is, and which proxy is to be registered there; none unless given. */
export interface AdminTarget {
  /** `host:port`. */
  readonly address: string;
  /** Another one means that it was started anew, and is worth another attempt at once. */
  readonly incarnation: string;
  readonly proxy?: ProxyRequest;
}

/** Why an errand is not taken: prism-admin could not be reached a moment ago, and is left alone for so long. */
export interface Resting {
  readonly failure: Failure;
  readonly afterMs: Millis;
}

export interface LaneOptions {
  readonly dial: Dial;
  readonly clock: Clock;
  /** Waited for before each connection; nothing unless given. */
  readonly mayStart?: (signal: AbortSignal) => Promise<void>;
  /** Cuts off what is under way, for good. */
  readonly signal: AbortSignal;
}

/** So many namespaces are told one after the other before those who wait to be read back are. */
const readAtOnce = 32;

/** How long an admin that cannot be reached is left alone at first, and at most; each time twice as long. */
const firstRest: Millis = seconds(2);
const longestRest: Millis = seconds(30);

interface Told {
  readonly errand: Errand;
  readonly placed: Placed;
}

/**
 * The one way to one prism-admin: never more than one call is under way, because some of them together end it. Errands go in the
 * order in which they came. One read serves all who wait for it. Once no answer comes, everybody who waits is told so at once, and
 * whoever comes next too, until it has rested. The connection is there only while there is something to say.
 */
export class AdminLane {
  readonly #options: LaneOptions;
  #target: AdminTarget;
  readonly #toTell = new Map<string, Errand>();
  readonly #toRead = new Map<string, Told>();
  /** Those of the turn that is under way. */
  #served: readonly Errand[] = [];
  #isWorking = false;
  #rest: { readonly count: number; readonly until: number; readonly failure: Failure } | undefined;

  constructor(target: AdminTarget, options: LaneOptions) {
    this.#target = target;
    this.#options = options;
  }

  /** Whether nothing is under way or waits. */
  get isIdle(): boolean {
    return !this.#isWorking;
  }

  /** Where the admin is, from the next connection on. */
  aim(target: AdminTarget): void {
    if (target.incarnation !== this.#target.incarnation) this.#rest = undefined;
    this.#target = target;
  }

  /** Takes an errand, in place of one of the same person that still waits; or says why not now. */
  submit(errand: Errand): Resting | undefined {
    const resting = this.#resting();
    if (resting !== undefined) return resting;
    const { who, known } = errand;
    this.#toRead.delete(who);
    if (known !== undefined && this.#target.proxy !== undefined) {
      this.#toTell.delete(who);
      this.#toRead.set(who, { errand, placed: known });
    } else this.#toTell.set(who, errand);
    this.#start();
    return undefined;
  }

  /** Takes an errand back that has not begun. One that has goes on to its end. */
  withdraw(who: string): void {
    this.#toTell.delete(who);
    this.#toRead.delete(who);
  }

  #resting(): Resting | undefined {
    if (this.#rest === undefined) return undefined;
    const left = this.#rest.until - this.#options.clock.monotonic();
    return left > 0 ? { failure: this.#rest.failure, afterMs: millis(left) } : undefined;
  }

  #start(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    void this.#work().finally(() => {
      this.#isWorking = false;
      if (this.#isWanted) this.#start(); // by who came just when it was over
    });
  }

  get #isWanted(): boolean {
    return this.#toTell.size + this.#toRead.size > 0 && !this.#options.signal.aborted;
  }

  /** Never rejects. */
  async #work(): Promise<void> {
    const { signal, dial, mayStart } = this.#options;
    try {
      // Whoever comes in the same moment is in the same connection, and is read back together.
      await mayStart?.(signal);
      await Promise.resolve();
      if (signal.aborted) return;
      const admin = dial(this.#target.address);
      try {
        while (this.#isWanted) await this.#turn(admin);
      } finally {
        admin.close();
      }
    } catch (error) {
      if (!signal.aborted)
        this.#silent({ kind: 'Unreachable', message: `prism-admin cannot be asked: ${textOf(error)}` });
    }
  }

  async #turn(admin: ControlPlane): Promise<void> {
    const [next] = this.#toTell.values();
    if (next !== undefined && this.#toRead.size < readAtOnce) await this.#tell(next, admin);
    else await this.#readBack(admin);
    this.#served = [];
  }

  async #tell(errand: Errand, admin: ControlPlane): Promise<void> {
    const { who, request, end } = errand;
    const { proxy } = this.#target;
    this.#served = [errand];
    this.#toTell.delete(who);
    const answer = await this.#create(errand, admin);
    if (answer.kind === 'NoLeader' || answer.kind === 'Unreachable') return this.#silent(answer);
    this.#rest = undefined;
    if (answer.kind !== 'Accepted') return end(answer);
    const { value: placed } = answer;
    if (proxy === undefined) return end({ kind: 'Settled', placed, confirmation: 'NotReadBack' });
    // What came meanwhile from the same person is about a newer wish, and is told and read in its own turn.
    if (!this.#toTell.has(who) && !this.#toRead.has(who))
      this.#toRead.set(who, { errand: { who, request, end }, placed });
  }

  /** A namespace needs a proxy that is registered, and one that was lost with all the rest is again. */
  async #create({ request }: Errand, admin: ControlPlane) {
    const { signal } = this.#options;
    const first = await admin.createNamespace(request, signal);
    const { proxy } = this.#target;
    if (first.kind !== 'WaitingForProxy' || proxy === undefined) return first;
    const registered = await admin.registerProxy(proxy, signal);
    return registered.kind === 'Accepted' ? await admin.createNamespace(request, signal) : registered;
  }

  async #readBack(admin: ControlPlane): Promise<void> {
    const told = [...this.#toRead.values()];
    this.#toRead.clear();
    this.#served = told.map(({ errand }) => errand);
    const { proxy } = this.#target;
    if (proxy === undefined) return this.#tellAgain(this.#served);
    const answer = await admin.registerProxy(proxy, this.#options.signal);
    if (answer.kind === 'NoLeader' || answer.kind === 'Unreachable') return this.#silent(answer);
    this.#rest = undefined;
    if (answer.kind !== 'Accepted') return endAll(this.#served, answer);
    for (const each of told) {
      const seen = readBackOf(each.errand.request, each.placed.partition, answer.value);
      // What nobody is shown may be lost too, and to tell it again changes nothing where it is not.
      if (seen !== 'Same' && each.errand.known !== undefined) this.#tellAgain([each.errand]);
      else if (seen === 'Missing' || seen === 'Differs') notConfirmed(each.errand, seen);
      else each.errand.end({ kind: 'Settled', placed: each.placed, confirmation: confirmations[seen] });
    }
  }

  #tellAgain(errands: readonly Errand[]): void {
    for (const { known: _known, ...errand } of errands)
      if (!this.#toTell.has(errand.who) && !this.#toRead.has(errand.who)) this.#toTell.set(errand.who, errand);
  }

  #silent(failure: Failure): void {
    const waiting = [
      ...this.#served,
      ...this.#toTell.values(),
      ...[...this.#toRead.values()].map(({ errand }) => errand),
    ];
    this.#toTell.clear();
    this.#toRead.clear();
    this.#served = [];
    const count = (this.#rest?.count ?? 0) + 1;
    const restMs = Math.min(longestRest, firstRest * 2 ** (count - 1));
    this.#rest = { count, until: this.#options.clock.monotonic() + restMs, failure };
    endAll(waiting, failure);
  }
}

const confirmations = { Same: 'ReadBack', OutOfSight: 'OutOfSight' } as const;

function notConfirmed({ end }: Errand, seen: 'Missing' | 'Differs'): void {
  const message = seen === 'Missing' ? 'does not show it' : 'shows another one of that name';
  end({ kind: 'NotConfirmed', message: `prism-admin said that it has the namespace, and ${message}` });
}

function endAll(errands: readonly Errand[], outcome: ErrandOutcome): void {
  for (const { end } of errands) end(outcome);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : 'for an unknown reason';
}
