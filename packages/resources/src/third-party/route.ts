import type { Condition } from '@capstan/kube';

/** What a route hangs on: a Gateway unless told. */
export interface ParentReference {
  readonly name: string;
  readonly namespace?: string;
  readonly group?: string;
  readonly kind?: string;
  /** The listener's name. */
  readonly sectionName?: string;
  readonly port?: number;
}

/** Where requests go: a Service unless told. Of another namespace only where a ReferenceGrant there allows it. */
export interface BackendReference {
  readonly name: string;
  readonly port: number;
  readonly namespace?: string;
  readonly group?: string;
  readonly kind?: string;
  /** Its share among the backends of a rule; 1 unless told, 0 for none. */
  readonly weight?: number;
}

/** A header that a request must have. */
export interface HeaderMatch {
  readonly name: string;
  readonly value: string;
  readonly type?: 'Exact' | 'RegularExpression';
}

/** What is done to requests on their way; the fields depend on the type. */
export interface RouteFilter {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** Whether each parent takes the route. */
export interface RouteStatus {
  readonly parents?: readonly {
    readonly parentRef: ParentReference;
    readonly controllerName: string;
    readonly conditions?: readonly Condition[];
  }[];
}

/** What is wrong with a route: without parents nothing comes in, without rules nothing goes out. */
export function routeProblems(route: {
  readonly parentRefs: readonly ParentReference[];
  readonly rules: readonly unknown[];
}): readonly string[] {
  return [
    ...(route.parentRefs.length > 0 ? [] : ['parentRefs: there is none, so nothing would come in: name a Gateway']),
    ...(route.rules.length > 0 ? [] : ['rules: there is none, so nothing would go out']),
  ];
}
