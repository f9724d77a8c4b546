import type { Millis } from '@capstan/runtime';

/** How traffic is divided among the members that are fit for it. */
export type Strategy = 'latency-based' | 'weighted' | 'priority';

/** What the spec says of one member. */
export interface MemberRules {
  readonly name: string;
  /** Its share beside others; 0 takes it out of traffic. */
  readonly weight: number;
  /** Smaller is preferred. */
  readonly priority: number;
}

/** How traffic follows what is observed. */
export interface Rules {
  readonly strategy: Strategy;
  /** Whether traffic leaves members that fail. */
  readonly failover: boolean;
  /** Failures in a row after which a member is out. */
  readonly failureThreshold: number;
  /** Successes in a row that a member needs to come back. */
  readonly successThreshold: number;
  /** How long a member that went out stays out at least, and how long the fastest stays the fastest. */
  readonly hold: Millis;
  /** How much faster another must be to become the one that traffic goes to: by so many percent, and by so much. */
  readonly band: { readonly percent: number; readonly atLeast: Millis };
  /** How long the first decision waits for members that have not answered at all. */
  readonly patience: Millis;
  readonly members: readonly MemberRules[];
}

/** What the probes of one member came to. */
export interface Observation {
  readonly verdict: 'Healthy' | 'Unhealthy' | 'Unknown';
  /** How often in a row it was the same, the newest included. */
  readonly inARow: number;
  /** The usual one; absent while there is none. */
  readonly latency?: Millis;
}

/** Whether a member may have traffic. `New`: it never could yet. `since`: on the monotonic clock. */
export interface Standing {
  readonly is: 'New' | 'In' | 'Out';
  readonly since: Millis;
  /** It had traffic, which went elsewhere when it failed. */
  readonly displaced: boolean;
}

/**
 * What the weights rest on. `Following`: on what is observed. `Waiting`: on the decision before, because members have not been observed
 * yet. `Static`: on the decision before, because no member is healthy and none would be better. `Nobody`: there has been no healthy one.
 * `Withdrawn`: on the spec, which gives the members that had the traffic none any more, while no other is healthy.
 */
export type Basis = 'Following' | 'Waiting' | 'Static' | 'Nobody' | 'Withdrawn';

/** Where traffic goes, and what has to be known to decide again. */
export interface Decision {
  readonly basis: Basis;
  /** Percent of the traffic by member, whole numbers above 0 that sum to 100; empty when it goes nowhere. */
  readonly weights: Readonly<Record<string, number>>;
  /** The spec took the traffic from those that had it, and nobody has got it since. */
  readonly withdrawn: boolean;
  readonly standings: Readonly<Record<string, Standing>>;
  /** Since when the present members have the traffic, on the monotonic clock. */
  readonly since: Millis;
  /** When the federation was first looked at, on the monotonic clock. */
  readonly begun: Millis;
}
