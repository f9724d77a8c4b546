import type { KubeObject } from '@capstan/kube';

/** A PrismPattern or a PrismNamespace of the cluster. What is not known is null. */
export interface RelatedReport {
  readonly kind: string;
  readonly name: string;
  /** `status.phase`, where the kind has one. */
  readonly phase: string | null;
  readonly ready: boolean;
  /** Of the condition Ready. */
  readonly reason: string | null;
  /** Of the condition Ready. */
  readonly message: string | null;
  /** RFC 3339. */
  readonly createdAt: string | null;
}

/** Those of the objects that belong to a cluster, by name. The kind may be of any version: only what all have is read. Pure. */
export function relatedReports(objects: readonly KubeObject[], cluster: string): readonly RelatedReport[] {
  return objects
    .filter((object) => (textAt(object, 'status', 'cluster') ?? textAt(object, 'spec', 'cluster')) === cluster)
    .map(relatedReport)
    .toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
}

function relatedReport(object: KubeObject): RelatedReport {
  const ready = conditionsOf(object).find((condition) => textAt(condition, 'type') === 'Ready');
  return {
    kind: object.kind,
    name: object.metadata.name,
    phase: textAt(object, 'status', 'phase') ?? null,
    ready: textAt(ready, 'status') === 'True',
    reason: textAt(ready, 'reason') ?? null,
    message: textAt(ready, 'message') ?? null,
    createdAt: object.metadata.creationTimestamp ?? null,
  };
}

function conditionsOf(object: KubeObject): readonly unknown[] {
  const conditions = valueAt(object, ['status', 'conditions']);
  return Array.isArray(conditions) ? conditions : [];
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, path);
  return typeof found === 'string' ? found : undefined;
}

function valueAt(value: unknown, [field, ...rest]: readonly string[]): unknown {
  if (field === undefined) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return valueAt(Object.entries(value).find(([key]) => key === field)?.[1], rest);
}
