import { AsyncLocalStorage } from 'node:async_hooks';
import type { CallObservation, KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import { kindNameOf } from '@capstan/kube';
import type { ChildOutcome } from '../controller/outcome.ts';
import type { StatusWrite } from '../controller/status-writer.ts';
import type { CallRecord, ReadRecord, RemovalRecord } from './pass-record.ts';

/** Collects what one pass reads and does, while it runs. */
export class PassTrace {
  readonly reconcileID: string;
  /** On the monotonic clock that calls are measured with. */
  readonly startedAt: number;
  readonly reads: ReadRecord[] = [];
  readonly calls: CallRecord[] = [];
  readonly removals: RemovalRecord[] = [];
  children: readonly ChildOutcome[] = [];
  status: StatusWrite['kind'] | undefined;

  constructor(reconcileID: string, startedAt: number) {
    this.reconcileID = reconcileID;
    this.startedAt = startedAt;
  }

  read(type: ResourceType, { namespace, name }: ObjectRef, found: KubeObject | undefined): void {
    const resourceVersion = found?.metadata.resourceVersion;
    this.reads.push({
      kind: kindNameOf(type),
      ...(namespace !== undefined && { namespace }),
      name,
      ...(resourceVersion !== undefined && { resourceVersion }),
    });
  }

  /** Nothing was found of a kind where nothing is listed: the record says so under the name `*`. */
  listed(type: ResourceType, namespace: string | undefined, found: readonly KubeObject[]): void {
    for (const object of found) this.read(type, object.metadata, object);
    if (found.length === 0) this.read(type, { namespace, name: '*' }, undefined);
  }

  removed({ kind }: ResourceType, { namespace, name }: ObjectRef, result: RemovalRecord['result']): void {
    this.removals.push({ kind, ...(namespace !== undefined && { namespace }), name, result });
  }

  called({ method, path, status, startedAt, durationMs }: CallObservation): void {
    const startedAfterMs = startedAt - this.startedAt;
    this.calls.push({ method, path, startedAfterMs, durationMs, ...(status !== undefined && { status }) });
  }
}

/** The pass that the running code belongs to, wherever in it a request is made. */
export const currentPass = new AsyncLocalStorage<PassTrace>();
