import { type ChildAction, childName, desiredOf, type Outcome, rolloutOf } from '@capstan/runtime';
import type { RolloutNode } from './rollout-node.ts';
import type { NodeSighting } from './upgrade.ts';

/** What a pass did to a node's objects on behalf of the spec; a repair is none of it. */
const changes: ReadonlySet<ChildAction> = new Set(['Created', 'Updated', 'Adopted', 'Recreating', 'Recreated']);

/**
 * Where each node stands after its plan was applied.
 *
 * @param crashOf as in the plan: why the pods of a node do not come up
 */
export function sightNodes(
  nodes: readonly RolloutNode[],
  outcome: Pick<Outcome, 'children' | 'live'>,
  crashOf: (node: RolloutNode) => string | undefined = () => undefined,
): readonly NodeSighting[] {
  const actions = new Map(outcome.children.map(({ child, action }) => [child, action]));
  return nodes.map((node) => {
    const done = [node.workload, ...node.beside].map((child) => actions.get(childName(desiredOf(child))));
    return { name: node.name, nodeType: node.nodeType, ...standing(node, done, outcome, crashOf(node)) };
  });
}

function standing(
  { workload }: RolloutNode,
  actions: readonly (ChildAction | undefined)[],
  { live }: Pick<Outcome, 'live'>,
  crash: string | undefined,
): Pick<NodeSighting, 'state' | 'isChanging' | 'message'> {
  const rollout = rolloutOf(live(workload));
  const wasChanged = actions.some((action) => action !== undefined && changes.has(action));
  const isHeld = actions.some((action) => action === 'Held' || action === 'Failed');
  const isChanging = wasChanged || isHeld || (rollout.state === 'InProgress' && rollout.isUpdating);
  if (crash !== undefined) return { state: 'Crashing', isChanging, message: crash };
  if (rollout.state === 'Stalled') return { state: 'Crashing', isChanging, message: rollout.message };
  if (isHeld || rollout.state === 'Absent') return { state: 'Pending', isChanging };
  // What is about to go still shows how well it is.
  if (actions.some((action) => action === 'Recreating' || action === 'Terminating'))
    return { state: 'RollingOut', isChanging };
  return { state: rollout.state === 'Complete' ? 'Complete' : 'RollingOut', isChanging };
}
