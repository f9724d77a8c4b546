import type { KubeObject } from '@capstan/kube';
import { scales } from './autoscaler.ts';
import { type Finding, leftAlone, leftOut } from './finding.ts';
import { type LiveObjects, leadsTo, type Workload } from './live-objects.ts';
import type { Part } from './recognise.ts';

/** What the cluster takes over, and what it names as its backends. */
export interface Taken {
  /** Workloads, Services, claims, autoscaler and Ingress that become part of the cluster. */
  readonly objects: ReadonlySet<KubeObject>;
  readonly components: readonly Workload[];
  readonly backends: readonly Part[];
}

/** Everything there is and that the cluster will not have, with the reason; what was told of already is told once. */
export function leftOvers(live: LiveObjects, taken: Taken, told: ReadonlySet<string>): readonly Finding[] {
  const { workloads, services, claims, autoscalers, ingresses, others } = live;
  const all: readonly KubeObject[] = [...workloads, ...services, ...claims, ...autoscalers, ...ingresses, ...others];
  return all
    .filter((object) => !taken.objects.has(object) && !isOfKubernetes(object) && !isPart(object))
    .map((object) => leftOver(object, live, taken))
    .filter(({ about }) => !told.has(about));
}

/** What each namespace has by itself. */
function isOfKubernetes({ kind, metadata: { name, namespace } }: KubeObject): boolean {
  return (kind === 'ConfigMap' && name === 'kube-root-ca.crt') || (namespace === 'default' && name === 'kubernetes');
}

/** A Job of a CronJob goes with that. */
function isPart({ kind, metadata }: KubeObject): boolean {
  return kind === 'Job' && (metadata.ownerReferences ?? []).some(({ controller }) => controller === true);
}

function leftOver(object: KubeObject, live: LiveObjects, taken: Taken): Finding {
  const backend = taken.backends.find(({ workload }) => workload === object);
  if (backend !== undefined) return leftAlone(object, 'a backend runs on as it is: the cluster names its address');
  const used = useOf(object, live, taken);
  if (used !== undefined) return leftAlone(object, used);
  if (scaledBy(object, live, taken))
    return leftOut(object, 'it scales a pattern, which goes on; a cluster cannot say it');
  return looksLikePrism(object)
    ? leftOut(object, 'it looks like a part of Prism that a cluster cannot say; it stays as it is')
    : leftAlone(object, 'it is not known as a part of Prism');
}

/** What an object is to a component or a backend. */
function useOf(object: KubeObject, live: LiveObjects, { components, backends }: Taken): string | undefined {
  const service = live.services.find((each) => each === object);
  for (const workload of [...components, ...backends.map((part) => part.workload)]) {
    if (workload.metadata.namespace !== object.metadata.namespace) continue;
    const title = `${workload.kind}/${workload.metadata.name}`;
    if (service !== undefined && leadsTo(service, workload)) return `it leads to ${title}, and stays as it is`;
    if (object.kind === 'ConfigMap' && readsConfigMap(workload, object.metadata.name))
      return `${title} reads it, and it stays as it is`;
    if (object.kind === 'PersistentVolumeClaim' && isVolumeOf(workload, object.metadata.name))
      return `it is a volume of ${title}, and stays as it is`;
  }
  return undefined;
}

function readsConfigMap({ spec }: Workload, name: string): boolean {
  const { volumes = [], containers = [] } = spec?.template.spec ?? {};
  const named = [
    ...volumes.map(({ configMap }) => configMap?.name),
    ...volumes.flatMap(({ projected }) => (projected?.sources ?? []).map(({ configMap }) => configMap?.name)),
    ...containers.flatMap(({ envFrom = [] }) => envFrom.map(({ configMapRef }) => configMapRef?.name)),
    ...containers.flatMap(({ env = [] }) => env.map(({ valueFrom }) => valueFrom?.configMapKeyRef?.name)),
  ];
  return named.includes(name);
}

/** The claims of a StatefulSet are named `<template>-<set>-<ordinal>`. */
function isVolumeOf({ spec, metadata }: Workload, claim: string): boolean {
  const own = (spec?.template.spec?.volumes ?? []).some((each) => each.persistentVolumeClaim?.claimName === claim);
  const templates = spec !== undefined && 'volumeClaimTemplates' in spec ? (spec.volumeClaimTemplates ?? []) : [];
  const begins = templates.some((template) => claim.startsWith(`${template.metadata?.name}-${metadata.name}-`));
  return own || (begins && /-\d+$/.test(claim));
}

function scaledBy(object: KubeObject, { autoscalers }: LiveObjects, { components }: Taken): boolean {
  const autoscaler = autoscalers.find((each) => each === object);
  return autoscaler !== undefined && components.some((workload) => scales(autoscaler, workload));
}

function looksLikePrism({ kind, metadata: { name, labels = {} } }: KubeObject): boolean {
  const texts = [name, ...['app', 'app.kubernetes.io/name', 'app.kubernetes.io/part-of'].map((each) => labels[each])];
  const isNamed = texts.some((text) => text !== undefined && /^prism\b|-runner\b/.test(text));
  return isNamed && kind !== 'ConfigMap' && kind !== 'PersistentVolumeClaim';
}
