import type { KubeObject, ObjectRef } from './object.ts';

/**
 * A kind as the API server serves it, and (as a type only) the shape of its objects.
 * Kinds defined with `@capstan/crd` are resource types too.
 */
export interface ResourceType<T extends KubeObject = KubeObject> {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The lower-case name in the URL, such as `statefulsets`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Carries `T`; no value has it. */
  readonly objectType?: T;
}

/** The object type that a resource type stands for. */
export type ObjectOf<R> = R extends ResourceType<infer T> ? T : never;

/** `apps/v1`, or `v1` for the core group. */
export function apiVersionOf(type: ResourceType): string {
  return type.group === '' ? type.version : `${type.group}/${type.version}`;
}

/** `StatefulSet.apps`, or `ConfigMap` for the core group: one stable name per kind, for maps, metrics and messages. */
export function kindNameOf(type: ResourceType): string {
  return type.group === '' ? type.kind : `${type.kind}.${type.group}`;
}

/**
 * The URL path of a collection, or of one object when `name` is given.
 *
 * @example
 * ```ts
 * pathOf({ group: 'apps', version: 'v1', kind: 'StatefulSet', plural: 'statefulsets', namespaced: true }, { namespace: 'a', name: 'b' })
 * // '/apis/apps/v1/namespaces/a/statefulsets/b'
 * ```
 */
export function pathOf(type: ResourceType, at: Partial<ObjectRef>, subresource?: string): string {
  const root = type.group === '' ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  const scope = type.namespaced && at.namespace !== undefined ? `/namespaces/${encodeURIComponent(at.namespace)}` : '';
  const name = at.name === undefined ? '' : `/${encodeURIComponent(at.name)}`;
  return `${root}${scope}/${type.plural}${name}${subresource === undefined ? '' : `/${subresource}`}`;
}
