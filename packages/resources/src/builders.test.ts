import { describe, expect, it } from 'vitest';
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
  type NonEmpty,
  networkPolicy,
  persistentVolumeClaim,
  podDisruptionBudget,
  resourceQuota,
  restrictedContainer,
  restrictedPod,
  role,
  roleBinding,
  secret,
  service,
  serviceAccount,
  statefulSet,
} from './index.ts';

const metadata = { name: 'queue', namespace: 'shop', labels: { app: 'queue' } };
const selector = { app: 'queue' };
const pod = { containers: [{ name: 'queue', image: 'queue:1' }] };

describe('builders of children', () => {
  it('say only what they are asked, so that everything else stays with its owner', () => {
    expect([
      configMap(metadata, { 'queue.yaml': 'a: 1\n' }),
      service(metadata, { selector, ports: [{ name: 'queue', port: 1 }] }),
      podDisruptionBudget(metadata, { selector, maxUnavailable: 1 }),
      persistentVolumeClaim(metadata, { storage: '1Gi' }),
    ]).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'queue.yaml': 'a: 1\n' } },
      { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector, ports: [{ name: 'queue', port: 1 }] } },
      {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata,
        spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
      },
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata,
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ]);
  });

  it('leave out what a custom resource has as null, wherever it stands', () => {
    const passedThrough = JSON.parse(
      '{"selector": {"app": "queue"}, "ports": [{"port": 1, "name": null}], "type": null}',
    );
    expect(service({ ...metadata, annotations: JSON.parse('{"a": null}') }, passedThrough)).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { ...metadata, annotations: {} },
      spec: { selector, ports: [{ port: 1 }] },
    });
  });

  it('give a governing Service whose names resolve before the pods are ready', () => {
    expect(headlessService(metadata, { selector, ports: [{ name: 'queue', port: 1 }] }).spec).toEqual({
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector,
      ports: [{ name: 'queue', port: 1 }],
    });
  });

  it('keep an empty storage class, which turns dynamic provisioning off', () => {
    expect(claimTemplate({ name: 'data', storageClassName: '', storage: '1Gi' }).spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      storageClassName: '',
      resources: { requests: { storage: '1Gi' } },
    });
  });

  it('give security contexts with every field the restricted Pod Security Standard asks for', () => {
    expect({ ...restrictedPod({ uid: 1000, gid: 2000 }), ...restrictedContainer }).toEqual({
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 2000,
      fsGroup: 2000,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });
});

describe('workloads of one resource', () => {
  it('never select each other’s pods, also when they share every label and their name', () => {
    const selectors = [
      deployment(metadata, { pod }).spec?.selector,
      deployment({ ...metadata, name: 'web' }, { pod }).spec?.selector,
      statefulSet(metadata, { serviceName: 'queue', pod }).spec?.selector,
      daemonSet(metadata, { pod }).spec?.selector,
    ];
    expect(new Set(selectors.map((each) => JSON.stringify(each))).size).toBe(selectors.length);
  });

  it.each([
    deployment(metadata, { pod }),
    statefulSet(metadata, { serviceName: 'queue', pod }),
    daemonSet(metadata, { selector, pod }),
  ])('select their own pods: $kind', ({ spec }) => {
    expect(spec?.template.metadata?.labels).toMatchObject(spec?.selector.matchLabels ?? {});
    expect(Object.keys(spec?.selector.matchLabels ?? {})).not.toEqual([]);
  });

  it('refuse an empty selector, which would match every pod', () => {
    expect(() => deployment(metadata, { selector: {}, pod })).toThrow('Deployment/queue: selector: is empty');
    expect(() => podDisruptionBudget(metadata, { selector: {}, maxUnavailable: 1 })).toThrow('selector: is empty');
  });

  it('leave the selector of a Job to its controller', () => {
    expect(job(metadata, { pod }).spec).not.toHaveProperty('selector');
    expect(cronJob(metadata, { schedule: '@daily', job: { pod } }).spec?.jobTemplate.spec).not.toHaveProperty(
      'selector',
    );
  });

  it('do not let runs of a CronJob overlap unless that is asked for', () => {
    expect(cronJob(metadata, { schedule: '@daily', job: { pod } }).spec?.concurrencyPolicy).toBe('Forbid');
    expect(
      cronJob(metadata, { schedule: '@daily', concurrencyPolicy: 'Allow', job: { pod } }).spec?.concurrencyPolicy,
    ).toBe('Allow');
  });
});

describe('accounts', () => {
  it('hand out no token unless asked', () => {
    expect(serviceAccount(metadata).automountServiceAccountToken).toBe(false);
    expect(serviceAccount(metadata, { automountServiceAccountToken: true }).automountServiceAccountToken).toBe(true);
  });

  it('are bound in the namespace of the binding unless told', () => {
    const roleRef = { kind: 'Role', name: 'queue' } as const;
    expect(roleBinding(metadata, { roleRef, serviceAccounts: [{ name: 'queue' }] }).subjects).toEqual([
      { kind: 'ServiceAccount', name: 'queue', namespace: 'shop' },
    ]);
    expect(() => roleBinding({ name: 'queue' }, { roleRef, serviceAccounts: [{ name: 'queue' }] })).toThrow(
      'RoleBinding/queue: serviceAccounts[0].namespace: is missing',
    );
  });

  it('get no role whose list of names came out empty, which would mean every object', () => {
    const names: string[] = [];
    const rule = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] } as const;
    // What a list from a custom resource is once somebody has cast it.
    expect(() => role(metadata, [{ ...rule, resourceNames: names as unknown as NonEmpty<string> }])).toThrow(
      'Role/queue: rules[0].resourceNames: an empty list means every object',
    );
    expect(() => role(metadata, [{ ...rule, resources: ['*'] }])).toThrow('rules[0].resources: "*" grants more');
  });
});

describe('a Secret', () => {
  it('is sent as bytes, whatever it was given as', () => {
    const options = { stringData: { user: 'köchin' }, data: { key: new Uint8Array([0, 255]) } };
    expect(secret(metadata, options)).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'Opaque',
      data: { user: Buffer.from('köchin').toString('base64'), key: 'AP8=' },
    });
  });

  it('is refused without a word of its contents', () => {
    const tooLong = 'hunter2'.repeat(200_000);
    const refused = () =>
      secret(metadata, { stringData: { 'no/such': 'hunter2', long: tooLong }, data: { long: new Uint8Array(1) } });
    expect(refused).toThrow(
      'Secret/queue: stringData["no/such"]: a file name is made of letters, digits, "-", "_" and "."; ' +
        'data["long"]: the same file is also under stringData; ' +
        'stringData, data: 1400008 bytes in all, and the API server takes 1048576',
    );
    expect(refused).not.toThrow('hunter2');
  });
});

describe('a NetworkPolicy', () => {
  it('closes the directions whose rules are given, also when there are none', () => {
    expect(networkPolicy(metadata, { pods: selector, egress: [] }).spec).toEqual({
      podSelector: { matchLabels: selector },
      policyTypes: ['Egress'],
      egress: [],
    });
    expect(networkPolicy(metadata, { pods: 'AllOfTheNamespace', ingress: [{ ports: [{ port: 1 }] }] }).spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress'],
      ingress: [{ ports: [{ port: 1 }] }],
    });
  });

  it('is refused when it would let in everybody, or do nothing', () => {
    expect(() => networkPolicy(metadata, { pods: selector, ingress: [{ from: [] }] })).toThrow(
      'NetworkPolicy/queue: ingress[0].from: an empty list means everybody',
    );
    expect(() => networkPolicy(metadata, { pods: selector })).toThrow('it closes nothing');
  });
});

describe('a ResourceQuota', () => {
  it('limits what it names, in the words it was given, without what is absent', () => {
    const hard = { 'requests.cpu': '4', 'limits.memory': '8Gi', pods: 10, 'count/jobs.batch': '1k' };
    const absent = JSON.parse('{"requests.storage": null}');
    expect(resourceQuota(metadata, { hard: { ...hard, ...absent } })).toEqual({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata,
      spec: { hard },
    });
  });

  it.each([
    ['requests.storage', '1Ei'],
    ['gold.storageclass.storage.k8s.io/persistentvolumeclaims', '2e1'],
    ['requests.nvidia.com/gpu', 1],
    ['requests.hugepages-2Mi', '.5Gi'],
    ['cpu', '+250m'],
    ['services.loadbalancers', '2000m'],
    ['secrets', 0],
  ])('takes %s: %s', (resource, limit) => {
    expect(resourceQuota(metadata, { hard: { [resource]: limit } }).spec?.hard).toEqual({ [resource]: limit });
  });

  it.each([
    [{}, 'ResourceQuota/queue: hard: is empty: it limits nothing'],
    [{ storage: '1Gi' }, 'hard["storage"]: cannot be limited'],
    [{ 'count/': 1 }, 'hard["count/"]: cannot be limited'],
    [{ memory: '8GB' }, 'hard["memory"]: "8GB" is no quantity'],
    [{ memory: '' }, 'hard["memory"]: "" is no quantity'],
    [{ memory: Number.NaN }, 'hard["memory"]: "NaN" is no quantity'],
    [{ memory: '-1Gi' }, 'hard["memory"]: -1Gi is negative'],
    [{ pods: '500m' }, 'hard["pods"]: 500m is no whole number'],
    [{ 'count/jobs.batch': 1.5 }, 'hard["count/jobs.batch"]: 1.5 is no whole number'],
  ])('is refused for %j', (hard: Readonly<Record<string, string | number>>, problem) => {
    expect(() => resourceQuota(metadata, { hard })).toThrow(problem);
  });
});

describe('an Ingress and an autoscaler', () => {
  it('take ports by number or by name', () => {
    const paths = [
      { service: 'queue', port: 80 },
      { path: '/admin', pathType: 'Exact', service: 'queue', port: 'http' },
    ] as const;
    expect(ingress(metadata, { hosts: { 'a.example': paths } }).spec?.rules).toEqual([
      {
        host: 'a.example',
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: { service: { name: 'queue', port: { number: 80 } } } },
            { path: '/admin', pathType: 'Exact', backend: { service: { name: 'queue', port: { name: 'http' } } } },
          ],
        },
      },
    ]);
  });

  it.each([
    { bounds: { minReplicas: 0, maxReplicas: 2, cpuUtilization: 50 }, problem: 'minReplicas: 0 is too few' },
    {
      bounds: { minReplicas: 3, maxReplicas: 2, cpuUtilization: 50 },
      problem: 'maxReplicas: 2 is less than minReplicas, 3',
    },
    { bounds: { minReplicas: 1, maxReplicas: 2 }, problem: 'metrics: nothing is measured' },
  ])('are refused when they cannot work: $problem', ({ bounds, problem }) => {
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'queue' };
    expect(() => horizontalPodAutoscaler(metadata, { scaleTargetRef, ...bounds })).toThrow(problem);
  });

  it('serve nothing without a host', () => {
    expect(() => ingress(metadata, { hosts: {} })).toThrow('Ingress/queue: hosts: there is none');
    expect(() => ingress(metadata, { hosts: { 'a.example': [] } })).toThrow('hosts["a.example"]: has no path');
  });
});
