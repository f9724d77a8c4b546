import type { KubeObject } from '@capstan/kube';
import { helmReleaseOf } from '@capstan/runtime';

/**
 * Why nobody may take an object over as it is now, and what to do; `undefined`: it is nobody's. Another controller would fight over
 * it, and the next upgrade of a Helm release would undo what was changed.
 */
export function holderOf(object: KubeObject): string | undefined {
  const { ownerReferences = [] } = object.metadata;
  const owner = ownerReferences.find(({ controller }) => controller === true);
  if (owner !== undefined)
    return owner.kind === 'PrismCluster'
      ? `it is part of PrismCluster/${owner.name} already`
      : `${owner.kind}/${owner.name} controls it: have that let go of it first`;
  const release = helmReleaseOf(object);
  if (release === undefined) return undefined;
  return `it belongs to the Helm release ${release}: annotate what is to stay with helm.sh/resource-policy=keep, uninstall the release, then remove the label app.kubernetes.io/managed-by and the annotations meta.helm.sh/release-name and meta.helm.sh/release-namespace`;
}
