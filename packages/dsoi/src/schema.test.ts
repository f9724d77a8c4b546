import { describe, expect, it } from 'vitest';
import { aGroup, aNode, aQuarry } from './testing/a-quarry.fixture.ts';
import { Quarry } from './testing/quarry.fixture.ts';

describe('the schema of a cluster after the Dsoi-Spec', () => {
  it('accepts a cluster of several node types', () => {
    const external = { zookeeper: { spec: { hosts: 'zk:2181' } } };
    expect(Quarry.validate(aQuarry('q', { external }))).toEqual([]);
  });

  it('keeps application and Kubernetes apart: neither group knows the fields of the other', () => {
    const quarry = aQuarry('q', {
      k8sConfigGroup: [{ ...aGroup('data'), settings: { cacheMegabytes: 1 } } as ReturnType<typeof aGroup>],
    });
    expect(Quarry.unknownFields(quarry)).toEqual(['spec.k8sConfigGroup[0].settings']);
  });

  it('fills in what a node leaves out: a StatefulSet of one', () => {
    const { kind: _kind, replicas: _replicas, ...rest } = aNode('data', 'data');
    expect(Quarry.withDefaults(aQuarry('q', { nodes: [rest] })).spec.nodes[0]).toMatchObject({
      kind: 'StatefulSet',
      replicas: 1,
    });
  });

  it.each([
    {
      what: 'a kind of node there is not',
      spec: { nodes: [aNode('data', 'data', { kind: 'DaemonSet' as 'StatefulSet' })] },
      field: 'spec.nodes[0].kind',
    },
    {
      what: 'two nodes of one name',
      spec: { nodes: [aNode('data', 'data'), aNode('data', 'broker')] },
      field: 'spec.nodes[1]',
    },
    { what: 'a name that no pod can have', spec: { nodes: [aNode('Data_1', 'data')] }, field: 'spec.nodes[0].name' },
    { what: 'no node at all', spec: { nodes: [] }, field: 'spec.nodes' },
  ])('refuses $what at $field', ({ spec, field }) => {
    expect(Quarry.validate(aQuarry('q', spec)).map(({ path }) => path)).toContain(field);
  });

  it('refuses in a group what a pod would be refused for', () => {
    const quarry = aQuarry('q', { k8sConfigGroup: [aGroup('data', { env: [{ value: 'nameless' }] as never })] });
    expect(Quarry.validate(quarry).map(({ path }) => path)).toContain('spec.k8sConfigGroup[0].env[0].name');
  });
});
