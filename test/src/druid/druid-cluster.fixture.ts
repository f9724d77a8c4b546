import type { KubeObject } from '@capstan/kube';
import type { InstallableKind } from '@capstan/testkit';

/** The Druid cluster of the Druid operator, as far as anybody asks for it here: whether it is there. */
export const DruidCluster: InstallableKind & { readonly inputType?: KubeObject & { readonly spec: object } } = {
  ...{ group: 'druid.apache.org', version: 'v1alpha1', kind: 'Druid', plural: 'druids', namespaced: true },
  manifest: () => ({
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: 'druids.druid.apache.org' },
    spec: {
      ...{ group: 'druid.apache.org', scope: 'Namespaced' },
      names: { kind: 'Druid', listKind: 'DruidList', plural: 'druids', singular: 'druid' },
      versions: [
        {
          ...{ name: 'v1alpha1', served: true, storage: true },
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  }),
};
