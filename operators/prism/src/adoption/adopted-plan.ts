import type { KubeObject } from '@capstan/kube';
import { type Child, child, childName, type Desired, desiredOf, type Plan, type StepObject } from '@capstan/runtime';
import { adoptedAnnotation } from '../annotations.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { childMetadata, partOf } from '../labels.ts';
import { componentLabel } from '../pods/watched-pods.ts';
import { adoptedWorkload } from './adopted-workload.ts';
import { overridesOf, portOf } from './component-spec.ts';
import { isKeptWorkload, keptIngress, keptService, keptWorkload } from './kept-bodies.ts';
import { type AdoptionSight, isKept, type NamedObject } from './sight.ts';
import { serviceAsItStands, serviceToKept, wholeWorkload } from './whole-bodies.ts';

/** What stands around a component that the operator makes, and would not fit, or cut off, pods that were made by somebody else. */
const surroundings: ReadonlySet<string> = new Set([
  ...['PersistentVolumeClaim', 'Secret', 'PodDisruptionBudget', 'NetworkPolicy'],
]);

/**
 * A plan in which everything that the cluster names to be taken over is dealt with as such: what is there and is to stay as it is, is
 * applied in part; what is not there, or is to be replaced, is made whole under the name and the selector that it has.
 */
export function withAdopted(plan: Plan, cluster: PrismCluster, sight: AdoptionSight): Plan {
  if (cluster.spec.adoption === undefined) return plan;
  const steps = plan.steps.map((step) => ({
    ...step,
    objects: step.objects.flatMap((each) => adoptedObjects(asChild(each), cluster, sight)),
  }));
  const planned = new Set(steps.flatMap(({ objects }) => objects.map((each) => childName(desiredOf(each)))));
  const isLeft = (each: NamedObject) => !planned.has(childNameOf(each));
  return {
    ...plan,
    steps: steps.map((step) => withServices(step, cluster, sight.objects.filter(isLeft))),
    retained: (live) => isOfSomebodyElse(live) || plan.retained?.(live) === true,
  };
}

/** What others made and clients know by its name or address is never deleted for an edit of what the spec names. */
function isOfSomebodyElse({ kind, metadata: { annotations } }: KubeObject): boolean {
  return edge.has(kind) && annotations?.[adoptedAnnotation] !== undefined;
}

const edge: ReadonlySet<string> = new Set(['Service', 'Ingress', 'HorizontalPodAutoscaler']);

/** With the mark of what others made, once and for ever. */
function marked(rules: Child, { isTheirs }: NamedObject): Child {
  if (!isTheirs) return rules;
  const { metadata } = rules.object;
  const annotations = { ...metadata.annotations, [adoptedAnnotation]: 'true' };
  return { ...rules, object: { ...rules.object, metadata: { ...metadata, annotations } } };
}

function asChild(object: StepObject): Child {
  return 'kind' in object ? { object } : object;
}

function childNameOf({ kind, name }: NamedObject): string {
  return `${kind}/${name}`;
}

function adoptedObjects(rendered: Child, cluster: PrismCluster, sight: AdoptionSight): readonly StepObject[] {
  const { object } = rendered;
  const named = sight.objects.find((each) => childNameOf(each) === childName(object));
  const component = object.metadata.labels?.[componentLabel] ?? '';
  if (named === undefined) return isKept(sight, component) && surroundings.has(object.kind) ? [] : [rendered];
  switch (object.kind) {
    case 'Service':
      return serviceOf(object, named, cluster, sight).map((each) => marked(each, named));
    case 'Ingress':
      return [marked(named.isKept ? keptIngress(cluster, object) : child(object, { adopt: true }), named)];
    case 'Deployment':
    case 'StatefulSet':
      return [workloadOf(rendered, named, cluster, sight)];
    default:
      return [marked(child(object, { adopt: true }), named)];
  }
}

function workloadOf(rendered: Child, named: NamedObject, cluster: PrismCluster, sight: AdoptionSight): Child {
  const { component } = named;
  const { container: name = component } = adoptedWorkload(cluster, component) ?? {};
  const overrides = overridesOf(cluster, component);
  if (!named.isKept || overrides === undefined) return wholeWorkload(rendered, name, sight.workloads.get(component));
  const { replicas, ...rules } = rendered;
  // Nobody has said that an autoscaler of somebody else is not to scale the others.
  const isOurs = component === 'prism-admin';
  return keptWorkload(
    cluster,
    { ...rules, ...(isOurs && replicas !== undefined && { replicas }) },
    { name, overrides },
  );
}

function serviceOf(
  object: Desired,
  { isKept: staysAsItIs, isTheirs, component }: NamedObject,
  cluster: PrismCluster,
  sight: AdoptionSight,
): readonly Child[] {
  if (staysAsItIs) return [keptService(object)];
  const body = isTheirs ? serviceAsItStands(object) : object;
  if (!isKept(sight, component)) return [child(body, { adopt: true })];
  const service = serviceToKept(body, portOf(cluster, component));
  return service === undefined ? [] : [service];
}

/** A component may have a Service although the operator would make none for it. */
function withServices(step: Plan['steps'][number], cluster: PrismCluster, left: readonly NamedObject[]) {
  const components = step.objects
    .map(desiredOf)
    .filter(isKeptWorkload)
    .map(({ metadata }) => metadata.labels?.[componentLabel]);
  const services = left.filter(
    ({ kind, isKept: staysAsItIs, component }) => kind === 'Service' && staysAsItIs && components.includes(component),
  );
  const kept = services.map((each) => marked(keptService(serviceBody(cluster, each)), each));
  return { ...step, objects: [...step.objects, ...kept] };
}

function serviceBody(cluster: PrismCluster, { name, component }: NamedObject): Desired {
  return { apiVersion: 'v1', kind: 'Service', metadata: childMetadata(cluster, name, component, partOf(component)) };
}
