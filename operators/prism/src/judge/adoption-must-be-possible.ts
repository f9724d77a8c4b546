import type { AdoptedWorkload, PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { enabledBackends } from '../backends/backend-kind.ts';
import { componentsOf } from '../components.ts';
import { backendHeadless, backendName, namesOf, ownName, patternServiceName, runnerName } from '../names.ts';
import type { Guard } from './guard.ts';

/** What the schema cannot tell of spec.adoption: that it fits the rest of the spec. */
export const adoptionMustBePossible: Guard = (cluster) => {
  const { adoption } = cluster.spec;
  if (adoption === undefined) return undefined;
  const sentences = [
    ...adoption.workloads.flatMap((each) => problemsOf(cluster, each)),
    ...sharedNames('the name of a workload', workloadNames(cluster)),
    ...sharedNames('the name of a Service', serviceNames(cluster)),
    ...sharedNames('the name of an Ingress', ingressNames(cluster)),
  ];
  if (sentences.length === 0) return undefined;
  return { reason: 'AdoptionRefused', message: sentences.join('; ') };
};

function problemsOf(cluster: PrismCluster, { component, claim }: AdoptedWorkload): readonly string[] {
  const { admin, patterns } = cluster.spec;
  const at = `spec.adoption.workloads[${component}]`;
  const pattern = patterns.find(({ name }) => runnerName(name) === component);
  if (pattern === undefined && component.endsWith(runnerName('')))
    return [`${at}: there is no such pattern in spec.patterns: add it, or take the workload out of spec.adoption`];
  if (component === 'prism-admin' && admin.replicas > 1)
    return [
      `${at}: only a single prism-admin can be taken over, and spec.admin.replicas is ${admin.replicas}: nobody knows where the members of a group that was made by hand look for each other`,
    ];
  const mayHaveClaim = component === 'prism-admin' || pattern?.type === 'Deployment';
  if (claim !== undefined && !mayHaveClaim)
    return [`${at}.claim: only prism-admin and patterns of type Deployment have a volume of their own: leave it out`];
  return [];
}

/** By what it is for. */
type Names = readonly (readonly [what: string, name: string])[];

function workloadNames(cluster: PrismCluster): Names {
  return componentsOf(cluster, cluster.spec.admin.replicas).flatMap(({ name, workload }) =>
    workload === undefined ? [] : [[name, workload.name]],
  );
}

function serviceNames(cluster: PrismCluster): Names {
  const { adminService, adminPeers, proxyService } = namesOf(cluster);
  return [
    ...enabledBackends(cluster).flatMap(
      (kind): Names => [
        [kind, backendName(cluster, kind)],
        [kind, backendHeadless(cluster, kind)],
      ],
    ),
    ['prism-admin', adminService],
    ['the members of prism-admin', adminPeers],
    ['prism-proxy', proxyService],
    ...cluster.spec.patterns.map(({ name }) => [runnerName(name), patternServiceName(cluster, name)] as const),
  ];
}

function ingressNames(cluster: PrismCluster): Names {
  return [
    ['prism-proxy', namesOf(cluster).ingress],
    ['prism-admin', ownName(cluster, 'prism-admin')],
  ];
}

/** One object cannot serve two. */
function sharedNames(what: string, names: Names): readonly string[] {
  return names.flatMap(([user, name], index) => {
    const other = names.slice(0, index).find(([, taken]) => taken === name);
    return other === undefined
      ? []
      : [`spec.adoption: ${name} would be ${what} of both ${other[0]} and ${user}: one of them needs another`];
  });
}
