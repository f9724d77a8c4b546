import { isDeepStrictEqual } from 'node:util';

/** What tells nothing of a user's edit: written by the server or by the operator. */
const uninteresting: ReadonlySet<string> = new Set(['status', 'apiVersion', 'kind']);
const metadataOfInterest: readonly string[] = ['labels', 'annotations', 'finalizers'];
/** Written by `kubectl apply`, about the other fields. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The paths of the fields in which two versions of a resource differ: `spec.image.tag`. Lists count as one field. */
export function editedFields(before: object, after: object): readonly string[] {
  return differences(interesting(before), interesting(after), '');
}

function interesting(object: object): object {
  const fields = Object.entries(object).filter(([key]) => !uninteresting.has(key));
  return Object.fromEntries(
    fields.map(([key, value]) => [key, key === 'metadata' ? interestingMetadata(value) : value]),
  );
}

function interestingMetadata(metadata: unknown): object {
  if (!isMap(metadata)) return {};
  const kept = metadataOfInterest.map((key) => [key, withoutLastApplied(metadata[key])]);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

function withoutLastApplied(value: unknown): unknown {
  if (!isMap(value)) return value;
  const left = Object.entries(value).filter(([key]) => key !== lastApplied);
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

function differences(before: unknown, after: unknown, path: string): readonly string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isMap(before) || !isMap(after)) return [path];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
