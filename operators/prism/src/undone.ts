import type { Undone } from '@capstan/runtime';

/** What stays as it is where finalizers are taken off at an uninstall and nothing is cleaned up. */
export const prismUndone: Undone = {
  'prism.io/data': () =>
    'its data goes with it when it is deleted, whatever its deletionPolicy says by then: set that to Retain before the operator goes, if the data is to stay',
  'prism.io/namespace': () => 'prism-admin goes on having the namespace',
  'prism.io/federation': () => 'PrismClusters that were propagated to other clusters stay there',
};
