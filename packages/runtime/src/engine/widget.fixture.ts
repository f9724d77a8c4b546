import {
  ApiError,
  type Clock,
  CustomResourceDefinition,
  type KubeClient,
  type KubeObject,
  type ResourceType,
} from '@capstan/kube';

/** A custom resource with every kind of list and map there is. */
export const Widget: ResourceType = {
  group: 'engine.capstan.test',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  namespaced: true,
};

const string = { type: 'string' };
const integer = { type: 'integer' };

const spec = {
  type: 'object',
  properties: {
    size: string,
    mode: { type: 'string', default: 'automatic' },
    port: { 'x-kubernetes-int-or-string': true },
    endpoints: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: {
        type: 'object',
        required: ['port'],
        properties: {
          name: string,
          port: integer,
          protocol: { type: 'string', default: 'TCP' },
          weight: { type: 'integer', default: 1 },
        },
      },
    },
    features: { type: 'array', 'x-kubernetes-list-type': 'set', items: string },
    hosts: { type: 'array', 'x-kubernetes-list-type': 'atomic', items: string },
    tuning: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: integer },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.engine.capstan.test' },
  spec: {
    group: Widget.group,
    scope: 'Namespaced',
    names: { kind: 'Widget', listKind: 'WidgetList', plural: 'widgets', singular: 'widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: { spec, status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          },
        },
      },
    ],
  },
} as const;

/** Defines the Widget kind and waits until it can be applied; harmless where it is defined already. */
export async function defineWidgets(client: KubeClient, clock: Clock, signal: AbortSignal): Promise<void> {
  await client.apply(CustomResourceDefinition as ResourceType, definition, {
    fieldManager: 'engine-test',
    force: true,
  });
  const probe = {
    apiVersion: 'engine.capstan.test/v1',
    kind: 'Widget',
    metadata: { name: 'probe', namespace: 'default' },
    spec: { size: '1' },
  };
  while (!(await isServed(client, probe))) await clock.sleep(100, signal);
}

/** A kind answers lists some time before server-side apply knows its schema. */
async function isServed(client: KubeClient, probe: KubeObject & { readonly spec: object }): Promise<boolean> {
  try {
    await client.apply(Widget, probe, { fieldManager: 'engine-test', dryRun: true });
    return true;
  } catch (error) {
    if (error instanceof ApiError && (error.isNotFound || error.status >= 500)) return false;
    throw error;
  }
}
