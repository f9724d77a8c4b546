import type { Draft, KubeObject, PodTemplateSpec, StatefulSet } from '@capstan/kube';
import { podSecurityViolations } from '@capstan/resources';
import { childName, desiredOf } from '@capstan/runtime';
import { describe, expect, it } from 'vitest';
import { aCluster, aWorkload, type SpecInput } from '../a-cluster.fixture.ts';
import { added, type Differences, differences, removed } from '../profiles/differences.fixture.ts';
import { workingAdmin } from '../profiles/working-manifests.fixture.ts';
import { adminChildren } from './admin.ts';

function childrenOf(spec: SpecInput, bootstrapped = 0) {
  const objects = adminChildren(aCluster({ spec }), { bootstrapped });
  return new Map(objects.map((object) => [childName(desiredOf(object)), object]));
}

/** The body under a name, as far as the tests look into it. */
function bodyOf(spec: SpecInput, name: string, bootstrapped = 0) {
  const object = childrenOf(spec, bootstrapped).get(name);
  if (object === undefined) throw new Error(`there is no ${name}`);
  return desiredOf(object) as Draft<KubeObject> & { readonly spec: { readonly template: PodTemplateSpec } }; // builders made it
}

const labels = {
  'app.kubernetes.io/name': 'prism',
  'app.kubernetes.io/instance': 'orders',
  'app.kubernetes.io/component': 'prism-admin',
};
const allLabels = { ...labels, 'app.kubernetes.io/managed-by': 'prism-operator', 'prism.io/part': 'admin' };

/** Names have the cluster before them, and every child says what it is, where it belongs and who made it. */
const identity = (apiVersion: string, kind: string, name: string): Differences => ({
  ...added('apiVersion', apiVersion),
  ...added('kind', kind),
  ...added('metadata.namespace', 'shop'),
  ...added('metadata.labels', allLabels),
  'metadata.name': [name, `orders-${name}`],
});

const selectedBy = (path: string): Differences => ({
  ...removed(path, { app: 'prism-admin' }),
  ...added(path, labels),
});

const pod = 'spec.template.spec';
const container = `${pod}.containers[prism-admin]`;
const peers = (prefix: string) =>
  [1, 2, 3].map((id) => `${id}=${prefix}prism-admin-${id}.${prefix}prism-admin-peers:8990`).join(',');

const intendedDifferences: Readonly<Record<string, Differences>> = {
  'Service/prism-admin-peers': {
    ...identity('v1', 'Service', 'prism-admin-peers'),
    ...selectedBy('spec.selector'),
  },
  'Service/prism-admin': {
    ...identity('v1', 'Service', 'prism-admin'),
    ...selectedBy('spec.selector'),
    // By name: the pods are reached at the port they have.
    'spec.ports[grpc].targetPort': [8980, 'grpc'],
    'spec.ports[metrics].targetPort': [undefined, 'metrics'],
    ...added('spec.ports[grpc].appProtocol', 'grpc'),
  },
  'StatefulSet/prism-admin': {
    ...identity('apps/v1', 'StatefulSet', 'prism-admin'),
    ...selectedBy('spec.selector.matchLabels'),
    ...removed('spec.template.metadata.labels', { app: 'prism-admin' }),
    ...added('spec.template.metadata.labels', allLabels),
    'spec.serviceName': ['prism-admin-peers', 'orders-prism-admin-peers'],
    [`${container}.env[PRISM_ADVERTISE_ADDR].value`]: [
      '$(POD_NAME).prism-admin-peers:8990',
      '$(POD_NAME).orders-prism-admin-peers:8990',
    ],
    [`${container}.env[PRISM_PEERS].value`]: [peers(''), peers('orders-')],
    [`${container}.image`]: ['local/prism-admin:1', 'prism-admin:latest'],
    ...added(`${container}.imagePullPolicy`, 'IfNotPresent'),
    ...added(`${container}.resources.limits.cpu`, '500m'),
    // One that hangs is started anew; one that ends by itself for want of a leader is not counted as such.
    ...added(`${container}.livenessProbe`, {
      httpGet: { path: '/metrics', port: 'metrics' },
      initialDelaySeconds: 15,
      periodSeconds: 10,
      failureThreshold: 6,
      timeoutSeconds: 5,
    }),
    // Files are handed to the group once, and nothing of other Services is put into the environment.
    ...added(`${pod}.securityContext.fsGroupChangePolicy`, 'OnRootMismatch'),
    ...added(`${pod}.enableServiceLinks`, false),
    // Members prefer different nodes; the node of the trial was alone.
    ...added(`${pod}.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution`, [
      {
        weight: 100,
        podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: labels } },
      },
    ]),
    // The log of a member is on its volume and nowhere else.
    ...added('spec.persistentVolumeClaimRetentionPolicy', { whenDeleted: 'Retain', whenScaled: 'Retain' }),
    ...added('spec.volumeClaimTemplates[0]', { apiVersion: 'v1', kind: 'PersistentVolumeClaim' }),
  },
};

describe('three prism-admin', () => {
  it.each(Object.entries(workingAdmin))(
    'have a %s that differs from the one that elected a leader only where it is meant to',
    (name, working) => {
      const made = bodyOf({ admin: { replicas: 3 } }, name.replace('/', '/orders-'));
      expect(differences(working, made)).toEqual(intendedDifferences[name]);
    },
  );

  it('are a group of which a drain takes one member at a time', () => {
    expect(bodyOf({ admin: { replicas: 3 } }, 'PodDisruptionBudget/orders-prism-admin').spec).toEqual({
      maxUnavailable: 1,
      selector: { matchLabels: labels },
    });
  });

  it('stay as many as the group was made with, whatever the spec says by now', () => {
    const set = bodyOf({ admin: { replicas: 5 } }, 'StatefulSet/orders-prism-admin', 3);
    expect(set.spec).toMatchObject({ replicas: 3 });
    expect(JSON.stringify(set)).not.toContain('prism-admin-4');
    expect([...childrenOf({ admin: { replicas: 3 } }, 1).keys()]).toContain('Deployment/orders-prism-admin');
    expect([...childrenOf({ admin: { replicas: 1 } }, 3).keys()]).toContain('StatefulSet/orders-prism-admin');
  });

  it('are made anew around their pods, and nobody else decides how many they are', () => {
    expect(childrenOf({ admin: { replicas: 3 } }).get('StatefulSet/orders-prism-admin')).toMatchObject({
      onImmutable: 'orphanAndRecreate',
      growClaims: true,
      replicas: 'Ours',
    });
  });

  it('lose their volumes with the cluster only where the resource says so', () => {
    const set = bodyOf({ deletionPolicy: 'Delete', admin: { replicas: 3 } }, 'StatefulSet/orders-prism-admin');
    expect(set.spec).toMatchObject({
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
    });
  });
});

describe('a single prism-admin', () => {
  const storage = { size: '3Gi', storageClassName: 'fast' };

  it('has an address, a volume of its own, and no member to find', () => {
    expect([...childrenOf({}).keys()]).toEqual([
      'Service/orders-prism-admin',
      'PersistentVolumeClaim/orders-prism-admin-data',
      'Deployment/orders-prism-admin',
    ]);
    expect(bodyOf({ admin: { storage } }, 'PersistentVolumeClaim/orders-prism-admin-data').spec).toEqual({
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'fast',
      resources: { requests: { storage: '3Gi' } },
    });
  });

  it('is never two, not even while one follows the other', () => {
    expect(bodyOf({}, 'Deployment/orders-prism-admin').spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'Recreate' },
    });
    expect(childrenOf({}).get('Deployment/orders-prism-admin')).toMatchObject({ replicas: 'Ours' });
  });

  it('runs as it was seen to', () => {
    expect(bodyOf({}, 'Deployment/orders-prism-admin').spec.template.spec).toMatchObject({
      securityContext: { runAsUser: 65_534, runAsGroup: 65_534, fsGroup: 65_534 },
      containers: [
        {
          args: [
            ...['serve', '--db=sqlite:///data/admin.db', '--data-dir=/data/raft'],
            ...['--grpc-port=8981', '--metrics-port=9090'],
          ],
          ports: [
            { name: 'grpc', containerPort: 8981 },
            { name: 'metrics', containerPort: 9090 },
          ],
          readinessProbe: { httpGet: { path: '/metrics', port: 'metrics' } },
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'orders-prism-admin-data' } }],
    });
  });

  it.each([
    ['Retain', true],
    ['Delete', false],
  ] as const)('keeps its volume, by the policy %s: %s', (deletionPolicy, retain) => {
    expect(childrenOf({ deletionPolicy }).get('PersistentVolumeClaim/orders-prism-admin-data')).toMatchObject({
      retain,
    });
  });

  it('listens where the resource says, and clients find it where they did', () => {
    const spec = { admin: { port: 7000 } };
    expect(bodyOf(spec, 'Deployment/orders-prism-admin').spec.template.spec?.containers[0]).toMatchObject({
      args: expect.arrayContaining(['--grpc-port=7000']),
      ports: [{ name: 'grpc', containerPort: 7000 }, { name: 'metrics' }],
    });
    expect(bodyOf(spec, 'Service/orders-prism-admin').spec).toMatchObject({
      ports: [{ name: 'grpc', port: 8981, targetPort: 'grpc' }, { name: 'metrics' }],
    });
  });

  it('is the one of the memo where the profile says so, on 8080 and without probes', () => {
    const spec: SpecInput = { profile: 'memo035' };
    const [container] = bodyOf(spec, 'Deployment/orders-prism-admin').spec.template.spec?.containers ?? [];
    expect(container).toMatchObject({
      image: 'prism-admin:latest',
      imagePullPolicy: 'Never',
      ports: [{ name: 'http', containerPort: 8080 }],
    });
    expect(Object.keys(container ?? {}).filter((key) => /args|Probe$/.test(key))).toEqual([]);
    expect(bodyOf(spec, 'Service/orders-prism-admin').spec).toMatchObject({
      ports: [{ name: 'http', port: 8080, targetPort: 'http' }],
    });
  });
});

describe('a prism-admin that was bootstrapped anew', () => {
  const anew = (bootstrapped: number) =>
    adminChildren(aCluster(), { bootstrapped, epoch: 2 }).map((object) => desiredOf(object));

  it('has volumes of its own, and never one of a former bootstrap', () => {
    expect(anew(3).at(-1)).toMatchObject({
      spec: {
        volumeClaimTemplates: [{ metadata: { name: 'data-2' } }],
        template: {
          spec: { containers: [{ volumeMounts: expect.arrayContaining([{ name: 'data-2', mountPath: '/data' }]) }] },
        },
      },
    });
    expect(anew(1).map(childName)).toContain('PersistentVolumeClaim/orders-prism-admin-data-2');
    expect(anew(1).at(-1)).toMatchObject({
      spec: {
        template: {
          spec: {
            volumes: expect.arrayContaining([
              { name: 'data', persistentVolumeClaim: { claimName: 'orders-prism-admin-data-2' } },
            ]),
          },
        },
      },
    });
  });
});

describe('a prism-admin that is to stop', () => {
  const stopping = (bootstrapped: number, statefulSets: readonly StatefulSet[] = [], owners: readonly string[] = []) =>
    adminChildren(aCluster({ spec: { deletionPolicy: 'Delete' } }), {
      bootstrapped,
      stopping: { statefulSets, claimOwners: new Set(owners) },
    });
  const namesOf = (objects: ReturnType<typeof stopping>) => objects.map((object) => childName(desiredOf(object)));
  const live = (whenDeleted: 'Retain' | 'Delete', { seen = 1 } = {}): StatefulSet => {
    const set = aWorkload('StatefulSet', 'orders-prism-admin', { wanted: 3 }) as StatefulSet; // the kind that was asked for
    const persistentVolumeClaimRetentionPolicy = { whenDeleted, whenScaled: 'Retain' };
    return {
      ...set,
      metadata: { ...set.metadata, uid: 'set' },
      ...(set.spec !== undefined && { spec: { ...set.spec, persistentVolumeClaimRetentionPolicy } }),
      ...(set.status !== undefined && { status: { ...set.status, observedGeneration: seen } }),
    };
  };

  it('has no workload in the plan, but its address, and a volume that stays whatever the policy', () => {
    expect(namesOf(stopping(1))).toEqual([
      'Service/orders-prism-admin',
      'PersistentVolumeClaim/orders-prism-admin-data',
    ]);
    expect(stopping(1).at(-1)).toMatchObject({ retain: true });
  });

  it.each([
    ['would go with it', live('Delete'), [], true],
    ['do not know yet that they stay', live('Retain', { seen: 0 }), [], true],
    ['are told one by one, and one is not yet', live('Retain'), ['set'], true],
    ['stay', live('Retain'), ['another'], false],
  ])('keeps the StatefulSet while its volumes %s', (_what, set, owners, isKept) => {
    expect(namesOf(stopping(3, [set], owners)).includes('StatefulSet/orders-prism-admin')).toBe(isKept);
  });

  it('changes nothing of a StatefulSet that has to be kept for a while but what becomes of its volumes', () => {
    const [kept] = stopping(3, [live('Delete')])
      .slice(-1)
      .map(desiredOf);
    expect(kept).toMatchObject({
      spec: { replicas: 3, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } },
    });
  });
});

describe('the pods of prism-admin', () => {
  it.each([
    ['Deployment', 1, 'upstream'],
    ['StatefulSet', 3, 'upstream'],
    ['Deployment', 1, 'memo035'],
    ['StatefulSet', 5, 'memo035'],
  ] as const)('of a %s with %i of profile %s are restricted ones', (kind, replicas, profile) => {
    const { template } = bodyOf({ profile, admin: { replicas } }, `${kind}/orders-prism-admin`).spec;
    expect(podSecurityViolations(template)).toEqual([]);
    expect(template.spec).toMatchObject({
      automountServiceAccountToken: false,
      containers: [{ securityContext: { readOnlyRootFilesystem: true } }],
    });
  });
});
