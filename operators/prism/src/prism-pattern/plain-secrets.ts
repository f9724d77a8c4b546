import type { PrismPatternSpec } from '../api/v1beta1/prism-pattern.ts';

/** Parameters of triggers that are secret; those that name a variable end otherwise. */
const secretKey = /(password|passphrase|secret|secretkey|token|apikey|accesskey|sharedaccesskey|connectionstring)$/i;

/** `amqp://user:password@host`. */
const loginInUrl = /:\/\/[^/@\s]*:[^/@\s]+@/;

/**
 * The fields of triggers that hold what is secret in plain sight. KEDA would take it, and everybody who may read the pattern would
 * read it.
 * @returns paths, never a value
 */
export function plainSecrets({ autoscaling }: Pick<PrismPatternSpec, 'autoscaling'>): readonly string[] {
  return (autoscaling?.triggers ?? []).flatMap(({ metadata }, index) =>
    Object.entries(metadata)
      .filter(([key, value]) => secretKey.test(key) || loginInUrl.test(value))
      .map(([key]) => `spec.autoscaling.triggers[${index}].metadata.${key}`),
  );
}
