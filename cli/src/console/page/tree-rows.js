// @ts-check
import { countByHealth, descendants, HEALTHS } from './health.js';
import { objectPath } from './route.js';

/** @typedef {import('../api.ts').Health} Health */
/** @typedef {import('../api.ts').TreeNode} TreeNode */

/**
 * A line of the tree: a kind, a namespace in it, or an object.
 * @typedef {object} Row
 * @property {string} key the same for the same thing in the next overview
 * @property {'kind' | 'namespace' | 'object'} is
 * @property {number} level 1 is the outermost
 * @property {string} name
 * @property {string} kind said before the name; empty where the group says it
 * @property {Health | undefined} health
 * @property {string} told
 * @property {string} createdAt empty for groups
 * @property {readonly (readonly [Health, number])[]} counts of the resources in a group
 * @property {string | undefined} object as `objectPath` writes it
 * @property {boolean | undefined} isExpanded undefined: there is nothing beneath
 * @property {number} position among those of the same parent, from 1
 * @property {number} siblings how many have the same parent, itself included
 */

/**
 * What is shown of an overview.
 * @typedef {object} View
 * @property {string} filter words that must all be found in one object's kind, namespace, name or told line
 * @property {readonly Health[]} healths of custom resources; empty: all
 * @property {ReadonlyMap<string, boolean>} toggled by key; groups are expanded and objects collapsed unless it says otherwise
 */

/**
 * The lines of the tree, top to bottom, without those of what is collapsed.
 * @param {readonly TreeNode[]} resources
 * @param {View} view
 * @returns {readonly Row[]}
 */
export function rowsOf(resources, { filter, healths, toggled }) {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = resources
    .filter(({ health }) => healths.length === 0 || healths.includes(health))
    .flatMap((node) => pruned(node, words));
  const byKind = Map.groupBy(kept, ({ ref }) => `${ref.kind}.${ref.group}`);
  return [...byKind].flatMap(([kind, nodes], at) => kindRows(kind, nodes, [at + 1, byKind.size]));

  /**
   * @param {string} kind
   * @param {readonly TreeNode[]} nodes
   * @param {readonly [position: number, siblings: number]} place
   * @returns {readonly Row[]}
   */
  function kindRows(kind, nodes, place) {
    const row = groupRow({ is: 'kind', key: kind, level: 1, name: nodes[0]?.ref.kind ?? kind, nodes, place });
    const byNamespace = Map.groupBy(nodes, ({ ref }) => ref.namespace ?? '');
    const beneath = [...byNamespace].flatMap(([namespace, members], at) =>
      namespaceRows(`${kind}/${namespace}`, members, [at + 1, byNamespace.size]),
    );
    return row.isExpanded ? [row, ...beneath] : [row];
  }

  /**
   * @param {string} key
   * @param {readonly TreeNode[]} nodes
   * @param {readonly [position: number, siblings: number]} place
   * @returns {readonly Row[]}
   */
  function namespaceRows(key, nodes, place) {
    const name = nodes[0]?.ref.namespace ?? 'cluster-wide';
    const row = groupRow({ is: 'namespace', key, level: 2, name, nodes, place });
    return row.isExpanded ? [row, ...objectRows(nodes, key, 3)] : [row];
  }

  /**
   * @param {{ is: 'kind' | 'namespace', key: string, level: number, name: string, nodes: readonly TreeNode[],
   *   place: readonly [number, number] }} group
   * @returns {Row}
   */
  function groupRow({ nodes, place: [position, siblings], ...group }) {
    const counted = countByHealth(nodes);
    const counts = HEALTHS.flatMap((health) => pairOf(health, counted.get(health)));
    const rest = { kind: '', health: undefined, told: '', createdAt: '', object: undefined };
    return { ...group, ...rest, counts, isExpanded: toggled.get(group.key) ?? true, position, siblings };
  }

  /**
   * @param {readonly TreeNode[]} nodes
   * @param {string} parent
   * @param {number} level
   * @returns {readonly Row[]}
   */
  function objectRows(nodes, parent, level) {
    return nodes.flatMap((node, at) => {
      const { ref, health, told, createdAt, children } = node;
      const key = `${parent}/${ref.uid}`;
      // Who filters looks for something: what is found is shown where it is, unless the reader closes it.
      const isOpen = toggled.get(key) ?? (words.length > 0 && descendants(node).some((one) => matches(one, words)));
      /** @type {Row} */
      const row = {
        ...{ key, is: 'object', level, name: ref.name, kind: level === 3 ? '' : ref.kind, health, told, createdAt },
        ...{ counts: [], object: objectPath(ref), isExpanded: children.length === 0 ? undefined : isOpen },
        ...{ position: at + 1, siblings: nodes.length },
      };
      return row.isExpanded ? [row, ...objectRows(children, key, level + 1)] : [row];
    });
  }
}

/**
 * The node with what matches beneath it; a match keeps all that belongs to it.
 * @param {TreeNode} node
 * @param {readonly string[]} words
 * @returns {readonly TreeNode[]}
 */
function pruned(node, words) {
  if (words.length === 0 || matches(node, words)) return [node];
  const children = node.children.flatMap((child) => pruned(child, words));
  return children.length === 0 ? [] : [{ ...node, children }];
}

/**
 * @param {TreeNode} node
 * @param {readonly string[]} words
 */
function matches({ ref, told, health }, words) {
  const text = `${ref.kind} ${ref.namespace ?? ''}/${ref.name} ${health} ${told}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/**
 * @param {Health} health
 * @param {number | undefined} count
 * @returns {readonly (readonly [Health, number])[]}
 */
function pairOf(health, count) {
  return count === undefined ? [] : [[health, count]];
}

/**
 * The nodes from a custom resource down to an object, or nothing where the object is not among them.
 * @param {readonly TreeNode[]} resources
 * @param {string} object as `objectPath` writes it
 * @returns {readonly TreeNode[]}
 */
export function pathTo(resources, object) {
  for (const node of resources) {
    if (objectPath(node.ref) === object) return [node];
    const beneath = pathTo(node.children, object);
    if (beneath.length > 0) return [node, ...beneath];
  }
  return [];
}

/**
 * The keys that must be expanded for the last node of a path to be seen.
 * @param {readonly TreeNode[]} path
 * @returns {readonly string[]}
 */
export function keysAbove(path) {
  const [first] = path;
  if (first === undefined) return [];
  const kind = `${first.ref.kind}.${first.ref.group}`;
  const keys = [kind, `${kind}/${first.ref.namespace ?? ''}`];
  for (const { ref } of path.slice(0, -1)) keys.push(`${keys.at(-1)}/${ref.uid}`);
  return keys;
}

/**
 * The key of the row of an object of a path's end.
 * @param {readonly TreeNode[]} path
 */
export function keyOf(path) {
  const last = path.at(-1);
  return last === undefined ? undefined : `${keysAbove(path).at(-1)}/${last.ref.uid}`;
}
