import type { Condition } from '@capstan/kube';
import type { ClusterObjects } from '../cluster-objects.ts';
import { type ClusterReport, clusterReport } from './cluster-report.ts';
import { type EventReport, eventReports } from './event-report.ts';
import { nextStepsOf } from './next-steps.ts';

/** All of one cluster with what was said of it, as `prismctl kubernetes describe -o json` prints it. */
export interface ClusterDescription extends ClusterReport {
  /** As the status has them. */
  readonly conditions: readonly Condition[];
  /** The last 15 about the cluster and what belongs to it, the oldest first. */
  readonly events: readonly EventReport[];
  /** What a person can do, the most useful first. */
  readonly nextSteps: readonly string[];
}

/** Describes a cluster from what was read at one time. Pure. */
export function clusterDescription(objects: ClusterObjects): ClusterDescription {
  const report = clusterReport(objects);
  return {
    ...report,
    conditions: objects.cluster.status?.conditions ?? [],
    events: eventReports(objects.events, report),
    nextSteps: nextStepsOf(report),
  };
}
