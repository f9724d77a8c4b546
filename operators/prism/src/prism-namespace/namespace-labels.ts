import type { ChildMetadata, Labels } from '@capstan/resources';
import type { PrismNamespace } from '../api/v1alpha2/prism-namespace.ts';
import { managedBy, prismNamespaceLabel } from '../labels.ts';

/** What the pods of a namespace's own have in common, whatever they do. */
export function ownPodLabels({ metadata, spec }: PrismNamespace): Labels {
  return { 'app.kubernetes.io/instance': spec.cluster, [prismNamespaceLabel]: metadata.name };
}

/** Identity and labels of what is made for a namespace. */
export function namespaceChild(namespace: PrismNamespace, name: string): ChildMetadata {
  return {
    name,
    labels: {
      'app.kubernetes.io/name': 'prism',
      'app.kubernetes.io/component': 'prism-namespace',
      'app.kubernetes.io/managed-by': managedBy,
      ...ownPodLabels(namespace),
    },
  };
}

/** The name of what a namespace has once of each kind. */
export function namespaceChildName({ metadata: { name } }: PrismNamespace): string {
  return `${name}-prism-namespace`;
}
