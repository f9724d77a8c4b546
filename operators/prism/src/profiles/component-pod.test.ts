import { describe, expect, it } from 'vitest';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import { type ComponentPodOptions, componentPod } from './component-pod.ts';
import type { ComponentProfile } from './component-profile.ts';

type ProxyInput = NonNullable<SpecInput['proxy']>;

const profile: ComponentProfile = {
  image: 'default:1',
  imagePullPolicy: 'IfNotPresent',
  command: ['/program'],
  args: ['--port={port}', '--proxy={proxyAddress}', '--admin={adminUrl}'],
  env: [
    { name: 'ADMIN', value: '{adminUrl}' },
    { name: 'LOG', value: 'info' },
  ],
  serves: { name: 'grpc', port: 7000, servicePort: 80 },
  otherPorts: [{ name: 'metrics', port: 9090 }],
  readinessProbe: { grpc: { port: 7000 } },
  livenessProbe: { tcpSocket: { port: 'grpc' } },
  runAs: { uid: 1000, gid: 2000 },
  stop: { graceSeconds: 7, sharesProcesses: true },
};

function podOf(proxy: ProxyInput, options: Partial<ComponentPodOptions> = {}) {
  const cluster = aCluster({ spec: { proxy } });
  return componentPod(cluster, { component: 'prism-proxy', profile, overrides: cluster.spec.proxy, ...options });
}

const containerOf = (proxy: ProxyInput, options?: Partial<ComponentPodOptions>) => podOf(proxy, options).containers[0];

describe('the pod of a component', () => {
  it('is what its profile says, with the addresses of this cluster', () => {
    expect(podOf({})).toMatchObject({
      runAs: { uid: 1000, gid: 2000 },
      terminationGracePeriodSeconds: 7,
      shareProcessNamespace: true,
    });
    expect(containerOf({})).toEqual({
      name: 'prism-proxy',
      image: 'default:1',
      imagePullPolicy: 'IfNotPresent',
      command: ['/program'],
      args: [
        '--port=7000',
        '--proxy=orders-prism-proxy.shop.svc:8980',
        '--admin=http://orders-prism-admin.shop.svc:8981',
      ],
      env: [
        { name: 'ADMIN', value: 'http://orders-prism-admin.shop.svc:8981' },
        { name: 'LOG', value: 'info' },
      ],
      ports: [
        { name: 'grpc', containerPort: 7000 },
        { name: 'metrics', containerPort: 9090 },
      ],
      readinessProbe: { grpc: { port: 7000 } },
      livenessProbe: { tcpSocket: { port: 'grpc' } },
      resources: { requests: { cpu: '20m', memory: '32Mi' }, limits: { cpu: '1', memory: '256Mi' } },
    });
  });

  const overrides: readonly (readonly [string, ProxyInput, object])[] = [
    ['the image, whose pull policy is then the kubelet’s', { image: 'mine:2' }, { image: 'mine:2' }],
    [
      'image and pull policy',
      { image: 'mine:2', imagePullPolicy: 'Always' },
      { image: 'mine:2', imagePullPolicy: 'Always' },
    ],
    ['the command', { command: ['/other'] }, { command: ['/other'] }],
    ['the arguments, to the letter', { args: ['--x={port}', '$(LOG)'] }, { args: ['--x={port}', '$(LOG)'] }],
    ['arguments that are none', { args: [] }, { args: [] }],
    [
      'the port, everywhere',
      { port: 7001 },
      {
        args: ['--port=7001', expect.anything(), expect.anything()],
        ports: [{ name: 'grpc', containerPort: 7001 }, { name: 'metrics' }],
        readinessProbe: { grpc: { port: 7001 } },
      },
    ],
    ['resources', { resources: { limits: { cpu: 2 } } }, { resources: { limits: { cpu: 2 } } }],
    [
      'variables, after the others, so that they can refer to them',
      {
        env: [
          { name: 'LOG', value: 'debug' },
          { name: 'MORE', value: '$(ADMIN)/x' },
        ],
      },
      {
        env: [
          { name: 'ADMIN', value: 'http://orders-prism-admin.shop.svc:8981' },
          { name: 'OWN', value: '1' },
          { name: 'LOG', value: 'debug' },
          { name: 'MORE', value: '$(ADMIN)/x' },
        ],
      },
    ],
  ];
  it.each(overrides)('has what the resource says in place of the profile: %s', (_title, proxy, expected) => {
    expect(containerOf(proxy, { env: [{ name: 'OWN', value: '1' }] })).toMatchObject(expected);
  });

  it('leaves the pull policy of an image of somebody else to the kubelet', () => {
    expect(containerOf({ image: 'mine:2' })).not.toHaveProperty('imagePullPolicy');
  });

  it('is placed, marked and pulled as the resource says', () => {
    const tolerations: ProxyInput['tolerations'] = [{ key: 'dedicated', operator: 'Exists' }];
    const proxy: ProxyInput = {
      ...{ nodeSelector: { disk: 'fast' }, tolerations, pullSecrets: ['one', 'two'] },
      ...{ podLabels: { team: 'a' }, podAnnotations: { note: 'b' } },
    };
    expect(podOf(proxy, { annotations: { own: 'c' } })).toMatchObject({
      labels: { team: 'a' },
      annotations: { note: 'b', own: 'c' },
      imagePullSecrets: [{ name: 'one' }, { name: 'two' }],
      nodeSelector: { disk: 'fast' },
      tolerations,
    });
  });

  const counted = {
    matchLabels: {
      'app.kubernetes.io/name': 'prism',
      'app.kubernetes.io/instance': 'orders',
      'app.kubernetes.io/component': 'prism-proxy',
    },
  };

  it('prefers to be on another node than the next, unless the resource has a say in that', () => {
    const nodes = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [] }] } };
    expect(podOf({ affinity: { nodeAffinity: nodes } }).affinity).toEqual({
      nodeAffinity: nodes,
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: counted } },
        ],
      },
    });
    expect(podOf({ affinity: { podAntiAffinity: {} } }).affinity).toEqual({ podAntiAffinity: {} });
  });

  it('is counted by a spread constraint that does not say which pods it counts', () => {
    const spread = { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' } as const;
    const others = { matchLabels: { team: 'a' } };
    const topologySpreadConstraints = [spread, { ...spread, labelSelector: others }];
    expect(podOf({ topologySpreadConstraints }).topologySpreadConstraints).toEqual([
      { ...spread, labelSelector: counted },
      { ...spread, labelSelector: others },
    ]);
  });
});
