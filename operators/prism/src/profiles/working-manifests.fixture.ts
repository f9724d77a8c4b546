/**
 * The objects that were seen to work with the real binaries on a real node: three prism-admin that elected a leader, a proxy that
 * drained when it was stopped, runners that consumed. What the operator makes is held against them, field by field.
 */
const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

const nobody = { runAsNonRoot: true, runAsUser: 65_534, seccompProfile: { type: 'RuntimeDefault' } };

const adminLabels = { app: 'prism-admin' };
const peer = (id: number) => `${id}=prism-admin-${id}.prism-admin-peers:8990`;

const adminContainer = {
  name: 'prism-admin',
  image: 'local/prism-admin:1',
  args: ['serve', '--db=sqlite:///data/admin.db', '--data-dir=/data/raft', '--grpc-port=8980', '--metrics-port=9090'],
  env: [
    { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    {
      name: 'PRISM_NODE_ID',
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['apps.kubernetes.io/pod-index']" } },
    },
    { name: 'PRISM_BIND_ADDR', value: '$(POD_IP):8990' },
    { name: 'PRISM_ADVERTISE_ADDR', value: '$(POD_NAME).prism-admin-peers:8990' },
    { name: 'PRISM_PEERS', value: [1, 2, 3].map(peer).join(',') },
  ],
  ports: [
    { name: 'grpc', containerPort: 8980 },
    { name: 'raft', containerPort: 8990 },
    { name: 'metrics', containerPort: 9090 },
  ],
  readinessProbe: { httpGet: { path: '/metrics', port: 'metrics' }, periodSeconds: 2 },
  resources: { requests: { cpu: '20m', memory: '64Mi' }, limits: { memory: '256Mi' } },
  securityContext: restricted,
  volumeMounts: [{ name: 'data', mountPath: '/data' }],
};

export const workingAdmin = {
  'Service/prism-admin-peers': {
    metadata: { name: 'prism-admin-peers' },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: adminLabels,
      ports: [
        { name: 'raft', port: 8990 },
        { name: 'grpc', port: 8980 },
      ],
    },
  },
  'Service/prism-admin': {
    metadata: { name: 'prism-admin' },
    spec: {
      selector: adminLabels,
      ports: [
        { name: 'grpc', port: 8981, targetPort: 8980 },
        { name: 'metrics', port: 9090 },
      ],
    },
  },
  'StatefulSet/prism-admin': {
    metadata: { name: 'prism-admin' },
    spec: {
      serviceName: 'prism-admin-peers',
      replicas: 3,
      podManagementPolicy: 'Parallel',
      ordinals: { start: 1 },
      selector: { matchLabels: adminLabels },
      template: {
        metadata: { labels: adminLabels },
        spec: {
          securityContext: { ...nobody, runAsGroup: 65_534, fsGroup: 65_534 },
          automountServiceAccountToken: false,
          containers: [adminContainer],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      ],
    },
  },
};

const proxyLabels = { app: 'prism-proxy' };

/** The image of this proxy says `StopSignal: SIGINT`. */
const proxyContainer = {
  name: 'prism-proxy',
  image: 'local/prism-proxy:sigint',
  ports: [{ name: 'grpc', containerPort: 8980 }],
  readinessProbe: { tcpSocket: { port: 'grpc' }, periodSeconds: 2 },
  livenessProbe: { tcpSocket: { port: 'grpc' }, periodSeconds: 10 },
  resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  securityContext: restricted,
};

export const workingProxy = {
  'Service/prism-proxy': {
    metadata: { name: 'prism-proxy' },
    spec: { selector: proxyLabels, ports: [{ name: 'grpc', port: 8980 }] },
  },
  'Deployment/prism-proxy': {
    metadata: { name: 'prism-proxy' },
    spec: {
      selector: { matchLabels: proxyLabels },
      template: {
        metadata: { labels: proxyLabels },
        spec: {
          terminationGracePeriodSeconds: 45,
          automountServiceAccountToken: false,
          securityContext: nobody,
          containers: [proxyContainer],
        },
      },
    },
  },
};

function runnerPod(pattern: string, container: object) {
  return {
    metadata: { labels: { app: `${pattern}-runner`, pattern } },
    spec: {
      automountServiceAccountToken: false,
      securityContext: nobody,
      containers: [
        {
          name: `${pattern}-runner`,
          image: `local/${pattern}-runner:1`,
          args: ['-config=/etc/prism/config.yaml'],
          ...container,
          securityContext: restricted,
          volumeMounts: [{ name: 'config', mountPath: '/etc/prism', readOnly: true }],
        },
      ],
      volumes: [{ name: 'config', secret: { secretName: `${pattern}-config` } }],
    },
  };
}

export const workingRunners = {
  'Deployment/consumer-runner': {
    metadata: { name: 'consumer-runner' },
    spec: {
      replicas: 2,
      minReadySeconds: 5,
      selector: { matchLabels: { app: 'consumer-runner' } },
      template: runnerPod('consumer', {
        env: [{ name: 'NATS_URL', value: 'nats://nats:4222' }],
        resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
      }),
    },
  },
  'StatefulSet/keyvalue-runner': {
    metadata: { name: 'keyvalue-runner' },
    spec: {
      serviceName: 'keyvalue-runner',
      selector: { matchLabels: { app: 'keyvalue-runner' } },
      template: runnerPod('keyvalue', {}),
    },
  },
};
