import { seconds } from '@capstan/runtime';
import type { PrismClusterStatus } from '../api/v1alpha1/prism-cluster.ts';
import type { PodState } from '../pods/pod-state.ts';

/** What is remembered of outages of NATS. */
export type NatsOutage = NonNullable<PrismClusterStatus['natsOutage']>;

/** What a pass sees of the NATS that runs here. */
export interface NatsSight {
  /** Some server of it is ready. */
  readonly isThere: boolean;
  /** Some server of it was ready when it was last looked at. */
  readonly wasThere: boolean;
  readonly pods: readonly PodState[];
}

/** Clients that do not try for ever give up after about so long: ten attempts, two seconds apart. */
const clientsSurvive = seconds(20);

/**
 * What to remember of outages of NATS: since when it is away, or which outage clients have to be restarted for. An outage is
 * known by its beginning, which stays the same however often a pass is repeated.
 * @param before what the status remembers
 * @param sight `undefined`: there is no NATS here, or nothing is known of it
 * @param now RFC 3339
 */
export function natsOutageOf(
  before: NatsOutage | undefined,
  sight: NatsSight | undefined,
  now: string,
): NatsOutage | undefined {
  if (sight === undefined) return before;
  const { since: began, ...remembered } = before ?? {};
  const since = began ?? (sight.wasThere ? lastSeen(sight.pods, now) : undefined);
  if (since === undefined || (sight.isThere && began === undefined)) return orNothing(remembered);
  if (!sight.isThere) return { ...remembered, since };
  const isLong = Date.parse(now) - Date.parse(since) > clientsSurvive;
  return orNothing(isLong ? { restartedFor: since } : remembered);
}

/** The operator may itself have been away when it began: the last of its pods that was ready knows better. */
function lastSeen(pods: readonly PodState[], now: string): string {
  const times = pods.flatMap(({ notReadySince }) => notReadySince ?? []).sort();
  return times.at(-1) ?? now;
}

function orNothing(outage: NatsOutage): NatsOutage | undefined {
  return Object.keys(outage).length === 0 ? undefined : outage;
}
