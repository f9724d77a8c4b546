import { isDeepStrictEqual } from 'node:util';
import {
  apiVersionOf,
  type Condition,
  type KubeObject,
  kindNameOf,
  type ObjectRef,
  type ResourceType,
} from '@capstan/kube';
import { conditionOf } from '../conditions.ts';
import type { Child } from '../controller/child.ts';
import type { Controller } from '../controller/controller.ts';
import { engineNames } from '../controller/controller-runner.ts';
import type { ChildAction, ChildOutcome } from '../controller/outcome.ts';
import { ownedBody } from '../controller/ownership.ts';
import { childName, type Desired } from '../controller/plan.ts';
import type { Resource } from '../controller/reconciler.ts';
import { applyErrorOf } from '../engine/apply-error.ts';
import { fieldOf } from '../engine/json-value.ts';
import type { EngineNames } from '../engine/seal.ts';
import type { PassRecord, RemovalRecord } from '../observe/pass-record.ts';
import { podEffect, type WorkloadChange } from './pod-effect.ts';
import { predict } from './predict.ts';
import { presentable } from './presentable.ts';
import type { Preview, PreviewAction, PreviewedChild } from './preview.ts';
import type { RehearsalClient, RehearsedWrite } from './rehearsal-client.ts';
import { type Rehearsed, wantedBy } from './rehearse.ts';

/** Everything needed to tell what became of the children. */
interface Scene {
  readonly controller: Controller;
  readonly subject: Resource;
  readonly names: EngineNames;
  readonly client: RehearsalClient;
}

/** Makes a preview of what a rehearsed pass was asked to write. What was held back is tried now, for the diff. */
export async function compile(controller: Controller, subject: Resource, rehearsed: Rehearsed): Promise<Preview> {
  const { record, plans, client } = rehearsed;
  const names = engineNames(controller.kind, { name: controller.name });
  const scene: Scene = { controller, subject, client, names };
  const told = record?.children ?? [];
  const outcomes = new Map(told.map((outcome) => [outcome.child, outcome]));
  const wanted = wantedBy(plans);
  const children = await Promise.all(
    wanted.map(({ child, step }) => plannedChild(child, step, outcomes.get(childName(child.object)), scene)),
  );
  const planned = new Set(wanted.map(({ child }) => childName(child.object)));
  const others = told.filter(({ child }) => !planned.has(child)).map((outcome) => other(outcome, scene));
  const removals = (record?.removals ?? []).filter(({ result }) => result === 'Removed');
  const removed = removals.flatMap((each) => removal(each, scene));
  const status = statusChange(subject, client.writes);
  const refusal =
    record !== undefined && plans.length === 0 ? refusalIn(record, status?.after ?? subject.status) : undefined;
  return {
    resource: { ...headOf(subject) },
    operator: controller.name,
    children: [...children, ...others, ...removed],
    ...(status !== undefined && { status }),
    ...(refusal !== undefined && { refusal }),
    ...(isFailure(record) && { error: record.error }),
    notes: [...client.notes, ...notesOf(record, subject)],
  };
}

/** A child that the plan names. */
async function plannedChild(
  child: Child,
  step: string,
  outcome: ChildOutcome | undefined,
  scene: Scene,
): Promise<PreviewedChild> {
  const { controller, subject, names, client } = scene;
  const body = ownedBody(child, subject, controller.kind, names);
  const head = { ...headOf(body), step };
  const type = controller.owns.find(({ type }) => isOfType(body, type))?.type;
  if (type === undefined || outcome === undefined)
    return { ...head, action: 'refused', detail: 'the pass failed before its turn' };
  const desired = presentable(body, names);
  if (client.unreadable.has(kindNameOf(type)))
    return { ...head, action: 'unknown', detail: `you may not list ${type.plural}`, desired };
  const { action, ...told } = await verdictOn(outcome, { type, body }, scene);
  if (action === 'keep' || action === 'skipped') return { ...head, action, ...told };
  const writes = client.writes.filter((write) => write.type === type && write.ref.name === body.metadata.name);
  const wished = (before: KubeObject) => predict(body, before, controller.name);
  const { restartsPods } = child;
  return settled({ ...head, action, ...told, desired }, writes, names, { wished, restartsPods });
}

type Verdict = Pick<PreviewedChild, 'action' | 'detail' | 'heldBy'>;

/** What was held back by an earlier step is tried now; the rest is as the pass found it. */
async function verdictOn(
  { child: _child, action, detail, heldBy }: ChildOutcome,
  { type, body }: { readonly type: ResourceType; readonly body: Desired },
  { client, controller }: Scene,
): Promise<Verdict> {
  if (action !== 'Held' || heldBy === undefined)
    return { action: actions[action], ...(detail !== undefined && { detail }) };
  try {
    const before = await client.get(type, refOf(body.metadata));
    await client.apply(type, body, { fieldManager: controller.name, force: true });
    return { action: before === undefined ? 'create' : 'change', heldBy };
  } catch (error) {
    // As the engine would say it: of a Secret, the server's own words quote values.
    return {
      action: 'refused',
      detail: applyErrorOf(error, { kind: type.kind, ...refOf(body.metadata) }).message,
      heldBy,
    };
  }
}

/** A child that no plan names: what is left over, or what the engine changes on behalf of another. */
function other({ child, action, detail }: ChildOutcome, { client, subject, names }: Scene): PreviewedChild {
  const [kind = '', name = ''] = child.split('/');
  const writes = client.writes.filter(({ type, ref }) => type.kind === kind && ref.name === name);
  const [first] = writes;
  const { namespace } = first?.ref ?? subject.metadata;
  const head = {
    apiVersion: first === undefined ? '' : apiVersionOf(first.type),
    kind,
    name,
    ...(namespace !== undefined && { namespace }),
    ...(detail !== undefined && { detail }),
  };
  return settled({ ...head, action: actions[action] }, writes, names);
}

/** What the reconciler deletes itself, beside its plan. */
function removal({ kind, namespace, name }: RemovalRecord, { client, names }: Scene): readonly PreviewedChild[] {
  const isMeant = ({ type, ref }: RehearsedWrite) =>
    type.kind === kind && ref.name === name && ref.namespace === namespace;
  const writes = client.writes.filter((write) => write.verb === 'delete' && isMeant(write));
  return writes.slice(0, 1).map(({ type }) => {
    const head = { apiVersion: apiVersionOf(type), kind, name, ...(namespace !== undefined && { namespace }) };
    return settled({ ...head, action: 'remove', detail: 'deleted by the reconciler' }, writes, names);
  });
}

/** What the operator would have of a child. */
interface Intention {
  /** For what is refused, and for what cannot be tried because the former object still has the name. */
  readonly wished: (before: KubeObject) => KubeObject;
  /** In which order it replaces the pods of a workload itself. */
  readonly restartsPods: string | undefined;
}

/** Adds what the writes show: before and after, how that is known, and what the pods notice. */
function settled(
  child: PreviewedChild,
  all: readonly RehearsedWrite[],
  names: EngineNames,
  intention?: Intention,
): PreviewedChild {
  const writes = all.filter(({ subresource }) => subresource === undefined);
  const last = writes.findLast(({ after }) => after !== undefined) ?? writes.at(-1);
  if (last === undefined) return child;
  const before = writes.find(({ before }) => before !== undefined)?.before;
  const isOnlyWished = child.action === 'recreate' || child.action === 'refused';
  // By then its ownership records may be others, so that what a former manager wrote goes.
  const lastBefore = writes.findLast(({ before }) => before !== undefined)?.before;
  const after = isOnlyWished
    ? lastBefore && intention?.wished(lastBefore)
    : child.action === 'remove'
      ? undefined
      : last.after;
  const shown = {
    ...(before !== undefined && { before: presentable(before, names) }),
    ...(after !== undefined && { after: presentable(after, names) }),
  };
  // The record of what was applied is renewed, and nothing else.
  const isRenewal = child.action === 'change' && child.heldBy === undefined;
  if (isRenewal && isDeepStrictEqual(shown.before, shown.after)) return { ...child, action: 'keep' };
  const pods =
    child.action === 'refused'
      ? undefined
      : podEffect(before, after, workloadChangeOf(child.action, writes), intention?.restartsPods);
  return { ...child, basis: last.basis, ...shown, ...(pods !== undefined && { pods }) };
}

function workloadChangeOf(action: PreviewAction, writes: readonly RehearsedWrite[]): WorkloadChange {
  if (action === 'remove') return 'removed';
  if (action !== 'recreate') return 'in place';
  const deletion = writes.find(({ verb }) => verb === 'delete');
  return deletion?.propagationPolicy === 'Orphan' ? 'recreated around its pods' : 'recreated';
}

/** Of what is held, only what waits to be made anew is left by here: what waits for a step is tried. */
const actions: Readonly<Record<ChildAction, PreviewAction>> = {
  Created: 'create',
  Updated: 'change',
  Repaired: 'repair',
  Adopted: 'adopt',
  Recreating: 'recreate',
  Recreated: 'recreate',
  Unchanged: 'keep',
  Retained: 'keep',
  Pruned: 'remove',
  Held: 'recreate',
  Terminating: 'terminating',
  Contested: 'contested',
  Skipped: 'skipped',
  Failed: 'refused',
};

function statusChange(subject: Resource, writes: readonly RehearsedWrite[]): Preview['status'] {
  const last = writes.findLast(({ subresource }) => subresource === 'status');
  const after = fieldOf(last?.after, 'status');
  return typeof after === 'object' && after !== null ? { before: subject.status ?? {}, after } : undefined;
}

/** A pass that planned nothing has refused: by an error that waits for an edit, or by a status that says it is stuck. */
function refusalIn(record: PassRecord, status: object | undefined): Preview['refusal'] {
  const stalled = conditionOf(conditionsIn(status), 'Stalled');
  if (stalled?.status === 'True') return { reason: stalled.reason, message: stalled.message };
  return record.result === 'Refused' ? { reason: 'Refused', message: record.error ?? 'refused' } : undefined;
}

function conditionsIn(status: object | undefined): readonly Condition[] | undefined {
  const conditions = fieldOf(status, 'conditions');
  // A status of a kind with conditions has them in the standard form.
  return Array.isArray(conditions) ? (conditions as readonly Condition[]) : undefined;
}

/** A pass that ended by an error, and would be tried again. */
function isFailure(record: PassRecord | undefined): record is PassRecord & { readonly error: string } {
  return (record?.result === 'Retried' || record?.result === 'TimedOut') && record.error !== undefined;
}

function notesOf(record: PassRecord | undefined, { kind, metadata: { name } }: Resource): readonly string[] {
  if (record === undefined) return [`the predicate of the controller leaves ${kind}/${name} alone`];
  return record.result === 'Paused' ? [`${kind}/${name} is paused: nothing happens until it is resumed`] : [];
}

function refOf({ namespace, name = '' }: Desired['metadata']): ObjectRef {
  return namespace === undefined ? { name } : { namespace, name };
}

function headOf({ apiVersion, kind, metadata }: KubeObject | Desired): Preview['resource'] {
  const { namespace, name = '' } = metadata;
  return { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
}

function isOfType({ apiVersion, kind }: Desired, type: ResourceType): boolean {
  return apiVersionOf(type) === apiVersion && type.kind === kind;
}
