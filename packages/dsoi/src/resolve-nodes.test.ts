import { describe, expect, it } from 'vitest';
import type { ClusterShape, NodeSpec } from './cluster-shape.ts';
import { resolveNodes } from './resolve-nodes.ts';

const nodeOf = (over: Partial<NodeSpec>): NodeSpec => ({
  name: 'hot',
  kind: 'StatefulSet',
  nodeType: 'data',
  replicas: 1,
  k8sConfigGroup: 'large',
  appConfigGroup: 'tuned',
  ...over,
});
const shapeOf = (nodes: readonly NodeSpec[], over: Partial<ClusterShape<string>> = {}): ClusterShape<string> => ({
  nodes,
  k8sConfigGroup: [{ name: 'large', image: 'quarry:1' }],
  appConfigGroup: [{ name: 'tuned', settings: 'cache=1g' }],
  ...over,
});
const options = { appConfigField: 'quarryConfigGroup' };

describe('the nodes of a cluster', () => {
  it('get the groups they name, which any number of them may share', () => {
    const resolved = resolveNodes(shapeOf([nodeOf({}), nodeOf({ name: 'cold' })]), options);
    const groups = { k8s: { name: 'large', image: 'quarry:1' }, settings: 'cache=1g' };
    expect(resolved).toEqual({
      nodes: ['hot', 'cold'].map((name) => ({ name, kind: 'StatefulSet', nodeType: 'data', replicas: 1, ...groups })),
    });
  });

  it('come in deployment order', () => {
    const nodes = [nodeOf({ name: 'q', nodeType: 'broker' }), nodeOf({})];
    const resolved = resolveNodes(shapeOf(nodes, { deploymentOrder: ['data', 'broker'] }), options);
    expect(resolved).toMatchObject({ nodes: [{ name: 'hot' }, { name: 'q' }] });
  });

  it('may spell their kind "Statefulset", as the specification does', () => {
    expect(resolveNodes(shapeOf([nodeOf({ kind: 'Statefulset' })]), options)).toMatchObject({
      nodes: [{ kind: 'StatefulSet' }],
    });
  });

  it('are refused with the field and the known names when a group is not there', () => {
    const nodes = [nodeOf({}), nodeOf({ name: 'cold', k8sConfigGroup: 'lrage', appConfigGroup: 'tunde' })];
    expect(resolveNodes(shapeOf(nodes), options)).toEqual({
      problems: [
        {
          field: 'spec.nodes[1].k8sConfigGroup',
          message: 'node "cold" names the group "lrage", which is not in spec.k8sConfigGroup; there are: large',
        },
        {
          field: 'spec.nodes[1].appConfigGroup',
          message: 'node "cold" names the group "tunde", which is not in spec.quarryConfigGroup; there are: tuned',
        },
      ],
    });
  });

  it('are refused when a Deployment asks for volumes of its pods', () => {
    const claims = {
      name: 'large',
      image: 'quarry:1',
      storageConfig: [{ name: 'data', mountPath: '/data', spec: {} }],
    };
    const shape = shapeOf([nodeOf({ kind: 'Deployment' })], { k8sConfigGroup: [claims] });
    expect(resolveNodes(shape, options)).toMatchObject({ problems: [{ field: 'spec.nodes[0].kind' }] });
  });
});
