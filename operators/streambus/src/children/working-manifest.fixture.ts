/**
 * The StatefulSet and Services that were seen to work with the real broker on a real node: started, restarted one by one,
 * and read back. What the operator makes is held against them, field by field.
 */
const selector = { 'app.kubernetes.io/name': 'streambus-broker', 'app.kubernetes.io/instance': 'sb' };

const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

const linger = {
  name: 'linger',
  image: 'local/pause:1',
  imagePullPolicy: 'IfNotPresent',
  restartPolicy: 'Always',
  lifecycle: { preStop: { sleep: { seconds: 20 } } },
  resources: { requests: { cpu: '1m', memory: '4Mi' }, limits: { cpu: '10m', memory: '16Mi' } },
  securityContext: restricted,
};

const broker = {
  name: 'streambus',
  image: 'local/streambus-broker:1',
  imagePullPolicy: 'IfNotPresent',
  args: ['--config=/config/$(POD_NAME).yaml'],
  env: [{ name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
  ports: [
    { name: 'broker', containerPort: 9092 },
    { name: 'raft', containerPort: 9093 },
    { name: 'http', containerPort: 8081 },
  ],
  startupProbe: {
    httpGet: { path: '/health/live', port: 'http' },
    periodSeconds: 2,
    failureThreshold: 30,
    timeoutSeconds: 3,
  },
  livenessProbe: {
    httpGet: { path: '/health/live', port: 'http' },
    periodSeconds: 10,
    failureThreshold: 3,
    timeoutSeconds: 5,
  },
  readinessProbe: { tcpSocket: { port: 'broker' }, periodSeconds: 2, failureThreshold: 3, timeoutSeconds: 3 },
  securityContext: restricted,
  volumeMounts: [
    { name: 'data', mountPath: '/data' },
    { name: 'raft', mountPath: '/raft' },
    { name: 'config', mountPath: '/config', readOnly: true },
  ],
};

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
    sysctls: [{ name: 'net.ipv4.tcp_fin_timeout', value: '1' }],
  },
  initContainers: [linger],
  containers: [broker],
  volumes: [{ name: 'config', configMap: { name: 'sb-config' } }],
};

const claim = (name: string) => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
});

export const workingManifest = {
  'Service/sb-headless': {
    metadata: { name: 'sb-headless', labels: selector },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector,
      ports: [
        { name: 'broker', port: 9092 },
        { name: 'raft', port: 9093 },
        { name: 'http', port: 8081 },
      ],
    },
  },
  'Service/sb': {
    metadata: { name: 'sb', labels: selector },
    spec: { sessionAffinity: 'ClientIP', selector, ports: [{ name: 'broker', port: 9092 }] },
  },
  'StatefulSet/sb': {
    metadata: { name: 'sb', labels: selector },
    spec: {
      serviceName: 'sb-headless',
      replicas: 3,
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate' },
      selector: { matchLabels: selector },
      template: { metadata: { labels: selector, annotations: { stamp: '1' } }, spec: podSpec },
      volumeClaimTemplates: [claim('data'), claim('raft')],
    },
  },
};
