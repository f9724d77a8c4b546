import type { CustomResourceDefinition, Draft } from '@capstan/kube';

/** A definition such as the original StreamBus operator brings: made by controller-gen, few fields, no limits. */
export const originalStreamBusDefinition: Draft<CustomResourceDefinition> = {
  ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
  metadata: {
    name: 'streambusclusters.streambus.io',
    annotations: { 'controller-gen.kubebuilder.io/version': 'v0.13.0' },
  },
  spec: {
    ...{ group: 'streambus.io', scope: 'Namespaced' },
    names: {
      ...{ kind: 'StreamBusCluster', listKind: 'StreamBusClusterList' },
      ...{ plural: 'streambusclusters', singular: 'streambuscluster' },
    },
    versions: [
      {
        ...{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} } },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  replicas: { type: 'integer' },
                  storage: {
                    type: 'object',
                    properties: { class: { type: 'string' }, size: { type: 'string' }, raftSize: { type: 'string' } },
                  },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};
