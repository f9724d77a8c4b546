import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@capstan/kube';
import { leaseElectionRules, rbacRulesOf } from '@capstan/runtime';
import { type AuditedRequest, eventually, openWorld, type World, type WorldOptions } from '@capstan/testkit';
import { Beacon, beacons, operatorName } from './beacon.ts';
import { Replica } from './replica.ts';
import { type ElectionRecord, electionRecord } from './terms.ts';

/** How a leader is made to go: told to stop, killed, or held still until its lease is long over. */
export type Manner = 'stop' | 'kill' | 'hold';

/** One change of leaders, in ms since the signal to the old one. */
export interface Failover {
  readonly manner: Manner;
  /** Until the request arrived that took the lease. */
  readonly takenMs: number;
  /** Until the first write of the new leader's work arrived. */
  readonly workingMs: number;
}

const signals = { stop: 'SIGTERM', kill: 'SIGKILL', hold: 'SIGSTOP' } as const;

/** How long a leader is held still: twice as long as its lease lasts. */
const heldMs = 30_000;

/** Longer than any failover should take, so that a bad one is measured and not cut off. */
const patienceMs = 60_000;

/** Often enough that every leader always has something to write. */
const beatMs = 50;

/** Two processes of one operator, of which always one leads and one stands by, and always something for them to do. */
export class Relay implements AsyncDisposable {
  readonly #world: World;
  readonly #cleanup: AsyncDisposableStack;
  readonly #start: (name: string) => Promise<Replica>;
  readonly #auditStart: number;
  #leader: Replica;
  #standby: Replica;
  #started = 2;

  private constructor(
    world: World,
    start: (name: string) => Promise<Replica>,
    [leader, standby]: readonly [Replica, Replica],
    auditStart: number,
    cleanup: AsyncDisposableStack,
  ) {
    this.#world = world;
    this.#start = start;
    this.#leader = leader;
    this.#standby = standby;
    this.#auditStart = auditStart;
    this.#cleanup = cleanup;
  }

  /** Starts both; resolves when one leads. The processes may do what their controller declares, and use their own Lease. */
  static async open(plane?: WorldOptions['plane']): Promise<Relay> {
    await using building = new AsyncDisposableStack();
    const world = building.use(
      await openWorld({
        controllers: [],
        name: 'failover',
        kinds: [Beacon],
        permissions: [...rbacRulesOf(beacons), ...leaseElectionRules(operatorName)],
        ...(plane !== undefined && { plane }),
      }),
    );
    const directory = await mkdtemp(join(tmpdir(), 'capstan-failover-'));
    building.defer(() => rm(directory, { recursive: true, force: true }));
    const kubeconfig = await world.operatorKubeconfig();
    const processes = building.use(new AsyncDisposableStack());
    const start = async (name: string) => {
      const replica = await Replica.start({ name, kubeconfig, namespace: world.namespace, directory });
      processes.defer(async () => void (await replica.kill()));
      return replica;
    };
    const auditStart = world.audit.position();
    building.use(keepChanging(world));
    const leader = await start('replica-1');
    await leader.untilLeading();
    const standby = await start('replica-2');
    return new Relay(world, start, [leader, standby], auditStart, building.move());
  }

  /**
   * Makes the leader go and measures until the other one works; then a new process stands by.
   * @throws {Error} when a process does not end as it should
   */
  async failOver(manner: Manner): Promise<Failover> {
    const [leader, standby] = [this.#leader, this.#standby];
    await standby.untilStandingBy();
    const position = this.#world.audit.position();
    const signalledAt = systemClock.now();
    leader.send(signals[manner]);
    const works = eventually(() => this.#firstWork(standby, position), { timeout: patienceMs });
    await (manner === 'hold' ? this.#release(leader, works) : expectEnd(leader, manner));
    const { takenAt, firstWorkAt } = await works;
    this.#leader = standby;
    this.#started += 1;
    this.#standby = await this.#start(`replica-${this.#started}`);
    return { manner, takenMs: Date.parse(takenAt) - signalledAt, workingMs: Date.parse(firstWorkAt) - signalledAt };
  }

  /** The whole election so far. */
  record(): ElectionRecord {
    return electionRecord(this.#requestsSince(this.#auditStart));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#cleanup.disposeAsync();
  }

  /** Lets a held leader go on when another has long been at work; it must find out by itself that its time is over. */
  async #release(leader: Replica, works: Promise<unknown>): Promise<void> {
    await Promise.all([works, systemClock.sleep(heldMs)]);
    leader.send('SIGCONT');
    await expectEnd(leader, 'hold');
  }

  #firstWork({ userAgent }: Replica, position: number): { readonly takenAt: string; readonly firstWorkAt: string } {
    const term = electionRecord(this.#requestsSince(position)).terms.find(({ leader }) => leader === userAgent);
    const { takenAt, firstWorkAt } = term ?? {};
    if (takenAt === undefined || firstWorkAt === undefined) throw new Error(`${userAgent} does not work yet`);
    return { takenAt, firstWorkAt };
  }

  #requestsSince(position: number): readonly AuditedRequest[] {
    const { audit, namespace, operatorUser: user } = this.#world;
    return audit.since(position, { user, namespace });
  }
}

/** Changes what the operator has to do, again and again, until it is disposed. */
function keepChanging(world: World): AsyncDisposable {
  const stop = new AbortController();
  const beating = (async () => {
    for (let count = 0; !stop.signal.aborted; count += 1) {
      await world.apply(Beacon, { metadata: { name: 'beacon' }, spec: { count } });
      await systemClock.sleep(beatMs);
    }
  })();
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await beating;
    },
  };
}

/** How a process ends that was told to stop, was killed, or lost its lease. */
const ends = {
  stop: { code: 0, signal: null, lastWords: 'stopped' },
  kill: { code: null, signal: 'SIGKILL', lastWords: undefined },
  hold: {
    code: 1,
    signal: null,
    lastWords: 'leadership is lost; the process ends, so that the next one starts clean',
  },
} as const;

async function expectEnd(replica: Replica, manner: Manner): Promise<void> {
  const { code, signal } = await replica.ended();
  const lastWords = replica.log().at(-1)?.['msg'];
  const wanted = ends[manner];
  const isAsWanted = code === wanted.code && signal === wanted.signal;
  if (isAsWanted && (wanted.lastWords === undefined || lastWords === wanted.lastWords)) return;
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  throw new Error(`${replica.name} (${manner}) ended with ${how} and "${lastWords}"; wanted ${JSON.stringify(wanted)}`);
}
