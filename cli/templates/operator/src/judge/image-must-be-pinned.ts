import type { Guard } from './guard.ts';

/** `latest` is another image tomorrow: the pods of one sample app would differ, and no roll-back would bring the old one back. */
export const imageMustBePinned: Guard = ({ spec }) => {
  const tag = spec.image.includes('@') ? 'digest' : spec.image.slice(spec.image.lastIndexOf('/') + 1).split(':')[1];
  if (tag !== undefined && tag !== 'latest') return undefined;
  return {
    reason: 'ImageNotPinned',
    message: `spec.image: "${spec.image}" has no fixed version; add a tag or a digest`,
  };
};
