import type { Draft, FieldSet, KubeObject } from '@capstan/kube';
import { type FieldPath, fieldPathText } from './field-path.ts';
import { below, elementsOf, isLeaf, nodeAt } from './field-set.ts';
import type { Finding } from './finding.ts';
import { fieldOf, isRecord } from './json-value.ts';
import { elementOf, itemFinder, pairItems } from './list-items.ts';
import { type Comparison, looseEqual } from './loose-equal.ts';
import { foreignEntries, type OwnershipEntry, takerIn } from './managed-fields.ts';

/**
 * How much of an object is there to judge by.
 *
 * `full`: everything. `metadata`: PartialObjectMetadata, where only ownership is known. Every edit by another manager shows
 * in the ownership records; the one thing `metadata` cannot see is an Apply *under our own manager name* that keeps the
 * seal and the set of fields and changes a value.
 */
export type WatchMode = 'full' | 'metadata';

/** What the server strips from every field set, and so nobody owns. */
const UNOWNED_AT_ROOT: ReadonlySet<string> = new Set(['apiVersion', 'kind']);
const UNOWNED_IN_METADATA: ReadonlySet<string> = new Set([
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'name',
  'namespace',
  'resourceVersion',
  'selfLink',
  'uid',
]);

/**
 * Compares a live object with the body we last applied, by the fields we own in it.
 *
 * Neither schema nor stored state is needed: our own managedFields entry tells which lists are keyed, sets or atomic, and
 * the server keeps it exact whoever writes.
 *
 * @param desired the body as sent, all annotations of ours included
 * @param own the fields of our own entry in `live`
 */
export function audit(
  desired: Draft<KubeObject>,
  live: KubeObject,
  own: FieldSet,
  fieldManager: string,
  mode: WatchMode,
): Finding[] {
  const auditor = new Auditor(desired, foreignEntries(live, fieldManager), mode);
  auditor.visit(desired, live, own);
  return auditor.findings;
}

class Auditor {
  readonly findings: Finding[] = [];
  readonly #desired: Draft<KubeObject>;
  readonly #others: readonly OwnershipEntry[];
  readonly #mode: WatchMode;
  /** Where the visit is now. */
  readonly #at: string[] = [];

  constructor(desired: Draft<KubeObject>, others: readonly OwnershipEntry[], mode: WatchMode) {
    this.#desired = desired;
    this.#others = others;
    this.#mode = mode;
  }

  visit(desired: unknown, live: unknown, own: FieldSet): void {
    if (isLeaf(own) && !this.#isGranular(desired)) this.#compare(desired, live);
    else if (isRecord(desired)) this.#visitMap(desired, live, own);
    else if (Array.isArray(desired)) this.#visitList(desired, live, own);
    else for (const element of elementsOf(own)) this.#add('Extra', element);
  }

  #visitMap(desired: Readonly<Record<string, unknown>>, live: unknown, own: FieldSet): void {
    for (const [key, value] of Object.entries(desired)) {
      const element = `f:${key}`;
      const node = below(own, element);
      if (node === undefined && isServerOwned(key, this.#at)) continue;
      this.#at.push(element);
      if (node === undefined) this.#visitLost(value);
      else this.visit(value, fieldOf(live, key), node);
      this.#at.pop();
    }
    for (const element of elementsOf(own)) if (!Object.hasOwn(desired, element.slice(2))) this.#add('Extra', element);
  }

  #visitList(desired: readonly unknown[], live: unknown, own: FieldSet): void {
    const { elements, unclaimed } = pairItems(desired, own);
    const liveItem = itemFinder(this.#mode === 'full' && Array.isArray(live) ? live : [], own);
    desired.forEach((item, index) => {
      const element = elements[index];
      const node = element === undefined ? undefined : below(own, element);
      if (element === undefined || node === undefined) {
        this.#addLost(elementOf(item, index, [...this.#nodesOfOthers(), own]));
        return;
      }
      this.#at.push(element);
      this.visit(item, liveItem(element), node);
      this.#at.pop();
    });
    for (const element of unclaimed) this.#add('Extra', element);
  }

  /** As deep as the others' sets show that it can be owned in parts: the more exact the path, the more exact its taker. */
  #visitLost(desired: unknown): void {
    if (this.#ownsNothing(desired, this.#at)) return;
    if (this.#isGranular(desired)) this.visit(desired, undefined, {});
    else this.#addLost();
  }

  /**
   * Whether a map or list of which we own no part can be owned in parts: others own parts of it, or it is metadata. Without
   * this a metadata-only watch would take what is left of a plundered map for an atomic one.
   */
  #isGranular(desired: unknown): boolean {
    if (typeof desired !== 'object' || desired === null || Object.keys(desired).length === 0) return false;
    const isMetadataMap = this.#at[0] === 'f:metadata' && this.#at.length <= 2 && isRecord(desired);
    return isMetadataMap || this.#nodesOfOthers().some((node) => !isLeaf(node));
  }

  /**
   * An empty list whose items have keys is owned by nobody, and neither is a map of such lists; an empty atomic list is.
   * Which of the two a list is, the sets of the others tell: a list they own as a whole is atomic. An empty atomic list that
   * somebody removed is in nobody's set; it counts as no drift, as none and an empty one mean the same.
   */
  #ownsNothing(desired: unknown, at: FieldPath): boolean {
    if (Array.isArray(desired)) return desired.length === 0 && !this.#nodesOfOthers(at).some(isLeaf);
    if (!isRecord(desired)) return false;
    const fields = Object.entries(desired);
    return fields.length > 0 && fields.every(([key, value]) => this.#ownsNothing(value, [...at, `f:${key}`]));
  }

  #compare(desired: unknown, live: unknown): void {
    if (this.#mode === 'metadata' || desired === live) return;
    if (!looseEqual(desired, live, comparisonAt(this.#at, this.#desired.kind))) this.#add('Value');
  }

  #addLost(element?: string): void {
    const at = this.#pathTo(element);
    const takenBy = takerIn(this.#others, at);
    this.findings.push({ kind: 'Lost', path: fieldPathText(at), at, ...(takenBy !== undefined && { takenBy }) });
  }

  #add(kind: 'Extra' | 'Value', element?: string): void {
    const at = this.#pathTo(element);
    this.findings.push({ kind, path: fieldPathText(at), at });
  }

  #pathTo(element: string | undefined): FieldPath {
    return element === undefined ? [...this.#at] : [...this.#at, element];
  }

  #nodesOfOthers(at: FieldPath = this.#at): readonly FieldSet[] {
    return this.#others.flatMap(({ fieldsV1 }) => nodeAt(fieldsV1, at) ?? []);
  }
}

function isServerOwned(key: string, at: FieldPath): boolean {
  if (at.length === 0) return UNOWNED_AT_ROOT.has(key);
  return at.length === 1 && at[0] === 'f:metadata' && UNOWNED_IN_METADATA.has(key);
}

const TEXT_MAPS: ReadonlySet<string> = new Set([
  'f:annotations',
  'f:labels',
  'f:matchLabels',
  'f:nodeSelector',
  'f:selector',
]);

function comparisonAt(at: FieldPath, kind: string): Comparison {
  const [top] = at;
  if (kind === 'ConfigMap' && top === 'f:data') return 'text';
  if ((kind === 'Secret' && top === 'f:data') || (kind === 'ConfigMap' && top === 'f:binaryData')) return 'bytes';
  if (at.at(-1) === 'f:caBundle') return 'bytes';
  return at.some((element) => TEXT_MAPS.has(element)) ? 'text' : 'loose';
}
