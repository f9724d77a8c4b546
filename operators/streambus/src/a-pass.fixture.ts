import type { KubeObject, ObjectRef, ResourceType } from '@capstan/kube';
import type { Pass } from '@capstan/runtime';
import type { StreamBusCluster } from './api/v1alpha1/stream-bus-cluster.ts';

interface PassOverrides {
  /** What the API server has; the cache has the same unless told. */
  readonly objects?: readonly KubeObject[];
  readonly cached?: readonly KubeObject[];
  /** RFC 3339. */
  readonly now?: string;
  readonly isRehearsal?: boolean;
}

/** A pass over objects that are given, and what was asked of it beyond its cache. */
interface SeenPass extends Pass<StreamBusCluster> {
  /** Such as `read Secret/tls`, in order. */
  readonly asked: readonly string[];
}

/** A pass in the namespace `shop` that reads what it is given and writes nothing: deletions are only noted. */
export function aPass(overrides: PassOverrides = {}): SeenPass {
  const { objects = [], cached = objects, now = '2026-01-01T00:00:00Z', isRehearsal = false } = overrides;
  const asked: string[] = [];
  const pass: Partial<SeenPass> = {
    ...{ asked, now, isRehearsal, triggers: [], signal: new AbortController().signal },
    cache: {
      get: (type, ref) => found(cached, type, ref),
      list: (type) => ofKind(cached, type),
      byIndex: () => [],
      isServed: () => true,
    },
    read: (type, ref) => {
      asked.push(`read ${type.kind}/${ref.name}`);
      return Promise.resolve(found(objects, type, ref));
    },
    list: (type) => {
      asked.push(`list ${type.kind}`);
      return Promise.resolve(ofKind(objects, type));
    },
    remove: (type, { name, uid }) => {
      asked.push(`remove ${type.kind}/${name} ${uid}`);
      return Promise.resolve('Removed');
    },
  };
  return pass as SeenPass; // what is left out, nothing under test may call
}

function ofKind<O extends KubeObject>(objects: readonly KubeObject[], { kind }: ResourceType<O>): readonly O[] {
  return objects.filter((object): object is O => object.kind === kind);
}

function found<O extends KubeObject>(
  objects: readonly KubeObject[],
  type: ResourceType<O>,
  { namespace = 'shop', name }: ObjectRef,
): O | undefined {
  return ofKind(objects, type).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
}
