import { type Millis, millis, seconds } from '@capstan/runtime';
import type { PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import type { Decision, Rules, Standing } from './decision/decision.ts';

/** How traffic follows what is observed, as the spec says. */
export function rulesOf({ spec }: PrismFederation): Rules {
  const { routing, clusters } = spec;
  const { probe, latencyBand, failureThreshold, successThreshold } = routing;
  return {
    ...{ strategy: routing.strategy, failover: routing.failover === 'enabled', failureThreshold, successThreshold },
    hold: seconds(routing.holdSeconds),
    band: { percent: latencyBand.percent, atLeast: millis(latencyBand.milliseconds) },
    patience: seconds(probe.intervalSeconds + probe.timeoutSeconds),
    members: clusters.map(({ name, weight, priority }) => ({ name, weight, priority })),
  };
}

/** The last decision, out of what was reported of it; holds begin anew. `undefined` when nothing was. */
export function recalled({ status }: PrismFederation, at: Millis): Decision | undefined {
  const members = status?.clusters;
  if (members === undefined) return undefined;
  const displaced = new Set(status?.failedOverFrom);
  const standings = members.map(({ name, traffic }): [string, Standing] => [
    name,
    { is: traffic, since: at, displaced: displaced.has(name) },
  ]);
  const weights = members.filter(({ weight }) => weight > 0).map(({ name, weight }) => [name, weight] as const);
  return {
    ...{ basis: 'Waiting', since: at, begun: at },
    withdrawn: weights.length === 0 && (status?.activeClusters ?? []).length > 0,
    ...{ weights: Object.fromEntries(weights), standings: Object.fromEntries(standings) },
  };
}
