import type { KubeObject, PatchBody } from '@capstan/kube';
import { fieldOf, isRecord } from '../engine/json-value.ts';

/** What people and operators write of `metadata`; the rest is the server's. */
const written: readonly string[] = ['labels', 'annotations', 'ownerReferences', 'finalizers'];
const ofNobody: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

/** The JSON patch that makes one object of another, all but its status and what only the server writes. Pure. */
export function replacingPatch(before: KubeObject, after: KubeObject): PatchBody {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((field) => !ofNobody.has(field));
  const operations = [
    ...written.flatMap((field) => operation('/metadata', field, before.metadata, after.metadata)),
    ...fields.flatMap((field) => operation('', field, before, after)),
  ];
  return { kind: 'json', operations };
}

/** `add` replaces a member that is there. */
function operation(parent: string, field: string, before: object, after: object): readonly object[] {
  const path = `${parent}/${field}`;
  const value = isRecord(after) ? fieldOf(after, field) : undefined;
  if (value !== undefined) return [{ op: 'add', path, value }];
  return isRecord(before) && Object.hasOwn(before, field) ? [{ op: 'remove', path }] : [];
}
