import type { Event } from '@capstan/kube';
import type { ClusterReport } from './cluster-report.ts';
import { deploymentOf } from './workload-report.ts';

/** One event about a cluster or what belongs to it. */
export interface EventReport {
  /** RFC 3339: when it was last seen. */
  readonly at: string;
  /** `Normal` or `Warning`. */
  readonly type: string;
  /** `Pod/prism-local-redis-0`. */
  readonly object: string;
  readonly reason: string;
  readonly note: string;
  /** How often it was seen. */
  readonly count: number;
}

const mostTold = 15;

/** The last events about a cluster and what belongs to it, the oldest first; 15 at most. Pure. */
export function eventReports(events: readonly Event[], report: ClusterReport): readonly EventReport[] {
  const isAbout = matcherOf(report);
  return events
    .filter(({ regarding }) => isAbout(regarding?.kind ?? '', regarding?.name ?? ''))
    .map(eventReport)
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(-mostTold);
}

/** ReplicaSets and claims are not read; their names tell whose they are. */
function matcherOf(report: ClusterReport): (kind: string, name: string) => boolean {
  const workloads = report.components.flatMap((component) => component.workloads);
  const pods = workloads.flatMap((workload) => workload.pods.map(({ name }) => name));
  const known = new Set([
    `PrismCluster/${report.name}`,
    ...workloads.map(({ kind, name }) => `${kind}/${name}`),
    ...workloads.flatMap(({ autoscaler }) =>
      autoscaler === null ? [] : [`HorizontalPodAutoscaler/${autoscaler.name}`],
    ),
    ...pods.map((name) => `Pod/${name}`),
    ...report.ingresses.map(({ name }) => `Ingress/${name}`),
    ...[...report.patternObjects, ...report.namespaceObjects].map(({ kind, name }) => `${kind}/${name}`),
  ]);
  return (kind, name) => {
    if (kind === 'ReplicaSet') return known.has(`Deployment/${deploymentOf(name)}`);
    if (kind === 'PersistentVolumeClaim')
      return name === `${report.name}-prism-admin-data` || pods.some((pod) => name.endsWith(`-${pod}`));
    return known.has(`${kind}/${name}`);
  };
}

function eventReport(event: Event): EventReport {
  const { type = 'Normal', regarding, reason = '', note = '', series, deprecatedCount } = event;
  return {
    at: timeOf(event),
    type,
    object: `${regarding?.kind ?? ''}/${regarding?.name ?? ''}`,
    reason,
    note,
    count: series?.count ?? deprecatedCount ?? 1,
  };
}

/** Events of the older kind have no `eventTime`. */
function timeOf({ series, eventTime, deprecatedLastTimestamp, metadata }: Event): string {
  return series?.lastObservedTime ?? eventTime ?? deprecatedLastTimestamp ?? metadata.creationTimestamp ?? '';
}
