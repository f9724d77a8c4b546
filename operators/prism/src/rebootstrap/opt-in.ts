import { rebootstrapAdminAnnotation } from '../annotations.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { namespaceOf } from '../names.ts';
import type { AdminStanding } from './admin-standing.ts';
import type { ReplayedNamespaces } from './replayed-namespaces.ts';

/**
 * The number of members that a person has agreed to have prism-admin bootstrapped anew with; `undefined` where the annotation is
 * absent or of another change than one from the number that it has.
 */
export function membersOptedFor({ metadata }: PrismCluster, bootstrapped: number): number | undefined {
  const [, from, to] = /^([135])->([135])$/.exec(metadata.annotations?.[rebootstrapAdminAnnotation] ?? '') ?? [];
  return Number(from) === bootstrapped && to !== from ? Number(to) : undefined;
}

/**
 * What the status offers: `spec.admin.replicas` may be set to it. While former members stop there is nothing to choose but the
 * way back.
 */
export function offeredMembers(cluster: PrismCluster, standing: AdminStanding): number | undefined {
  return standing.rebootstrap?.step === 'Stopping' ? undefined : membersOptedFor(cluster, standing.bootstrapped);
}

/** The command by which a person agrees. */
export function optInCommand(cluster: PrismCluster, from: number, to: number): string {
  return `kubectl annotate prismclusters.prism.io ${cluster.metadata.name} -n ${namespaceOf(cluster)} --overwrite ${rebootstrapAdminAnnotation}='${from}->${to}'`;
}

/** What bootstrapping anew does and costs, said before anything happens. */
export function offerText(
  cluster: PrismCluster,
  to: number,
  { bootstrapped: from, replays }: { readonly bootstrapped: number; readonly replays: ReplayedNamespaces },
): string {
  return (
    `spec.admin.replicas may be set to ${to}. prism-admin is then stopped and started with ${to} on empty volumes; proxies and patterns go on. ` +
    `${lossText(cluster, replays)}. The volumes of the present ${from === 1 ? 'one' : from} stay and are not used again. ` +
    `Remove the annotation ${rebootstrapAdminAnnotation} to forget about it`
  );
}

/** What comes back of itself, and what does not. */
export function lossText(cluster: PrismCluster, { names }: ReplayedNamespaces): string {
  const count = names.length === 1 ? '1 PrismNamespace' : `${names.length} PrismNamespaces`;
  const replayed =
    names.length === 0
      ? `No PrismNamespace names this cluster in ${namespaceOf(cluster)}, so every namespace in it is lost`
      : `${count} of this cluster will be created in it anew, and every namespace without one is lost`;
  return `${replayed}; so is what proxies and launchers registered by themselves`;
}
