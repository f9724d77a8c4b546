import type { PodIdentity } from '@capstan/resources';

/** `nobody`, whom the image of prism-admin names; every binary ran as it. */
export const nobody: PodIdentity = { uid: 65_534, gid: 65_534 };
