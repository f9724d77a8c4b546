import type { KubeObject } from '@capstan/kube';
import type { ChildSample } from './child-bodies.fixture.ts';
import { fieldOf } from './json-value.ts';
import { type LiveChild, names, type Outcome } from './live-child.fixture.ts';

/** Something that others do to a child, and how many applies it should cost us. */
export interface Interference {
  readonly title: string;
  readonly applies: 0 | 1;
  /** Absent: it makes sense for every kind. */
  readonly on?: (sample: ChildSample) => boolean;
  /** A metadata-only watch cannot see it. */
  readonly unseenInMetadata?: true;
  /** The server refuses it. */
  readonly refused?: true;
  readonly run: (child: LiveChild) => Promise<Outcome>;
}

const kinds =
  (...titles: readonly string[]) =>
  ({ title }: ChildSample) =>
    titles.includes(title);
const deployments = kinds('Deployment', 'Deployment without replicas');
const replicated = kinds('Deployment', 'StatefulSet');
const workloads = kinds('Deployment', 'Deployment without replicas', 'StatefulSet', 'DaemonSet');
const hasStatus = ({ status }: ChildSample) => status !== undefined;
const isPlainData = kinds('ConfigMap', 'Secret');
const services = ({ type }: ChildSample) => type.kind === 'Service';
const widget = kinds('Widget (custom resource)');

const LABEL = '/metadata/labels/app.kubernetes.io~1part-of';
const ANNOTATION = '/metadata/annotations/sample.test~1owned';
const SEAL = '/metadata/annotations/sample.test~1applied';
const POD = '/spec/template/spec';

const label = (value: string) => ({ metadata: { labels: { 'app.kubernetes.io/part-of': value } } });
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
const add = (path: string, value: unknown) => ({ op: 'add', path, value });
const remove = (path: string) => ({ op: 'remove', path });

const edit = (
  title: string,
  applies: 0 | 1,
  on: Interference['on'],
  ...operations: readonly object[]
): Interference => ({
  title,
  applies,
  ...(on !== undefined && { on }),
  run: (child) => child.json(...operations),
});

const onMetadata: readonly Interference[] = [
  edit('owned label by JSON patch', 1, undefined, replace(LABEL, 'other')),
  { title: 'owned label by merge patch', applies: 1, run: (child) => child.merge(label('other')) },
  {
    title: 'owned label by client-side apply',
    applies: 1,
    run: (child) => child.merge(label('other'), 'kubectl-client-side-apply'),
  },
  {
    title: 'owned label by PUT',
    applies: 1,
    run: (child) => put(child),
  },
  edit('owned label deleted', 1, undefined, remove(LABEL)),
  edit('owned annotation deleted', 1, undefined, remove(ANNOTATION)),
  edit('owner reference removed', 1, undefined, remove('/metadata/ownerReferences/0')),
  {
    title: 'another owner added',
    applies: 0,
    run: (child) => child.json(add('/metadata/ownerReferences/-', child.owners.theirs)),
  },
  edit('seal edited', 1, undefined, replace(SEAL, '0123456789abcdef')),
  edit('seal deleted', 1, undefined, remove(SEAL)),
  {
    title: 'foreign label and annotation added',
    applies: 0,
    run: (child) => child.merge({ metadata: { labels: { foreign: '1' }, annotations: { foreign: '1' } } }),
  },
  {
    title: 'foreign label added and removed',
    applies: 0,
    run: (child) =>
      inTurn(
        () => child.merge({ metadata: { labels: { foreign: '1' } } }),
        () => child.merge({ metadata: { labels: { foreign: null } } }),
      ),
  },
  {
    title: 'finalizer added',
    applies: 0,
    run: (child) => child.merge({ metadata: { finalizers: ['sample.test/hold'] } }),
  },
  {
    title: 'finalizer added and removed',
    applies: 0,
    run: (child) =>
      inTurn(
        () => child.merge({ metadata: { finalizers: ['sample.test/hold'] } }),
        () => child.merge({ metadata: { finalizers: null } }),
      ),
  },
  edit('touched with the same value', 0, undefined, replace(LABEL, 'engine')),
  {
    title: 'edited, then reverted',
    applies: 1,
    run: (child) =>
      inTurn(
        () => child.merge(label('other')),
        () => child.merge(label('engine')),
      ),
  },
];

const byAppliers: readonly Interference[] = [
  {
    title: 'apply by another, other value, no force (409)',
    applies: 0,
    refused: true,
    run: (child) => child.applyAs('other', label('other'), false),
  },
  {
    title: 'apply by another, other value, force',
    applies: 1,
    run: (child) => child.applyAs('other', label('other'), true),
  },
  {
    title: 'apply by another, same value',
    applies: 0,
    run: (child) => child.applyAs('other', label('engine'), false),
  },
  {
    title: 'apply by another, same value, which then leaves',
    applies: 0,
    run: (child) =>
      inTurn(
        () => child.applyAs('other', label('engine'), false),
        () => child.applyAs('other', {}, false),
      ),
  },
  {
    title: 'our name, apply, other value, same seal',
    applies: 1,
    unseenInMetadata: true,
    run: (child) => child.applyAs(names.fieldManager, withLabel(child, 'other'), true),
  },
  {
    title: 'our name, apply, fewer fields',
    applies: 1,
    run: (child) => child.applyAs(names.fieldManager, withLabel(child, undefined), true),
  },
  { title: 'our name, update', applies: 1, run: (child) => child.merge(label('other'), names.fieldManager) },
  { title: 'managedFields wiped', applies: 1, run: (child) => child.merge({ metadata: { managedFields: [{}] } }) },
  {
    title: 'managedFields wiped and a label edited',
    applies: 1,
    run: (child) =>
      child.merge({ metadata: { managedFields: [{}], labels: { 'app.kubernetes.io/part-of': 'other' } } }),
  },
];

const onObjects: readonly Interference[] = [
  { title: 'deleted', applies: 1, run: (child) => removed(child) },
  {
    title: 'deleted, leaving orphans',
    applies: 1,
    run: (child) => removed(child, 'Orphan'),
  },
  {
    title: 'deleted and created anew by another',
    applies: 1,
    run: (child) =>
      inTurn(
        () => removed(child),
        () => child.createAs('somebody'),
      ),
  },
];

const onStatus: readonly Interference[] = [
  {
    title: 'status written',
    applies: 0,
    on: hasStatus,
    run: (child) => child.merge({ status: child.sample.status }, 'somebody', { subresource: 'status' }),
  },
  {
    title: 'label through /status',
    applies: 1,
    on: services,
    run: (child) => child.merge(label('other'), 'somebody', { subresource: 'status' }),
  },
  {
    title: 'label through /status (dropped)',
    applies: 0,
    on: widget,
    run: (child) => child.merge(label('other'), 'somebody', { subresource: 'status' }),
  },
];

const onScale: readonly Interference[] = [
  { title: '/scale', applies: 1, on: replicated, run: (child) => scale(child, 1) },
  {
    title: '/scale, replicas not ours',
    applies: 0,
    on: kinds('Deployment without replicas'),
    run: (child) => scale(child, 2),
  },
  { title: '/scale to the same value', applies: 0, on: replicated, run: (child) => scale(child, 2) },
];

const onTemplates: readonly Interference[] = [
  {
    title: 'rollout restart',
    applies: 0,
    on: workloads,
    run: (child) =>
      strategic(child, { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' } } }),
  },
  { title: 'rollout pause', applies: 0, on: deployments, run: (child) => child.merge({ spec: { paused: true } }) },
  {
    title: 'rollout pause and resume',
    applies: 0,
    on: deployments,
    run: (child) =>
      inTurn(
        () => child.merge({ spec: { paused: true } }),
        () => child.merge({ spec: { paused: null } }),
      ),
  },
  {
    title: 'set image',
    applies: 1,
    on: workloads,
    run: (child) => container(child, { name: 'main', image: 'registry.test/main:9' }),
  },
  {
    title: 'set env of ours',
    applies: 1,
    on: workloads,
    run: (child) => container(child, { name: 'main', env: [{ name: 'FIRST', value: '9' }] }),
  },
  {
    title: 'set env, foreign',
    applies: 0,
    on: workloads,
    run: (child) => container(child, { name: 'main', env: [{ name: 'THIRD', value: '3' }] }),
  },
  {
    title: 'set resources',
    applies: 1,
    on: workloads,
    run: (child) =>
      container(child, { name: 'main', resources: { requests: { memory: '2Gi' }, limits: { memory: '2Gi' } } }),
  },
  {
    title: 'quantity written differently (1Gi, 1024Mi)',
    applies: 0,
    on: workloads,
    run: (child) => container(child, { name: 'main', resources: { requests: { memory: '1024Mi', cpu: '500m' } } }),
  },
  {
    title: 'sidecar injected',
    applies: 0,
    on: workloads,
    run: (child) => container(child, { name: 'injected', image: 'registry.test/injected:1' }),
  },
  edit('container of ours removed', 1, workloads, remove(`${POD}/containers/1`)),
  edit('env of ours removed', 1, workloads, remove(`${POD}/containers/0/env/1`)),
  {
    title: 'containers reordered',
    applies: 0,
    on: workloads,
    run: (child) => reverse(child, ['spec', 'template', 'spec', 'containers']),
  },
  {
    title: 'env reordered',
    applies: 0,
    on: workloads,
    run: (child) => reverse(child, ['spec', 'template', 'spec', 'containers', '0', 'env']),
  },
  edit('args appended (atomic)', 1, workloads, add(`${POD}/containers/0/args/-`, '--more')),
  edit('tolerations appended (atomic)', 1, workloads, add(`${POD}/tolerations/-`, { operator: 'Exists' })),
  edit('default not ours changed (dnsPolicy)', 0, workloads, replace(`${POD}/dnsPolicy`, 'Default')),
  edit('hostNetwork, false by us', 1, workloads, add(`${POD}/hostNetwork`, true)),
  edit('emptyDir {} gets a medium', 0, workloads, add(`${POD}/volumes/0/emptyDir/medium`, 'Memory')),
  {
    title: 'serviceAccountName, "" by us',
    applies: 1,
    on: workloads,
    run: (child) => child.json(add(`${POD}/serviceAccountName`, 'other'), add(`${POD}/serviceAccount`, 'other')),
  },
  edit('partition, not ours', 0, kinds('StatefulSet'), replace('/spec/updateStrategy/rollingUpdate/partition', 1)),
  edit(
    'history limit, not ours',
    0,
    kinds('Deployment', 'StatefulSet', 'DaemonSet'),
    replace('/spec/revisionHistoryLimit', 3),
  ),
  edit('history limit of jobs, not ours', 0, kinds('CronJob'), replace('/spec/failedJobsHistoryLimit', 3)),
  edit('suspended job released', 1, kinds('Job', 'CronJob'), replace('/spec/suspend', false)),
];

const onServices: readonly Interference[] = [
  edit('port of ours removed', 1, kinds('Service ClusterIP'), remove('/spec/ports/1')),
  edit('foreign port added', 0, services, add('/spec/ports/-', { name: 'foreign', port: 9999, protocol: 'TCP' })),
  edit('node port chosen by another', 0, kinds('Service NodePort'), remove('/spec/ports/0/nodePort')),
  edit('type changed, not ours', 0, kinds('Service ClusterIP'), replace('/spec/type', 'NodePort')),
  edit('selector changed (atomic)', 1, services, add('/spec/selector/foreign', '1')),
  edit('session affinity, not ours', 0, services, replace('/spec/sessionAffinity', 'ClientIP')),
];

const onData: readonly Interference[] = [
  edit('data key of ours removed', 1, isPlainData, remove('/data/first')),
  edit('data wiped', 1, isPlainData, remove('/data')),
  edit('foreign data key added', 0, isPlainData, add('/data/foreign', 'eA==')),
  {
    title: 'stringData by another',
    applies: 1,
    on: kinds('Secret'),
    run: (child) => child.merge({ stringData: { password: 'y' } }),
  },
];

const onOthers: readonly Interference[] = [
  edit('pull secret appended (atomic)', 1, kinds('ServiceAccount'), add('/imagePullSecrets/-', { name: 'other' })),
  edit(
    'rule appended (atomic)',
    1,
    kinds('Role'),
    add('/rules/-', { apiGroups: [''], resources: ['secrets'], verbs: ['get'] }),
  ),
  edit(
    'subject appended (atomic)',
    1,
    kinds('RoleBinding'),
    add('/subjects/-', { kind: 'ServiceAccount', name: 'z', namespace: 'default' }),
  ),
  edit(
    'metric appended (atomic)',
    1,
    kinds('HorizontalPodAutoscaler'),
    add('/spec/metrics/-', {
      type: 'Resource',
      resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 70 } },
    }),
  ),
  edit(
    'select policy, not ours',
    0,
    kinds('HorizontalPodAutoscaler'),
    add('/spec/behavior/scaleDown/selectPolicy', 'Min'),
  ),
  edit(
    'path appended (atomic)',
    1,
    kinds('Ingress'),
    add('/spec/rules/0/http/paths/-', {
      path: '/x',
      pathType: 'Prefix',
      backend: { service: { name: 'x', port: { number: 1 } } },
    }),
  ),
  edit('rule appended to an empty atomic list', 1, kinds('NetworkPolicy'), add('/spec/egress', [{}])),
  edit('volume name set, not ours', 0, kinds('PersistentVolumeClaim'), add('/spec/volumeName', 'pv-none')),
];

const onWidgets: readonly Interference[] = [
  { title: 'keyed list reordered', applies: 0, on: widget, run: (child) => reverse(child, ['spec', 'endpoints']) },
  edit('default inside our list item changed', 0, widget, replace('/spec/endpoints/1/weight', 7)),
  edit('item with a defaulted key removed', 1, widget, remove('/spec/endpoints/1')),
  edit('set item removed', 1, widget, remove('/spec/features/0')),
  edit('set item added', 0, widget, add('/spec/features/-', 'z')),
  edit('atomic list appended', 1, widget, add('/spec/hosts/-', 'three')),
  edit('atomic map extended', 1, widget, add('/spec/tuning/more', 1)),
  edit('unknown field of ours changed', 1, widget, replace('/spec/free/nested/ours', 2)),
  edit('unknown field of ours removed', 1, widget, remove('/spec/free/nested/ours')),
  edit('unknown field, foreign', 0, widget, add('/spec/free/nested/foreign', 1)),
  edit('empty map of ours filled', 0, widget, add('/spec/free/empty/foreign', 1)),
  edit('empty list of ours filled', 1, widget, add('/spec/free/none/-', 1)),
  edit('quantity rewritten in a plain string', 1, widget, replace('/spec/size', '1Gi')),
  edit('default of ours not wanted changed', 0, widget, replace('/spec/mode', 'manual')),
];

/** Everything that others do to children, by what they touch. */
export const interferences: readonly Interference[] = [
  {
    title: 'field of ours by JSON patch',
    applies: 1,
    on: ({ title }) => title !== 'PersistentVolumeClaim',
    run: (child) => child.json(replace(child.sample.leaf.pointer, child.sample.leaf.value)),
  },
  {
    title: 'field of ours by JSON patch (refused by the server)',
    applies: 0,
    refused: true,
    on: kinds('PersistentVolumeClaim'),
    run: (child) => child.json(replace(child.sample.leaf.pointer, child.sample.leaf.value)),
  },
  ...onMetadata,
  ...byAppliers,
  ...onObjects,
  ...onStatus,
  ...onScale,
  ...onTemplates,
  ...onServices,
  ...onData,
  ...onOthers,
  ...onWidgets,
];

/** Our body with another value for one label, or without it. */
function withLabel({ sealed: { body } }: LiveChild, value: string | undefined): { readonly metadata: object } {
  const { 'app.kubernetes.io/part-of': _mine, ...others } = body.metadata.labels ?? {};
  const labels = value === undefined ? others : { ...others, 'app.kubernetes.io/part-of': value };
  return { ...body, metadata: { ...body.metadata, labels } };
}

/** PUT of the whole object, as `kubectl replace` does; again when a controller was faster. */
async function put(child: LiveChild): Promise<Outcome> {
  for (;;) {
    const live = await child.mustRead();
    const labels = { ...live.metadata.labels, ...label('other').metadata.labels };
    if ((await child.replace({ ...live, metadata: { ...live.metadata, labels } })) === 'done') return 'done';
  }
}

/** Deletes and waits until it is gone; the finalizer of an orphaning deletion is not worth waiting for its controller. */
async function removed(child: LiveChild, propagationPolicy: 'Background' | 'Orphan' = 'Background'): Promise<Outcome> {
  await child.remove(propagationPolicy);
  for (let live = await child.read('metadata'); live !== undefined; live = await child.read('metadata')) {
    if ((live.metadata.finalizers ?? []).length > 0) await child.merge({ metadata: { finalizers: null } });
  }
  return 'done';
}

async function inTurn(...steps: readonly (() => Promise<Outcome>)[]): Promise<Outcome> {
  for (const step of steps) if ((await step()) === 'refused') return 'refused';
  return 'done';
}

async function scale({ client, sample, ref }: LiveChild, replicas: number): Promise<Outcome> {
  await client.setScale(sample.type, ref, replicas, { fieldManager: 'kubectl' });
  return 'done';
}

function strategic(child: LiveChild, template: object): Promise<Outcome> {
  return child.patch({ kind: 'strategic', body: { spec: { template } } });
}

function container(child: LiveChild, fields: object): Promise<Outcome> {
  return strategic(child, { spec: { containers: [fields] } });
}

async function reverse(child: LiveChild, path: readonly string[]): Promise<Outcome> {
  const live: KubeObject = await child.mustRead();
  const list = path.reduce<unknown>(
    (value, key) => (Array.isArray(value) ? value[Number(key)] : fieldOf(value, key)),
    live,
  );
  if (!Array.isArray(list)) throw new Error(`${path.join('.')} is no list`);
  return child.json(replace(`/${path.join('/')}`, list.toReversed()));
}
