import { druidUndone } from '@capstan/druid-operator';
import { prismUndone } from '@capstan/prism-operator';
import type { Undone } from '@capstan/runtime';
import { streamBusUndone } from '@capstan/streambus-operator';

/** What stays as it is where the finalizers of the operators that come along are taken off and nothing is cleaned up. */
export const undoneBy: Undone = { ...druidUndone, ...prismUndone, ...streamBusUndone };
