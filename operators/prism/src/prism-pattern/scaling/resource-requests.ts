import type { PrismPatternSpec } from '../../api/v1beta1/prism-pattern.ts';

/** Whether pods request a resource; Kubernetes takes a limit for the request that is not given. */
export function requests({ resources }: Pick<PrismPatternSpec, 'resources'>, resource: string): boolean {
  return [resources.requests, resources.limits].some((given) => given?.[resource] !== undefined);
}
