/** A spec that admission must refuse, and the field it must point at. */
interface RefusedSpec {
  readonly title: string;
  readonly name?: string;
  readonly spec: object;
  readonly path: string;
}

const aPattern = (fields: object) => ({ patterns: [{ name: 'keyvalue', ...fields }] });
const scaled = (fields: object, proxy: object = {}) => ({ proxy: { autoscaling: fields, ...proxy } });

const names: readonly RefusedSpec[] = [
  { title: 'a name that starts with a digit', name: '1prism', spec: {}, path: 'metadata.name' },
  { title: 'a name with a dot', name: 'prism.eu', spec: {}, path: 'metadata.name' },
  { title: 'a name too long for its objects', name: 'p'.repeat(41), spec: {}, path: 'metadata.name' },
  { title: 'an unknown profile', spec: { profile: 'downstream' }, path: 'spec.profile' },
  { title: 'an unknown policy', spec: { deletionPolicy: 'Recycle' }, path: 'spec.deletionPolicy' },
];

const admin: readonly RefusedSpec[] = [
  { title: 'no admin at all', spec: { admin: { replicas: 0 } }, path: 'spec.admin.replicas' },
  { title: 'an even number of admins', spec: { admin: { replicas: 2 } }, path: 'spec.admin.replicas' },
  { title: 'more admins than vote well', spec: { admin: { replicas: 7 } }, path: 'spec.admin.replicas' },
  { title: 'an unknown storage', spec: { admin: { storage: { type: 'etcd' } } }, path: 'spec.admin.storage.type' },
  { title: 'a volume of nothing', spec: { admin: { storage: { size: '0' } } }, path: 'spec.admin.storage.size' },
  {
    title: 'a quantity that is none',
    spec: { admin: { resources: { limits: { memory: 'much' } } } },
    path: 'spec.admin.resources.limits.memory',
  },
  { title: 'a port that needs privileges', spec: { admin: { port: 443 } }, path: 'spec.admin.port' },
  { title: 'an image with a space', spec: { admin: { image: 'prism admin' } }, path: 'spec.admin.image' },
  {
    title: "a label of the operator's",
    spec: { admin: { podLabels: { 'app.kubernetes.io/name': 'x' } } },
    path: 'spec.admin.podLabels',
  },
  {
    title: "an annotation of the operator's",
    spec: { proxy: { podAnnotations: { 'prism.io/config-hash': 'x' } } },
    path: 'spec.proxy.podAnnotations',
  },
  { title: 'a variable without a name', spec: { proxy: { env: [{ value: 'x' }] } }, path: 'spec.proxy.env[0].name' },
];

const proxy: readonly RefusedSpec[] = [
  { title: 'no proxy at all', spec: { proxy: { replicas: 0 } }, path: 'spec.proxy.replicas' },
  {
    title: 'fewer at most than at least',
    spec: scaled({ minReplicas: 5, maxReplicas: 2 }),
    path: 'spec.proxy.autoscaling.minReplicas',
  },
  {
    title: 'more at least than at most by default',
    spec: scaled({ minReplicas: 20 }),
    path: 'spec.proxy.autoscaling.minReplicas',
  },
  {
    title: 'scaling by memory without a request of it',
    spec: scaled({ targetMemory: 80 }, { resources: { requests: { cpu: '1' } } }),
    path: 'spec.proxy.resources',
  },
  {
    title: 'scaling by CPU without a request of it',
    spec: scaled({ targetCPU: 80 }, { resources: {} }),
    path: 'spec.proxy.resources',
  },
  {
    title: 'scaling by CPU, as it is unless told, without a request of it',
    spec: scaled({}, { resources: { requests: { memory: '1Gi' } } }),
    path: 'spec.proxy.resources',
  },
  { title: 'a share of nothing', spec: scaled({ targetCPU: 0 }), path: 'spec.proxy.autoscaling.targetCPU' },
];

const patterns: readonly RefusedSpec[] = [
  { title: 'a pattern without a name', spec: { patterns: [{}] }, path: 'spec.patterns[0].name' },
  { title: 'a pattern twice', spec: { patterns: [{ name: 'a' }, { name: 'a' }] }, path: 'spec.patterns[1]' },
  { title: 'a pattern with a space', spec: { patterns: [{ name: 'a b' }] }, path: 'spec.patterns[0].name' },
  { title: 'a name too long', spec: { patterns: [{ name: 'a'.repeat(41) }] }, path: 'spec.patterns[0].name' },
  { title: 'a kind of workload that is none', spec: aPattern({ type: 'DaemonSet' }), path: 'spec.patterns[0].type' },
  { title: 'an unknown backend', spec: aPattern({ backends: ['mysql'] }), path: 'spec.patterns[0].backends[0]' },
  {
    title: 'a backend twice',
    spec: aPattern({ backends: ['redis', 'redis'] }),
    path: 'spec.patterns[0].backends[1]',
  },
  { title: 'fewer than none', spec: aPattern({ replicas: -1 }), path: 'spec.patterns[0].replicas' },
  {
    title: 'one volume for several pods',
    spec: aPattern({ type: 'Deployment', replicas: 2, storage: {} }),
    path: 'spec.patterns[0].replicas',
  },
];

const backends: readonly RefusedSpec[] = [
  ...(['redis', 'postgres', 'minio'] as const).map((kind) => ({
    title: `several ${kind} servers that would know nothing of each other`,
    spec: { backends: { [kind]: { replicas: 2 } } },
    path: `spec.backends.${kind}.replicas`,
  })),
  ...(['nats', 'kafka'] as const).map((kind) => ({
    title: `two ${kind} servers, which both stop with either`,
    spec: { backends: { [kind]: { replicas: 2 } } },
    path: `spec.backends.${kind}.replicas`,
  })),
  {
    title: 'Kafka 4 with ZooKeeper',
    spec: { backends: { kafka: { mode: 'ZooKeeper', version: '4.0.0' } } },
    path: 'spec.backends.kafka.version',
  },
  {
    title: 'the latest Kafka with ZooKeeper',
    spec: { backends: { kafka: { mode: 'ZooKeeper', version: 'latest' } } },
    path: 'spec.backends.kafka.version',
  },
  {
    title: 'an endpoint without a port',
    spec: { backends: { redis: { external: { endpoint: 'cache.example' } } } },
    path: 'spec.backends.redis.external.endpoint',
  },
  {
    title: 'an endpoint with a password in it',
    spec: { backends: { nats: { external: { endpoint: 'user:secret@nats.example:4222' } } } },
    path: 'spec.backends.nats.external.endpoint',
  },
  {
    title: 'a database elsewhere without credentials',
    spec: { backends: { postgres: { external: { endpoint: 'db.example:5432' } } } },
    path: 'spec.backends.postgres.external',
  },
  {
    title: 'two Secrets for one backend',
    spec: { backends: { redis: { existingSecret: 'a', external: { endpoint: 'cache.example:6379' } } } },
    path: 'spec.backends.redis.existingSecret',
  },
  {
    title: 'a database whose name would need quotes',
    spec: { backends: { postgres: { database: 'my-db' } } },
    path: 'spec.backends.postgres.database',
  },
];

const edge: readonly RefusedSpec[] = [
  { title: 'TLS without a certificate', spec: { ingress: { tls: {} } }, path: 'spec.ingress.tls.secretName' },
  {
    title: 'a certificate without a name in it',
    spec: { ingress: { tls: { issuerRef: { name: 'ca' } } } },
    path: 'spec.ingress.host',
  },
  { title: 'an admin exposed without a name', spec: { ingress: { exposeAdmin: true } }, path: 'spec.ingress.host' },
  { title: 'a host with a path', spec: { ingress: { host: 'prism.local/x' } }, path: 'spec.ingress.host' },
  {
    title: 'routes to no Gateway',
    spec: { ingress: { gateway: { parentRefs: [] } } },
    path: 'spec.ingress.gateway.parentRefs',
  },
  {
    title: 'an interval that is none',
    spec: { observability: { prometheus: { scrapeInterval: 'often' } } },
    path: 'spec.observability.prometheus.scrapeInterval',
  },
  {
    title: 'dashboards without a label',
    spec: { observability: { grafana: { dashboardLabels: {} } } },
    path: 'spec.observability.grafana.dashboardLabels',
  },
  {
    title: 'a password in the address of Loki',
    spec: { observability: { loki: { url: 'http://user:secret@loki' } } },
    path: 'spec.observability.loki.url',
  },
  {
    title: 'clients without labels',
    spec: { networkPolicy: { clientsFrom: [{}] } },
    path: 'spec.networkPolicy.clientsFrom[0]',
  },
  {
    title: 'monitors of any namespace by labels that are none',
    spec: { networkPolicy: { monitoringFrom: [{ namespaceLabels: {}, podLabels: { app: 'prometheus' } }] } },
    path: 'spec.networkPolicy.monitoringFrom[0].namespaceLabels',
  },
];

export const refusedSpecs: readonly RefusedSpec[] = [...names, ...admin, ...proxy, ...patterns, ...backends, ...edge];
