import { Quantity } from '@capstan/crd';
import type { PrismPatternSpec } from '../api/v1beta1/prism-pattern.ts';

type Pod = Pick<PrismPatternSpec, 'resources' | 'env'>;

/** Why the API server would refuse the pods of a pattern, of what the schema does not see; `undefined` where it is not known to. */
export function podProblem(spec: Pod): string | undefined {
  return resourceProblem(spec) ?? variableProblem(spec);
}

function resourceProblem({ resources: { requests = {}, limits = {} } }: Pod): string | undefined {
  const above = Object.entries(requests).find(([name, asked]) => isMore(asked, limits[name]));
  if (above === undefined) return undefined;
  const [name, asked] = above;
  return `spec.resources.requests.${name}: must be at most the limit ${limits[name]}, but is ${asked}`;
}

function isMore(asked: string | number, limit: string | number | undefined): boolean {
  const [wanted, most] = [Quantity.parse(`${asked}`), Quantity.parse(`${limit}`)];
  return wanted !== undefined && most !== undefined && wanted.compareTo(most) > 0;
}

function variableProblem({ env = [] }: Pod): string | undefined {
  const both = env.find(({ value = '', valueFrom }) => value !== '' && valueFrom !== undefined);
  if (both === undefined) return undefined;
  return `spec.env[${both.name}]: must not have value and valueFrom: take one of them out`;
}
