import { Quantity } from '@capstan/crd';
import type { Deployment, KubeObject, PersistentVolumeClaim, StatefulSet } from '@capstan/kube';
import { desiredOf, type StepObject } from '@capstan/runtime';
import { isKeptWorkload } from '../adoption/kept-bodies.ts';
import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { componentLabel } from '../pods/watched-pods.ts';
import type { Judged, Refusal } from './guard.ts';

/** Volumes grow and never shrink, nothing moves them to another StorageClass, and what is on one is not to be left behind unnoticed. */
export function volumesMustNotShrink(
  _cluster: PrismCluster,
  judged: Pick<Judged, 'plan' | 'live'>,
): Refusal | undefined {
  const wanted = judged.plan().steps.flatMap(({ objects }) => objects);
  const sentences = wanted.flatMap((each) => changesOf(each, judged));
  if (sentences.length === 0) return undefined;
  return {
    reason: 'StorageChangeRefused',
    message: `Volumes that exist cannot be changed so: ${sentences.join('; ')}. Set it back in the spec`,
  };
}

function changesOf(wanted: StepObject, { live }: Pick<Judged, 'live'>): readonly string[] {
  const body = desiredOf(wanted);
  const before = live(wanted);
  if (before === undefined || isKeptWorkload(body)) return [];
  const component = body.metadata.labels?.[componentLabel] ?? body.metadata.name ?? '?';
  const volumes = volumesIn(body);
  const claims = new Set(claimsIn(body).values());
  return [...volumesIn(before)].flatMap(([name, former]) =>
    volumes.has(name) || claims.has(claimsIn(before).get(name) ?? '')
      ? changeOf(component, former, volumes.get(name))
      : [`${component} asks for no volume any more, and keeps its data on one`],
  );
}

type ClaimSpec = PersistentVolumeClaim['spec'];

/** By name; a Deployment says nothing of its volumes but that they are there. */
function volumesIn(object: Pick<KubeObject, 'kind'>): ReadonlyMap<string, ClaimSpec> {
  if (isStatefulSet(object)) {
    const templates = object.spec?.volumeClaimTemplates ?? [];
    return new Map(templates.map(({ metadata, spec }) => [metadata?.name ?? '', spec]));
  }
  return new Map([...claimsIn(object).keys()].map((name) => [name, undefined]));
}

/** The claims that a Deployment names, by its volumes: whoever made it may have called the volume otherwise. */
function claimsIn(object: Pick<KubeObject, 'kind'>): ReadonlyMap<string, string> {
  const volumes = isDeployment(object) ? (object.spec?.template.spec?.volumes ?? []) : [];
  return new Map(
    volumes.flatMap(({ name, persistentVolumeClaim }) =>
      persistentVolumeClaim === undefined ? [] : [[name, persistentVolumeClaim.claimName]],
    ),
  );
}

function isStatefulSet(object: Pick<KubeObject, 'kind'>): object is StatefulSet {
  return object.kind === 'StatefulSet';
}

function isDeployment(object: Pick<KubeObject, 'kind'>): object is Deployment {
  return object.kind === 'Deployment';
}

function changeOf(component: string, before: ClaimSpec, after: ClaimSpec): readonly string[] {
  const [was, is] = [before, after].map((claim) => claim?.resources?.requests?.['storage']);
  const [wasIn, isIn] = [before, after].map((claim) => claim?.storageClassName);
  return [
    ...(was === undefined || is === undefined || isAsLarge(was, is)
      ? []
      : [`${component} asks for ${is}, and its volume was made with ${was}`]),
    ...(wasIn === isIn
      ? []
      : [`${component} asks for ${classText(isIn)}, and its volume was made in ${classText(wasIn)}`]),
  ];
}

function classText(name: string | undefined): string {
  return name === undefined ? 'the default StorageClass' : `StorageClass ${name}`;
}

/** `1024Mi` is `1Gi`: the server may have written down another form than the user did. */
function isAsLarge(was: string | number, is: string | number): boolean {
  const [before, after] = [Quantity.parse(`${was}`), Quantity.parse(`${is}`)];
  return before !== undefined && after !== undefined ? after.compareTo(before) >= 0 : was === is;
}
