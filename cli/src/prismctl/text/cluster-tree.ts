import type { ClusterReport } from '../report/cluster-report.ts';
import { type ComponentReport, type Part, parts } from '../report/component-report.ts';
import type { IngressReport } from '../report/ingress-report.ts';
import type { PodReport } from '../report/pod-report.ts';
import type { RelatedReport } from '../report/related-report.ts';
import type { WorkloadReport } from '../report/workload-report.ts';
import type { Mood } from './line.ts';

/** One thing in the tree of a cluster, and what is below it. */
export interface TreeNode {
  readonly label: string;
  /** `2/3`: what is ready, of what is wanted. */
  readonly ready?: string;
  /** One word. */
  readonly state?: string;
  readonly restarts?: number;
  /** RFC 3339. */
  readonly createdAt?: string | null;
  readonly why?: string | null;
  readonly mood: Mood;
  readonly children: readonly TreeNode[];
}

/** A cluster as a tree: parts, workloads, pods. Pure. */
export function clusterTree(report: ClusterReport): TreeNode {
  const { name, phase, ready, createdAt, ingresses, patternObjects, namespaceObjects } = report;
  const children = [
    ...parts.flatMap((part) => partNode(part, report)),
    ...group('ingress', ingresses.map(ingressNode)),
    ...group('PrismPatterns', patternObjects.map(relatedNode)),
    ...group('PrismNamespaces', namespaceObjects.map(relatedNode)),
  ];
  const mood = phase === 'Failed' ? 'bad' : ready ? 'good' : 'busy';
  return { label: `PrismCluster/${name}`, state: phase ?? 'Unknown', createdAt, mood, children };
}

function partNode(part: Part, { components }: ClusterReport): readonly TreeNode[] {
  const own = components.filter((component) => component.part === part);
  const isReady = own.filter(({ ready }) => ready).length;
  const counted = { ready: `${isReady}/${own.length}` };
  return group(part, own.flatMap(componentNodes)).map((node) => ({ ...node, ...counted }));
}

function group(label: string, children: readonly TreeNode[]): readonly TreeNode[] {
  return children.length === 0 ? [] : [{ label, mood: worstOf(children), children }];
}

function worstOf(nodes: readonly TreeNode[]): Mood {
  const moods = nodes.map(({ mood }) => mood);
  return moods.find((mood) => mood === 'bad') ?? moods.find((mood) => mood === 'busy') ?? 'good';
}

/** A component without a workload runs elsewhere, or is not started. */
function componentNodes(component: ComponentReport): readonly TreeNode[] {
  const { name, ready, message, workloads } = component;
  if (workloads.length > 0) return workloads.map((workload) => workloadNode(workload, component));
  const state = ready ? 'Elsewhere' : 'Absent';
  return [{ label: name, state, why: message, mood: ready ? 'good' : 'busy', children: [] }];
}

function workloadNode(workload: WorkloadReport, { message }: ComponentReport): TreeNode {
  const { kind, name, wanted, ready, state, createdAt, autoscaler, pods } = workload;
  const scaler: readonly TreeNode[] = autoscaler === null ? [] : [autoscalerNode(autoscaler)];
  const below = pods.map(podNode);
  const why = message ?? workload.message;
  const isTroubled = state === 'Stalled' || below.some(({ mood }) => mood === 'bad');
  return {
    ...{ label: `${kind}/${name}`, ready: `${ready}/${wanted}`, state, createdAt },
    ...(why !== null && { why }),
    mood: isTroubled ? 'bad' : state === 'Ready' ? 'good' : 'busy',
    children: [...scaler, ...below],
  };
}

function autoscalerNode({
  name,
  min,
  max,
  current,
  desired,
  active,
  message,
}: NonNullable<WorkloadReport['autoscaler']>): TreeNode {
  const wish = desired !== null && desired !== current ? `, wants ${desired}` : '';
  const held = current === null ? '' : `, ${current} now${wish}`;
  return {
    label: `HorizontalPodAutoscaler/${name}`,
    state: active ? 'Active' : 'Inactive',
    why: [`${min} to ${max} pods${held}`, ...(message === null ? [] : [message])].join('; '),
    mood: active ? 'good' : 'busy',
    children: [],
  };
}

function podNode({ name, ready, state, message, restarts, createdAt }: PodReport): TreeNode {
  const mood = ready ? 'good' : message === null ? 'busy' : 'bad';
  return { label: `Pod/${name}`, state, restarts, createdAt, why: message, mood, children: [] };
}

function ingressNode({ name, className, hosts, tls, addresses, createdAt }: IngressReport): TreeNode {
  const isServed = addresses.length > 0;
  const told = [
    ...(hosts.length === 0 ? [] : [`${tls ? 'https' : 'http'}://${hosts.join(', ')}`]),
    isServed ? `at ${addresses.join(', ')}` : `no controller of class ${className ?? '<none>'} has taken it up`,
  ];
  return {
    ...{ label: `Ingress/${name}`, state: isServed ? 'Served' : 'Waiting', createdAt, why: told.join('; ') },
    ...{ mood: isServed ? 'good' : 'busy', children: [] },
  };
}

function relatedNode({ kind, name, phase, ready, reason, message, createdAt }: RelatedReport): TreeNode {
  return {
    ...{ label: `${kind}/${name}`, state: phase ?? (ready ? 'Ready' : (reason ?? 'Unknown')), createdAt },
    ...(!ready && { why: message }),
    ...{ mood: ready ? 'good' : 'busy', children: [] },
  };
}
