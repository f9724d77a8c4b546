import { type Clock, type ObjectRef, systemClock } from '@capstan/kube';
import { configHash } from '@capstan/resources';
import { type EventSource, type Millis, millis, minutes } from '@capstan/runtime';
import { decide } from './decision/decide.ts';
import type { Decision, Observation, Rules } from './decision/decision.ts';
import { millisSince } from './decision/standing.ts';
import { type Knock, tcpKnock } from './remote/knock.ts';
import type { Owner, WantedCluster } from './remote/propagated.ts';
import { RemoteSession, type RemoteTarget, type Sighting } from './remote/remote-session.ts';

/** One cluster as a pass wants it attended to; without a way into it there is nothing to attend to. */
export interface MemberTarget {
  readonly name: string;
  readonly target?: Omit<RemoteTarget, 'owner'>;
  /** Another one means another target: what its Secret holds, its address and so on. */
  readonly fingerprint: string;
  /** Where it is; what was observed there stays known while only the way in is another. */
  readonly place: string;
  readonly wanted?: WantedCluster;
}

/** A federation as a pass wants it attended to. */
export interface Attention {
  readonly owner: Owner;
  readonly rules: Rules;
  readonly members: readonly MemberTarget[];
  /** What was decided when nobody remembers, at a time of the monotonic clock. */
  readonly recalled: (at: Millis) => Decision | undefined;
}

/** What is known of a federation and was decided for it. */
export interface Outlook {
  readonly decision: Decision;
  /** By cluster; those without a way into them are not in it. */
  readonly sightings: ReadonlyMap<string, Sighting>;
}

export interface RemotesOptions {
  readonly clock?: Clock;
  /** Tries proxies; by TCP unless told. */
  readonly knock?: Knock;
}

/** A federation that no pass has asked for in so long has been deleted behind our back, or is paused. */
const forgottenAfter = minutes(15);

const userAgent = 'prism-federation';

interface Running {
  readonly session: RemoteSession;
  readonly fingerprint: string;
  readonly place: string;
  readonly end: AbortController;
}

interface Attended {
  readonly ref: ObjectRef;
  readonly attention: Attention;
  readonly running: ReadonlyMap<string, Running>;
  /** Since when there has been no way into a cluster, on the monotonic clock. */
  readonly lost: ReadonlyMap<string, Millis>;
  readonly decision: Decision;
  /** What the last pass was told, in short. */
  readonly told: string;
  readonly attendedAt: number;
}

/**
 * The remote clusters of all federations. Each has connections, a watch and probes of its own; what they come to starts a pass only
 * where it would report or publish something else.
 */
export class Remotes implements EventSource {
  readonly name = 'remote clusters';
  readonly #clock: Clock;
  readonly #knock: Knock;
  readonly #attended = new Map<string, Attended>();
  #live: { readonly emit: (ref: ObjectRef, reason: string) => void; readonly stop: AbortSignal } | undefined;

  constructor({ clock = systemClock, knock }: RemotesOptions = {}) {
    this.#clock = clock;
    this.#knock = knock ?? tcpKnock(clock);
  }

  /** Attends to a federation as it is now, and says what is known of it. */
  attend(attention: Attention): Outlook {
    const key = keyOf(attention.owner);
    const former = this.#attended.get(key);
    const before = former?.attention.owner.uid === attention.owner.uid ? former : undefined;
    if (before === undefined) this.forget(attention.owner);
    const running = this.#sessions(attention, before?.running ?? new Map());
    const at = this.#now;
    const decision = before?.decision ?? attention.recalled(at);
    const { namespace, name } = attention.owner;
    const lost = lostSince(attention, before?.lost ?? new Map(), at);
    const kept = { ref: { namespace, name }, attention, running, lost, attendedAt: at };
    const decided = decide(decision, observationsOf(kept, at), attention.rules, at);
    const outlook = outlookOf(decided, running);
    this.#attended.set(key, { ...kept, decision: decided, told: inShort(outlook) });
    return outlook;
  }

  /** What is known of a federation that is attended to; nothing is begun or ended. */
  glance(owner: Owner): Outlook | undefined {
    const attended = this.#attended.get(keyOf(owner));
    if (attended?.attention.owner.uid !== owner.uid) return undefined;
    return outlookOf(attended.decision, attended.running);
  }

  /** Ends everything that is done for a federation. */
  forget(ref: ObjectRef): void {
    const key = keyOf(ref);
    for (const { end } of this.#attended.get(key)?.running.values() ?? []) end.abort();
    this.#attended.delete(key);
  }

  /**
   * Deletes what was propagated to a cluster; true when it is gone.
   * @throws {Error} when there is no way into the cluster
   */
  async remove(owner: Owner, member: string, signal: AbortSignal): Promise<boolean> {
    const running = this.#attended.get(keyOf(owner))?.running.get(member);
    if (running === undefined) throw new Error(`there is no way into cluster ${member}`);
    return running.session.remove(signal);
  }

  async run(emit: (ref: ObjectRef, reason: string) => void, stop: AbortSignal): Promise<void> {
    this.#live = { emit, stop };
    for (const { running } of this.#attended.values()) for (const each of running.values()) this.#start(each, stop);
    while (!stop.aborted) {
      await this.#clock.sleep(minutes(1), stop).catch(() => {}); // Only the signal ends a sleep, and the loop looks at it next.
      for (const { ref, attendedAt } of this.#attended.values())
        if (this.#clock.monotonic() - attendedAt > forgottenAfter) this.forget(ref);
    }
    this.#live = undefined;
    for (const { ref } of this.#attended.values()) this.forget(ref);
  }

  get #now(): Millis {
    return millis(this.#clock.monotonic());
  }

  #sessions(attention: Attention, before: ReadonlyMap<string, Running>): ReadonlyMap<string, Running> {
    const after = new Map<string, Running>();
    for (const member of attention.members) {
      const { name, target, fingerprint, wanted } = member;
      if (target === undefined) continue;
      const former = before.get(name);
      const running =
        former?.fingerprint === fingerprint ? former : this.#open(attention.owner, { ...member, target }, former);
      running.session.want(wanted);
      after.set(name, running);
    }
    for (const [name, { end, session }] of before) if (after.get(name)?.session !== session) end.abort();
    return after;
  }

  #open(owner: Owner, member: Reachable, former: Running | undefined): Running {
    const { target, fingerprint, place } = member;
    const record = former?.place === place ? former.session.record : undefined;
    const options = {
      ...{ clock: this.#clock, knock: this.#knock, userAgent },
      ...{
        onNews: () => this.#heard(owner),
        onDue: () => this.#live?.emit(owner, 'a remote cluster is to be written'),
      },
      ...(record !== undefined && { record }),
    };
    const running = {
      session: new RemoteSession({ ...target, owner }, options),
      ...{ fingerprint, place },
      end: new AbortController(),
    };
    if (this.#live !== undefined) this.#start(running, this.#live.stop);
    return running;
  }

  #start({ session, end }: Running, stop: AbortSignal): void {
    // Its loops outlive whatever a cluster answers; what closing its connections comes to matters to nobody.
    void session.run(AbortSignal.any([stop, end.signal])).catch(() => {});
  }

  /** Decides anew, and starts a pass when that comes to something else than the last pass was told. */
  #heard(owner: Owner): void {
    const attended = this.#attended.get(keyOf(owner));
    if (attended === undefined || attended.attention.owner.uid !== owner.uid) return;
    const { attention, running, ref, told } = attended;
    const at = this.#now;
    const decision = decide(attended.decision, observationsOf(attended, at), attention.rules, at);
    this.#attended.set(keyOf(ref), { ...attended, decision });
    if (inShort(outlookOf(decision, running)) !== told)
      this.#live?.emit(ref, 'a remote cluster is otherwise than before');
  }
}

type Reachable = MemberTarget & Required<Pick<MemberTarget, 'target'>>;

function lostSince(
  { members }: Attention,
  before: ReadonlyMap<string, Millis>,
  at: Millis,
): ReadonlyMap<string, Millis> {
  const lost = members.filter(({ target }) => target === undefined);
  return new Map(lost.map(({ name }) => [name, before.get(name) ?? at]));
}

/** A cluster without a way into it fails as often as it would be probed: what is wrong with a Secret says nothing of its proxies. */
function observationsOf(
  { attention: { members, rules }, running, lost }: Pick<Attended, 'attention' | 'running' | 'lost'>,
  at: Millis,
): Readonly<Record<string, Observation>> {
  const failing = (since: Millis): Observation => ({
    verdict: 'Unhealthy',
    inARow: 1 + Math.floor(millisSince(since, at) / rules.patience),
  });
  return Object.fromEntries(
    members.map(({ name }) => [
      name,
      running.get(name)?.session.sighting().observation ?? failing(lost.get(name) ?? at),
    ]),
  );
}

function outlookOf(decision: Decision, running: ReadonlyMap<string, Running>): Outlook {
  const sightings = [...running].map(([name, { session }]) => [name, session.sighting()] as const);
  return { decision, sightings: new Map(sightings) };
}

/** What would be reported, without what changes with each probe. */
function inShort({ decision, sightings }: Outlook): string {
  const { basis, weights } = decision;
  const standings = Object.entries(decision.standings).map(([name, { is, displaced }]) => [name, is, displaced]);
  const seen = [...sightings].map(([name, { observation: _each, ...sighting }]) => [name, sighting]);
  return configHash({ basis, weights, standings, seen });
}

function keyOf({ namespace, name }: ObjectRef): string {
  return `${namespace}/${name}`;
}

/** What a connection is for is in its target; its parts are functions, and cannot be compared. */
export function fingerprintOf(
  target: Omit<RemoteTarget, 'owner' | 'connection'>,
  ...versions: readonly string[]
): string {
  return configHash({ target, versions });
}
