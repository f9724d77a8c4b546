import type { Draft, KubeObject, PodTemplateSpec } from '@capstan/kube';
import {
  claimTemplate,
  configMap,
  cronJob,
  daemonSet,
  deployment,
  headlessService,
  horizontalPodAutoscaler,
  ingress,
  job,
  networkPolicy,
  type PodOptions,
  persistentVolumeClaim,
  podDisruptionBudget,
  resourceQuota,
  role,
  roleBinding,
  secret,
  service,
  serviceAccount,
  statefulSet,
} from '@capstan/resources';

/** Fields that an author sets and the server rewrites or fills up: quantities, protocols, defaults, nulls. */
const pod: PodOptions = {
  labels: { tier: 'sample' },
  annotations: { 'sample.test/config-hash': 'abc' },
  runAs: { uid: 1000, gid: 2000 },
  serviceAccountName: 'sample',
  terminationGracePeriodSeconds: 5,
  initContainers: [{ name: 'prepare', image: 'registry.test/prepare:1', restartPolicy: 'Always' }],
  containers: [
    {
      name: 'main',
      image: 'registry.test/main:1',
      env: [
        { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'sample', key: 'password' } } },
      ],
      ports: [
        { name: 'http', containerPort: 8080 },
        { name: 'dns', containerPort: 5353, protocol: 'UDP' },
      ],
      readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
      resources: { requests: { cpu: '0.1', memory: '1024Mi' }, limits: { memory: '1Gi' } },
      volumeMounts: [
        { name: 'scratch', mountPath: '/scratch' },
        { name: 'config', mountPath: '/config', readOnly: true },
      ],
    },
  ],
  volumes: [
    { name: 'scratch', emptyDir: {} },
    { name: 'config', configMap: { name: 'sample' } },
  ],
};

/** The pods of a workload that runs once. */
const task: PodOptions = {
  runAs: { uid: 1000, gid: 1000 },
  containers: [{ name: 'task', image: 'registry.test/task:1' }],
};

const selector = { 'sample.test/app': 'sample' };
const metadata = { name: 'sample', labels: { 'app.kubernetes.io/name': 'sample' } };

/** One body of every builder of a Kubernetes kind, as operators use them. */
export function samples(namespace: string): readonly Draft<KubeObject>[] {
  return [
    configMap(metadata, { 'sample.yaml': 'a: 1\n' }, { binaryData: { blob: new Uint8Array([0, 1, 255]) } }),
    secret(metadata, { stringData: { password: 'x' }, data: { key: new Uint8Array([0, 1, 255]) } }),
    service(metadata, { selector, ports: [{ name: 'http', port: 80, targetPort: 'http' }] }),
    headlessService({ ...metadata, name: 'sample-headless' }, { selector, ports: [{ name: 'http', port: 80 }] }),
    serviceAccount(metadata, { imagePullSecrets: ['pull'] }),
    role(metadata, [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['sample'] }]),
    roleBinding(
      { ...metadata, namespace },
      { roleRef: { kind: 'Role', name: 'sample' }, serviceAccounts: [{ name: 'sample' }] },
    ),
    deployment(metadata, { replicas: 2, strategy: { rollingUpdate: { maxUnavailable: 0 } }, pod }),
    // Its replicas are the autoscaler's.
    deployment({ ...metadata, name: 'scaled' }, { pod }),
    statefulSet(metadata, {
      replicas: 2,
      serviceName: 'sample-headless',
      podManagementPolicy: 'Parallel',
      pod,
      volumeClaimTemplates: [claimTemplate({ name: 'data', storageClassName: 'standard', storage: '1024Mi' })],
    }),
    daemonSet(metadata, { pod }),
    job(metadata, { backoffLimit: 2, pod: task }),
    cronJob(metadata, { schedule: '0 3 * * *', timeZone: 'Etc/UTC', job: { ttlSecondsAfterFinished: 60, pod: task } }),
    persistentVolumeClaim(metadata, { storage: '1Gi', storageClassName: 'standard' }),
    podDisruptionBudget(metadata, { selector, maxUnavailable: '50%' }),
    horizontalPodAutoscaler(metadata, {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'scaled' },
      minReplicas: 1,
      maxReplicas: 3,
      memoryUtilization: 80,
      cpuUtilization: 70,
    }),
    ingress(metadata, {
      ingressClassName: 'sample',
      hosts: {
        'a.sample.test': [{ service: 'sample', port: 80 }],
        'b.sample.test': [{ service: 'sample', port: 'http' }],
      },
      tls: [{ hosts: ['a.sample.test'], secretName: 'sample-tls' }],
    }),
    networkPolicy(metadata, { pods: selector, ingress: [{ ports: [{ port: 80 }] }], egress: [] }),
    // Much more than the others need: it must refuse none of them.
    resourceQuota(metadata, { hard: { pods: 100, 'requests.storage': '1024Gi', 'count/jobs.batch': '1e2' } }),
  ];
}

/** The pod templates of the workloads among them, by child. */
export function podTemplates(children: readonly Draft<KubeObject>[]): readonly (readonly [string, PodTemplateSpec])[] {
  return children.flatMap((child) => {
    const template = templateIn(child);
    return template === undefined ? [] : [[`${child.kind}/${child.metadata.name}`, template] as const];
  });
}

/** Where a Deployment, StatefulSet, DaemonSet, Job or CronJob has its template; other kinds have nothing of these names. */
interface WithTemplate {
  readonly spec?: {
    readonly template?: PodTemplateSpec;
    readonly jobTemplate?: { readonly spec: { readonly template: PodTemplateSpec } };
  };
}

function templateIn(child: Draft<KubeObject>): PodTemplateSpec | undefined {
  const { spec } = child as Draft<KubeObject> & WithTemplate; // made by the builders above, one of each kind
  return spec?.template ?? spec?.jobTemplate?.spec.template;
}
