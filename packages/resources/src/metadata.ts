import type { ObjectMeta } from '@capstan/kube';

/** How a child is named and marked. The runtime adds the owner reference, and the owner's namespace where none is given. */
export type ChildMetadata = Pick<ObjectMeta, 'name' | 'namespace' | 'labels' | 'annotations'>;

/** Label names and values, as a selector or on an object. */
export type Labels = Readonly<Record<string, string>>;
