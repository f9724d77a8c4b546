import { fileURLToPath } from 'node:url';
import type { HorizontalPodAutoscaler, Ingress, KubeObject, PersistentVolumeClaim, Service } from '@capstan/kube';
import { readManifests } from '@capstan/testkit';
import type { LiveObjects, Workload } from './live-objects.ts';

const directory = fileURLToPath(new URL('../../../../test/manifests/prism-by-hand', import.meta.url));
const manifests = await readManifests(directory);

/** An object of the deployment by hand, changed as a test wants it. */
export type Change = (object: KubeObject) => KubeObject | undefined;

/** What the deployment by hand has, after a change of each object; `undefined` takes it away. `more` is added. */
export function deployedByHand(change: Change = (object) => object, more: readonly KubeObject[] = []): LiveObjects {
  const objects = [...manifests.flatMap((object) => change(structuredClone(object)) ?? []), ...more];
  const kinds = ['Deployment', 'StatefulSet', 'Service', 'PersistentVolumeClaim', 'HorizontalPodAutoscaler', 'Ingress'];
  // The kind says what an object is; the manifests are applied to an API server in another test.
  const of = <T extends KubeObject>(...names: readonly string[]) =>
    objects.filter(({ kind }) => names.includes(kind)) as readonly KubeObject[] as readonly T[];
  return {
    namespaces: ['prism', 'prism-backends'],
    workloads: of<Workload>('Deployment', 'StatefulSet'),
    services: of<Service>('Service'),
    claims: of<PersistentVolumeClaim>('PersistentVolumeClaim'),
    autoscalers: of<HorizontalPodAutoscaler>('HorizontalPodAutoscaler'),
    ingresses: of<Ingress>('Ingress'),
    others: objects.filter(({ kind }) => !kinds.includes(kind)),
    notRead: [],
  };
}

/** Changes the one object of a kind and name, by JSON: what a test says of it goes over what it has. */
export function changed(kind: string, name: string, edit: (object: Editable) => void): Change {
  return (object) => {
    if (object.kind === kind && object.metadata.name === name) edit(object as unknown as Editable);
    return object;
  };
}

/** An object of a manifest as a test edits it. */
export interface Editable {
  readonly metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    ownerReferences?: unknown[];
  };
  // biome-ignore lint/suspicious/noExplicitAny: a test reaches into any kind, and fails where it is wrong about it
  readonly spec: any;
}
