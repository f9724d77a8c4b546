import { describe, expect, it } from 'vitest';
import { nodeConfig } from './children/node-config.ts';
import { type NodeContext, nodeSelectorLabels } from './children/node-context.ts';
import { nodeServices } from './children/node-service.ts';
import { nodeWorkload } from './children/node-workload.ts';
import type { K8sConfigGroup } from './cluster-shape.ts';
import type { ClusterNode } from './resolve-nodes.ts';

const context: NodeContext<string> = {
  clusterName: 'shop',
  application: 'quarry',
  identity: { uid: 1_000, gid: 1_000 },
  configPath: '/etc/quarry',
  configFiles: ({ settings }) => ({ 'runtime.properties': settings }),
};
const nodeOf = (over: Partial<ClusterNode<string>> = {}, k8s: Partial<K8sConfigGroup> = {}): ClusterNode<string> => ({
  name: 'hot',
  kind: 'StatefulSet',
  nodeType: 'data',
  replicas: 2,
  settings: 'cache=1g',
  k8s: { name: 'large', image: 'quarry:1', ...k8s },
  ...over,
});

describe('the objects of a node', () => {
  it('give each pod of a StatefulSet the claims of its group, kept when it goes', () => {
    const spec = { resources: { requests: { storage: '1Gi' } } };
    const node = nodeOf({}, { storageConfig: [{ name: 'segments', mountPath: '/data', spec }] });
    expect(nodeWorkload(context, node)).toMatchObject({
      kind: 'StatefulSet',
      metadata: { name: 'shop-hot' },
      spec: {
        replicas: 2,
        volumeClaimTemplates: [{ metadata: { name: 'segments' }, spec: { accessModes: ['ReadWriteOnce'], ...spec } }],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        template: {
          spec: {
            containers: [{ volumeMounts: [{ name: 'segments', mountPath: '/data' }, { mountPath: '/etc/quarry' }] }],
          },
        },
      },
    });
  });

  it('select the pods of one node and of no sibling', () => {
    expect(nodeSelectorLabels(context, nodeOf())).not.toEqual(nodeSelectorLabels(context, nodeOf({ name: 'cold' })));
    expect(nodeWorkload(context, nodeOf({ kind: 'Deployment' }))).toMatchObject({
      kind: 'Deployment',
      spec: { selector: { matchLabels: nodeSelectorLabels(context, nodeOf()) } },
    });
  });

  it('run under the restricted Pod Security Standard, without an API token', () => {
    expect(nodeWorkload(context, nodeOf()).spec?.template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1_000 },
      containers: [{ securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } }],
    });
  });

  it('are refused, with the field, where a group would loosen the security of its pods', () => {
    const node = nodeOf({}, { volumes: [{ name: 'host', hostPath: { path: '/' } }] });
    expect(() => nodeWorkload(context, node)).toThrow(/StatefulSet\/shop-hot.*spec\.template\.spec\.volumes\[0\]/s);
  });

  it('never let labels of the user replace those the selector needs', () => {
    const podMetadata = { labels: { 'app.kubernetes.io/component': 'mine', team: 'blue' } };
    const { template } = nodeWorkload(context, nodeOf({}, { podMetadata })).spec ?? {};
    expect(template?.metadata?.labels).toMatchObject({ ...nodeSelectorLabels(context, nodeOf()), team: 'blue' });
  });

  it('restart a node when its own settings change, and only then', () => {
    const changed = nodeOf({ settings: 'cache=2g' });
    expect(nodeConfig(context, changed).data).toEqual({ 'runtime.properties': 'cache=2g' });
    const templateOf = (node: ClusterNode<string>) => nodeWorkload(context, node).spec?.template;
    expect(templateOf(changed)).not.toEqual(templateOf(nodeOf()));
    expect(templateOf(nodeOf({ replicas: 9 }))).toEqual(templateOf(nodeOf()));
  });

  it('have a governing Service where they are StatefulSets, and a front where the group asks for one', () => {
    const service = { type: 'NodePort' as const, ports: [{ port: 8_080 }] };
    const names = (node: ClusterNode<string>) => nodeServices(context, node).map(({ metadata }) => metadata.name);
    expect(names(nodeOf({}, { port: 8_080 }))).toEqual(['shop-hot']);
    expect(names(nodeOf({ kind: 'Deployment' }))).toEqual([]);
    expect(names(nodeOf({}, { service }))).toEqual(['shop-hot', 'shop-hot-front']);
  });
});
