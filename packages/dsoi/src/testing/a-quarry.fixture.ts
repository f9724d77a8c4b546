import type { InputOf } from '@capstan/crd';
import type { Quarry } from './quarry.fixture.ts';

type QuarryInput = InputOf<typeof Quarry>;
type Spec = QuarryInput['spec'];
type Node = Spec['nodes'][number];
type Group = Spec['k8sConfigGroup'][number];

/** A node of a type, with groups named after it. */
export function aNode(name: string, nodeType: string, over: Partial<Node> = {}): Node {
  return { name, nodeType, kind: 'StatefulSet', replicas: 1, k8sConfigGroup: name, appConfigGroup: 'plain', ...over };
}

/** A group that runs an image. */
export function aGroup(name: string, over: Partial<Group> = {}): Group {
  return { name, image: 'quarry:1', ...over };
}

/** A database of three nodes of three types: data first, then the coordinator, then the broker. */
export function aQuarry(name: string, over: Partial<Spec> = {}): QuarryInput {
  return {
    apiVersion: 'quarry.test/v1beta1',
    kind: 'Quarry',
    metadata: { name, namespace: 'default' },
    spec: {
      nodes: [aNode('query', 'broker', { kind: 'Deployment' }), aNode('data', 'data'), aNode('master', 'coordinator')],
      k8sConfigGroup: [aGroup('query'), aGroup('data'), aGroup('master')],
      quarryConfigGroup: [{ name: 'plain', settings: {} }],
      deploymentOrder: ['data', 'coordinator', 'broker'],
      ...over,
    },
  };
}
