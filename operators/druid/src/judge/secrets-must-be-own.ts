import type { Guard } from './guard.ts';

/** Whoever may write a DruidIngestion need not be allowed to read the Secrets of other namespaces. */
export const secretsMustBeOwn: Guard = ({ metadata, spec }) => {
  const named = spec.auth?.secretRef.namespace;
  if (named === undefined || named === '' || named === metadata.namespace) return undefined;
  const message = `spec.auth.secretRef.namespace is ${named}: Secrets are read from the resource's own namespace only. Put a copy there, and leave the field out`;
  return { reason: 'SecretNotOwn', message };
};
