import { k8s, listMap, listSet, stringEnum, Type } from '@capstan/crd';

const names = (description: string) => listSet(Type.String({ maxLength: 63 }), { maxItems: 64, description });

const lastSwitch = Type.Object(
  {
    time: Type.String({ format: 'date-time', description: 'When it was decided.' }),
    from: names('Clusters that had traffic before.'),
    to: names('Clusters that have had it since.'),
    reason: stringEnum(['Failover', 'Rebalanced'], {
      description: 'Failover: a cluster failed. Rebalanced: latency, a cluster that came back or a change of the spec.',
    }),
  },
  { description: 'When traffic last went elsewhere.' },
);

const member = Type.Object(
  {
    name: Type.String({ maxLength: 63, description: 'Its name in the spec.' }),
    reachable: Type.Optional(
      Type.Boolean({ description: 'Whether its API server answers; absent while that is not known.' }),
    ),
    latencyMilliseconds: Type.Optional(
      Type.Integer({
        description:
          'Its usual latency, rounded up to one of a few steps so that the status is not written all the time.',
      }),
    ),
    weight: Type.Integer({ description: 'Percent of the traffic that goes there.' }),
    traffic: stringEnum(['New', 'In', 'Out'], {
      description: 'In: it may have traffic. Out: it failed, and may not yet. New: it has never been healthy.',
    }),
    lastTransition: Type.Optional(Type.String({ format: 'date-time', description: 'When that last changed.' })),
    phase: Type.Optional(Type.String({ maxLength: 64, description: 'Phase of its PrismCluster, as last seen.' })),
    conditions: Type.Optional(k8s.conditions({ maxItems: 8, description: 'What is true of the cluster, and why.' })),
  },
  { description: 'One cluster.' },
);

/** What the operator reports. Everything is optional, because a refused federation may never have had any of it. */
export const status = Type.Object(
  {
    conditions: Type.Optional(
      k8s.conditions({ maxItems: 16, description: 'What is true of the federation, and why.' }),
    ),
    observedGeneration: Type.Optional(
      Type.Integer({ description: 'Generation of the spec that was last carried out or refused.' }),
    ),
    activeClusters: Type.Optional(names('Clusters that have traffic.')),
    failedOverFrom: Type.Optional(names('Clusters that lost their traffic because they failed.')),
    healthyClusters: Type.Optional(Type.String({ description: 'Clusters that are healthy, of all: 2/3.' })),
    lastSwitch: Type.Optional(lastSwitch),
    clusters: Type.Optional(
      listMap(member, ['name'], { maxItems: 32, description: 'The clusters, as spec.clusters lists them.' }),
    ),
  },
  { description: 'What the operator last saw and decided.' },
);
