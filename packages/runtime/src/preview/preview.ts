import type { Clock, KubeClient, KubeObject } from '@capstan/kube';
import type { Controller } from '../controller/controller.ts';
import type { Resource } from '../controller/reconciler.ts';
import type { PodEffect } from './pod-effect.ts';
import type { Basis } from './rehearsal-client.ts';
import type { Snapshots } from './snapshots.ts';

/**
 * What would happen to a child.
 *
 * - `create`, `change`, `remove`: as they say; `repair`: somebody changed or deleted it, and it is put right;
 * - `adopt`: it was there before, and is taken over as its annotation allows;
 * - `recreate`: deleted and made anew;
 * - `keep`: nothing;
 * - `contested`: somebody keeps changing it, and the operator stands back;
 * - `refused`: the API server or the operator would not write it, see `detail`;
 * - `terminating`: being deleted, to be looked at again when it is gone;
 * - `skipped`: its kind is not served by this cluster;
 * - `unknown`: it may not be read.
 */
export type PreviewAction =
  | 'create'
  | 'change'
  | 'repair'
  | 'adopt'
  | 'recreate'
  | 'remove'
  | 'keep'
  | 'contested'
  | 'refused'
  | 'terminating'
  | 'skipped'
  | 'unknown';

/** One child, or another object that the reconciler deletes, as it is and as it would be. Neither holds a status, a value of a Secret, or what only the server writes. */
export interface PreviewedChild {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly action: PreviewAction;
  /** Why, or who: for repairs, contests, refusals, and what is removed although it is no child. */
  readonly detail?: string;
  /** The step of the plan it belongs to. */
  readonly step?: string;
  /** What it would wait for before it happens. */
  readonly heldBy?: string;
  /** Whether the API server was asked by a dry run. */
  readonly basis?: Basis;
  readonly before?: KubeObject;
  /** Of what is refused: as it was asked for. */
  readonly after?: KubeObject;
  /** What the operator asks for, without what the server adds. */
  readonly desired?: KubeObject;
  readonly pods?: PodEffect;
}

/** What a controller would do for one resource. A JSON value. */
export interface Preview {
  readonly resource: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly namespace?: string;
    readonly name: string;
  };
  readonly operator: string;
  /** In the order of the plan; then what is removed. */
  readonly children: readonly PreviewedChild[];
  /** Absent when the pass would not change it. */
  readonly status?: { readonly before: object; readonly after: object };
  /** The operator would not carry the resource out as it is. */
  readonly refusal?: { readonly reason: string; readonly message: string };
  /** The pass would fail and be tried again. */
  readonly error?: string;
  /** What could not be looked at as it should be, and what else is worth knowing. */
  readonly notes: readonly string[];
}

export type PreviewOptions = {
  readonly clock?: Clock;
  readonly random?: () => number;
  /** Milliseconds until it gives up; 30,000 unless told. */
  readonly timeoutMs?: number;
} & (
  | {
      /** Reads, and dry runs where they are allowed. Stays open. */
      readonly client: KubeClient;
      /** To be shared by the previews of several resources at about the same time. */
      readonly snapshots?: Snapshots;
    }
  | {
      /** Without any cluster: everything is created. */
      readonly offline: true;
    }
);

/**
 * What a controller would do for a resource right now, without doing it: one pass of the real reconciler, whose reads are
 * real and whose writes are dry runs.
 *
 * @param resource as read from the API server, or as it would be after an edit: defaults filled in, its status still on
 * @throws {ApiError} and {TransportError} when the cluster cannot be read, {Error} when no pass ends in time
 *
 * @example
 * ```ts
 * const { children } = await preview(greetings, greeting, { client });
 * const changed = children.filter(({ action }) => action !== 'keep');
 * ```
 */
export async function preview(controller: Controller, resource: Resource, options: PreviewOptions): Promise<Preview> {
  const subject = withUid(resource);
  // What cleans up after a resource may reach outside of the cluster, where nothing is rehearsed.
  if (resource.metadata.deletionTimestamp !== undefined) return leaving(controller, subject);
  // An operator at work never needs them.
  const [{ rehearse }, { compile }] = await Promise.all([import('./rehearse.ts'), import('./compile.ts')]);
  return compile(controller, subject, await rehearse(controller, subject, options));
}

function leaving({ name: operator }: Controller, { apiVersion, kind, metadata }: Resource): Preview {
  const { namespace, name } = metadata;
  const resource = { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
  return { resource, operator, children: [], notes: [`${kind}/${name} is being deleted, and its children with it`] };
}

/** Owner references need a UID; a resource that does not exist yet has none. */
function withUid(resource: Resource): Resource {
  const { uid = '00000000-0000-0000-0000-000000000000', resourceVersion = '0' } = resource.metadata;
  return { ...resource, metadata: { ...resource.metadata, uid, resourceVersion } };
}
