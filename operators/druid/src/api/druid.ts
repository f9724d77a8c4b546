import type { KubeObject, ResourceType } from '@capstan/kube';

/** The Druid cluster of the Druid operator; only whether it is there is ever asked. */
export const Druid: ResourceType<KubeObject> = {
  ...{ group: 'druid.apache.org', version: 'v1alpha1', kind: 'Druid', plural: 'druids' },
  namespaced: true,
};
