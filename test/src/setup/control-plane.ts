import type {} from './provided-context.ts';

/** The one control plane that all live tests of a run share is the one that every operator's tests get. */
export { setup } from '@capstan/testkit/global-setup';
