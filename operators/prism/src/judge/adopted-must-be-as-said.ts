import { adoptedWorkload } from '../adoption/adopted-workload.ts';
import { type AdoptionSight, isKept, type LiveWorkload } from '../adoption/sight.ts';
import type { AdoptedWorkload, PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { singleAdminClaim } from '../children/admin-claims.ts';
import { deploymentClaimName, patternClaim } from '../children/pattern-pod.ts';
import { runnerName } from '../names.ts';
import type { Guard } from './guard.ts';

/** What is taken over has to be what the spec takes it for, or its pods would change or be lost from sight. */
export const adoptedMustBeAsSaid: Guard = (cluster, { adoption }) => {
  const sentences = [
    ...[...adoption.ofOtherKind].map(([component, found]) => otherKindText(component, found)),
    ...[...adoption.leftVolumes].map(([component, claims]) => leftVolumesText(component, claims)),
    ...[...adoption.workloads].flatMap(([component, live]) => {
      const named = adoptedWorkload(cluster, component);
      return named === undefined ? [] : problemsOf(cluster, named, live, adoption);
    }),
  ];
  if (sentences.length === 0) return undefined;
  return { reason: 'AdoptionRefused', message: sentences.join('; ') };
};

function otherKindText(component: string, found: string): string {
  const how = component.endsWith(runnerName(''))
    ? 'set the type of its pattern to that'
    : 'it can only be taken over as a Deployment';
  return `spec.adoption.workloads[${component}]: what is there is ${found}: ${how}`;
}

function leftVolumesText(component: string, claims: readonly string[]): string {
  return (
    `spec.adoption.workloads[${component}]: its StatefulSet is gone, and one made anew would start without the volumes ${claims.join(', ')}: ` +
    'apply its manifest again, or delete these volumes'
  );
}

function problemsOf(
  cluster: PrismCluster,
  named: AdoptedWorkload,
  live: LiveWorkload,
  adoption: AdoptionSight,
): readonly string[] {
  const at = `spec.adoption.workloads[${named.component}]`;
  const object = `${live.kind}/${live.metadata.name}`;
  return [
    ...(isSelectedBy(live, named.selector)
      ? []
      : [`${at}.selector is not the spec.selector of ${object}: set it to that`]),
    ...(isKept(adoption, named.component) ? containerProblems(at, object, named, live) : []),
    ...claimProblems(cluster, at, object, named, live),
  ];
}

function isSelectedBy({ spec }: LiveWorkload, selector: AdoptedWorkload['selector']): boolean {
  const { matchLabels = {}, matchExpressions = [] } = spec?.selector ?? {};
  const names = Object.keys(matchLabels);
  return (
    matchExpressions.length === 0 &&
    names.length === Object.keys(selector).length &&
    names.every((name) => selector[name] === matchLabels[name])
  );
}

/** It would be added to its pods, and restart them. */
function containerProblems(
  at: string,
  object: string,
  { component, container = component }: AdoptedWorkload,
  { spec }: LiveWorkload,
): readonly string[] {
  const names = (spec?.template.spec?.containers ?? []).map(({ name }) => name);
  if (names.includes(container)) return [];
  return [
    `${at}.container: the pods of ${object} have no container ${container}, but ${names.join(', ')}: name the one that runs ${component}`,
  ];
}

/**
 * Pods that are made anew would not mount it, and start without their data: now, where they are to be replaced, or one day, when
 * somebody deletes their workload.
 */
function claimProblems(
  cluster: PrismCluster,
  at: string,
  object: string,
  { component }: AdoptedWorkload,
  { spec }: LiveWorkload,
): readonly string[] {
  const isReplaced = cluster.spec.adoption?.podTemplates === 'Replace';
  const templates = spec !== undefined && 'volumeClaimTemplates' in spec ? (spec.volumeClaimTemplates ?? []) : [];
  const claims = (spec?.template.spec?.volumes ?? []).flatMap(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
  );
  const mounted = claimOf(cluster, component);
  const lost = claims.filter((claim) => claim !== mounted);
  const canBeNamed = mounted !== undefined && claims.length === 1;
  return [
    ...(isReplaced && !areMounted(cluster, component, templates)
      ? [
          `${at}: ${object} has the claim templates ${templates.map(({ metadata }) => metadata?.name).join(', ')}, and pods that are made anew have one that is named ${patternClaim}, and only where the pattern has storage: leave podTemplates at Keep`,
        ]
      : []),
    ...(lost.length > 0 && (isReplaced || canBeNamed)
      ? [
          `${at}.claim: the pods of ${object} use the claim ${lost.join(', ')}, and would start without once they are made anew: name it in claim${isReplaced ? ', or leave podTemplates at Keep' : ''}`,
        ]
      : []),
  ];
}

function areMounted(
  { spec: { patterns } }: PrismCluster,
  component: string,
  templates: readonly { readonly metadata?: { readonly name?: string | undefined } | undefined }[],
): boolean {
  const hasStorage = patterns.some(({ name, storage }) => runnerName(name) === component && storage !== undefined);
  const isOne = templates.length === 1 && templates[0]?.metadata?.name === patternClaim;
  return templates.length === 0 || (isOne && hasStorage);
}

/** The claim that pods made anew would mount. */
function claimOf(cluster: PrismCluster, component: string): string | undefined {
  if (component === 'prism-admin') return singleAdminClaim(cluster, cluster.status?.adminEpoch ?? 0);
  const pattern = cluster.spec.patterns.find(
    ({ name, type }) => runnerName(name) === component && type === 'Deployment',
  );
  return pattern && deploymentClaimName(cluster, pattern);
}
