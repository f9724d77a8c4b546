import { customResource, type ResourceOf, stringEnum, Type, withDefault } from '@capstan/crd';
import { admin } from './admin.ts';
import { adoption } from './adoption.ts';
import { backends } from './backends.ts';
import { ingress } from './ingress.ts';
import { networkPolicy } from './network-policy.ts';
import { observability } from './observability.ts';
import { patterns } from './pattern.ts';
import { proxy } from './proxy.ts';
import { rulesOfChange } from './rules-of-change.ts';
import { status } from './status.ts';
import { tenancy } from './tenancy.ts';

/** Names of children are made from it, and those of StatefulSets have 52 characters at most. */
const name = Type.String({
  maxLength: 40,
  pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
  description:
    'Name of the cluster: a letter, then lower-case letters, digits and dashes. Names of its objects start with it.',
});

const spec = Type.Object(
  {
    profile: withDefault(
      stringEnum(['upstream', 'memo035'], {
        description:
          'Which images, commands, ports and probes the components have. upstream: the binaries as they are. memo035: deployments made by hand after MEMO-035. Fixed once the cluster has run.',
      }),
      'upstream',
    ),
    admin,
    proxy,
    patterns,
    backends,
    ingress: Type.Optional(ingress),
    observability: Type.Optional(observability),
    networkPolicy,
    tenancy,
    adoption: Type.Optional(adoption),
    deletionPolicy: withDefault(
      stringEnum(['Retain', 'Delete'], {
        description:
          'What becomes of volumes and generated credentials when the cluster, a backend or a pattern goes. Retain: they stay, and are taken up again under the same name. Delete: data goes with them.',
      }),
      'Retain',
    ),
  },
  { description: 'The cluster as it should be.' },
);

/** A Prism deployment: the kind, its schema, defaults and validation. */
export const PrismCluster = customResource({
  group: 'prism.io',
  version: 'v1alpha1',
  kind: 'PrismCluster',
  plural: 'prismclusters',
  shortNames: ['prism'],
  categories: ['all'],
  namespaced: true,
  description: 'A whole Prism deployment: backing services, control plane, proxies and pattern runners.',
  name,
  spec,
  status,
  rules: rulesOfChange,
  printerColumns: [
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'Admin', type: 'integer', jsonPath: '.status.adminStatus.availableReplicas' },
    { name: 'Proxy', type: 'integer', jsonPath: '.status.proxyStatus.availableReplicas' },
    { name: 'Patterns', type: 'string', jsonPath: '.status.readyPatterns' },
    { name: 'Backends', type: 'string', jsonPath: '.status.readyBackends' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Reason', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].reason", priority: 1 },
    { name: 'Message', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].message", priority: 1 },
  ],
});

/** A cluster as the API server returns it: every field with a default is there. */
export type PrismCluster = ResourceOf<typeof PrismCluster>;

export type PrismClusterSpec = PrismCluster['spec'];
export type PrismClusterStatus = NonNullable<PrismCluster['status']>;

/** A workload that was made by somebody else and is taken over. */
export type AdoptedWorkload = NonNullable<PrismClusterSpec['adoption']>['workloads'][number];

/** One pattern of a cluster. */
export type PrismPattern = PrismClusterSpec['patterns'][number];

/** What a cluster says of one of its backends. */
export type PrismBackend = NonNullable<PrismClusterSpec['backends'][keyof PrismClusterSpec['backends']]>;

/** How ready one component is. */
export type ComponentStatus = NonNullable<PrismClusterStatus['adminStatus']>;
