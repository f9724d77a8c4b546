import type { InputOf } from '@capstan/crd';
import type { KubeObject, ResourceType } from '@capstan/kube';
import { desiredOf } from '@capstan/runtime';
import { aCluster, type SpecInput } from '../a-cluster.fixture.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismPattern, type PrismPatternStatus } from '../api/v1beta1/prism-pattern.ts';

export type PatternSpecInput = InputOf<typeof PrismPattern>['spec'];

interface PatternOverrides {
  readonly name?: string;
  readonly generation?: number;
  readonly createdAt?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly status?: PrismPatternStatus;
}

/** A pattern in the namespace `shop` as the API server would return it: the keyvalue `letters`, unless told otherwise. */
export function aPattern(spec: Partial<PatternSpecInput> = {}, overrides: PatternOverrides = {}): PrismPattern {
  const { name = 'letters', generation = 1, createdAt = '2026-01-01T00:00:00Z', annotations, status } = overrides;
  const pattern = PrismPattern.withDefaults({
    apiVersion: 'prism.io/v1beta1',
    kind: 'PrismPattern',
    metadata: {
      ...{ name, namespace: 'shop', generation, uid: `uid-${name}`, creationTimestamp: createdAt },
      ...(annotations !== undefined && { annotations }),
    },
    spec: { type: 'keyvalue', ...spec },
  });
  return { ...pattern, ...(status !== undefined && { status }) };
}

/** A cluster that has a redis and a nats. */
export function aClusterWithBackends(spec: SpecInput = {}, name = 'orders'): PrismCluster {
  return aCluster({ name, spec: { backends: { redis: {}, nats: {} }, ...spec } });
}

/** A cache that holds what is given, by kind and name; the kind of patterns is served unless told. */
export function aCache(objects: readonly KubeObject[], isServed = true) {
  const ofKind = <O extends KubeObject>({ kind }: ResourceType<O>) =>
    objects.filter((object): object is O => object.kind === kind);
  return {
    get: <O extends KubeObject>(type: ResourceType<O>, { name }: { readonly name: string }) =>
      ofKind(type).find(({ metadata }) => metadata.name === name),
    list: <O extends KubeObject>(type: ResourceType<O>) => ofKind(type),
    isServed: () => isServed,
  };
}

/** A child as the API server would show it, owned by a pattern. */
export function ownedBy<O extends KubeObject>(pattern: PrismPattern, wanted: Parameters<typeof desiredOf>[0]): O {
  const body = desiredOf(wanted);
  const owner = { apiVersion: 'prism.io/v1beta1', kind: 'PrismPattern', name: pattern.metadata.name };
  const ownerReferences = [{ ...owner, uid: pattern.metadata.uid ?? '', controller: true }];
  return { ...body, metadata: { ...body.metadata, ownerReferences } } as unknown as O; // the draft of this very kind
}
