import { aPod } from '../a-cluster.fixture.ts';
import type { BrokerPod } from '../brokers/broker-pod.ts';
import { type BrokerAnswer, type Leadership, leadershipOf } from '../brokers/leadership.ts';
import { nextRestart, quorumOf, type Restart } from './next-restart.ts';

/**
 * What one broker's pod is at.
 *
 * - `Made`: its process has not started; with a bad spec it never does.
 * - `Starting`: its process runs, and its client port is closed.
 * - `Terminating`: its broker has stopped, and its address lives on for a while.
 */
type MemberPhase = 'Made' | 'Starting' | 'Ready' | 'Terminating';

export type Sight = Parameters<typeof nextRestart>[0];

interface Member {
  readonly uid: string;
  readonly revision: string;
  readonly phase: MemberPhase;
  /** It gets no further: only another pod helps. */
  readonly isHurt: boolean;
  /** Its node does not answer. */
  readonly isCutOff: boolean;
  /** RFC 3339. */
  readonly notReadySince: string;
}

/** How one pod is found before a roll-out; `undefined`: it is not there. */
export type FoundMember = Pick<Member, 'revision' | 'phase' | 'isHurt' | 'isCutOff'> | undefined;

/** After how long a process that does not start is called a pod in trouble, in ms. */
const troubledAfterMs = 20_000;

/**
 * A model of brokers that are replaced: the StatefulSet makes every missing pod anew from its present revision, a broker becomes
 * ready once a quorum of brokers runs, and stays ready when that is lost; one of those that run is elected.
 */
export class RollingCluster {
  readonly size: number;
  readonly #members: (Member | undefined)[];
  readonly #bad = new Set<string>();
  #revision = 'good';
  readonly #luck: number;
  /** In ms since 1970. */
  #now = Date.parse('2026-01-01T00:00:00Z');
  #leader: number | undefined;
  #made = 0;

  /** @param luck decides, among the brokers that run, whom they elect */
  constructor(found: readonly FoundMember[], luck = 0) {
    this.#luck = luck;
    this.size = found.length;
    this.#members = found.map((member) => member && { ...member, ...this.#fresh() });
  }

  /** A cluster in which every broker serves and runs the same revision. */
  static settled(size: number, luck = 0): RollingCluster {
    const member = { revision: 'good', phase: 'Ready', isHurt: false, isCutOff: false } as const;
    return new RollingCluster(
      Array.from({ length: size }, () => member),
      luck,
    );
  }

  /** A new spec; no broker can start with a bad one. */
  rollTo(revision: string, { isBad = false } = {}): void {
    this.#revision = revision;
    if (isBad) this.#bad.add(revision);
  }

  /** The next thing that Kubernetes or the broker does by itself. */
  moveOn(ordinal: number): void {
    const member = this.#members[ordinal];
    if (member === undefined) this.#make(ordinal);
    else if (member.isCutOff) this.#members[ordinal] = { ...member, isCutOff: false };
    else if (member.phase === 'Terminating') this.#members[ordinal] = undefined;
    else if (member.phase === 'Made' && this.#canStart(member))
      this.#members[ordinal] = { ...member, phase: 'Starting' };
    else if (member.phase === 'Starting' && this.#runs(member) && this.#running().length >= quorumOf(this.size))
      this.#members[ordinal] = { ...member, phase: 'Ready' };
  }

  /** Kubernetes, or whoever has the right, deletes a pod. */
  remove(ordinal: number): void {
    const member = this.#members[ordinal];
    if (member !== undefined) this.#members[ordinal] = { ...member, phase: 'Terminating' };
  }

  /** A broker closes its client port; it opens it again by itself. */
  stumble(ordinal: number): void {
    const member = this.#members[ordinal];
    if (member?.phase === 'Ready')
      this.#members[ordinal] = { ...member, phase: 'Starting', notReadySince: this.#time() };
  }

  /** Its node falls silent, and answers again by itself. */
  cutOff(ordinal: number): void {
    this.stumble(ordinal);
    const member = this.#members[ordinal];
    if (member !== undefined) this.#members[ordinal] = { ...member, isCutOff: true };
  }

  /** Time goes by, and nothing else happens. */
  wait(ms: number): void {
    this.#now += ms;
  }

  /** What the operator sees. @param answer what it hears in place of what is true */
  sight(answer?: Leadership): Sight {
    const leadership = answer ?? this.#leadership();
    return { size: this.size, pods: this.#pods(), updateRevision: this.#revision, leadership, now: this.#time() };
  }

  /** Decides as the operator does, and deletes what it would delete. */
  pass(answer?: Leadership): { readonly sight: Sight; readonly restart: Restart } {
    const sight = this.sight(answer);
    const restart = nextRestart(sight);
    if (restart.kind === 'Replace') for (const { ordinal } of restart.pods) this.remove(ordinal);
    return { sight, restart };
  }

  /** Passes, and all that happens by itself, until nothing changes any more. Gives what every pass came to. */
  settle(): readonly { readonly sight: Sight; readonly restart: Restart }[] {
    const passes: { readonly sight: Sight; readonly restart: Restart }[] = [];
    for (let quiet = 0; quiet < 2; ) {
      if (passes.length > 50 * this.size) throw new Error('the roll-out never comes to rest');
      const before = this.#text();
      passes.push(this.pass());
      for (let ordinal = 0; ordinal < this.size; ordinal += 1) this.moveOn(ordinal);
      quiet = before === this.#text() ? quiet + 1 : 0;
      // A broker that is late may be given up after a while, without anything else that happens.
      this.wait(quiet === 0 ? 10_000 : 60_000);
    }
    return passes;
  }

  /** Pods that serve. */
  get serving(): number {
    return this.#members.filter((member) => member?.phase === 'Ready').length;
  }

  /** Revisions of the pods that serve, by ordinal. */
  get served(): readonly string[] {
    return this.#members.flatMap((member) => (member?.phase === 'Ready' ? [member.revision] : []));
  }

  /** How many pods were made since the beginning. */
  get replaced(): number {
    return this.#made - this.size;
  }

  #make(ordinal: number): void {
    const member = { revision: this.#revision, phase: 'Made', isHurt: false, isCutOff: false } as const;
    this.#members[ordinal] = { ...member, ...this.#fresh() };
  }

  #fresh(): Pick<Member, 'uid' | 'notReadySince'> {
    this.#made += 1;
    return { uid: `uid-${this.#made}`, notReadySince: this.#time() };
  }

  #time(): string {
    return new Date(this.#now).toISOString();
  }

  #canStart({ revision, isHurt }: Member): boolean {
    return !this.#bad.has(revision) && !isHurt;
  }

  #runs(member: Member): boolean {
    return this.#canStart(member) && !member.isCutOff && ['Starting', 'Ready'].includes(member.phase);
  }

  #running(): readonly number[] {
    return this.#members.flatMap((member, ordinal) => (member !== undefined && this.#runs(member) ? [ordinal] : []));
  }

  #elected(): number | undefined {
    const running = this.#running();
    if (running.length < quorumOf(this.size)) this.#leader = undefined;
    else if (this.#leader === undefined || !running.includes(this.#leader))
      this.#leader = running[this.#luck % running.length];
    return this.#leader;
  }

  #leadership(): Leadership {
    const leader = this.#elected();
    const answers = this.#members.flatMap((member, ordinal): readonly (readonly [string, BrokerAnswer])[] =>
      member?.phase === 'Ready' ? [[`orders-${ordinal}`, { kind: ordinal === leader ? 'Leads' : 'Follows' }]] : [],
    );
    return leadershipOf(this.size, new Map(answers));
  }

  #pods(): readonly BrokerPod[] {
    return this.#members.flatMap((member, ordinal) => {
      if (member === undefined) return [];
      const { uid, revision, phase, isCutOff, notReadySince } = member;
      const readiness = phase === 'Ready' ? { isReady: true } : { isReady: false, notReadySince };
      const progress = {
        hasStarted: phase !== 'Made',
        isTerminating: phase === 'Terminating',
        ...this.#trouble(member),
      };
      return [aPod(ordinal, { uid, revision, isUnreachable: isCutOff, ...readiness, ...progress })];
    });
  }

  #trouble(member: Member): Pick<BrokerPod, 'trouble'> {
    const isLate = this.#now - Date.parse(member.notReadySince) >= troubledAfterMs;
    if (member.phase !== 'Made' || this.#canStart(member) || !isLate) return {};
    return { trouble: { pod: '', reason: 'CrashLoopBackOff', message: '', restarts: 3 } };
  }

  #text(): string {
    return JSON.stringify([this.#members, this.#revision]);
  }
}
