import { customResource, k8s, type ResourceOf, stringMap, Type } from '@capstan/crd';
import { ConfigMap, type Draft } from '@capstan/kube';
import { configMap } from '@capstan/resources';
import { controller, owned, setConditions, standardConditions, standingOf } from '@capstan/runtime';

/** Settings of an environment. Programs read them from the ConfigMap of the same name. */
export const Environment = customResource({
  group: 'example.capstan.dev',
  version: 'v1',
  kind: 'Environment',
  plural: 'environments',
  shortNames: ['env'],
  description: 'Settings of an environment, kept in a ConfigMap of the same name.',
  spec: Type.Object(
    {
      region: Type.String({ minLength: 1, maxLength: 63, description: 'Where the environment runs.' }),
      settings: stringMap({ maxProperties: 200, description: 'What its programs are told.' }),
    },
    { description: 'The environment as it should be.' },
  ),
  status: Type.Object({
    conditions: Type.Optional(k8s.conditions({ maxItems: 8, description: 'Whether the ConfigMap is up to date.' })),
    observedGeneration: Type.Optional(Type.Integer({ description: 'Generation of the spec that was last applied.' })),
  }),
  printerColumns: [
    { name: 'Region', type: 'string', jsonPath: '.spec.region' },
    { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
  ],
});
export type Environment = ResourceOf<typeof Environment>;

/** The ConfigMap of an environment: its spec as JSON. */
export function environmentConfig({ metadata: { name }, spec }: Environment): Draft<ConfigMap> {
  return configMap(
    { name, labels: { 'app.kubernetes.io/managed-by': 'environment-operator' } },
    { data: JSON.stringify(spec) },
  );
}

/** Keeps the ConfigMap of every environment as its spec says. */
export const environments = controller<Environment>(Environment, {
  name: 'environment-operator',
  owns: [owned(ConfigMap)],
  reconcile: async (environment, pass) => {
    const outcome = await pass.apply({ steps: [{ name: 'config', objects: [environmentConfig(environment)] }] });
    const { generation: observedGeneration = 0 } = environment.metadata;
    const wanted = standardConditions(standingOf(outcome));
    const conditions = setConditions(environment.status?.conditions, wanted, { now: pass.now, observedGeneration });
    return pass.report({ status: { conditions, observedGeneration } });
  },
});
