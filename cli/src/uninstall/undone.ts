import type { Undone } from '@capstan/runtime';

/** What stays as it is where the finalizers of the operators that come along are taken off and nothing is cleaned up. */
export const undoneBy: Undone = {
  'druid.apache.org/ingestion': () => 'what it has in Druid goes on as it is, also once the resource is deleted',
  'druidingestion.datainfra.io/finalizer': () =>
    'what it has in Druid goes on as it is, also once the resource is deleted',
  'prism.io/data': () =>
    'its data goes with it when it is deleted, whatever its deletionPolicy says by then: set that to Retain before the operator goes, if the data is to stay',
  'prism.io/namespace': () => 'prism-admin goes on having the namespace',
  'prism.io/federation': () => 'PrismClusters that were propagated to other clusters stay there',
  'streambus.io/finalizer': () => 'it stood for nothing that has to be cleaned up',
};
