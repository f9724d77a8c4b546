import {
  Deployment,
  type Draft,
  HorizontalPodAutoscaler,
  Ingress,
  type KubeObject,
  PersistentVolumeClaim,
  Pod,
  ReplicaSet,
  type ResourceType,
  Service,
  StatefulSet,
} from '@capstan/kube';
import type { World } from '@capstan/testkit';
import { expect } from 'vitest';
import { type WantedPrism, wantedPrism } from './open-prism-world.ts';

/** Who `kubectl apply` writes as, where nobody asks for server-side apply. */
const kubectl = { fieldManager: 'kubectl-client-side-apply' } as const;

/** Creates an object as `kubectl apply` of a manifest would. */
async function make<O extends KubeObject>(
  { admin, namespace }: World,
  type: ResourceType<O>,
  name: string,
  rest: Omit<Draft<O>, 'apiVersion' | 'kind' | 'metadata'> & { readonly metadata?: object },
): Promise<void> {
  const { group, version, kind } = type;
  const apiVersion = group === '' ? version : `${group}/${version}`;
  const body = { ...rest, apiVersion, kind, metadata: { ...rest.metadata, name, namespace } };
  await admin.create(type, body as unknown as Draft<O>, kubectl); // the parts are checked where they are given
}

const resources = { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } };

/** A Deployment of prism-admin with a claim and a file of its own, and its Service. */
export async function makeAdmin(world: World, metadata: object = {}): Promise<void> {
  const labels = { app: 'prism-admin' };
  await make(world, PersistentVolumeClaim, 'prism-admin-data', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  await make(world, Service, 'prism-admin', { spec: { selector: labels, ports: [{ name: 'http', port: 8080 }] } });
  await make(world, Deployment, 'prism-admin', {
    metadata,
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              ...{ name: 'prism-admin', image: 'local/prism-admin:1', imagePullPolicy: 'Never' },
              volumeMounts: [
                { name: 'store', mountPath: '/data' },
                { name: 'scratch', mountPath: '/etc/prism' },
              ],
            },
          ],
          volumes: [
            { name: 'store', persistentVolumeClaim: { claimName: 'prism-admin-data' } },
            { name: 'scratch', emptyDir: {} },
          ],
        },
      },
    },
  });
}

/** A Deployment of prism-proxy with more than anybody would render, its Service on another port, and its autoscaler. */
export async function makeProxy(world: World): Promise<void> {
  const labels = { app: 'prism-proxy' };
  await make(world, Service, 'prism-proxy', {
    spec: { selector: labels, ports: [{ name: 'grpc', port: 50_051, targetPort: 50_052 }] },
  });
  await make(world, Deployment, 'prism-proxy', {
    metadata: { labels: { team: 'edge' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, team: 'edge' } },
        spec: {
          containers: [
            { name: 'metrics-agent', image: 'local/agent:1' },
            {
              ...{ name: 'proxy', image: 'local/prism-proxy:1', args: ['--listen=50052'], resources },
              env: [
                { name: 'RUST_LOG', value: 'debug' },
                { name: 'REGION', value: 'north' },
              ],
              ports: [{ name: 'grpc', containerPort: 50_052 }],
            },
          ],
        },
      },
    },
  });
  await make(world, HorizontalPodAutoscaler, 'prism-proxy-hpa', {
    spec: {
      ...{ minReplicas: 2, maxReplicas: 10 },
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'prism-proxy' },
    },
  });
}

/** An Ingress with one rule for both, as somebody wrote it. */
export async function makeIngress(world: World): Promise<void> {
  const path = (at: string, name: string, port: number) => ({
    ...{ path: at, pathType: 'Prefix' as const },
    backend: { service: { name, port: { number: port } } },
  });
  const paths = [path('/admin', 'prism-admin', 8080), path('/', 'prism-proxy', 50_051)];
  await make(world, Ingress, 'prism-ingress', {
    metadata: { annotations: { 'nginx.ingress.kubernetes.io/backend-protocol': 'GRPC' } },
    spec: { ingressClassName: 'nginx', rules: [{ host: 'prism.local', http: { paths } }] },
  });
}

/** A StatefulSet of a runner with a volume for each pod, and with keys in plain sight. */
export async function makeMailbox(world: World): Promise<void> {
  const labels = { app: 'mailbox-runner', pattern: 'mailbox' };
  await make(world, StatefulSet, 'mailbox-runner', {
    spec: {
      ...{ serviceName: 'mailbox-runner', replicas: 1, selector: { matchLabels: { app: labels.app } } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              ...{ name: 'mailbox-runner', image: 'local/mailbox-runner:1', resources },
              env: [
                { name: 'S3_ENDPOINT', value: 'http://minio.backends.svc:9000' },
                { name: 'S3_ACCESS_KEY', value: 'hush-hush' },
                { name: 'S3_SECRET_KEY', value: 'hush-hush' },
              ],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  });
}

/** Makes all of them, and waits until all pods are ready. */
export async function makeByHand(world: World): Promise<void> {
  await Promise.all([makeAdmin(world), makeProxy(world), makeMailbox(world), makeIngress(world)]);
  await world.eventually(async () => {
    const pods = await world.list(Pod);
    expect(pods.filter(isReady)).toHaveLength(4);
  });
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some((each) => each.type === 'Ready' && each.status === 'True') === true;
}

const adoption = {
  workloads: [
    { component: 'prism-admin', name: 'prism-admin', selector: { app: 'prism-admin' }, claim: 'prism-admin-data' },
    {
      ...{ component: 'prism-proxy', name: 'prism-proxy', selector: { app: 'prism-proxy' } },
      ...{ container: 'proxy', service: 'prism-proxy' },
    },
    { component: 'mailbox-runner', name: 'mailbox-runner', selector: { app: 'mailbox-runner' } },
  ],
  ...{ autoscaler: 'prism-proxy-hpa', ingress: 'prism-ingress' },
};

/** The cluster that says of all of them what they are. */
export function handMade(spec: Partial<WantedPrism['spec']> = {}): WantedPrism {
  return wantedPrism('prism', {
    ...{ profile: 'memo035', backends: {}, adoption },
    admin: { image: 'local/prism-admin:1', imagePullPolicy: 'Never', resources: {} },
    proxy: {
      ...{ image: 'local/prism-proxy:1', replicas: 2, resources, args: ['--listen=50052'], port: 50_052 },
      env: [{ name: 'RUST_LOG', value: 'debug' }],
      autoscaling: { minReplicas: 2, maxReplicas: 10, targetCPU: 70 },
    },
    ingress: { className: 'nginx', host: 'prism.local' },
    patterns: [
      { name: 'mailbox', type: 'StatefulSet', image: 'local/mailbox-runner:1', storage: { size: '1Gi' }, resources },
    ],
    ...spec,
  });
}

/** The same with a choice of how it is taken over. */
export function handMadeWith(more: Partial<NonNullable<WantedPrism['spec']['adoption']>>): WantedPrism {
  return handMade({ adoption: { ...adoption, ...more } });
}

/** What would be others if anything had been restarted or touched: pods and ReplicaSets, and every version of every claim. */
export async function whatRuns(world: World): Promise<readonly string[]> {
  const pods = (await world.list(Pod)).map(({ metadata }) => `Pod ${metadata.name} ${metadata.uid}`);
  const sets = (await world.list(ReplicaSet)).map(({ metadata }) => `ReplicaSet ${metadata.name} ${metadata.uid}`);
  const claims = (await world.list(PersistentVolumeClaim)).map(
    ({ metadata }) => `Claim ${metadata.name} ${metadata.resourceVersion}`,
  );
  return [...pods, ...sets, ...claims].sort();
}

/** The pods of one component, as those who made them label them. */
export async function podsOf(world: World, app: string): Promise<readonly string[]> {
  return (await whatRuns(world)).filter((each) => each.startsWith(`Pod ${app}-`));
}
