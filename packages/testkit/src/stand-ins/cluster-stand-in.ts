import { PodStandIn } from './pod-stand-in.ts';
import { sumByKey } from './sum-by-key.ts';

/** A topic as the administration API takes and tells it. */
export interface TopicMetadata {
  readonly name: string;
  readonly num_partitions: number;
  readonly replication_factor: number;
}

/** Who says of itself that it leads. */
type Leadership =
  | { readonly state: 'led'; readonly leaders: readonly number[] }
  /** `leader` holds a dead connection to `stuck`, which therefore cannot join; nothing is committed. */
  | { readonly state: 'wedged'; readonly leader: number; readonly stuck: number };

/**
 * The stand-ins of one cluster's brokers: who leads, which topics there are, and what each pod does. Unless told, the
 * broker with ordinal 0 leads and every pod answers.
 */
export class ClusterStandIn {
  readonly #pods = new Map<number, PodStandIn>();
  readonly #topics = new Map<string, TopicMetadata>();
  #leadership: Leadership = { state: 'led', leaders: [0] };
  #hasTenantApi = false;

  /** The stand-in for one pod, by its ordinal. */
  pod(ordinal: number): PodStandIn {
    const known = this.#pods.get(ordinal);
    if (known !== undefined) return known;
    const made = new PodStandIn(ordinal, (restarted) => this.#unwedge(restarted));
    this.#pods.set(ordinal, made);
    return made;
  }

  /** Makes one broker the leader, and ends whatever else was said of leaders. */
  leaderIs(ordinal: number): this {
    return this.#lead({ state: 'led', leaders: [ordinal] });
  }

  /** Every broker says that it does not lead: an election that does not end. */
  hasNoLeader(): this {
    return this.#lead({ state: 'led', leaders: [] });
  }

  /** Two brokers say that they lead: the cluster has split. */
  hasTwoLeaders(one = 0, other = 1): this {
    return this.#lead({ state: 'led', leaders: [one, other] });
  }

  /**
   * Lets a leader hold a dead connection to a broker that came back: `stuck` panics and cannot join, topics are answered
   * with 201 and lost, and that stays so until `pod(leader).restarted()`. Then the first of the others leads, and `stuck`
   * answers.
   */
  isWedged({ leader, stuck }: { readonly leader: number; readonly stuck: number }): this {
    this.pod(stuck).is('panicking');
    return this.#lead({ state: 'wedged', leader, stuck });
  }

  /** Gives every broker the tenant API, which today's broker answers with 404. */
  hasTenantApi(has = true): this {
    this.#hasTenantApi = has;
    return this;
  }

  get servesTenants(): boolean {
    return this.#hasTenantApi;
  }

  /** Whether the broker says that it leads. */
  isLeader(ordinal: number): boolean {
    const { state } = this.#leadership;
    return state === 'wedged' ? this.#leadership.leader === ordinal : this.#leadership.leaders.includes(ordinal);
  }

  /** Topics made through the administration API; all brokers know them. */
  get topics(): readonly TopicMetadata[] {
    return [...this.#topics.values()];
  }

  /** Takes a topic: `created` (also when a wedged leader will lose it), `exists`, or `no-leader`: nobody can take it. */
  createTopic(topic: TopicMetadata): 'created' | 'exists' | 'no-leader' {
    if (this.#topics.has(topic.name)) return 'exists';
    if (this.#leadership.state === 'wedged') return 'created';
    if (this.#leadership.leaders.length === 0) return 'no-leader';
    this.#topics.set(topic.name, topic);
    return 'created';
  }

  /** How often each thing was asked of these brokers, by method and path. */
  get asked(): Readonly<Record<string, number>> {
    return sumByKey([...this.#pods.values()].map(({ asked }) => asked));
  }

  #lead(leadership: Leadership): this {
    this.#leadership = leadership;
    return this;
  }

  #unwedge(restarted: number): void {
    if (this.#leadership.state !== 'wedged' || this.#leadership.leader !== restarted) return;
    const { leader, stuck } = this.#leadership;
    this.pod(stuck).is('answering');
    const next = [0, 1, 2].filter((ordinal) => ordinal !== leader && ordinal !== stuck).slice(0, 1);
    this.#lead({ state: 'led', leaders: next });
  }
}
