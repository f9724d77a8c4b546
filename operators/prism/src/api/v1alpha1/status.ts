import { k8s, listMap, stringEnum, Type } from '@capstan/crd';

const phases = ['Pending', 'Running', 'Degraded', 'Failed'] as const;

/** A one-word summary for people; the conditions say why. */
export type Phase = (typeof phases)[number];

function component(description: string) {
  return Type.Object(
    {
      name: Type.String({ description: 'Its name within the cluster, such as prism-admin or keyvalue-runner.' }),
      ready: Type.Boolean({ description: 'Whether all of it that is wanted is available.' }),
      replicas: Type.Integer({ description: 'Pods that are wanted.' }),
      availableReplicas: Type.Integer({ description: 'Pods that are available.' }),
      message: Type.Optional(Type.String({ description: 'Why it is not ready; absent while it is.' })),
      stuckGeneration: Type.Optional(
        Type.Integer({
          description:
            'Generation of its workload whose pods do not become available by waiting; absent once they are, or are others.',
        }),
      ),
    },
    { description },
  );
}

const componentList = (description: string, of: string) =>
  listMap(component(of), ['name'], { maxItems: 64, description });

const natsOutage = Type.Object(
  {
    since: Type.Optional(
      Type.String({ format: 'date-time', description: 'Since when NATS is away; absent while it is there.' }),
    ),
    restartedFor: Type.Optional(
      Type.String({
        format: 'date-time',
        description:
          'When the last outage began that some clients do not survive: they were restarted once NATS was back.',
      }),
    ),
  },
  {
    description:
      'Outages of NATS. Some clients give up after about 20 seconds and stay dead, so they are restarted after a longer one.',
  },
);

const bootstrappedBackends = Type.Object(
  {
    nats: Type.Optional(
      Type.Object({ replicas: Type.Integer({ description: 'Servers it was made with.' }) }, { description: 'NATS.' }),
    ),
    postgres: Type.Optional(
      Type.Object(
        { database: Type.String({ maxLength: 63, description: 'Database it was made with.' }) },
        { description: 'PostgreSQL.' },
      ),
    ),
    kafka: Type.Optional(
      Type.Object(
        {
          replicas: Type.Integer({ description: 'Brokers it was made with.' }),
          mode: stringEnum(['KRaft', 'ZooKeeper'], { description: 'How its brokers agree.' }),
        },
        { description: 'Kafka.' },
      ),
    ),
  },
  {
    description:
      'What backends were given at their first start and cannot be given another of while a server or a volume of theirs is there.',
  },
);

/** How far prism-admin is on its way to another number of members. */
const rebootstrapSteps = ['Stopping', 'Starting', 'Replaying'] as const;

const members = (description: string) => Type.Integer({ minimum: 1, description });

const adminRebootstrap = Type.Object(
  {
    from: members('Members it had.'),
    to: members('Members it gets.'),
    step: stringEnum(rebootstrapSteps, {
      description:
        'Stopping: the former members stop; setting spec.admin.replicas back ends it, and nothing is lost. Starting: new members start on empty volumes. Replaying: the namespaces of PrismNamespaces are created in them.',
    }),
    since: Type.String({ format: 'date-time', description: 'When this step began.' }),
  },
  { description: 'prism-admin on its way to another number of members; absent while it is not.' },
);

/** What the operator reports. Everything is optional, because a refused cluster may never have had any of it. */
export const status = Type.Object(
  {
    phase: Type.Optional(stringEnum(phases, { description: 'Summary of the conditions in one word.' })),
    conditions: Type.Optional(k8s.conditions({ maxItems: 32, description: 'What is true of the cluster, and why.' })),
    observedGeneration: Type.Optional(
      Type.Integer({
        description: 'Generation of the spec that the children were last made to match, or that was refused.',
      }),
    ),
    lastReconciled: Type.Optional(
      Type.String({
        format: 'date-time',
        description: 'When the status last changed. A cluster in which nothing happens is not written to.',
      }),
    ),
    adminStatus: Type.Optional(component('prism-admin.')),
    proxyStatus: Type.Optional(component('prism-proxy.')),
    patternStatus: Type.Optional(componentList('The pattern runners, as spec.patterns lists them.', 'A runner.')),
    backendStatus: Type.Optional(componentList('The backends that are enabled.', 'A backend.')),
    readyPatterns: Type.Optional(Type.String({ description: 'Patterns that are ready, of all: 3/4.' })),
    readyBackends: Type.Optional(Type.String({ description: 'Backends that are ready, of all: 2/3.' })),
    bootstrappedAdminReplicas: Type.Optional(
      Type.Integer({
        description: 'Members that the raft group of prism-admin was last bootstrapped with.',
      }),
    ),
    adminEpoch: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'How often prism-admin has been bootstrapped anew, each time with no namespace in it; absent for never.',
      }),
    ),
    adminRebootstrap: Type.Optional(adminRebootstrap),
    offeredAdminReplicas: Type.Optional(
      Type.Integer({
        description:
          'Another number of members that spec.admin.replicas may be set to, because the annotation prism.io/rebootstrap-admin agrees to it.',
      }),
    ),
    bootstrappedBackends: Type.Optional(bootstrappedBackends),
    natsOutage: Type.Optional(natsOutage),
  },
  { description: 'What the operator last saw and did.' },
);
