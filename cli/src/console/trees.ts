import type { KubeObject, Pod, ResourceType } from '@capstan/kube';
import type { TreeNode } from './api.ts';
import { healthOf } from './health.ts';

/** All that is known of one kind. */
export interface SeenKind {
  readonly type: ResourceType;
  /** Whether an operator here looks after it: each of its objects is a tree. */
  readonly isCustom: boolean;
  readonly objects: readonly KubeObject[];
}

/** Workloads first, for they are what most people look for; then the rest by its name. */
const firstKinds: readonly string[] = ['StatefulSet', 'Deployment', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod'];

/** What a tree is made of. */
interface Seen {
  readonly object: KubeObject;
  readonly type: ResourceType;
  readonly isCustom: boolean;
}

/**
 * One tree for each custom resource, by kind, then namespace, then name. Below it stands whatever names it, or something in its
 * tree, as controller by UID, and the claims that a pod alone uses. Pure.
 *
 * Each object names one controller at most and a tree begins at a custom resource, so what is reached is a tree, whatever the
 * owner references say.
 */
export function treesOf(kinds: readonly SeenKind[]): readonly TreeNode[] {
  const seen = kinds.flatMap(({ type, isCustom, objects }) => objects.map((object) => ({ object, type, isCustom })));
  const below = childrenByOwner(seen);
  return seen
    .filter(({ isCustom }) => isCustom)
    .toSorted(byPlace)
    .map((root) => nodeOf(root, below));
}

/** One object alone, as a node without children. */
export function loneNode(object: KubeObject, type: ResourceType, isCustom: boolean): TreeNode {
  return nodeOf({ object, type, isCustom }, new Map());
}

/** A node and everything below it, in the order of the tree. */
export function familyOf(node: TreeNode): readonly TreeNode[] {
  return [node, ...node.children.flatMap(familyOf)];
}

function childrenByOwner(seen: readonly Seen[]): ReadonlyMap<string, readonly Seen[]> {
  const usedBy = podsByClaim(seen);
  const below = new Map<string, Seen[]>();
  for (const one of seen) {
    if (one.isCustom) continue;
    const owner = controllerOf(one.object) ?? usedBy.get(claimKey(one.object));
    if (owner === undefined) continue;
    const siblings = below.get(owner);
    if (siblings === undefined) below.set(owner, [one]);
    else siblings.push(one);
  }
  return below;
}

function controllerOf({ metadata }: KubeObject): string | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid;
}

/** A claim made for one pod of a StatefulSet is called after the pod, and has no controller. */
function podsByClaim(seen: readonly Seen[]): ReadonlyMap<string, string> {
  const pods = seen.flatMap(({ object }) => (isPod(object) ? [object] : []));
  const pairs = pods.flatMap(({ metadata: { namespace = '', name, uid = '' }, spec }) =>
    (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => {
      const claim = persistentVolumeClaim?.claimName;
      return claim?.endsWith(`-${name}`) === true ? [[`${namespace}/${claim}`, uid] as const] : [];
    }),
  );
  return new Map(pairs);
}

function isPod(object: KubeObject): object is Pod {
  return object.kind === 'Pod' && object.apiVersion === 'v1';
}

/** Never the key of anything that is no claim. */
function claimKey({ kind, metadata: { namespace = '', name } }: KubeObject): string {
  return kind === 'PersistentVolumeClaim' ? `${namespace}/${name}` : '';
}

function nodeOf({ object, type, isCustom }: Seen, below: ReadonlyMap<string, readonly Seen[]>): TreeNode {
  const { namespace, name, uid = '', creationTimestamp = '' } = object.metadata;
  const children = (below.get(uid) ?? [])
    .toSorted(byRank)
    .map((child) => nodeOf(child, below))
    .filter((child) => !isFormerReplicaSet(child));
  const { group, version, kind, plural } = type;
  const own = healthOf(object, isCustom);
  return {
    ref: { group, version, kind, plural, ...(namespace !== undefined && { namespace }), name, uid },
    ...(isCustom ? own : withTrouble(own, children)),
    createdAt: creationTimestamp,
    children,
  };
}

type Judged = Pick<TreeNode, 'health' | 'told'>;

/** A workload cannot see that its pods crash: it is failing when it waits for one that does. */
function withTrouble({ health, told }: Judged, children: readonly TreeNode[]): Judged {
  const trouble = health === 'progressing' ? children.find((child) => child.health === 'failing') : undefined;
  return trouble === undefined ? { health, told } : { health: 'failing', told };
}

/** Deployments keep those of earlier templates, for a way back. */
function isFormerReplicaSet({ ref, told, children }: TreeNode): boolean {
  return ref.kind === 'ReplicaSet' && told === 'scaled to zero' && children.length === 0;
}

function byPlace(a: Seen, b: Seen): number {
  const places = [a, b].map(({ type, object: { metadata } }) => [
    type.kind,
    type.group,
    metadata.namespace ?? '',
    metadata.name,
  ]);
  return compareLists(places[0] ?? [], places[1] ?? []);
}

function byRank(a: Seen, b: Seen): number {
  const keys = [a, b].map(({ type, object }) => [rankOf(type.kind), type.kind, object.metadata.name]);
  return compareLists(keys[0] ?? [], keys[1] ?? []);
}

function rankOf(kind: string): string {
  const index = firstKinds.indexOf(kind);
  return String(index < 0 ? firstKinds.length : index);
}

const collator = new Intl.Collator('en', { numeric: true });

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const order = collator.compare(text, b[index] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}
