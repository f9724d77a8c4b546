import {
  childName,
  desiredOf,
  type LiveReader,
  type Plan,
  rolledOut,
  type Step,
  type StepObject,
  type Waiting,
} from '@capstan/runtime';
import type { RolloutNode } from './rollout-node.ts';

export interface OrderedPlanOptions {
  /** What no node's turn is waited for: Services of the cluster as a whole, accounts. */
  readonly foundation?: readonly StepObject[];
  /** The nodes in deployment order; see `inDeploymentOrder`. */
  readonly nodes: readonly RolloutNode[];
  /** True once the cluster has been complete: `status.upgrade.installedAt` is there. */
  readonly isInstalled: boolean;
  /** Reads the cache: a node whose workload is not there is made at once. */
  readonly live: LiveReader;
  /** Why the pods of a node do not come up, in words; absent: they do, as far as anybody knows. */
  readonly crashOf?: (node: RolloutNode) => string | undefined;
  /** Milliseconds a node may take before its wait is reported as timed out; nothing is undone by it. */
  readonly nodeTimeoutMs?: number;
}

/**
 * The plan of a cluster of several nodes: all at once on first installation, one node after the other afterwards.
 *
 * A change reaches a node only when every node before it in the order is complete and none of them is crashing. A node that
 * does not exist yet is made at once, and so is a correction of what others changed. A crashing node never keeps its own
 * change from itself, so the spec that mends it is rolled out at once. Pure.
 * Dsoi-Spec, upgrade.md: lines 11 to 15 and 18 of docs/dsoi.md.
 *
 * @example
 * ```ts
 * const live = (item: StepObject) => pass.cache.get(StatefulSet, { namespace: 'prod', name: desiredOf(item).metadata.name ?? '' });
 * const outcome = await pass.apply(orderedPlan({ nodes: rolloutNodes, isInstalled: true, live }));
 * ```
 */
export function orderedPlan(options: OrderedPlanOptions): Plan {
  const { foundation = [], nodes, isInstalled, live } = options;
  const isNew = ({ workload }: RolloutNode) => !isInstalled || live(workload) === undefined;
  const atOnce = nodes.filter(isNew);
  // A node that is made at once (again, where its workload was made anew) still has its place in the order, which others wait for.
  const turns = (isInstalled ? nodes : []).map((node) => nodeStep(node, isNew(node) ? [] : objectsOf(node), options));
  const first = [
    { name: 'foundation', objects: foundation },
    { name: 'new nodes', objects: atOnce.flatMap(objectsOf) },
  ];
  return { steps: [...first.filter(({ objects }) => objects.length > 0), ...turns] };
}

function objectsOf({ workload, beside }: RolloutNode): readonly StepObject[] {
  return [...beside, workload];
}

function nodeStep(
  node: RolloutNode,
  objects: readonly StepObject[],
  { crashOf, nodeTimeoutMs }: OrderedPlanOptions,
): Step {
  return {
    name: node.name,
    objects,
    waitingFor: (live) => crashing(node, crashOf?.(node)) ?? rolledOut([node.workload])(live),
    ...(nodeTimeoutMs !== undefined && { timeoutMs: nodeTimeoutMs }),
  };
}

function crashing({ workload }: RolloutNode, why: string | undefined): Waiting | undefined {
  return why === undefined
    ? undefined
    : { reason: 'NodeCrashing', message: `${childName(desiredOf(workload))}: ${why}` };
}
