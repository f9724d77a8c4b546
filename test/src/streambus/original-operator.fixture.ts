import {
  ConfigMap,
  type Draft,
  type KubeClient,
  type KubeObject,
  type ObjectMeta,
  type ResourceType,
  Service,
  StatefulSet,
} from '@capstan/kube';

/** What a user wrote for the original operator; the CRD's defaults fill in the rest of the parts that are named. */
export interface OriginalSpec {
  readonly replicas: number;
  readonly version?: string;
  readonly image?: { readonly repository?: string; readonly tag?: string };
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly storage?: { readonly class?: string; readonly size?: string; readonly raftSize?: string };
  readonly config?: {
    readonly logLevel?: string;
    readonly port?: number;
    readonly httpPort?: number;
    readonly grpcPort?: number;
  };
  readonly security?: {
    readonly enabled?: boolean;
    readonly tls?: { readonly enabled?: boolean; readonly secretName?: string };
    readonly authentication?: {
      readonly enabled?: boolean;
      readonly sasl?: { readonly mechanism?: string; readonly secretName?: string };
    };
  };
  readonly multiTenancy?: { readonly enabled?: boolean };
  readonly observability?: {
    readonly metrics?: { readonly enabled?: boolean; readonly serviceMonitor?: boolean };
    readonly tracing?: { readonly enabled?: boolean; readonly endpoint?: string };
  };
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly podAnnotations?: Readonly<Record<string, string>>;
}

/** A StreamBusCluster as the original operator saw it. */
interface OriginalCluster extends KubeObject {
  readonly spec: OriginalSpec;
  readonly status?: object;
}

const OriginalCluster: ResourceType<OriginalCluster> = {
  ...{ group: 'streambus.io', version: 'v1alpha1', kind: 'StreamBusCluster', plural: 'streambusclusters' },
  namespaced: true,
};

/** Field manager of a Go binary called `manager` that sends whole objects. */
const asOriginal = { fieldManager: 'manager' } as const;

export const originalFinalizer = 'streambus.io/finalizer';

/** The labels of everything that the original made; they were its selectors as well. */
export function originalLabels(name: string): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/name': 'streambus',
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/managed-by': 'streambus-operator',
    'app.kubernetes.io/component': 'broker',
  };
}

/** Which cluster, and what its user wrote. */
interface OriginalOrder {
  readonly namespace: string;
  readonly name: string;
  readonly spec: OriginalSpec;
}

/**
 * Does what the user and the original operator did for one cluster: the resource with its finalizer and its status, and all
 * its children. The CRD must be the original's.
 */
export async function madeByTheOriginal(client: KubeClient, { namespace, name, spec }: OriginalOrder): Promise<void> {
  const wanted: Draft<OriginalCluster> = {
    apiVersion: 'streambus.io/v1alpha1',
    kind: 'StreamBusCluster',
    metadata: { namespace, name },
    spec,
  };
  const created = await client.create(OriginalCluster, wanted, { fieldManager: 'kubectl-client-side-apply' });
  const held = { ...created, metadata: { ...created.metadata, finalizers: [originalFinalizer] } };
  const cluster = await client.replace(OriginalCluster, { ...held, spec: asGoWritesIt(created.spec) }, asOriginal);
  await client.create(ConfigMap, configMapOf(cluster), asOriginal);
  await client.create(Service, headlessServiceOf(cluster), asOriginal);
  await client.create(Service, clientServiceOf(cluster), asOriginal);
  await client.create(StatefulSet, statefulSetOf(cluster), asOriginal);
  const reported = { ...cluster, status: statusOf(cluster) };
  await client.replace(OriginalCluster, reported, { ...asOriginal, subresource: 'status' });
}

/** Structs that are no pointers are written although they are empty, and the server then fills in their defaults. */
function asGoWritesIt(spec: OriginalSpec): OriginalSpec {
  const { security, observability } = spec;
  return {
    ...spec,
    image: { ...spec.image },
    resources: { requests: { ...spec.resources?.requests }, limits: { ...spec.resources?.limits } },
    storage: { ...spec.storage },
    config: { ...spec.config },
    security: {
      ...security,
      tls: { ...security?.tls },
      authentication: { ...security?.authentication, sasl: { ...security?.authentication?.sasl } },
    },
    multiTenancy: { ...spec.multiTenancy },
    observability: { metrics: { ...observability?.metrics }, tracing: { ...observability?.tracing } },
  };
}

function childMetadata({ metadata: { namespace, name, uid = '' } }: OriginalCluster, childName: string): ObjectMeta {
  const owner = { apiVersion: 'streambus.io/v1alpha1', kind: 'StreamBusCluster', name, uid };
  return {
    ...(namespace !== undefined && { namespace }),
    name: childName,
    labels: originalLabels(name),
    ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
  };
}

function portsOf({ spec: { config } }: OriginalCluster) {
  const { port = 9092, httpPort = 8081, grpcPort = 9093 } = config ?? {};
  return { port, httpPort, grpcPort };
}

/** Keys that no broker has ever read. */
function configMapOf(cluster: OriginalCluster): Draft<ConfigMap> {
  const { port, httpPort, grpcPort } = portsOf(cluster);
  const { config, multiTenancy } = cluster.spec;
  const lines = [
    `log_level: ${config?.logLevel ?? 'info'}`,
    `port: ${port}`,
    `http_port: ${httpPort}`,
    `grpc_port: ${grpcPort}`,
    'data_dir: /data',
    'raft_data_dir: /raft',
    `multi_tenancy_enabled: ${multiTenancy?.enabled === true}`,
  ];
  const metadata = childMetadata(cluster, `${cluster.metadata.name}-config`);
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'broker.yaml': `${lines.join('\n')}\n` } };
}

const raftPort = 7000;

function headlessServiceOf(cluster: OriginalCluster): Draft<Service> {
  const { name } = cluster.metadata;
  const { port } = portsOf(cluster);
  const ports = [
    { name: 'broker', port, targetPort: 'broker' },
    { name: 'raft', port: raftPort, targetPort: 'raft' },
  ];
  const spec = { clusterIP: 'None', selector: originalLabels(name), ports };
  return { apiVersion: 'v1', kind: 'Service', metadata: childMetadata(cluster, `${name}-headless`), spec };
}

function clientServiceOf(cluster: OriginalCluster): Draft<Service> {
  const { name } = cluster.metadata;
  const { port, httpPort } = portsOf(cluster);
  const ports = [
    { name: 'broker', port, targetPort: 'broker' },
    { name: 'http', port: httpPort, targetPort: 'http' },
  ];
  const spec = { type: 'ClusterIP' as const, selector: originalLabels(name), ports };
  return { apiVersion: 'v1', kind: 'Service', metadata: childMetadata(cluster, name), spec };
}

function statefulSetOf(cluster: OriginalCluster): Draft<StatefulSet> {
  const { name } = cluster.metadata;
  const { replicas, storage, podLabels, podAnnotations } = cluster.spec;
  const labels = originalLabels(name);
  const template = {
    metadata: { labels: { ...labels, ...podLabels }, ...(podAnnotations && { annotations: podAnnotations }) },
    spec: {
      containers: [containerOf(cluster)],
      volumes: [{ name: 'config', configMap: { name: `${name}-config` } }],
    },
  };
  const { class: storageClass = 'standard', size = '10Gi', raftSize = '5Gi' } = storage ?? {};
  const spec = {
    serviceName: `${name}-headless`,
    replicas,
    selector: { matchLabels: labels },
    template,
    volumeClaimTemplates: [
      claimTemplate('data', storageClass, size),
      claimTemplate('raft-data', storageClass, raftSize),
    ],
  };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: childMetadata(cluster, name), spec };
}

function claimTemplate(name: string, storageClassName: string, storage: string) {
  const spec = { accessModes: ['ReadWriteOnce' as const], storageClassName, resources: { requests: { storage } } };
  return { metadata: { name }, spec };
}

function containerOf(cluster: OriginalCluster) {
  const { image, resources } = cluster.spec;
  const { port, httpPort, grpcPort } = portsOf(cluster);
  return {
    name: 'streambus',
    image: `${image?.repository}:${image?.tag}`,
    imagePullPolicy: 'IfNotPresent' as const,
    ports: [
      { name: 'broker', containerPort: port },
      { name: 'http', containerPort: httpPort },
      { name: 'grpc', containerPort: grpcPort },
      { name: 'raft', containerPort: raftPort },
    ],
    env: environmentOf(cluster),
    resources: { ...resources },
    livenessProbe: {
      httpGet: { path: '/health', port: 'http' },
      ...{ initialDelaySeconds: 30, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
    },
    readinessProbe: {
      httpGet: { path: '/health/ready', port: 'http' },
      ...{ initialDelaySeconds: 10, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
    },
    volumeMounts: [
      { name: 'data', mountPath: '/data' },
      { name: 'raft-data', mountPath: '/raft' },
      { name: 'config', mountPath: '/etc/streambus' },
    ],
  };
}

function environmentOf(cluster: OriginalCluster) {
  const { config, multiTenancy, observability } = cluster.spec;
  const { port, httpPort } = portsOf(cluster);
  const { tracing } = observability ?? {};
  return [
    { name: 'STREAMBUS_LOG_LEVEL', value: config?.logLevel ?? 'info' },
    { name: 'STREAMBUS_PORT', value: `${port}` },
    { name: 'STREAMBUS_HTTP_PORT', value: `${httpPort}` },
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    ...(multiTenancy?.enabled === true ? [{ name: 'STREAMBUS_MULTI_TENANCY_ENABLED', value: 'true' }] : []),
    ...(tracing?.enabled === true
      ? [
          { name: 'STREAMBUS_TRACING_ENABLED', value: 'true' },
          { name: 'STREAMBUS_TRACING_ENDPOINT', value: tracing.endpoint ?? '' },
        ]
      : []),
  ];
}

/** As long as not one broker was ready, which it never was. */
function statusOf(cluster: OriginalCluster): object {
  const { namespace, name, generation } = cluster.metadata;
  const { port, httpPort } = portsOf(cluster);
  const host = `${name}.${namespace}.svc.cluster.local`;
  return {
    phase: 'Creating',
    replicas: cluster.spec.replicas,
    readyReplicas: 0,
    observedGeneration: generation,
    endpoints: {
      brokers: `${host}:${port}`,
      http: `http://${host}:${httpPort}`,
      metrics: `http://${host}:${httpPort}/metrics`,
    },
  };
}
