import type { FieldSet } from '@capstan/kube';
import type { FieldPath } from './field-path.ts';

/** The elements directly below a node: `f:`, `k:`, `v:` names, without the `.` that says the node itself is owned. */
export function elementsOf(node: FieldSet): readonly string[] {
  return Object.keys(node).filter((element) => element !== '.');
}

/** Whether nothing below the node is owned apart: a scalar, an atomic list or map, or an empty one. */
export function isLeaf(node: FieldSet): boolean {
  for (const element in node) if (element !== '.') return false;
  return true;
}

/** The node below by its element name. */
export function below(node: FieldSet | undefined, element: string): FieldSet | undefined {
  return node !== undefined && Object.hasOwn(node, element) ? node[element] : undefined;
}

/** The node at a path, if anything there or below is owned. */
export function nodeAt(set: FieldSet | undefined, path: FieldPath): FieldSet | undefined {
  return path.reduce<FieldSet | undefined>(below, set);
}

/** What both own. */
function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isLeaf(a)) return isLeaf(b) ? {} : { ...b, '.': {} };
  if (isLeaf(b)) return { ...a, '.': {} };
  return merge(a, b);
}

/** {@link union} for roots, where an empty set owns nothing rather than the root. */
export function unionOfRoots(a: FieldSet, b: FieldSet): FieldSet {
  return merge(a, b);
}

function merge(a: FieldSet, b: FieldSet): FieldSet {
  const merged: Record<string, FieldSet> = { ...a };
  for (const [element, node] of Object.entries(b)) {
    const other = below(a, element);
    merged[element] = other === undefined ? node : union(other, node);
  }
  return merged;
}

/** What `a` owns and `b` does not. */
export function subtract(a: FieldSet, b: FieldSet): FieldSet {
  const left: Record<string, FieldSet> = {};
  for (const [element, node] of Object.entries(a)) {
    const other = below(b, element);
    const rest = other === undefined ? node : subtractNode(node, other);
    if (rest !== undefined) left[element] = rest;
  }
  return left;
}

function subtractNode(a: FieldSet, b: FieldSet): FieldSet | undefined {
  const children = subtract(withoutSelf(a), withoutSelf(b));
  const ownsItself = isMember(a) && !isMember(b);
  if (isLeaf(children)) return ownsItself ? {} : undefined;
  return ownsItself ? { '.': {}, ...children } : children;
}

function isMember(node: FieldSet): boolean {
  return isLeaf(node) || Object.hasOwn(node, '.');
}

function withoutSelf({ '.': _self, ...children }: FieldSet): FieldSet {
  return children;
}

/** The part of a set strictly below one of the paths. */
export function restrictBelow(set: FieldSet, paths: readonly FieldPath[]): FieldSet {
  return paths.reduce<FieldSet>((found, path) => {
    const node = nodeAt(set, path);
    return node === undefined || isLeaf(node) ? found : merge(found, nest(withoutSelf(node), path));
  }, {});
}

function nest(node: FieldSet, path: FieldPath): FieldSet {
  return path.reduceRight<FieldSet>((inner, element) => ({ [element]: inner }), node);
}
