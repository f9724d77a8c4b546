import { customResource, k8s, type ResourceOf, Type } from '@capstan/crd';
import { ConfigMap, Deployment, Pod, Service, StatefulSet } from '@capstan/kube';
import {
  type Controller,
  controller,
  type Desired,
  desiredOf,
  mapped,
  owned,
  ownedWithStatus,
  type Pass,
  setConditions,
  TerminalError,
} from '@capstan/runtime';
import {
  advanceUpgrade,
  appConfigGroups,
  type ClusterNode,
  crashingPods,
  deploymentOrder,
  externalDependency,
  k8sConfigGroups,
  type NodeContext,
  nodeConfig,
  nodeSelectorLabels,
  nodeServices,
  nodes,
  nodeWorkload,
  orderedPlan,
  type RolloutNode,
  resolveNodes,
  sightNodes,
  upgradeStatus,
} from '../index.ts';

const settings = Type.Object(
  { cacheMegabytes: Type.Optional(Type.Integer({ minimum: 1, description: 'Size of the cache.' })) },
  { description: 'What a Quarry process reads at its start.' },
);

/** An imagined database, the smallest application after the Dsoi-Spec. */
export const Quarry = customResource({
  group: 'quarry.test',
  version: 'v1beta1',
  kind: 'Quarry',
  plural: 'quarries',
  description: 'A Quarry database.',
  spec: Type.Object(
    {
      nodes: nodes(),
      k8sConfigGroup: k8sConfigGroups(),
      quarryConfigGroup: appConfigGroups(settings),
      deploymentOrder: Type.Optional(deploymentOrder()),
      external: Type.Optional(
        Type.Object(
          { zookeeper: Type.Optional(externalDependency('The ZooKeeper ensemble.')) },
          { description: 'What the database needs and the operator does not make.' },
        ),
      ),
    },
    { description: 'The database as it should be.' },
  ),
  status: Type.Object(
    { upgrade: Type.Optional(upgradeStatus()), conditions: Type.Optional(k8s.conditions({ maxItems: 16 })) },
    { description: 'What the operator last saw and did.' },
  ),
});
export type Quarry = ResourceOf<typeof Quarry>;

type Settings = Quarry['spec']['quarryConfigGroup'][number]['settings'];

function contextOf({ metadata: { name } }: Quarry): NodeContext<Settings> {
  return {
    clusterName: name,
    application: 'quarry',
    identity: { uid: 1_000, gid: 1_000 },
    configPath: '/etc/quarry',
    configFiles: ({ settings: { cacheMegabytes = 64 } }) => ({ 'runtime.properties': `cache.mb=${cacheMegabytes}\n` }),
  };
}

/** The nodes of a database as the roll-out wants them. */
function rolloutNodes(quarry: Quarry): readonly (RolloutNode & { readonly node: ClusterNode<Settings> })[] {
  const shape = { ...quarry.spec, appConfigGroup: quarry.spec.quarryConfigGroup };
  const resolved = resolveNodes(shape, { appConfigField: 'quarryConfigGroup' });
  if ('problems' in resolved) {
    const sentences = resolved.problems.map(({ field, message }) => `${field}: ${message}`);
    throw new TerminalError('InvalidNodes', sentences.join('; '));
  }
  const context = contextOf(quarry);
  return resolved.nodes.map((node) => ({
    name: node.name,
    nodeType: node.nodeType,
    workload: nodeWorkload(context, node),
    beside: [nodeConfig(context, node), ...nodeServices(context, node)],
    node,
  }));
}

async function reconcile(quarry: Quarry, pass: Pass<Quarry>) {
  const nodesWanted = rolloutNodes(quarry);
  const crashOf = ({ name }: RolloutNode) => {
    const wanted = nodesWanted.find((each) => each.name === name);
    return wanted && crashingPods(podsOf(wanted.node, quarry, pass));
  };
  const isInstalled = quarry.status?.upgrade?.installedAt !== undefined;
  const outcome = await pass.apply(
    orderedPlan({
      nodes: nodesWanted,
      isInstalled,
      live: (item) => liveWorkload(desiredOf(item), quarry, pass),
      crashOf,
    }),
  );
  const { status: upgrade, events } = advanceUpgrade(
    quarry.status?.upgrade,
    sightNodes(nodesWanted, outcome, crashOf),
    { generation: quarry.metadata.generation ?? 1, now: pass.now },
  );
  const ready = upgrade.phase === 'Complete' && upgrade.nodes.every(({ state }) => state === 'Complete');
  const conditions = setConditions(
    quarry.status?.conditions,
    [{ type: 'Ready', status: ready ? 'True' : 'False', reason: upgrade.phase, message: '' }],
    { now: pass.now },
  );
  return pass.report({ status: { upgrade, conditions }, events });
}

function liveWorkload({ kind, metadata: { name = '' } }: Desired, quarry: Quarry, pass: Pass<Quarry>) {
  const ref = { namespace: quarry.metadata.namespace, name };
  return kind === 'Deployment' ? pass.cache.get(Deployment, ref) : pass.cache.get(StatefulSet, ref);
}

function podsOf(node: ClusterNode<Settings>, quarry: Quarry, pass: Pass<Quarry>): readonly Pod[] {
  const wanted = Object.entries(nodeSelectorLabels(contextOf(quarry), node));
  return pass.cache
    .list(Pod, { namespace: quarry.metadata.namespace })
    .filter(({ metadata: { labels = {} } }) => wanted.every(([name, value]) => labels[name] === value));
}

export const quarries: Controller = controller(Quarry, {
  name: 'quarry-operator',
  owns: [owned(ConfigMap), owned(Service), ownedWithStatus(StatefulSet), ownedWithStatus(Deployment)],
  watches: [
    mapped(
      Pod,
      ({ metadata: { namespace, labels } }) => {
        const name = labels?.['app.kubernetes.io/instance'];
        return labels?.['app.kubernetes.io/name'] === 'quarry' && name !== undefined ? [{ namespace, name }] : [];
      },
      { mode: 'full' },
    ),
  ],
  reconcile,
});
