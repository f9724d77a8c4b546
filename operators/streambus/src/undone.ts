import type { Undone } from '@capstan/runtime';

/** What stays as it is where finalizers are taken off at an uninstall and nothing is cleaned up. */
export const streamBusUndone: Undone = {
  'streambus.io/finalizer': () => 'it stood for nothing that has to be cleaned up',
};
