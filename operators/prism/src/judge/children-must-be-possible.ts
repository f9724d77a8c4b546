import { InvalidChildError } from '@capstan/resources';
import type { Guard } from './guard.ts';

/** What a schema cannot tell, such as a label name that is none, is found when the objects are made. */
export const childrenMustBePossible: Guard = (_cluster, { plan }) => {
  try {
    plan();
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidChildError)) throw error;
    return { reason: 'SpecInvalid', message: error.message };
  }
};
