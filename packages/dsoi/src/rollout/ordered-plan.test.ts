import type { KubeObject } from '@capstan/kube';
import type { ChildOutcome, Desired } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { orderedPlan } from './ordered-plan.ts';
import type { RolloutNode } from './rollout-node.ts';
import { sightNodes } from './sight-nodes.ts';

function node(name: string): RolloutNode {
  const workload = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name }, spec: { replicas: 1 } } as Desired;
  return { name, nodeType: name, workload, beside: [] };
}

/** A StatefulSet whose controller has done everything. */
function complete(name: string): KubeObject {
  const status = {
    observedGeneration: 1,
    readyReplicas: 1,
    updatedReplicas: 1,
    currentRevision: 'a',
    updateRevision: 'a',
  };
  return { ...node(name).workload, metadata: { name, generation: 1 }, status } as unknown as KubeObject;
}

const nodes = ['data', 'master', 'query'].map(node);

describe('the plan of an installed cluster', () => {
  it('makes a workload that is not there at once, and has the nodes after it wait for it', () => {
    const live = (item: unknown) => {
      const { name = '' } = (item as Desired).metadata;
      return name === 'master' ? undefined : complete(name);
    };
    const { steps } = orderedPlan({ nodes, isInstalled: true, live });
    expect(steps.map(({ name, objects }) => [name, objects.length])).toEqual([
      ['new nodes', 1],
      ['data', 1],
      ['master', 0],
      ['query', 1],
    ]);
    const waits = steps.map(({ waitingFor }) => waitingFor?.(live)?.message);
    expect(waits).toEqual([undefined, undefined, 'StatefulSet/master does not exist yet', undefined]);
  });
});

describe('a node', () => {
  it.each([
    { action: 'Unchanged', state: 'Complete', isChanging: false },
    { action: 'Repaired', state: 'Complete', isChanging: false },
    { action: 'Updated', state: 'Complete', isChanging: true },
    { action: 'Recreated', state: 'Complete', isChanging: true },
    { action: 'Recreating', state: 'RollingOut', isChanging: true },
    { action: 'Terminating', state: 'RollingOut', isChanging: false },
    { action: 'Held', state: 'Pending', isChanging: true },
    { action: 'Failed', state: 'Pending', isChanging: true },
  ] as const)('whose workload was $action and looks complete is $state', ({ action, state, isChanging }) => {
    const children: readonly ChildOutcome[] = [{ child: 'StatefulSet/data', action }];
    const [sighting] = sightNodes([node('data')], { children, live: () => complete('data') });
    expect(sighting).toMatchObject({ state, isChanging });
  });
});
