import type { ObjectRef, Pod } from '@capstan/kube';
import { managedBy } from '../labels.ts';

/** Finds the pods of Prism among all the pods of a cluster; the API server sends no others. */
export const prismPodSelector = `app.kubernetes.io/managed-by=${managedBy},app.kubernetes.io/name=prism`;

/** The cluster that a pod belongs to. */
export function clusterOfPod({ metadata: { namespace, labels } }: Pod): readonly ObjectRef[] {
  const name = labels?.[instanceLabel];
  return name === undefined ? [] : [{ namespace, name }];
}

/** The label with the name of the cluster that an object belongs to. */
export const instanceLabel = 'app.kubernetes.io/instance';

/** The label with the name of the component that an object belongs to. */
export const componentLabel = 'app.kubernetes.io/component';

/** What is kept of a pod: what `podStateOf` reads, and nothing else. */
export function leanPod({ apiVersion, kind, metadata, status }: Pod): Pod {
  const { name, namespace, uid, labels = {}, creationTimestamp, deletionTimestamp, resourceVersion } = metadata;
  const { phase, reason, message, podIP, conditions, initContainerStatuses, containerStatuses } = status ?? {};
  const kept = { name, namespace, uid, creationTimestamp, deletionTimestamp, resourceVersion };
  return {
    apiVersion,
    kind,
    metadata: present({ ...kept, labels: lean(labels) }),
    status: {
      ...present({ phase, reason, message, podIP, initContainerStatuses, containerStatuses }),
      conditions: (conditions ?? []).filter(isTold),
    },
  };
}

/** That a pod found its place is no news; that it finds none is. */
function isTold({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === 'Ready' || (type === 'PodScheduled' && status !== 'True');
}

function lean(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return present({ [instanceLabel]: labels[instanceLabel], [componentLabel]: labels[componentLabel] });
}

type Present<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>; // only what is there
}
