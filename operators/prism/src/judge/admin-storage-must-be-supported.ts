import type { Guard } from './guard.ts';

/** The requirement names postgres; prism-admin ends at once with it. */
export const adminStorageMustBeSupported: Guard = ({ spec }) => {
  if (spec.admin.storage.type === 'sqlite') return undefined;
  const message =
    `spec.admin.storage.type is ${spec.admin.storage.type}, but no released prism-admin can use it: it ends at its start with ` +
    '"postgresql support not yet implemented". Set it to sqlite';
  return { reason: 'AdminStorageUnsupported', message };
};
