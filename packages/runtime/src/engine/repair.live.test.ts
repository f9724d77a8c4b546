import { type Draft, type KubeObject, type ResourceType, systemClock } from '@capstan/kube';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ApplyError, ImmutableFieldError } from './apply-error.ts';
import { isAutoscaled, withoutReplicas as leavingReplicas } from './autoscaled-replicas.ts';
import { sampleOf } from './child-bodies.fixture.ts';
import { ChildRequests } from './child-requests.ts';
import { handOverReplicas } from './hand-over.ts';
import { fieldOf } from './json-value.ts';
import { LiveChild, names } from './live-child.fixture.ts';
import { type LiveNamespace, openNamespace } from './live-namespace.fixture.ts';

let live: LiveNamespace;
let serial = 0;

beforeAll(async () => {
  live = await openNamespace(inject('kubeconfig'), 'engine-repair');
});
afterAll(() => live[Symbol.asyncDispose]());

function child(title: string): LiveChild {
  serial += 1;
  return new LiveChild(live, sampleOf(title), `child-${serial}`);
}

async function appliedChild(title: string): Promise<LiveChild> {
  const created = child(title);
  await created.bring();
  return created;
}

/** What the server would change if we applied once more: nothing, when the child is right. */
async function wouldChange(target: LiveChild): Promise<boolean> {
  const before = await target.mustRead();
  const options = { fieldManager: names.fieldManager, force: true, dryRun: true };
  const after = await target.client.apply(target.sample.type, target.sealed.body, options);
  return (
    before.metadata.generation !== after.metadata.generation ||
    JSON.stringify(dataOf(before)) !== JSON.stringify(dataOf(after))
  );
}

function dataOf(object: KubeObject): unknown {
  const { metadata, ...rest } = object;
  return [metadata.labels, 'spec' in rest ? rest.spec : rest];
}

function at(object: KubeObject | undefined, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (Array.isArray(value) ? value[Number(key)] : fieldOf(value, key)),
    object,
  );
}

const POD = '/spec/template/spec';
const set = (path: string, value: unknown) => ({ op: 'add', path, value });
const drop = (path: string) => ({ op: 'remove', path });

describe('an edit that leaves something which cannot stand beside ours', () => {
  it.each([
    ['a service port renumbered under the same name', 'Service ClusterIP', [set('/spec/ports/0/port', 81)]],
    [
      'a probe turned from httpGet to exec',
      'Deployment',
      [
        drop(`${POD}/containers/0/readinessProbe/httpGet`),
        set(`${POD}/containers/0/readinessProbe/exec`, { command: ['x'] }),
      ],
    ],
    [
      'a volume turned from configMap to emptyDir',
      'StatefulSet',
      [drop(`${POD}/volumes/1/configMap`), set(`${POD}/volumes/1/emptyDir`, {})],
    ],
    [
      'an env value turned into a reference',
      'DaemonSet',
      [
        drop(`${POD}/containers/0/env/0/value`),
        set(`${POD}/containers/0/env/0/valueFrom`, { fieldRef: { fieldPath: 'metadata.name' } }),
      ],
    ],
    [
      'minAvailable turned into maxUnavailable',
      'PodDisruptionBudget',
      [drop('/spec/minAvailable'), set('/spec/maxUnavailable', 1)],
    ],
  ] as const)('%s is put right by adopting it first', async (_title, title, operations) => {
    const target = await appliedChild(title);
    expect(await target.json(...operations)).toBe('done');
    const repaired = await target.bring();
    expect(repaired).toMatchObject({ action: 'Repaired', adopted: true });
    expect(await wouldChange(target)).toBe(false);
    expect(await target.decide(target.sample.mode, true)).toEqual({ verdict: 'clean' });
  });

  it('a strategy turned from Recreate to RollingUpdate is put right by adopting it first', async () => {
    const target = child('Deployment');
    target.want({
      ...target.desired,
      spec: { ...(fieldOf(target.desired, 'spec') as object), strategy: { type: 'Recreate' } },
    } as Draft<KubeObject>);
    await target.bring();
    expect(await target.json(set('/spec/strategy', { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } }))).toBe(
      'done',
    );
    expect(await target.bring()).toMatchObject({ action: 'Repaired', adopted: true });
    expect(at(await target.mustRead(), 'spec', 'strategy')).toEqual({ type: 'Recreate' });
    expect(await wouldChange(target)).toBe(false);
  });

  it('costs four requests: the refused apply, a read, the ownership moved, the apply again', async () => {
    const target = await appliedChild('Service ClusterIP');
    await target.json(set('/spec/ports/0/port', 81));
    expect(await target.bring()).toMatchObject({ requests: 4, adopted: true });
  });

  it('leaves what others own elsewhere in the object alone', async () => {
    const target = await appliedChild('Deployment');
    await target.patch({
      kind: 'strategic',
      body: { spec: { template: { spec: { containers: [{ name: 'injected', image: 'x' }] } } } },
    });
    await target.json(drop(`${POD}/volumes/1/configMap`), set(`${POD}/volumes/1/emptyDir`, {}));
    expect(await target.bring()).toMatchObject({ adopted: true });
    expect(JSON.stringify(await target.mustRead())).toContain('"injected"');
  });
});

describe('a body that the server refuses', () => {
  it('is a terminal error, and what was adopted in vain is given back', async () => {
    const target = await appliedChild('Service ClusterIP');
    await target.json(set('/spec/ports/0/port', 81));
    const before = await target.mustRead();
    target.want({
      ...target.desired,
      spec: {
        ports: [
          { name: 'http', port: 80 },
          { name: 'dns', port: 70_000 },
        ],
      },
    } as Draft<KubeObject>);
    await expect(target.bring()).rejects.toMatchObject({ name: 'ApplyError', terminal: true, reason: 'Invalid' });
    const after = await target.mustRead();
    expect(after.metadata.managedFields?.map(ownership).toSorted()).toEqual(
      before.metadata.managedFields?.map(ownership).toSorted(),
    );
  });

  it.each([
    ['an unknown field (trap 8)', { spec: { notAField: 1 } }, 'SchemaMismatch'],
    ['a value of the wrong type', { spec: { ports: 'none' } }, 'SchemaMismatch'],
    ['two items with one key', { spec: { ports: [{ port: 1 }, { port: 1 }] } }, 'SchemaMismatch'],
    ['an invalid value', { spec: { ports: [{ port: -1 }] } }, 'Invalid'],
  ])('is terminal for %s', async (_title, fields, reason) => {
    const target = child('Service ClusterIP');
    target.want({ ...target.desired, ...fields } as Draft<KubeObject>);
    await expect(target.bring()).rejects.toMatchObject({ name: 'ApplyError', terminal: true, reason });
  });

  it('is transient where the namespace may come later', async () => {
    const target = new LiveChild({ ...live, namespace: 'not-there-yet' }, sampleOf('ConfigMap'), 'child');
    await expect(target.bring()).rejects.toMatchObject({ name: 'ApplyError', terminal: false, reason: 'NotFound' });
  });

  it('never shows the values of a Secret', async () => {
    const target = child('Secret');
    target.want({ ...target.desired, data: { key: ['hunter2'] } } as Draft<KubeObject>);
    const error = await target.bring().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApplyError);
    expect([(error as ApplyError).message, (error as ApplyError).cause]).toEqual([
      `Secret ${live.namespace}/${target.ref.name}: SchemaMismatch (values withheld)`,
      undefined,
    ]);
  });
});

describe('a change of a field that cannot be changed', () => {
  it.each([
    ['Deployment', { selector: { matchLabels: { other: 'label' } } }, '.spec.selector'],
    ['StatefulSet', { serviceName: 'another' }, '.spec.serviceName'],
    ['DaemonSet', { selector: { matchLabels: { other: 'label' } } }, '.spec.selector'],
    ['Job', { completions: 2 }, '.spec.completions'],
    ['Service ClusterIP', { clusterIP: 'None' }, '.spec.clusterIPs[0]'],
    ['PersistentVolumeClaim', { accessModes: ['ReadWriteMany'] }, '.spec.accessModes'],
    ['RoleBinding', { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'another' } }, '.roleRef'],
    ['Secret', { type: 'example.test/another' }, '.type'],
  ])('is told as such for a %s, with the field', async (title, change, field) => {
    const target = await appliedChild(title);
    const spec = fieldOf(target.desired, 'spec');
    const isTop = 'roleRef' in change || 'type' in change;
    const selected = 'selector' in change ? { template: relabelled(spec) } : {};
    const body = isTop ? change : { spec: { ...(spec as object), ...change, ...selected } };
    target.want({ ...target.desired, ...body } as Draft<KubeObject>);
    const refusal = await target.bring().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ImmutableFieldError);
    expect(refusal).toMatchObject({ terminal: true, reason: 'ImmutableField', fields: [field] });
  });

  it('is not blamed for a body that is wrong in itself', async () => {
    const target = await appliedChild('Deployment');
    const spec = {
      ...(fieldOf(target.desired, 'spec') as object),
      selector: { matchLabels: { matches: 'no-template' } },
    };
    target.want({ ...target.desired, spec } as Draft<KubeObject>);
    await expect(target.bring()).rejects.toMatchObject({ reason: 'Invalid' });
  });
});

/** The pod template with a label that another selector finds. */
function relabelled(spec: unknown): object {
  const template = fieldOf(spec, 'template');
  const metadata = fieldOf(template, 'metadata') as object;
  const labels = { ...(fieldOf(metadata, 'labels') as object), other: 'label' };
  return { ...(template as object), metadata: { ...metadata, labels } };
}

describe('replicas left out of the body', () => {
  it.each([
    ['as remembered', true],
    ['after a restart', false],
  ])('stay what they were, %s: they are handed over first', async (_title, warm) => {
    const target = await appliedChild('Deployment');
    await live.client.setScale(target.sample.type, target.ref, 4, { fieldManager: 'kubectl' });
    await target.bring();
    await live.client.setScale(target.sample.type, target.ref, 2, { fieldManager: 'kubectl' });
    if (!warm) target.restart();
    target.want(withoutReplicas(target.desired));
    expect(await target.bring()).toMatchObject({ action: 'Updated' });
    expect(at(await target.mustRead(), 'spec', 'replicas')).toBe(2);
  });

  it('are handed over from a stripped object, as the cache keeps it', async () => {
    const target = await appliedChild('Deployment');
    target.want(withoutReplicas(target.desired));
    expect(await target.bringStripped()).toMatchObject({ action: 'Updated', handedOver: true, requests: 3 });
    expect(at(await target.mustRead(), 'spec', 'replicas')).toBe(2);
  });

  it('cost no read where we never owned them', async () => {
    const target = await appliedChild('Deployment without replicas');
    target.want({ ...target.desired, metadata: { ...target.desired.metadata, labels: { changed: 'yes' } } });
    expect(await target.bringStripped()).toMatchObject({ handedOver: false, requests: 1 });
  });

  it('can be scaled by others afterwards without our noticing', async () => {
    const target = await appliedChild('Deployment');
    target.want(withoutReplicas(target.desired));
    expect(await target.bring()).toMatchObject({ handedOver: true });
    await live.client.setScale(target.sample.type, target.ref, 3, { fieldManager: 'kube-controller-manager' });
    expect(await target.decide('full', true)).toEqual({ verdict: 'clean' });
    expect(await target.decide('full', false)).toMatchObject({ verdict: 'clean' });
  });

  it.each([
    ['as remembered', true],
    ['after a restart', false],
  ])('taken by an autoscaler are left out of the body, %s, without a write', async (_title, warm) => {
    const target = await appliedChild('Deployment');
    await live.client.setScale(target.sample.type, target.ref, 3, { fieldManager: 'kube-controller-manager' });
    const recalled = warm ? target.memory('full').recall(target.ref.name) : undefined;
    expect(isAutoscaled(target.sealed.body, await target.mustRead(), recalled)).toBe(true);
    target.sealed = leavingReplicas(target.sealed, undefined);
    expect(await target.decide('full', warm)).toMatchObject({ verdict: 'clean', learned: { ownsReplicas: false } });
  });

  it('scaled by a person are still ours to put right', async () => {
    const target = await appliedChild('Deployment');
    await live.client.setScale(target.sample.type, target.ref, 3, { fieldManager: 'kubectl' });
    expect(isAutoscaled(target.sealed.body, await target.mustRead(), undefined)).toBe(false);
  });

  it('are not handed over when somebody else has them', async () => {
    const target = await appliedChild('Deployment');
    await live.client.setScale(target.sample.type, target.ref, 3, { fieldManager: 'kube-controller-manager' });
    const options = { client: live.client, clock: systemClock, random: Math.random, names };
    const requests = new ChildRequests(options, target.sample.type, target.ref, undefined);
    expect(await handOverReplicas(requests, target.sample.type, target.ref)).toBe(false);
  });
});

describe('an object that somebody else made before us', () => {
  const leftover = { data: { first: '1', old: 'x' } };
  it.each([
    [
      'an Update',
      'former-operator',
      (target: LiveChild) =>
        target.client.create(
          target.sample.type,
          { ...target.desired, ...leftover },
          { fieldManager: 'former-operator' },
        ),
    ],
    [
      'a client-side apply',
      'kubectl-client-side-apply',
      (target: LiveChild) =>
        target.client.create(
          target.sample.type,
          { ...target.desired, ...leftover },
          { fieldManager: 'kubectl-client-side-apply' },
        ),
    ],
    [
      'a server-side apply',
      'former-applier',
      (target: LiveChild) =>
        target.client.apply(target.sample.type, { ...target.desired, ...leftover }, { fieldManager: 'former-applier' }),
    ],
  ])('is taken over from %s, and what is left of it removed by the one apply', async (_title, manager, make) => {
    const target = child('ConfigMap');
    await make(target);
    expect(await target.bring()).toMatchObject({ action: 'Updated', migrated: true, requests: 2 });
    const now = await target.mustRead();
    expect(Object.keys(fieldOf(now, 'data') as object)).toEqual(['first', 'second']);
    expect(now.metadata.managedFields?.map((entry) => entry.manager)).not.toContain(manager);
    expect(await target.decide('full', false)).toMatchObject({ verdict: 'clean' });
  });

  it('keeps its fields when their manager is not one of the former ones', async () => {
    const target = child('ConfigMap');
    await target.client.create(target.sample.type, { ...target.desired, ...leftover } as Draft<KubeObject>, {
      fieldManager: 'a-stranger',
    });
    expect(await target.bring()).toMatchObject({ migrated: false, requests: 1 });
    expect(fieldOf(await target.mustRead(), 'data')).toMatchObject({ old: 'x' });
  });

  it('keeps its replicas when they were the former manager’s and are not wanted by us', async () => {
    const target = child('Deployment without replicas');
    const scaled = { ...target.desired, spec: { ...(fieldOf(target.desired, 'spec') as object), replicas: 3 } };
    await target.client.create(target.sample.type, scaled, { fieldManager: 'former-operator' });
    expect(await target.bring()).toMatchObject({ migrated: true, handedOver: true });
    expect(at(await target.mustRead(), 'spec', 'replicas')).toBe(3);
  });
});

describe('an object whose ownership records were wiped', () => {
  it('is claimed before it is applied, so that what we drop later really goes', async () => {
    const target = await appliedChild('ConfigMap');
    await target.merge({ metadata: { labels: { foreign: 'kept' } } });
    await target.merge({ metadata: { managedFields: [{}] } });
    expect(await target.bring()).toMatchObject({ action: 'Repaired', migrated: true });
    target.want({ ...target.desired, data: { second: 'only' } } as Draft<KubeObject>);
    await target.bring();
    const now = await target.mustRead();
    expect(fieldOf(now, 'data')).toEqual({ second: 'only' });
    expect(now.metadata.labels).toMatchObject({ foreign: 'kept' });
  });
});

describe('values that an admission policy rewrites', () => {
  it('are noted on the object: one more apply once, and none after a restart', async () => {
    const label = `rewrite-${live.namespace}`;
    await definePolicy(label);
    const target = child('Deployment');
    target.want({ ...target.desired, metadata: { ...target.desired.metadata, labels: { rewrite: label } } });
    await rewritten(target);
    const created = await target.bring();
    expect(created).toMatchObject({ action: 'Created', requests: 2 });
    expect(at(created?.object, 'spec', 'template', 'spec', 'containers', '0', 'image')).toBe('mirror.test/main:1');
    expect(await target.decide('full', true)).toEqual({ verdict: 'clean' });
    expect(await target.decide('full', false)).toMatchObject({ verdict: 'clean', learned: {} });
    await target.json(set(`${POD}/containers/1/image`, 'edited'));
    expect(await target.bring()).toMatchObject({ action: 'Repaired', requests: 1 });
    expect(await target.decide('full', false)).toMatchObject({ verdict: 'clean', learned: {} });
    await removePolicy(label);
  });

  /** A policy takes effect some time after it is created. */
  async function rewritten(target: LiveChild): Promise<void> {
    for (;;) {
      const options = { fieldManager: 'probe', dryRun: true };
      const reply = await live.client.apply(target.sample.type, target.sealed.body, options);
      if (at(reply, 'spec', 'template', 'spec', 'containers', '0', 'image') === 'mirror.test/main:1') return;
      await systemClock.sleep(50);
    }
  }
});

const admission = (kind: string, plural: string): ResourceType => ({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind,
  plural,
  namespaced: false,
});
const MutatingAdmissionPolicy = admission('MutatingAdmissionPolicy', 'mutatingadmissionpolicies');
const MutatingAdmissionPolicyBinding = admission('MutatingAdmissionPolicyBinding', 'mutatingadmissionpolicybindings');

async function definePolicy(label: string): Promise<void> {
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicy',
    metadata: { name: label },
    spec: {
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      matchConstraints: {
        objectSelector: { matchLabels: { rewrite: label } },
        resourceRules: [
          { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'], operations: ['CREATE', 'UPDATE'] },
        ],
      },
      mutations: [
        {
          patchType: 'JSONPatch',
          jsonPatch: {
            expression: `[JSONPatch{op: "replace", path: "${POD}/containers/0/image", value: "mirror.test/main:1"}]`,
          },
        },
      ],
    },
  };
  await live.client.create(MutatingAdmissionPolicy, policy);
  const binding = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingAdmissionPolicyBinding',
    metadata: { name: label },
    spec: { policyName: label },
  };
  await live.client.create(MutatingAdmissionPolicyBinding, binding);
}

async function removePolicy(label: string): Promise<void> {
  await live.client.delete(MutatingAdmissionPolicyBinding, { name: label });
  await live.client.delete(MutatingAdmissionPolicy, { name: label });
}

function withoutReplicas(desired: Draft<KubeObject>): Draft<KubeObject> {
  const { replicas: _replicas, ...spec } = fieldOf(desired, 'spec') as { readonly replicas?: number };
  const body = { ...desired, spec };
  return body;
}

function ownership({
  manager,
  operation,
  subresource,
  fieldsV1,
}: {
  manager?: string;
  operation?: string;
  subresource?: string;
  fieldsV1?: unknown;
}): string {
  return JSON.stringify([manager, operation, subresource, fieldsV1]);
}

it('takes fields by force, whoever holds them', async () => {
  const target = await appliedChild('ConfigMap');
  await target.applyAs('other', { data: { first: 'theirs' } } as object, true);
  expect(await target.bring()).toMatchObject({ action: 'Repaired', requests: 1 });
  expect(fieldOf(await target.mustRead(), 'data')).toMatchObject({ first: '1' });
});
