import { customResource, listMap, type ResourceOf, Type, withDefault } from '@capstan/crd';
import { member } from './member.ts';
import { propagation } from './propagation.ts';
import { publication } from './publication.ts';
import { routing } from './routing.ts';
import { status } from './status.ts';

/** PrismClusters are named after it unless told, and names of their objects start with theirs. */
const name = Type.String({
  maxLength: 40,
  pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$',
  description: 'Name of the federation: a letter, then lower-case letters, digits and dashes.',
});

const spec = Type.Object(
  {
    clusters: listMap(member, ['name'], {
      minItems: 1,
      maxItems: 32,
      description: 'The clusters that belong to the federation.',
    }),
    routing: withDefault(routing, {}),
    propagation: withDefault(propagation, {}),
    publication: Type.Optional(publication),
  },
  { description: 'The federation as it should be.' },
);

/** Prism deployments of several Kubernetes clusters, among which traffic is divided. */
export const PrismFederation = customResource({
  group: 'prism.io',
  version: 'v1alpha3',
  kind: 'PrismFederation',
  plural: 'prismfederations',
  shortNames: ['prismfed'],
  categories: ['all'],
  namespaced: true,
  description: 'Prism deployments of several Kubernetes clusters, among which traffic is divided.',
  name,
  spec,
  status,
  printerColumns: [
    { name: 'Active', type: 'string', jsonPath: '.status.activeClusters' },
    { name: 'Healthy', type: 'string', jsonPath: '.status.healthyClusters' },
    { name: 'FailedOver', type: 'string', jsonPath: ".status.conditions[?(@.type=='FailedOver')].status" },
    { name: 'Ready', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].status" },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Reason', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].reason", priority: 1 },
    { name: 'Message', type: 'string', jsonPath: ".status.conditions[?(@.type=='Ready')].message", priority: 1 },
  ],
});

/** A federation as the API server returns it: every field with a default is there. */
export type PrismFederation = ResourceOf<typeof PrismFederation>;

export type PrismFederationSpec = PrismFederation['spec'];
export type PrismFederationStatus = NonNullable<PrismFederation['status']>;

/** What a federation says of one of its clusters. */
export type Member = PrismFederationSpec['clusters'][number];

/** What is reported of one cluster. */
export type MemberStatus = NonNullable<PrismFederationStatus['clusters']>[number];
