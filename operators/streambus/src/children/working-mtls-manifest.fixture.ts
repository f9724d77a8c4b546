/**
 * The StatefulSet and Services of a cluster behind proxies that was seen to work with the real broker on a real node: clients show
 * certificates, raft does without. What the operator makes of `security.tls` is held against them, field by field.
 */
const selector = { 'app.kubernetes.io/name': 'streambus-broker', 'app.kubernetes.io/instance': 'sp' };

const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

const proxy = {
  name: 'proxy',
  image: 'local/haproxy:3.2',
  restartPolicy: 'Always',
  args: ['-W', '-S', '/run/haproxy/master.sock', '-f', '/etc/haproxy/haproxy.cfg'],
  env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
  lifecycle: { preStop: { sleep: { seconds: 20 } } },
  ports: [
    { name: 'broker', containerPort: 9092 },
    { name: 'raft', containerPort: 9093 },
    { name: 'ready', containerPort: 8404 },
  ],
  readinessProbe: {
    httpGet: { path: '/ready', port: 'ready' },
    periodSeconds: 2,
    failureThreshold: 2,
    timeoutSeconds: 3,
  },
  livenessProbe: { tcpSocket: { port: 'ready' }, periodSeconds: 10, failureThreshold: 3 },
  startupProbe: { tcpSocket: { port: 'ready' }, periodSeconds: 1, failureThreshold: 30 },
  securityContext: restricted,
  volumeMounts: [
    { name: 'proxy', mountPath: '/etc/haproxy', readOnly: true },
    { name: 'tls', mountPath: '/tls', readOnly: true },
    { name: 'run', mountPath: '/run/haproxy' },
  ],
};

const broker = {
  name: 'streambus',
  image: 'local/streambus-broker:1',
  args: ['--config=/config/$(POD_NAME).yaml'],
  env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
  ports: [{ name: 'http', containerPort: 8081 }],
  startupProbe: { httpGet: { path: '/health/live', port: 'http' }, periodSeconds: 2, failureThreshold: 30 },
  livenessProbe: {
    httpGet: { path: '/health/live', port: 'http' },
    periodSeconds: 10,
    failureThreshold: 3,
    timeoutSeconds: 5,
  },
  securityContext: restricted,
  volumeMounts: [
    { name: 'data', mountPath: '/data' },
    { name: 'raft', mountPath: '/raft' },
    { name: 'config', mountPath: '/config', readOnly: true },
  ],
};

const keys = [
  { key: 'tls.crt', path: 'tls.crt' },
  { key: 'tls.key', path: 'tls.crt.key' },
  { key: 'ca.crt', path: 'ca.crt' },
];

const podSpec = {
  terminationGracePeriodSeconds: 50,
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 1000,
    runAsGroup: 1000,
    fsGroup: 1000,
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  },
  initContainers: [proxy],
  containers: [broker],
  volumes: [
    { name: 'config', configMap: { name: 'sp-config' } },
    { name: 'proxy', configMap: { name: 'sp-proxy' } },
    { name: 'run', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
    { name: 'tls', secret: { secretName: 'sp-tls', defaultMode: 0o440, items: keys } },
  ],
};

const claim = (name: string) => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
});

export const workingMtlsManifest = {
  'Service/sp-headless': {
    metadata: { name: 'sp-headless', labels: selector },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector,
      ports: [
        { name: 'broker', port: 9092 },
        { name: 'raft', port: 9093 },
      ],
    },
  },
  'Service/sp': {
    metadata: { name: 'sp', labels: selector },
    spec: { sessionAffinity: 'ClientIP', selector, ports: [{ name: 'broker', port: 9092 }] },
  },
  'StatefulSet/sp': {
    metadata: { name: 'sp', labels: selector },
    spec: {
      serviceName: 'sp-headless',
      replicas: 3,
      podManagementPolicy: 'Parallel',
      selector: { matchLabels: selector },
      template: { metadata: { labels: selector, annotations: { stamp: '1' } }, spec: podSpec },
      volumeClaimTemplates: [claim('data'), claim('raft')],
    },
  },
};
