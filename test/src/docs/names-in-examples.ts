/**
 * What examples in docstrings speak of without making it: their reader's own kinds, controller, client and log. Only types
 * count here; nothing of it ever runs.
 */
import { customResource, k8s, type ResourceOf, spoke, Type, versionedResource, withDefault } from '@capstan/crd';
import type { ClusterShape, RolloutNode } from '@capstan/dsoi';
import type {
  ConfigMap,
  Connection,
  Draft,
  KubeClient,
  Node,
  ObjectMeta,
  ObjectRef,
  ReflectorSink,
  Service,
  StatefulSet,
} from '@capstan/kube';
import type { ServiceMonitor } from '@capstan/resources';
import type {
  AdmissionViolation,
  Controller,
  Finalized,
  FinalizePass,
  Logger,
  ManagerOptions,
  Outcome,
  Pass,
  Plan,
  Reconciler,
  StatusOf,
} from '@capstan/runtime';
import type { AuditLog } from '@capstan/testkit';

export { randomBytes } from 'node:crypto';
export { isDeepStrictEqual } from 'node:util';
export { expect } from 'vitest';
export { defineConfig } from 'vitest/config';

export const Greeting = customResource({
  group: 'example.dev',
  version: 'v1',
  kind: 'Greeting',
  plural: 'greetings',
  description: 'A greeting.',
  spec: Type.Object({ text: Type.String({ description: 'What is said.' }) }, { description: 'What is wanted.' }),
  status: Type.Object({}),
});
export type Greeting = ResourceOf<typeof Greeting>;
export declare const greeting: Greeting;
/** A controller in most examples; in that of a program, what makes one from its flags. */
export declare const greetings: Controller &
  ((options: { readonly concurrency: number; readonly image: string }) => Controller);
export declare function greetingText(greeting: Greeting): Draft<ConfigMap>;
export declare function statusOf(greeting: Greeting, outcome: Outcome): StatusOf<Greeting>;

const cacheSpec = Type.Object(
  {
    replicas: withDefault(Type.Integer({ description: 'Pods.' }), 3),
    shards: Type.Optional(Type.Integer()),
    passwordFrom: withDefault(Type.String({ description: 'A Secret.' }), 'cache-password'),
    keep: withDefault(Type.Boolean({ description: 'Whether it must not be deleted.' }), false),
  },
  { description: 'What is wanted.' },
);
const cacheNames = { group: 'example.dev', kind: 'Cache', plural: 'caches', description: 'A cache.' };
const cacheStatus = Type.Object({
  conditions: Type.Optional(k8s.conditions({ maxItems: 8, description: 'What is true of it.' })),
});
export const Cache = customResource({ ...cacheNames, version: 'v1', spec: cacheSpec, status: cacheStatus });
export type Cache = ResourceOf<typeof Cache>;
export const CacheV1alpha1 = customResource({
  ...cacheNames,
  version: 'v1alpha1',
  spec: Type.Object({ size: Type.Integer({ description: 'Pods.' }) }, { description: 'What is wanted.' }),
  status: Type.Object({}),
});
export const Caches = versionedResource({
  hub: Cache,
  spokes: [
    spoke(CacheV1alpha1, Cache).by({
      toHub: ({ spec }) => ({ spec: { replicas: spec.size } }),
      fromHub: ({ spec }) => ({ spec: { size: spec.replicas } }),
    }),
  ],
});
export declare const cache: Cache;
export declare const caches: Controller;
export declare const reconcileCache: Reconciler<Cache>;
export declare function withShards(cache: Cache, shards?: number): Cache;
export declare function judge(cache: Cache, before: Cache | undefined): readonly AdmissionViolation[];
export declare function planOf(cache: Cache): Plan;
export declare function cacheStatusOf(cache: Cache, outcome: Outcome): StatusOf<Cache>;
export declare function settingsOf(cache: Cache): Draft<ConfigMap>;
export declare function podsOf(cache: Cache): Draft<StatefulSet>;
export declare function entranceOf(cache: Cache): Draft<Service>;
export declare function monitorOf(cache: Cache): Draft<ServiceMonitor>;
export declare function listenForAlarms(
  emit: (ref: ObjectRef, reason: string) => void,
  signal: AbortSignal,
): Promise<void>;
export declare function alarms(
  signal: AbortSignal,
): AsyncIterable<{ readonly namespace: string; readonly cache: string; readonly text: string }>;
export declare function unregister(cache: Cache, pass: FinalizePass<Cache>): Promise<Finalized>;
export declare const registry: { remove(name: string, signal: AbortSignal): Promise<boolean> };
export declare function fits(cache: Cache): boolean;

export declare const connection: Connection;
export declare const client: KubeClient;
export declare const controllers: readonly Controller[];
export declare const log: Logger;
export declare const options: ManagerOptions;
export declare const pass: Pass<Greeting>;
export declare const plan: Plan;
export declare const statefulSet: StatefulSet;
export declare const metadata: ObjectMeta;
export declare const ref: ObjectRef;
export declare const serviceAccount: ObjectRef & { readonly namespace: string };
export declare const sink: ReflectorSink<ConfigMap>;
export declare const signal: AbortSignal;
export declare const audit: AuditLog;
export declare function zoneOf(node: Node): string;
export declare function reconcile(key: string): Promise<'ok' | { readonly retry: true }>;
export declare function somethingHappens(): Promise<void>;
export declare function writesOf(user: string): Promise<readonly string[]>;
export declare const operator: string;
export declare const user: string;
export declare const path: string;
export declare const pem: string;
export declare const token: string;
export declare const password: string;

/** The nodes of a cluster, as its resource says and as its roll-out wants them. */
export declare const shape: ClusterShape<string>;
export declare const rolloutNodes: readonly RolloutNode[];
