import { ConfigMap, Secret } from '@capstan/kube';
import { DNSEndpoint } from '@capstan/resources';
import { type Controller, controller, optional, owned, referenced } from '@capstan/runtime';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import { federationFinalize } from './finalize.ts';
import { MemberAccess, secretsNamedBy } from './members.ts';
import { federationReconciler } from './reconciler.ts';
import { Remotes, type RemotesOptions } from './remotes.ts';
import { templatesNamedBy } from './wanted-clusters.ts';

export interface FederationControllerOptions extends RemotesOptions {
  /** Federations worked on at the same time; the runtime's default unless told. */
  readonly concurrency?: number;
  /** Where a proxy to reach remote clusters through is looked up; `process.env` unless told. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The controller of federations. Owned are the ConfigMap with the weights and, where external-dns is, its records. */
export function federationController(options: FederationControllerOptions = {}): Controller {
  const { concurrency, env = process.env, ...rest } = options;
  const outside = { remotes: new Remotes(rest), access: new MemberAccess(env) };
  return controller(PrismFederation, {
    name: 'prism-federation',
    owns: [owned(ConfigMap), optional(owned(DNSEndpoint))],
    watches: [referenced(Secret, secretsNamedBy), referenced(PrismCluster, templatesNamedBy, { mode: 'full' })],
    sources: [outside.remotes],
    reconcile: federationReconciler(outside),
    finalize: federationFinalize(outside),
    ...(concurrency !== undefined && { concurrency }),
  });
}

/** The controller of federations, as it is unless told otherwise. */
export const prismFederations: Controller = federationController();
