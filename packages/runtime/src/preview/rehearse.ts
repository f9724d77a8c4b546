import { type KubeObject, type ResourceType, systemClock } from '@capstan/kube';
import { type Child, childOf } from '../controller/child.ts';
import type { Controller } from '../controller/controller.ts';
import type { Plan } from '../controller/plan.ts';
import type { Resource } from '../controller/reconciler.ts';
import { EventRecorder } from '../events/recorder.ts';
import { Feed } from '../feed.ts';
import { createLogger } from '../log.ts';
import type { PassRecord } from '../observe/pass-record.ts';
import type { PreviewOptions } from './preview.ts';
import { RehearsalClient } from './rehearsal-client.ts';
import { Snapshots } from './snapshots.ts';

/** What a rehearsed pass came to. */
export interface Rehearsed {
  /** Absent when the controller has no pass for the resource, because its predicate leaves it out. */
  readonly record: PassRecord | undefined;
  /** Every plan that the reconciler handed over; none when it refused the resource. */
  readonly plans: readonly Plan[];
  readonly client: RehearsalClient;
}

const defaultTimeoutMs = 30_000;

/** Runs one pass of a controller over a client that stores nothing. */
export async function rehearse(controller: Controller, subject: Resource, options: PreviewOptions): Promise<Rehearsed> {
  const failure = Promise.withResolvers<never>();
  const client = new RehearsalClient({
    client: 'client' in options ? options.client : undefined,
    snapshots: ('client' in options ? options.snapshots : undefined) ?? new Snapshots(),
    primary: controller.kind,
    subject,
    optional: optionalKinds(controller),
    onFailure: failure.reject,
  });
  const plans: Plan[] = [];
  const record = await Promise.race([
    onePass(controller, subject, options, { client, planned: (plan) => plans.push(plan) }),
    failure.promise,
  ]);
  return { record, plans, client };
}

interface Stage {
  readonly client: RehearsalClient;
  readonly planned: (plan: Plan) => void;
}

async function onePass(
  controller: Controller,
  subject: Resource,
  { clock = systemClock, random = Math.random, timeoutMs = defaultTimeoutMs }: PreviewOptions,
  { client, planned }: Stage,
): Promise<PassRecord | undefined> {
  const log = createLogger({ level: 'error', destination: { write: () => {} } });
  const passes = new Feed<PassRecord>(() => {});
  const ended = Promise.withResolvers<PassRecord>();
  passes.subscribe(ended.resolve);
  const runner = controller.runner({
    ...{ client, clock, random, log, passes },
    recorder: new EventRecorder({ client, clock, random, log, reportingController: controller.name }),
    namespaces: [subject.metadata.namespace],
    rehearsal: { planned },
  });
  const stop = new AbortController();
  const timer = clock.setTimeout(() => ended.reject(tooLate(subject, timeoutMs)), timeoutMs);
  const watching = runner.watch(stop.signal);
  try {
    await Promise.race([runner.synced, ended.promise]);
    void runner.work(stop.signal, stop.signal).catch(ended.reject);
    return runner.queueDepth().added === 0 ? undefined : await ended.promise;
  } finally {
    timer.cancel();
    stop.abort();
    await watching;
  }
}

function tooLate({ kind, metadata: { name } }: KubeObject, timeoutMs: number): Error {
  return new Error(`no pass of ${kind}/${name} ended within ${timeoutMs} ms: its reconciler waits for something`);
}

function optionalKinds({ owns }: Controller): readonly ResourceType[] {
  return owns.filter((kind) => kind.optional === true).map(({ type }) => type);
}

/** The children that all plans name, with their steps. */
export function wantedBy(plans: readonly Plan[]): readonly { readonly child: Child; readonly step: string }[] {
  return plans.flatMap(({ steps }) =>
    steps.flatMap(({ name: step, objects }) => objects.map((item) => ({ child: childOf(item), step }))),
  );
}
