import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inDeploymentOrder, unknownOrderEntries } from './deployment-order.ts';

const node = (name: string, nodeType: string) => ({
  name,
  nodeType,
  kind: 'StatefulSet' as const,
  replicas: 1,
  k8sConfigGroup: 'k',
  appConfigGroup: 'a',
});
const names = (nodes: readonly { readonly name: string }[]) => nodes.map(({ name }) => name);
const cluster = [node('query', 'broker'), node('hot', 'data'), node('cold', 'data'), node('master', 'coordinator')];

describe('the order of a roll-out', () => {
  it.each([
    { order: undefined, expected: ['query', 'hot', 'cold', 'master'], why: 'none is given: as listed' },
    { order: ['data', 'coordinator', 'broker'], expected: ['hot', 'cold', 'master', 'query'], why: 'by type' },
    { order: ['coordinator'], expected: ['master', 'query', 'hot', 'cold'], why: 'what is not named comes last' },
    { order: ['cold', 'data', 'broker'], expected: ['cold', 'hot', 'query', 'master'], why: 'a name beats its type' },
  ])('is $expected when $why', ({ order, expected }) => {
    expect(names(inDeploymentOrder(cluster, order))).toEqual(expected);
  });

  it('holds every node exactly once, whatever the order says', () => {
    const entry = fc.constantFrom('data', 'broker', 'coordinator', 'hot', 'cold', 'query', 'master', 'unknown');
    fc.assert(
      fc.property(fc.array(entry), (order) => {
        expect(names(inDeploymentOrder(cluster, order)).toSorted()).toEqual(names(cluster).toSorted());
      }),
    );
  });

  it.each([
    {
      order: ['data', 'histroical'],
      field: 'spec.deploymentOrder[1]',
      says: 'neither a node type nor a node; the node types are: broker, data, coordinator',
    },
    { order: ['data', 'data'], field: 'spec.deploymentOrder[1]', says: 'stands there twice' },
  ])('is refused at $field when it is $order', ({ order, field, says }) => {
    expect(unknownOrderEntries({ nodes: cluster, deploymentOrder: order })).toEqual([
      { field, message: expect.stringContaining(says) },
    ]);
  });

  it('accepts types and names of nodes alike', () => {
    expect(unknownOrderEntries({ nodes: cluster, deploymentOrder: ['cold', 'data', 'broker'] })).toEqual([]);
  });
});
