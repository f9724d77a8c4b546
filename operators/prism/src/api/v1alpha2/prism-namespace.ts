import { customResource, immutable, listSet, type ResourceOf, stringEnum, Type, withDefault } from '@capstan/crd';
import { quota } from './quota.ts';
import { status } from './status.ts';

const label = '^[a-z]([-a-z0-9]*[a-z0-9])?$';

/** prism-admin would take an empty name, and everything else; this one is also part of names of Kubernetes objects and labels. */
const name = Type.String({
  maxLength: 40,
  pattern: label,
  description: 'Name of the namespace in Prism: a letter, then lower-case letters, digits and dashes.',
});

const spec = Type.Object(
  {
    cluster: Type.String({
      minLength: 1,
      maxLength: 40,
      pattern: label,
      description: 'The PrismCluster that the namespace is in, of the same Kubernetes namespace. It cannot be changed.',
      rules: [
        immutable('cannot be changed: nothing moves a namespace. Make one of the same name in the other cluster'),
      ],
    }),
    patterns: withDefault(
      listSet(Type.String({ minLength: 1, maxLength: 40, pattern: label }), {
        maxItems: 50,
        description: 'The patterns of the cluster that the namespace uses, by name.',
      }),
      [],
    ),
    isolation: withDefault(
      stringEnum(['none', 'namespace', 'session'], {
        description:
          'How far the namespace is kept apart from others. namespace: a NetworkPolicy closes its own runners to others. session: the same; no released Prism keeps sessions apart. prism-admin is told in any case.',
      }),
      'none',
    ),
    dedicatedRunners: withDefault(
      Type.Boolean({
        description:
          'Whether each pattern gets runners for this namespace alone, as PrismPatterns made like the patterns of the cluster, with one pod each; only where spec.tenancy.allowDedicatedRunners of the cluster is true.',
      }),
      false,
    ),
    quota: Type.Optional(quota),
  },
  { description: 'The namespace as it should be.' },
);

/** A namespace of Prism in a PrismCluster: the kind, its schema, defaults and validation. */
export const PrismNamespace = customResource({
  group: 'prism.io',
  version: 'v1alpha2',
  kind: 'PrismNamespace',
  plural: 'prismnamespaces',
  shortNames: ['prismns'],
  categories: ['prism'],
  namespaced: true,
  description: 'A namespace of Prism: which patterns it uses, how far it is kept apart, what it may use.',
  name,
  spec,
  status,
  printerColumns: [
    { name: 'Cluster', type: 'string', jsonPath: '.spec.cluster' },
    { name: 'Isolation', type: 'string', jsonPath: '.spec.isolation' },
    { name: 'Partition', type: 'integer', jsonPath: '.status.admin.partition' },
    { name: 'Ready', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].status" },
    { name: 'Reason', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].reason" },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Message', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].message", priority: 1 },
  ],
});

/** A namespace as the API server returns it: every field with a default is there. */
export type PrismNamespace = ResourceOf<typeof PrismNamespace>;

export type PrismNamespaceSpec = PrismNamespace['spec'];
export type PrismNamespaceStatus = NonNullable<PrismNamespace['status']>;

/** What prism-admin has of a namespace, as it last said. */
export type AdminRecord = NonNullable<PrismNamespaceStatus['admin']>;
