import type { Undone } from '@capstan/runtime';

/** What stays as it is where finalizers are taken off at an uninstall and nothing is cleaned up. */
export const druidUndone: Undone = {
  'druid.apache.org/ingestion': () => inDruid,
  'druidingestion.datainfra.io/finalizer': () => inDruid,
};

const inDruid = 'what it has in Druid goes on as it is, also once the resource is deleted';
