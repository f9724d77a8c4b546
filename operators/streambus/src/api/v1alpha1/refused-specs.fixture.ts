/** A spec that admission must refuse, and the field it must point at. */
interface RefusedSpec {
  readonly title: string;
  readonly name?: string;
  readonly spec: object;
  readonly path: string;
}

export const refusedSpecs: readonly RefusedSpec[] = [
  { title: 'no broker at all', spec: { replicas: 0 }, path: 'spec.replicas' },
  { title: 'more brokers than fit', spec: { replicas: 51 }, path: 'spec.replicas' },
  { title: 'a name that starts with a digit', name: '1orders', spec: {}, path: 'metadata.name' },
  { title: 'a name with a dot', name: 'orders.eu', spec: {}, path: 'metadata.name' },
  { title: 'a name too long for its pods', name: 'o'.repeat(51), spec: {}, path: 'metadata.name' },
  { title: 'an image tag with a space', spec: { image: { tag: 'v 1' } }, path: 'spec.image.tag' },
  { title: 'an empty image', spec: { image: { repository: '' } }, path: 'spec.image.repository' },
  { title: 'an unknown pull policy', spec: { image: { pullPolicy: 'Sometimes' } }, path: 'spec.image.pullPolicy' },
  {
    title: 'a quantity that is none',
    spec: { resources: { limits: { memory: 'much' } } },
    path: 'spec.resources.limits.memory',
  },
  { title: 'a volume of nothing', spec: { storage: { size: '0' } }, path: 'spec.storage.size' },
  { title: 'a volume of less than nothing', spec: { storage: { raftSize: '-1Gi' } }, path: 'spec.storage.raftSize' },
  { title: 'an unknown log level', spec: { config: { logLevel: 'loud' } }, path: 'spec.config.logLevel' },
  { title: 'a port that needs privileges', spec: { config: { port: 443 } }, path: 'spec.config.port' },
  { title: 'a port that is none', spec: { config: { httpPort: 70000 } }, path: 'spec.config.httpPort' },
  { title: 'one port for two things', spec: { config: { port: 9093 } }, path: 'spec.config' },
  {
    title: 'TLS without a certificate',
    spec: { security: { tls: { enabled: true } } },
    path: 'spec.security.tls.certSecretName',
  },
  {
    title: 'TLS with a Secret of no name',
    spec: { security: { tls: { enabled: true, secretName: '' } } },
    path: 'spec.security.tls.certSecretName',
  },
  {
    title: 'mtls without TLS',
    spec: { security: { authentication: { enabled: true, method: 'mtls' } } },
    path: 'spec.security.tls',
  },
  {
    title: 'mtls among the ways to authenticate, without TLS',
    spec: { security: { authentication: { enabled: true, allowedMethods: ['jwt', 'mtls'] } } },
    path: 'spec.security.tls',
  },
  {
    title: 'authentication without a method',
    spec: { security: { authentication: { enabled: true } } },
    path: 'spec.security.authentication.method',
  },
  {
    title: 'the port of the proxy for something else',
    spec: { config: { httpPort: 8404 }, security: { tls: { enabled: true, certSecretName: 'tls' } } },
    path: 'spec.config',
  },
  {
    title: 'a client name with a space',
    spec: { security: { authorization: { allowedNames: ['alice smith'] } } },
    path: 'spec.security.authorization.allowedNames[0]',
  },
  {
    title: 'a denied name that would end a line',
    spec: { security: { authorization: { deniedNames: ['mallory\nalice'] } } },
    path: 'spec.security.authorization.deniedNames[0]',
  },
  {
    title: 'an unknown word for what is not enforced',
    spec: { security: { acceptUnenforced: ['everything'] } },
    path: 'spec.security.acceptUnenforced[0]',
  },
  {
    title: 'a HAProxy version that nothing is written for',
    spec: { security: { proxy: { version: '1.8' } } },
    path: 'spec.security.proxy.version',
  },
  {
    title: 'an administrator without labels',
    spec: { security: { networkPolicy: { adminFrom: [{}] } } },
    path: 'spec.security.networkPolicy.adminFrom[0]',
  },
  {
    title: 'an administrator whose labels are none',
    spec: { security: { networkPolicy: { adminFrom: [{ podLabels: {} }] } } },
    path: 'spec.security.networkPolicy.adminFrom[0].podLabels',
  },
  {
    title: 'administrators of any namespace',
    spec: { security: { networkPolicy: { adminFrom: [{ namespaceLabels: {}, podLabels: { app: 'admin' } }] } } },
    path: 'spec.security.networkPolicy.adminFrom[0].namespaceLabels',
  },
  {
    title: 'client namespaces whose labels are none',
    spec: { multiTenancy: { isolation: { clientNamespaces: [{ team: 'shop' }, {}] } } },
    path: 'spec.multiTenancy.isolation.clientNamespaces[1]',
  },
  {
    title: 'no way at all to authenticate',
    spec: { security: { authentication: { enabled: true, allowedMethods: [] } } },
    path: 'spec.security.authentication.allowedMethods',
  },
  {
    title: 'an allowed name with a wildcard, which nobody would match',
    spec: { security: { authorization: { allowedNames: ['*.example'] } } },
    path: 'spec.security.authorization.allowedNames[0]',
  },
  {
    title: 'a denied name with a wildcard, which nobody would match',
    spec: { security: { authorization: { deniedNames: ['orders', 'DNS:*.example'] } } },
    path: 'spec.security.authorization.deniedNames[1]',
  },
  { title: 'an unknown membership', spec: { raft: { membership: 'Loose' } }, path: 'spec.raft.membership' },
  {
    title: 'an unknown policy for deleted clusters',
    spec: { storage: { deletionPolicy: 'Recycle' } },
    path: 'spec.storage.deletionPolicy',
  },
  {
    title: 'a tenant with a space',
    spec: { multiTenancy: { tenantOverrides: [{ tenantId: 'big spender' }] } },
    path: 'spec.multiTenancy.tenantOverrides[0].tenantId',
  },
  {
    title: 'a list of client namespaces that is empty',
    spec: { multiTenancy: { isolation: { clientNamespaces: [] } } },
    path: 'spec.multiTenancy.isolation.clientNamespaces',
  },
  {
    title: 'an unknown way to authenticate',
    spec: { security: { authentication: { method: 'trust' } } },
    path: 'spec.security.authentication.method',
  },
  {
    title: 'a policy that is none',
    spec: { security: { authorization: { defaultPolicy: 'maybe' } } },
    path: 'spec.security.authorization.defaultPolicy',
  },
  {
    title: 'a quota of nothing',
    spec: { multiTenancy: { defaultQuotas: { maxTopics: 0 } } },
    path: 'spec.multiTenancy.defaultQuotas.maxTopics',
  },
  {
    title: 'one tenant twice',
    spec: { multiTenancy: { tenantOverrides: [{ tenantId: 'a' }, { tenantId: 'a' }] } },
    path: 'spec.multiTenancy.tenantOverrides[1]',
  },
  {
    title: 'more than all requests traced',
    spec: { observability: { tracing: { samplingRate: 1.5 } } },
    path: 'spec.observability.tracing.samplingRate',
  },
  {
    title: 'an interval that is none',
    spec: { observability: { metrics: { interval: 'often' } } },
    path: 'spec.observability.metrics.interval',
  },
  {
    title: 'a label the operator sets',
    spec: { podLabels: { 'app.kubernetes.io/name': 'x' } },
    path: 'spec.podLabels',
  },
  { title: 'a label value that is none', spec: { podLabels: { team: 'a b' } }, path: 'spec.podLabels.team' },
  {
    title: 'the annotation that rolls the pods',
    spec: { podAnnotations: { 'streambus.io/config-hash': 'x' } },
    path: 'spec.podAnnotations',
  },
  {
    title: 'a node affinity without terms',
    spec: { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: {} } } },
    path: 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms',
  },
];
