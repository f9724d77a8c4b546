import type { PrismCluster } from '@capstan/prism-operator';
import type { ClusterObjects } from '../cluster-objects.ts';
import { type WorkloadReport, workloadReport } from './workload-report.ts';

/** The parts of a cluster, in the order in which they come up. */
export const parts = ['backends', 'admin', 'proxy', 'patterns'] as const;

export type Part = (typeof parts)[number];

/** One thing that a cluster consists of. What is not known is null. */
export interface ComponentReport {
  /** Such as redis, prism-admin, keyvalue-runner. */
  readonly name: string;
  readonly part: Part;
  /** What the operator says. */
  readonly ready: boolean;
  /** Why not, as the operator says it. */
  readonly message: string | null;
  /** Empty for a server that runs elsewhere, and for what is not started. */
  readonly workloads: readonly WorkloadReport[];
}

/** How the labels of objects name the parts. */
const partsOfLabels: Readonly<Record<string, Part>> = {
  backend: 'backends',
  admin: 'admin',
  proxy: 'proxy',
  pattern: 'patterns',
};

type Workload = ClusterObjects['workloads'][number];
type Told = Pick<ComponentReport, 'name' | 'part' | 'ready' | 'message'>;

/** What the status of a cluster tells of its components, with the workloads there are; then workloads that it does not tell of. Pure. */
export function componentReports(objects: ClusterObjects): readonly ComponentReport[] {
  const told = componentsTold(objects.cluster);
  const known = new Map(told.map((component) => [component.name, component]));
  for (const workload of objects.workloads) {
    const component = untold(workload);
    if (component !== undefined && !known.has(component.name)) known.set(component.name, component);
  }
  return [...known.values()].map((component) => ({
    ...component,
    workloads: objects.workloads
      .filter((workload) => componentOf(workload) === component.name)
      .map((workload) => workloadReport(workload, objects)),
  }));
}

/** Of a workload that is nobody's, so that it is seen. */
function untold(workload: Workload): Told | undefined {
  const part = partsOfLabels[workload.metadata.labels?.['prism.io/part'] ?? ''];
  if (part === undefined) return undefined;
  return { name: componentOf(workload), part, ready: false, message: 'the operator does not tell of it' };
}

function componentOf({ metadata: { name, labels } }: Workload): string {
  return labels?.['app.kubernetes.io/component'] ?? name;
}

function componentsTold({ status = {} }: PrismCluster): readonly Told[] {
  const { adminStatus, proxyStatus, patternStatus = [], backendStatus = [] } = status;
  const of = (part: Part, components: readonly (typeof adminStatus)[]): readonly Told[] =>
    components.flatMap((component) =>
      component === undefined
        ? []
        : [{ name: component.name, part, ready: component.ready, message: component.message ?? null }],
    );
  return [
    ...of('backends', backendStatus),
    ...of('admin', [adminStatus]),
    ...of('proxy', [proxyStatus]),
    ...of('patterns', patternStatus),
  ];
}
