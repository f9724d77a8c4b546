import {
  apiVersionOf,
  ConfigMap,
  CronJob,
  DaemonSet,
  Deployment,
  type Draft,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  type KubeObject,
  NetworkPolicy,
  type OwnerReference,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  type ResourceType,
  Role,
  RoleBinding,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
} from '@capstan/kube';
import type { WatchMode } from './audit.ts';
import { Widget } from './widget.fixture.ts';

/** One kind of child, as operators create it. */
export interface ChildSample {
  readonly title: string;
  /** As a column head. */
  readonly short: string;
  readonly type: ResourceType;
  /** How operators watch this kind. */
  readonly mode: WatchMode;
  readonly body: Readonly<Record<string, unknown>>;
  /** A field of ours below the root, as a JSON pointer, and another value for it. */
  readonly leaf: { readonly pointer: string; readonly value: unknown };
  /** A status that others may write; absent where the kind has no /status. */
  readonly status?: Readonly<Record<string, unknown>>;
}

const labels = { 'app.kubernetes.io/name': 'sample', 'app.kubernetes.io/part-of': 'engine' };

/** The desired object of a sample, controlled by `owner` as children of operators are. */
export function desiredOf(
  { type, body }: ChildSample,
  namespace: string,
  name: string,
  owner: OwnerReference,
): Draft<KubeObject> {
  const ownerReferences = [{ ...owner, controller: true, blockOwnerDeletion: true }];
  const metadata = { name, namespace, labels, annotations: { 'sample.test/owned': 'yes' }, ownerReferences };
  return { apiVersion: apiVersionOf(type), kind: type.kind, ...body, metadata };
}

const containers = [
  {
    name: 'main',
    image: 'registry.test/main:1',
    args: ['--level', 'info'],
    env: [
      { name: 'FIRST', value: '1' },
      { name: 'SECOND', value: '2' },
      { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    ],
    ports: [
      { name: 'http', containerPort: 8080 },
      { name: 'dns-udp', containerPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: 53 },
    ],
    resources: { requests: { cpu: '0.5', memory: '1Gi' }, limits: { memory: '1024Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
    volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
    securityContext: { capabilities: { add: [], drop: ['ALL'] } },
  },
  { name: 'side', image: 'registry.test/side:1', env: [], ports: [] },
];

const template = {
  metadata: { labels, annotations: { 'sample.test/config': 'abc' } },
  spec: {
    containers,
    initContainers: [],
    volumes: [
      { name: 'scratch', emptyDir: {} },
      { name: 'settings', configMap: { name: 'settings' } },
    ],
    tolerations: [{ key: 'dedicated', operator: 'Exists' }],
    nodeSelector: { 'sample.test/nowhere': 'true' },
    securityContext: { runAsUser: 1000, fsGroup: 1000 },
    hostNetwork: false,
    serviceAccountName: '',
  },
};

const selector = { matchLabels: labels };
const workloadLeaf = { pointer: '/spec/template/spec/containers/0/image', value: 'registry.test/main:2' };

const jobTemplate = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };

/** A claim of a StorageClass that does not exist: it is never bound, and nothing is provisioned for it. */
const claim = (size: string) => ({
  accessModes: ['ReadWriteOnce'],
  storageClassName: 'sample-none',
  resources: { requests: { storage: size } },
});

const claimTemplates = [
  { metadata: { name: 'data' }, spec: claim('1Gi') },
  { metadata: { name: 'logs', labels: { tier: 'logs' } }, spec: claim('1024Mi') },
];

/** Every kind of child that operators here create, in the watch mode they use, and one custom resource. */
export const childSamples: readonly ChildSample[] = [
  {
    title: 'ConfigMap',
    short: 'CM',
    type: ConfigMap,
    mode: 'metadata',
    body: { data: { first: '1', second: 'two\nlines\n' }, binaryData: { blob: 'AAEC\nAwQ=' } },
    leaf: { pointer: '/data/first', value: '2' },
  },
  {
    title: 'Secret',
    short: 'Sec',
    type: Secret,
    mode: 'metadata',
    body: { type: 'Opaque', stringData: { password: 'x' }, data: { key: 'eA==', first: 'eA==' } },
    leaf: { pointer: '/data/key', value: 'eQ==' },
  },
  {
    title: 'Service ClusterIP',
    short: 'Svc',
    type: Service,
    mode: 'metadata',
    body: {
      spec: {
        selector: labels,
        ports: [
          { name: 'http', port: 80, targetPort: 'http' },
          { name: 'dns', port: 53, protocol: 'UDP' },
        ],
      },
    },
    leaf: { pointer: '/spec/ports/0/targetPort', value: 8081 },
    status: { conditions: [condition('Sample')] },
  },
  {
    title: 'Service headless',
    short: 'SvcH',
    type: Service,
    mode: 'metadata',
    body: {
      spec: {
        clusterIP: 'None',
        publishNotReadyAddresses: true,
        selector: labels,
        ports: [{ name: 'http', port: 80 }],
      },
    },
    leaf: { pointer: '/spec/publishNotReadyAddresses', value: false },
    status: { conditions: [condition('Sample')] },
  },
  {
    title: 'Service NodePort',
    short: 'SvcN',
    type: Service,
    mode: 'metadata',
    body: { spec: { type: 'NodePort', selector: labels, ports: [{ name: 'http', port: 80, targetPort: 8080 }] } },
    leaf: { pointer: '/spec/ports/0/targetPort', value: 8081 },
    status: { conditions: [condition('Sample')] },
  },
  {
    title: 'ServiceAccount',
    short: 'SA',
    type: ServiceAccount,
    mode: 'metadata',
    body: { automountServiceAccountToken: false, imagePullSecrets: [{ name: 'pull' }] },
    leaf: { pointer: '/automountServiceAccountToken', value: true },
  },
  {
    title: 'Role',
    short: 'Role',
    type: Role,
    mode: 'metadata',
    body: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] },
    leaf: { pointer: '/rules/0/verbs', value: ['get'] },
  },
  {
    title: 'RoleBinding',
    short: 'RB',
    type: RoleBinding,
    mode: 'metadata',
    body: {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'sample' },
      subjects: [{ kind: 'ServiceAccount', name: 'sample', namespace: 'default' }],
    },
    leaf: { pointer: '/subjects/0/name', value: 'other' },
  },
  {
    title: 'Deployment',
    short: 'Dep',
    type: Deployment,
    mode: 'full',
    body: {
      spec: {
        replicas: 2,
        selector,
        template,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 0 } },
      },
    },
    leaf: workloadLeaf,
    status: { observedGeneration: 9 },
  },
  {
    title: 'Deployment without replicas',
    short: 'Dep-',
    type: Deployment,
    mode: 'full',
    body: { spec: { selector, template } },
    leaf: workloadLeaf,
    status: { observedGeneration: 9 },
  },
  {
    title: 'StatefulSet',
    short: 'STS',
    type: StatefulSet,
    mode: 'full',
    body: {
      spec: {
        replicas: 2,
        serviceName: 'sample',
        podManagementPolicy: 'Parallel',
        selector,
        template,
        volumeClaimTemplates: claimTemplates,
      },
    },
    leaf: workloadLeaf,
    status: { replicas: 0, observedGeneration: 9 },
  },
  {
    title: 'DaemonSet',
    short: 'DS',
    type: DaemonSet,
    mode: 'full',
    body: { spec: { selector, template } },
    leaf: workloadLeaf,
    status: {
      currentNumberScheduled: 0,
      numberMisscheduled: 0,
      desiredNumberScheduled: 0,
      numberReady: 0,
      observedGeneration: 9,
    },
  },
  {
    title: 'Job',
    short: 'Job',
    type: Job,
    mode: 'full',
    body: { spec: { parallelism: 1, backoffLimit: 2, suspend: true, template: jobTemplate } },
    leaf: { pointer: '/spec/backoffLimit', value: 5 },
    status: { conditions: [condition('Sample')] },
  },
  {
    title: 'CronJob',
    short: 'CJ',
    type: CronJob,
    mode: 'full',
    body: {
      spec: {
        schedule: '0 3 * * *',
        suspend: true,
        concurrencyPolicy: 'Forbid',
        jobTemplate: { spec: { template: jobTemplate } },
      },
    },
    leaf: { pointer: '/spec/schedule', value: '0 4 * * *' },
    status: { lastScheduleTime: '2026-01-01T00:00:00Z' },
  },
  {
    title: 'PersistentVolumeClaim',
    short: 'PVC',
    type: PersistentVolumeClaim,
    mode: 'metadata',
    body: { spec: claim('1Gi') },
    leaf: { pointer: '/spec/resources/requests/storage', value: '512Mi' },
    status: { conditions: [condition('Sample')] },
  },
  {
    title: 'PodDisruptionBudget',
    short: 'PDB',
    type: PodDisruptionBudget,
    mode: 'metadata',
    body: { spec: { minAvailable: 1, selector } },
    leaf: { pointer: '/spec/minAvailable', value: 2 },
    status: { observedGeneration: 9, currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  },
  {
    title: 'HorizontalPodAutoscaler',
    short: 'HPA',
    type: HorizontalPodAutoscaler,
    mode: 'metadata',
    body: {
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'nobody' },
        minReplicas: 1,
        maxReplicas: 3,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } },
        ],
        behavior: { scaleDown: { stabilizationWindowSeconds: 60 } },
      },
    },
    leaf: { pointer: '/spec/maxReplicas', value: 9 },
    status: { currentReplicas: 1, desiredReplicas: 1 },
  },
  {
    title: 'Ingress',
    short: 'Ing',
    type: Ingress,
    mode: 'metadata',
    body: {
      spec: {
        ingressClassName: 'sample',
        rules: [
          {
            host: 'a.sample.test',
            http: {
              paths: [
                { path: '/', pathType: 'Prefix', backend: { service: { name: 'sample', port: { number: 80 } } } },
              ],
            },
          },
        ],
      },
    },
    leaf: { pointer: '/spec/rules/0/host', value: 'b.sample.test' },
    status: { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } },
  },
  {
    title: 'NetworkPolicy',
    short: 'NP',
    type: NetworkPolicy,
    mode: 'metadata',
    body: {
      spec: {
        podSelector: selector,
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ ports: [{ port: 80 }] }],
        egress: [],
      },
    },
    leaf: { pointer: '/spec/ingress/0/ports/0/port', value: 81 },
  },
  {
    title: 'Widget (custom resource)',
    short: 'CR',
    type: Widget,
    mode: 'full',
    body: {
      spec: {
        size: '1024Mi',
        port: 80,
        endpoints: [
          { name: 'a', port: 53, protocol: 'UDP' },
          { name: 'b', port: 53 },
        ],
        features: ['x', 'y'],
        hosts: ['one', 'two'],
        tuning: { threads: 2 },
        free: { nested: { ours: 1, list: [1, { a: null, b: 2 }] }, empty: {}, none: [] },
      },
    },
    leaf: { pointer: '/spec/port', value: 'http' },
    status: { phase: 'Ready' },
  },
];

function condition(type: string): object {
  return { type, status: 'True', reason: 'Sample', message: 'sample', lastTransitionTime: '2026-01-01T00:00:00Z' };
}

/** The sample with this title. */
export function sampleOf(title: string): ChildSample {
  const sample = childSamples.find((candidate) => candidate.title === title);
  if (sample === undefined) throw new Error(`no sample is called ${title}`);
  return sample;
}
