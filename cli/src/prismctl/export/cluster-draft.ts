import type { InputOf } from '@capstan/crd';
import type { PrismCluster } from '@capstan/prism-operator';

/** A cluster as a person writes it: what has a default may be left out. */
export type ClusterDraft = InputOf<typeof PrismCluster>;
export type SpecDraft = ClusterDraft['spec'];
export type ProxyDraft = NonNullable<SpecDraft['proxy']>;
export type AdminDraft = NonNullable<SpecDraft['admin']>;
export type PatternDraft = NonNullable<SpecDraft['patterns']>[number];
export type BackendDraft = NonNullable<NonNullable<SpecDraft['backends']>['redis']>;
export type IngressDraft = NonNullable<SpecDraft['ingress']>;
export type AdoptionDraft = NonNullable<SpecDraft['adoption']>;
export type AdoptedDraft = NonNullable<AdoptionDraft['workloads']>[number];
