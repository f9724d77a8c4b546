import {
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  type KubeObject,
  PersistentVolumeClaim,
  type ResourceType,
  Service,
  StatefulSet,
} from '@capstan/kube';
import type { CacheReader } from '@capstan/runtime';
import { adoptedAnnotation, keptAnnotation } from '../annotations.ts';
import type { AdoptedWorkload, PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { patternClaim } from '../children/pattern-pod.ts';
import { type Component, componentsOf, isOwnedBy } from '../components.ts';
import { namespaceOf, runnerName } from '../names.ts';
import { adoptedWorkload } from './adopted-workload.ts';
import { type Holding, holdingOf } from './holding.ts';
import { isMadeHere } from './made-here.ts';
import { type RenamedWorkload, renamedWorkloads } from './renamed-workloads.ts';

/** An object that a cluster names to be taken over. */
export interface NamedObject {
  readonly kind: string;
  readonly name: string;
  /** The requirement's name of the component that it is of. */
  readonly component: string;
  readonly holding: Holding;
  /** Only what the cluster says of it is applied; the rest stays as it is. */
  readonly isKept: boolean;
  /** It is there, and somebody else made it. */
  readonly isTheirs: boolean;
  /** It has to be there: it is named, and not only looked for under the name of its workload. */
  readonly isRequired: boolean;
}

/** A workload that runs a component. */
export type LiveWorkload = Deployment | StatefulSet;

/** What there is of everything that a cluster names to be taken over. */
export interface AdoptionSight {
  readonly objects: readonly NamedObject[];
  /** By component: those that can be looked into. Of what is not ours nothing but its name is known without asking. */
  readonly workloads: ReadonlyMap<string, LiveWorkload>;
  /** Of components that are to be taken over: something of the other kind has the name, such as `StatefulSet/prism-admin`. */
  readonly ofOtherKind: ReadonlyMap<string, string>;
  readonly renamed: readonly RenamedWorkload[];
  /** Names of claims by component: of StatefulSets that are gone, and that one made anew would not take up. */
  readonly leftVolumes: ReadonlyMap<string, readonly string[]>;
}

/** Nothing is taken over. */
export const nothingAdopted: AdoptionSight = {
  ...{ objects: [], workloads: new Map(), ofOtherKind: new Map(), renamed: [], leftVolumes: new Map() },
};

type Cache = Pick<CacheReader<PrismCluster>, 'get' | 'list'>;

/**
 * Looks for everything that a cluster names to be taken over, in the cache alone.
 * @param members of prism-admin
 */
export function adoptionSightOf(cluster: PrismCluster, members: number, cache: Cache): AdoptionSight {
  const components = componentsOf(cluster, members);
  const renamed = renamedWorkloads(cluster, components, cache);
  if (cluster.spec.adoption === undefined) return { ...nothingAdopted, renamed };
  const adopted = components.flatMap((component) => {
    const named = adoptedWorkload(cluster, component.name);
    return named === undefined ? [] : [{ component, named }];
  });
  return {
    renamed,
    objects: [
      ...adopted.flatMap(({ component, named }) => objectsOf(cluster, component, named, cache)),
      ...ofTheEdge(cluster, cache),
    ],
    workloads: new Map(adopted.flatMap(({ component }) => ownWorkload(cluster, component, cache))),
    ofOtherKind: new Map(adopted.flatMap(({ component }) => otherKind(cluster, component, cache))),
    leftVolumes: new Map(adopted.flatMap(({ component }) => leftVolumes(cluster, component, cache))),
  };
}

/** Whether of a component's pods nothing changes but what the cluster says. */
export function isKept({ objects }: AdoptionSight, component: string): boolean {
  return objects.some(({ kind, ...each }) => each.component === component && isWorkloadKind(kind) && each.isKept);
}

/**
 * Whether something was taken over as it was a moment ago, and is to be replaced now: the operator's own write is no event that
 * would start the next pass.
 */
export function isToBeReplaced({ spec }: PrismCluster, before: AdoptionSight, after: AdoptionSight): boolean {
  if (spec.adoption?.podTemplates !== 'Replace') return false;
  return before.objects.some(({ kind, name, holding }) => {
    const now = after.objects.find((each) => each.kind === kind && each.name === name);
    return holding.is === 'Free' && now?.holding.is === 'Ours';
  });
}

function isWorkloadKind(kind: string): boolean {
  return kind === 'Deployment' || kind === 'StatefulSet';
}

function objectsOf(
  cluster: PrismCluster,
  { name: component, workload }: Component,
  { name, service }: AdoptedWorkload,
  cache: Cache,
): readonly NamedObject[] {
  if (workload === undefined) return [];
  return [
    objectOf(cluster, { type: workload.type, name, component, isRequired: true }, cache),
    objectOf(cluster, { type: Service, name: service ?? name, component, isRequired: service !== undefined }, cache),
  ];
}

/** They count only while the spec asks for them at all. */
function ofTheEdge(cluster: PrismCluster, cache: Cache): readonly NamedObject[] {
  const { adoption, ingress, proxy } = cluster.spec;
  const named = (type: ResourceType, name: string | undefined, isAskedFor: boolean | undefined) =>
    name === undefined || isAskedFor !== true
      ? []
      : [objectOf(cluster, { type, name, component: 'prism-proxy', isRequired: true }, cache)];
  return [
    ...named(HorizontalPodAutoscaler, adoption?.autoscaler, proxy.autoscaling?.enabled),
    ...named(Ingress, adoption?.ingress, ingress?.enabled),
  ];
}

interface Named extends Pick<NamedObject, 'name' | 'component' | 'isRequired'> {
  readonly type: ResourceType;
}

function objectOf(cluster: PrismCluster, { type, ...named }: Named, cache: Cache): NamedObject {
  const live = cache.get<KubeObject>(type, { namespace: namespaceOf(cluster), name: named.name });
  const holding = holdingOf(live, cluster);
  const isTheirs = live !== undefined && (holding.is !== 'Ours' || isMarked(live));
  return { ...named, kind: type.kind, holding, isTheirs, isKept: staysAsItIs(cluster, live, holding) };
}

function isMarked({ metadata: { annotations } }: KubeObject): boolean {
  return annotations?.[keptAnnotation] !== undefined || annotations?.[adoptedAnnotation] !== undefined;
}

/**
 * What is not ours yet is always taken over as it is first. What the operator has made itself, because nothing was there, it goes on
 * making; an autoscaler has nothing but what the spec says.
 */
function staysAsItIs({ spec: { adoption } }: PrismCluster, live: KubeObject | undefined, { is }: Holding): boolean {
  if (live === undefined || live.kind === 'HorizontalPodAutoscaler') return false;
  if (is !== 'Ours') return true;
  if (adoption?.podTemplates === 'Replace') return false;
  const isKeptSoFar = live.metadata.annotations?.[keptAnnotation] !== undefined;
  // What was given back once has the operator's labels in its pods, and stays as it is all the same.
  return isWorkload(live) ? isKeptSoFar || !isMadeHere(live) : isKeptSoFar;
}

function isWorkload(object: KubeObject): object is LiveWorkload {
  return isWorkloadKind(object.kind);
}

function ownWorkload(cluster: PrismCluster, { name, workload }: Component, cache: Cache): [string, LiveWorkload][] {
  if (workload === undefined) return [];
  const live = cache.get<LiveWorkload>(workload.type, { namespace: namespaceOf(cluster), name: workload.name });
  return live !== undefined && isOwnedBy(live, cluster) ? [[name, live]] : [];
}

/** Those of claim templates that one made anew would not have: its pods would start without their data. */
function leftVolumes(
  cluster: PrismCluster,
  { name, workload }: Component,
  cache: Cache,
): [string, readonly string[]][] {
  if (workload?.type.kind !== 'StatefulSet') return [];
  const namespace = namespaceOf(cluster);
  if (cache.get<KubeObject>(workload.type, { namespace, name: workload.name }) !== undefined) return [];
  const pattern = cluster.spec.patterns.find((each) => runnerName(each.name) === name);
  const isTakenUp = (claim: string) =>
    pattern?.storage !== undefined && claim.startsWith(`${patternClaim}-${workload.name}-`);
  const claims = cache.list<KubeObject>(PersistentVolumeClaim, { namespace }).map(({ metadata }) => metadata.name);
  const left = claims.filter((claim) => ordinalOf(claim, workload.name) !== undefined && !isTakenUp(claim)).sort();
  return left.length === 0 ? [] : [[name, left]];
}

/** `3` of `data-mailbox-3`, where that is of the StatefulSet `mailbox`. */
function ordinalOf(claim: string, statefulSet: string): string | undefined {
  const dash = claim.lastIndexOf('-');
  const [front, ordinal] = [claim.slice(0, dash), claim.slice(dash + 1)];
  return front.endsWith(`-${statefulSet}`) && /^\d+$/.test(ordinal) ? ordinal : undefined;
}

/** One that is ours is a pattern whose type is being changed. */
function otherKind(cluster: PrismCluster, { name, workload }: Component, cache: Cache): [string, string][] {
  if (workload === undefined) return [];
  const type: ResourceType<LiveWorkload> = workload.type.kind === 'Deployment' ? StatefulSet : Deployment;
  const live = cache.get(type, { namespace: namespaceOf(cluster), name: workload.name });
  return live === undefined || isOwnedBy(live, cluster) ? [] : [[name, `${type.kind}/${workload.name}`]];
}
