import type { ObjectRef, Pod } from '@capstan/kube';
import { managedBy } from '../children/labels.ts';

/** Finds the pods of brokers among all the pods of a cluster; the API server sends no others. */
export const brokerPodSelector = `app.kubernetes.io/managed-by=${managedBy},app.kubernetes.io/name=streambus-broker`;

/** The cluster that a broker's pod belongs to. */
export function clusterOfPod({ metadata: { namespace, labels } }: Pod): readonly ObjectRef[] {
  const name = labels?.['app.kubernetes.io/instance'];
  return name === undefined ? [] : [{ namespace, name }];
}

/** What is kept of a broker's pod: what `brokerPodsOf` reads, and nothing else. */
export function leanPod({ apiVersion, kind, metadata, status }: Pod): Pod {
  const {
    name,
    namespace,
    uid,
    labels = {},
    ownerReferences,
    creationTimestamp,
    deletionTimestamp,
    resourceVersion,
  } = metadata;
  const { phase, reason, message, podIP, conditions, initContainerStatuses, containerStatuses } = status ?? {};
  const kept = { phase, reason, message, podIP, initContainerStatuses, containerStatuses };
  return {
    apiVersion,
    kind,
    metadata: present({
      name,
      namespace,
      uid,
      labels: lean(labels),
      ownerReferences,
      creationTimestamp,
      deletionTimestamp,
      resourceVersion,
    }),
    status: {
      ...present(kept),
      conditions: (conditions ?? []).filter(isTold),
    },
  };
}

/** That a pod found its place is no news; that it finds none is. */
function isTold({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === 'Ready' || (type === 'PodScheduled' && status !== 'True');
}

function lean(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return present({
    'app.kubernetes.io/instance': labels['app.kubernetes.io/instance'],
    'controller-revision-hash': labels['controller-revision-hash'],
  });
}

type Present<T> = { readonly [K in keyof T]: Exclude<T[K], undefined> };

function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>; // only what is there
}
