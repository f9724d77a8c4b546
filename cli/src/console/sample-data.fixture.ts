import type {
  ConditionView,
  Detail,
  EventView,
  Health,
  Overview,
  PassView,
  PlanView,
  Session,
  TreeNode,
} from './api.ts';

/** Ages in the sample are counted from here. */
export const sampleNow = Date.parse('2026-11-28T10:00:00Z');

/** ISO 8601, so long before {@link sampleNow}. */
export function ago(minutes: number): string {
  return new Date(sampleNow - minutes * 60_000).toISOString();
}

const groups: Readonly<Record<string, readonly [group: string, version: string, plural: string]>> = {
  StreamBusCluster: ['streambus.io', 'v1alpha1', 'streambusclusters'],
  DruidIngestion: ['druid.apache.org', 'v1alpha1', 'druidingestions'],
  PrismCluster: ['prism.io', 'v1alpha1', 'prismclusters'],
  PrismPattern: ['prism.io', 'v1alpha1', 'prismpatterns'],
  PrismNamespace: ['prism.io', 'v1alpha2', 'prismnamespaces'],
  PrismFederation: ['prism.io', 'v1alpha3', 'prismfederations'],
  StatefulSet: ['apps', 'v1', 'statefulsets'],
  Deployment: ['apps', 'v1', 'deployments'],
  ReplicaSet: ['apps', 'v1', 'replicasets'],
  Job: ['batch', 'v1', 'jobs'],
  HorizontalPodAutoscaler: ['autoscaling', 'v2', 'horizontalpodautoscalers'],
  PodDisruptionBudget: ['policy', 'v1', 'poddisruptionbudgets'],
  NetworkPolicy: ['networking.k8s.io', 'v1', 'networkpolicies'],
  Ingress: ['networking.k8s.io', 'v1', 'ingresses'],
  Pod: ['', 'v1', 'pods'],
  Service: ['', 'v1', 'services'],
  ConfigMap: ['', 'v1', 'configmaps'],
  Secret: ['', 'v1', 'secrets'],
  PersistentVolumeClaim: ['', 'v1', 'persistentvolumeclaims'],
};

/** What is said of a node beside where it stands. */
interface Said {
  readonly health?: Health;
  readonly told?: string;
  readonly minutes?: number;
  readonly children?: readonly TreeNode[];
}

/** One node of a tree; its UID is made of its kind, namespace and name. */
export function node(kind: string, place: string, said: Said = {}): TreeNode {
  const [group, version, plural] = groups[kind] ?? ['example.com', 'v1', `${kind.toLowerCase()}s`];
  const slash = place.indexOf('/');
  const [namespace, name] = slash < 0 ? [undefined, place] : [place.slice(0, slash), place.slice(slash + 1)];
  const { health = 'healthy', told = '', minutes = 60 * 24 * 9, children = [] } = said;
  const ref = {
    group,
    version,
    kind,
    plural,
    ...(namespace !== undefined && { namespace }),
    name,
    uid: `${kind}/${place}`,
  };
  return { ref, health, told, createdAt: ago(minutes), children };
}

function pod(place: string, said: Said = {}): TreeNode {
  return node('Pod', place, { told: '1/1 ready, on general-2', ...said });
}

function broker(place: string, said: Said = {}): TreeNode {
  const [namespace = '', name = ''] = place.split('/');
  const claims = ['data', 'raft'].map((what) =>
    node('PersistentVolumeClaim', `${namespace}/${what}-${name}`, { told: `Bound, ${what === 'data' ? 100 : 10}Gi` }),
  );
  return pod(place, { children: claims, ...said });
}

/** The children that every StreamBus cluster has beside its StatefulSet. */
function busParts(cluster: string): readonly TreeNode[] {
  return [
    node('ConfigMap', `${cluster}-config`),
    node('PodDisruptionBudget', cluster, { told: '1 disruption allowed' }),
    node('Service', cluster, { told: 'ClusterIP' }),
    node('Service', `${cluster}-headless`, { told: 'headless' }),
  ];
}

const orders = node('StreamBusCluster', 'shop/orders', {
  told: 'Ready: All 3 brokers accept clients.',
  children: [
    node('StatefulSet', 'shop/orders', {
      told: '3/3 ready',
      children: [broker('shop/orders-0'), broker('shop/orders-1'), broker('shop/orders-2')],
    }),
    ...busParts('shop/orders'),
    node('NetworkPolicy', 'shop/orders'),
    node('Secret', 'shop/orders-tls'),
  ],
});

const clicks = node('StreamBusCluster', 'shop/clicks', {
  health: 'progressing',
  told: 'Not ready, RollingUpdate: Broker clicks-1 restarts with the new template; 1 of 3 done.',
  minutes: 60 * 24 * 31,
  children: [
    node('StatefulSet', 'shop/clicks', {
      health: 'progressing',
      told: '2/3 ready, 1/3 updated',
      children: [
        broker('shop/clicks-0'),
        broker('shop/clicks-1', { health: 'progressing', told: '0/1 ready: ContainerCreating', minutes: 1 }),
        broker('shop/clicks-2', { minutes: 4 }),
      ],
    }),
    ...busParts('shop/clicks'),
  ],
});

const payments = node('StreamBusCluster', 'payments/ledger', {
  health: 'failing',
  told: 'Stalled, BrokerCrashLooping: ledger-2: the container ended with exit code 137, killed at its memory limit.',
  minutes: 60 * 5,
  children: [
    node('StatefulSet', 'payments/ledger', {
      health: 'failing',
      told: '2/3 ready',
      children: [
        broker('payments/ledger-0'),
        broker('payments/ledger-1'),
        broker('payments/ledger-2', {
          health: 'failing',
          told: 'CrashLoopBackOff: exit code 137, killed at its memory limit, 14 restarts',
        }),
      ],
    }),
    ...busParts('payments/ledger'),
  ],
});

const audit = node('StreamBusCluster', 'payments/audit', {
  health: 'paused',
  told: 'Paused by the annotation streambus.io/paused',
  children: [
    node('StatefulSet', 'payments/audit', { told: '1/1 ready', children: [broker('payments/audit-0')] }),
    ...busParts('payments/audit'),
  ],
});

const scratch = node('StreamBusCluster', 'sandbox/scratch', {
  health: 'deleting',
  told: 'Being deleted for 12 minutes; held by the finalizer streambus.io/cleanup',
  minutes: 60 * 24 * 2,
  children: [
    node('StatefulSet', 'sandbox/scratch', {
      health: 'deleting',
      told: 'Being deleted for 12 minutes; held by the finalizer foregroundDeletion',
      children: [broker('sandbox/scratch-0', { health: 'deleting', told: 'Terminating' })],
    }),
  ],
});

const pageviews = node('DruidIngestion', 'analytics/pageviews', { told: 'Ready: The supervisor is running 2 tasks.' });
const backfill = node('DruidIngestion', 'analytics/backfill-2025', {
  health: 'failing',
  told: 'Stalled, SpecRefused: spec.ioConfig.inputSource: the type "local" reads files of the server and is not allowed.',
  minutes: 90,
});
const sessions = node('DruidIngestion', 'analytics/sessions', {
  health: 'unknown',
  told: 'No operator has looked at it yet',
  minutes: 2,
});

function deployed(place: string, pods: number, said: Said = {}): TreeNode {
  const { health = 'healthy' } = said;
  const set = `${place}-6d9f7c`;
  return node('Deployment', place, {
    told: `${pods}/${pods} ready`,
    ...said,
    children: said.children ?? [
      node('ReplicaSet', set, {
        health,
        told: `${pods}/${pods} ready`,
        children: Array.from({ length: pods }, (_, index) => pod(`${set}-${'abcdefgh'[index] ?? 'x'}7k2m`)),
      }),
    ],
  });
}

const prism = node('PrismCluster', 'prism/prism-local', {
  health: 'progressing',
  told: 'Not ready, WaitingForBackend: redis: 0 of 1 pods are ready.',
  minutes: 7,
  children: [
    node('StatefulSet', 'prism/prism-local-admin', {
      told: '1/1 ready',
      minutes: 7,
      children: [broker('prism/prism-local-admin-0', { minutes: 7 })],
    }),
    deployed('prism/prism-local-proxy', 2, { minutes: 7 }),
    node('HorizontalPodAutoscaler', 'prism/prism-local-proxy', { told: '2 to 10 pods, 2 now', minutes: 7 }),
    node('StatefulSet', 'prism/prism-local-redis', {
      health: 'progressing',
      told: '0/1 ready',
      minutes: 6,
      children: [
        pod('prism/prism-local-redis-0', {
          health: 'failing',
          told: 'ImagePullBackOff: back-off pulling image "redis:7.4-alpin"',
          minutes: 6,
          children: [
            node('PersistentVolumeClaim', 'prism/data-prism-local-redis-0', {
              health: 'progressing',
              told: 'Pending: no volume yet',
              minutes: 6,
            }),
          ],
        }),
      ],
    }),
    deployed('prism/prism-local-nats', 1, { minutes: 6 }),
    node('Ingress', 'prism/prism-local', { told: 'prism.local, at 10.0.0.7', minutes: 7 }),
    node('Secret', 'prism/prism-local-redis-credentials', { minutes: 7 }),
    node('ConfigMap', 'prism/prism-local-config', { minutes: 7 }),
    node('Job', 'prism/prism-local-bootstrap', { told: 'Complete', minutes: 7 }),
  ],
});

const keyvalue = node('PrismPattern', 'prism/keyvalue', { told: 'Ready: It runs in prism-local.', minutes: 6 });
const tenant = node('PrismNamespace', 'prism/team-checkout', {
  health: 'failing',
  told: 'Stalled, QuotaExceeded: prism-admin refused it: 64 namespaces are the limit.',
  minutes: 5,
});
const federation = node('PrismFederation', 'global-prism', {
  told: 'Ready: 2 of 2 clusters answer; us-west-2 gets the traffic.',
});

/** Resources of every health. */
export const sampleOverview: Overview = {
  resources: [
    pageviews,
    backfill,
    sessions,
    prism,
    federation,
    tenant,
    keyvalue,
    audit,
    payments,
    scratch,
    clicks,
    orders,
  ].toSorted((a, b) => keyOf(a).localeCompare(keyOf(b), 'en')),
  hidden: [
    { kind: 'Secret', why: 'you may not list it: ask for list and watch of secrets' },
    { kind: 'ServiceMonitor.monitoring.coreos.com', why: 'it is not installed in this cluster' },
  ],
  at: ago(0),
};

function keyOf({ ref: { kind, namespace = '', name } }: TreeNode): string {
  return [kind, namespace, name].join('\0');
}

export const sampleSession: Session = {
  user: 'jane@example.com',
  cluster: 'kind-shop (https://127.0.0.1:6443)',
  mode: 'kubeconfig',
  kubernetesVersion: 'v1.36.1',
  version: '0.2.0',
};

function condition(
  type: string,
  status: ConditionView['status'],
  reason: string,
  message: string,
  minutes = 30,
): ConditionView {
  return { type, status, reason, message, since: ago(minutes), isCurrent: true };
}

const busConditions: readonly ConditionView[] = [
  condition(
    'Ready',
    'False',
    'BrokerCrashLooping',
    'ledger-2: the container ended with exit code 137, killed at its memory limit.',
  ),
  condition(
    'Stalled',
    'True',
    'BrokerCrashLooping',
    'Give the brokers more memory (spec.resources.limits.memory), or fewer connections (spec.config.maxConnections).',
  ),
  condition('Reconciling', 'False', 'ActionNeeded', 'See condition Stalled.'),
  condition('Accepted', 'True', 'SpecAccepted', 'The spec is valid.', 300),
  {
    ...condition('QuorumHealthy', 'True', 'MajorityReady', '2 of 3 brokers are ready; ledger-0 leads.', 280),
    isCurrent: false,
  },
];

function event(minutes: number, reason: string, note: string, about: string, more: Partial<EventView> = {}): EventView {
  return { type: 'Normal', reason, note, by: 'streambus-operator', count: 1, at: ago(minutes), about, ...more };
}

const busEvents: readonly EventView[] = [
  event(1, 'BackOff', 'Back-off restarting failed container broker in pod ledger-2', 'Pod/ledger-2', {
    type: 'Warning',
    by: 'kubelet',
    count: 62,
  }),
  event(
    28,
    'BrokerCrashLooping',
    'ledger-2: the container ended with exit code 137, killed at its memory limit.',
    'StreamBusCluster/ledger',
    { type: 'Warning' },
  ),
  event(
    31,
    'Updated',
    'StatefulSet/ledger: spec.template.spec.containers[broker].resources changed',
    'StreamBusCluster/ledger',
  ),
  event(299, 'SuccessfulCreate', 'create Pod ledger-2 in StatefulSet ledger successful', 'StatefulSet/ledger', {
    by: 'statefulset-controller',
  }),
  event(
    300,
    'Created',
    'StatefulSet/ledger, Service/ledger, Service/ledger-headless, ConfigMap/ledger-config, PodDisruptionBudget/ledger',
    'StreamBusCluster/ledger',
  ),
];

const busChildren: PassView['children'] = [
  { child: 'ConfigMap/ledger-config', action: 'Unchanged' },
  { child: 'Service/ledger-headless', action: 'Unchanged' },
  { child: 'Service/ledger', action: 'Unchanged' },
  { child: 'PodDisruptionBudget/ledger', action: 'Unchanged' },
];

const busPasses: readonly PassView[] = [
  {
    at: ago(1),
    durationMs: 4,
    triggers: ['Pod/ledger-2 changed (2 times)'],
    outcome: 'Requeued, again in 30 s',
    children: [...busChildren, { child: 'StatefulSet/ledger', action: 'Unchanged' }],
    requests: 0,
  },
  {
    at: ago(28),
    durationMs: 23,
    triggers: ['Pod/ledger-2 changed (5 times)'],
    outcome: 'Requeued, again in 30 s',
    children: [...busChildren, { child: 'StatefulSet/ledger', action: 'Unchanged' }],
    requests: 2,
  },
  {
    at: ago(31),
    durationMs: 61,
    triggers: ['resource changed (edit)'],
    outcome: 'Done',
    children: [
      ...busChildren,
      { child: 'StatefulSet/ledger', action: 'Updated', why: 'spec.template.spec.containers[broker].resources' },
    ],
    requests: 2,
  },
  {
    at: ago(32),
    durationMs: 1_204,
    triggers: ['resource changed (edit)'],
    outcome: 'Retried, again in 1 s: StatefulSet/ledger: the server is currently unable to handle the request',
    children: [
      ...busChildren,
      { child: 'StatefulSet/ledger', action: 'Failed', why: 'the server is currently unable to handle the request' },
    ],
    requests: 3,
  },
];

const busEditable = `apiVersion: streambus.io/v1alpha1
kind: StreamBusCluster
metadata:
  name: ledger
  namespace: payments
  labels:
    team: payments
spec:
  replicas: 3
  image:
    repository: streambus/broker
    tag: 2.4.1
    pullPolicy: IfNotPresent
  resources:
    requests:
      cpu: 500m
      memory: 512Mi
    limits:
      cpu: "2"
      memory: 768Mi
  storage:
    class: standard
    size: 100Gi
    raftSize: 10Gi
  config:
    logLevel: info
    port: 9092
    maxConnections: 10000
`;

const busStatus = `status:
  phase: Failed
  observedGeneration: 4
  replicas: 3
  readyReplicas: 2
  leader: ledger-0
`;

/** Details of one object of the sample: rich for `payments/ledger`, plain for the others. */
export function sampleDetail(wanted: TreeNode): Detail {
  if (wanted.ref.uid === payments.ref.uid)
    return {
      node: wanted,
      conditions: busConditions,
      events: busEvents,
      passes: busPasses,
      yaml: `${busEditable}${busStatus}`,
      editable: busEditable,
    };
  const isCustom = sampleOverview.resources.includes(wanted);
  const yaml = manifestOf(wanted);
  return {
    node: wanted,
    conditions: isCustom ? [conditionFor(wanted)] : [],
    events: [],
    passes: [],
    ...(isCustom && {
      passesUnavailable: 'the operator at http://10.1.2.3:8080 cannot be reached (kubectl could not be started)',
    }),
    yaml,
    ...(isCustom && { editable: yaml }),
  };
}

function conditionFor({ health, told }: TreeNode): ConditionView {
  const status = health === 'healthy' ? 'True' : health === 'unknown' ? 'Unknown' : 'False';
  return condition('Ready', status, health === 'healthy' ? 'UpToDate' : 'NotYet', told, 42);
}

function manifestOf({ ref: { group, version, kind, namespace, name } }: TreeNode): string {
  const place = namespace === undefined ? '' : `  namespace: ${namespace}\n`;
  const data = kind === 'Secret' ? 'data:\n  password: "[redacted]"\n' : 'spec: {}\n';
  return `apiVersion: ${group === '' ? '' : `${group}/`}${version}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${place}${data}`;
}

/** What more memory for `payments/ledger` would come to. */
export const samplePlan: PlanView = {
  changes: [
    {
      object: 'StreamBusCluster payments/ledger',
      action: 'change',
      why: 'spec.resources.limits.memory',
      diff: [],
    },
    {
      object: 'StatefulSet payments/ledger',
      action: 'change',
      why: '3 pods restart: one after the other, the leader last',
      diff: [
        '@@ -41,7 +41,7 @@',
        '         resources:',
        '           limits:',
        '             cpu: "2"',
        '-            memory: 768Mi',
        '+            memory: 2Gi',
        '           requests:',
        '             cpu: 500m',
        '             memory: 512Mi',
      ],
    },
    { object: 'PodDisruptionBudget payments/ledger', action: 'remove', diff: [] },
  ],
  problems: [],
  summary: '1 to change, 1 to remove; 3 pods restart',
};

/** What fewer replicas for `payments/ledger` would come to. */
export const sampleRefusedPlan: PlanView = {
  changes: [],
  problems: [
    'spec.replicas: must be an odd number, so that one half of the brokers can outvote the other',
    'warning from the API server: unknown field "spec.imge"',
  ],
  summary: '1 refused',
};
