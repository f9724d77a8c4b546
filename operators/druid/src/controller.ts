import { type Clock, ConfigMap, Secret, Service, systemClock } from '@capstan/kube';
import {
  type CallRule,
  type Controller,
  controller,
  type Millis,
  mapped,
  owned,
  referenced,
  seconds,
} from '@capstan/runtime';
import { DruidIngestion } from './api/v1alpha1/druid-ingestion.ts';
import { claimIndex, claimsOf, uidIndex } from './claims.ts';
import { DruidLanes, type LaneLimits, usualLanes } from './connection/druid-lanes.ts';
import { configMapsNamedBy, secretsNamedBy } from './connection/named-secrets.ts';
import { clusterOf, leanService, routerSelector } from './connection/router-service.ts';
import { VersionedContents } from './connection/versioned-contents.ts';
import { Memory } from './converge/memory.ts';
import { OneAtATime } from './converge/one-at-a-time.ts';
import { isAllowedHost } from './druid/allowed-hosts.ts';
import type { DruidApi } from './druid/druid-api.ts';
import { druidClients } from './druid/druid-client.ts';
import type { DruidConnection } from './druid/druid-connection.ts';
import { Figures } from './figures.ts';
import { ingestionFinalize } from './finalize.ts';
import type { Policy } from './judge/guard.ts';
import { ingestionReconciler, passDeadlineMs } from './reconciler.ts';
import { strictRules } from './spec/safety/safety-rules.ts';

export interface DruidControllerOptions extends Partial<Policy> {
  /** Ingestions worked on at the same time; 48 unless told, because most of a pass is waiting. */
  readonly concurrency?: number;
  /** Makes the client of one Druid; over HTTP unless told. */
  readonly druid?: (connection: DruidConnection) => DruidApi;
  /** How often a settled ingestion is looked at, in ms; 30 s unless told. */
  readonly pollMs?: Millis;
  /** How long a deletion may wait before it says so, in ms; 5 minutes unless told. */
  readonly deletionDeadlineMs?: Millis;
  /** How many passes one Druid has at once, a quarter of all unless told, and how long a silent one is left alone, 10 s. */
  readonly lanes?: LaneLimits;
  /** Where figures for metrics are gathered. */
  readonly figures?: Figures;
  /** Time between calls to a silent Druid; the system's unless told. */
  readonly clock?: Clock;
}

/** Whether a Druid cluster is gone for good is asked when an ingestion into it is deleted. */
const calls: readonly CallRule[] = [{ apiGroups: ['druid.apache.org'], resources: ['druids'], verbs: ['get'] }];

/**
 * The controller of ingestions into Druid. Owned is one ConfigMap with the last spec that Druid took.
 * @throws {RangeError} for an allowed endpoint that is no host
 */
export function druidController(options: DruidControllerOptions = {}): Controller {
  const { concurrency = 48, pollMs = seconds(30), deletionDeadlineMs, clock = systemClock } = options;
  const { druid = druidClients(), figures = new Figures(), safety = strictRules, allowedEndpoints = [] } = options;
  const outside = {
    ...{ druid, figures, contents: new VersionedContents(), memory: new Memory(), turns: new OneAtATime() },
    lanes: new DruidLanes(clock, options.lanes ?? usualLanes(concurrency)),
  };
  isAllowedHost(new URL('http://druid.invalid'), allowedEndpoints); // a flag that is wrong is told now, not by every pass
  const policy: Policy = { safety, allowedEndpoints };
  return controller(DruidIngestion, {
    name: 'druid-operator',
    owns: [owned(ConfigMap)],
    watches: [
      referenced(Secret, secretsNamedBy),
      referenced(ConfigMap, configMapsNamedBy),
      mapped<DruidIngestion, Service>(
        Service,
        (service, ingestions) =>
          ingestions
            .list({ namespace: service.metadata.namespace })
            .filter(({ spec }) => spec?.druidCluster === clusterOf(service))
            .map(({ metadata }) => metadata),
        { mode: 'full', labelSelector: routerSelector, keep: leanService },
      ),
    ],
    indexes: { [claimIndex]: claimsOf, [uidIndex]: ({ metadata: { uid = '' } }) => [uid] },
    calls,
    finalize: ingestionFinalize({
      outside,
      policy,
      ...(deletionDeadlineMs !== undefined && { deadlineMs: deletionDeadlineMs }),
    }),
    reconcile: ingestionReconciler({ outside, policy, pollMs }),
    ...{ concurrency, passDeadlineMs },
  });
}

/** The controller of ingestions into Druid, with the limits it has unless told otherwise. */
export const druidIngestions: Controller = druidController();
