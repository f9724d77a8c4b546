import { prismClusters } from '@capstan/prism-operator';

/** The manager name of the operator in managedFields. */
export const fieldManager: string = prismClusters.name;

/** Set on all that the operator applies. */
export const appliedAnnotation = 'prism.io/applied';
/** Names the cluster that an object without an owner is kept for. */
export const retainedAnnotation = 'prism.io/retained-for';
export const instanceLabel = 'app.kubernetes.io/instance';

/** Whether an annotation of a child is the operator's own: nobody else reads those of its group. */
export function isOwnAnnotation(name: string): boolean {
  return name.startsWith('prism.io/');
}

/** Labels that say who looks after an object, with the value they must have to be the operator's; `undefined`: any. */
export const ownLabels: Readonly<Record<string, string | undefined>> = {
  'app.kubernetes.io/managed-by': 'prism-operator',
  'prism.io/part': undefined,
};
