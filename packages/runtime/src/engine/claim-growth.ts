import { fieldOf, isRecord } from './json-value.ts';
import { looseEqual } from './loose-equal.ts';
import { quantityInNanos } from './quantity.ts';

/** A claim template whose storage differs from what the StatefulSet was made with. */
export interface SizeChange {
  /** Name of the claim template. */
  readonly template: string;
  readonly from: string;
  readonly to: string;
}

/** How the claim templates that are wanted differ from the live ones. */
export interface ClaimChanges {
  readonly grown: readonly SizeChange[];
  readonly shrunk: readonly SizeChange[];
  /** Templates that differ in anything but their storage, were added or removed. */
  readonly others: readonly string[];
}

/** Compares the claim templates of two StatefulSets. Pure. */
export function claimChanges(wanted: unknown, live: unknown): ClaimChanges {
  const [after, before] = [templatesOf(wanted), templatesOf(live)];
  const kept = [...after].flatMap(([template, claim]) => {
    const old = before.get(template);
    return old === undefined ? [] : [{ template, claim, old }];
  });
  const sizes = kept.map(({ template, claim, old }) => ({
    template,
    from: storageOf(old) ?? '',
    to: storageOf(claim) ?? '',
  }));
  const changed = kept.filter(({ claim, old }) => !looseEqual(withoutStorage(claim), withoutStorage(old)));
  return {
    grown: sizes.filter(({ from, to }) => isLarger(to, from)),
    shrunk: sizes.filter(({ from, to }) => isLarger(from, to)),
    others: [
      ...changed.map(({ template }) => template),
      ...[...after.keys()].filter((template) => !before.has(template)),
      ...[...before.keys()].filter((template) => !after.has(template)),
    ],
  };
}

/** Whether one quantity of storage is larger than another; never for text that is no quantity. */
export function isLarger(a: string, b: string): boolean {
  const [first, second] = [quantityInNanos(a), quantityInNanos(b)];
  return first !== undefined && second !== undefined && first > second;
}

/** The storage that a claim asks for. */
export function storageOf(claim: unknown): string | undefined {
  const storage = fieldOf(fieldOf(fieldOf(fieldOf(claim, 'spec'), 'resources'), 'requests'), 'storage');
  return typeof storage === 'string' || typeof storage === 'number' ? `${storage}` : undefined;
}

function templatesOf(statefulSet: unknown): ReadonlyMap<string, unknown> {
  const templates = fieldOf(fieldOf(statefulSet, 'spec'), 'volumeClaimTemplates');
  const list: readonly unknown[] = Array.isArray(templates) ? templates : [];
  return new Map(list.map((claim) => [String(fieldOf(fieldOf(claim, 'metadata'), 'name')), claim]));
}

/** What is left to compare: labels and the rest of the spec; the server fills in kind, status and defaults. */
function withoutStorage(claim: unknown): unknown {
  const spec = fieldOf(claim, 'spec');
  if (!isRecord(spec)) return claim;
  const { resources, ...rest } = spec;
  const requests = fieldOf(resources, 'requests');
  const { storage: _storage, ...others } = isRecord(requests) ? requests : {};
  const { apiVersion: _version, kind: _kind, status: _status, ...about } = isRecord(claim) ? claim : {};
  return { ...about, spec: { ...rest, requests: others } };
}
