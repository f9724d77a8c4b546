import type { KubeObject } from '@capstan/kube';

/** A StorageClass that a resource names, and where. */
export interface NamedClass {
  readonly object: KubeObject;
  /** Such as `spec.backends.minio.storageClassName`. */
  readonly path: string;
  readonly name: string;
}

/** Every StorageClass that a resource names: by `storageClassName` anywhere, or by `class` of a `storage`. */
export function namedClasses(object: KubeObject): readonly NamedClass[] {
  const spec: unknown = 'spec' in object ? object.spec : undefined;
  return [...classesIn(spec, 'spec')].map(([path, name]) => ({ object, path, name }));
}

function* classesIn(value: unknown, path: string): Generator<readonly [string, string]> {
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  for (const [key, inner] of Object.entries(value)) {
    const at = isList ? `${path}[${key}]` : `${path}.${key}`;
    const isName = key === 'storageClassName' || (key === 'class' && path.endsWith('.storage'));
    if (isName && typeof inner === 'string' && inner !== '') yield [at, inner];
    else yield* classesIn(inner, at);
  }
}
