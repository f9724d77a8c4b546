import { Quantity } from '@capstan/crd';
import type { KubeObject, PersistentVolumeClaim, StatefulSet } from '@capstan/kube';
import { desiredOf, type StepObject } from '@capstan/runtime';
import { componentLabel } from '../pods/watched-pods.ts';
import type { Guard, Judged } from './guard.ts';

/** Volumes grow and never shrink, and nothing moves them to another StorageClass. */
export const volumesMustNotShrink: Guard = (_cluster, judged) => {
  const wanted = judged.plan().steps.flatMap(({ objects }) => objects);
  const sentences = wanted.flatMap((each) => changesOf(each, judged));
  if (sentences.length === 0) return undefined;
  return {
    reason: 'StorageChangeRefused',
    message: `Volumes that exist cannot be changed so: ${sentences.join('; ')}. Set it back in the spec`,
  };
};

function changesOf(wanted: StepObject, { live }: Judged): readonly string[] {
  const body = desiredOf(wanted);
  const before = live(wanted);
  if (!isStatefulSet(body) || before === undefined || !isStatefulSet(before)) return [];
  const component = body.metadata.labels?.[componentLabel] ?? body.metadata.name ?? '?';
  return (body.spec?.volumeClaimTemplates ?? []).flatMap(({ metadata, spec }) => {
    const former = before.spec?.volumeClaimTemplates?.find((each) => each.metadata?.name === metadata?.name);
    return former === undefined ? [] : changeOf(component, former.spec, spec);
  });
}

function isStatefulSet(object: Pick<KubeObject, 'kind'>): object is StatefulSet {
  return object.kind === 'StatefulSet';
}

type ClaimSpec = PersistentVolumeClaim['spec'];

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
