import type { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { isPlainSecret } from '../prism-pattern/plain-secrets.ts';
import { type AdoptionSight, isKept } from './sight.ts';

/** Variables in the pods of one component that hold what is secret for everybody to read. */
export interface PlainCredentials {
  readonly component: string;
  /** Their names, sorted; never a value. */
  readonly variables: readonly string[];
}

/** What is secret and stands in the pods of workloads that are kept as they are, as far as that is recognized by name or shape. */
export function plainCredentials(
  { spec: { adoption } }: PrismCluster,
  sight: AdoptionSight,
): readonly PlainCredentials[] {
  return (adoption?.workloads ?? []).flatMap(({ component }) => {
    const live = isKept(sight, component) ? sight.workloads.get(component) : undefined;
    const variables = (live?.spec?.template.spec?.containers ?? []).flatMap(({ env = [] }) =>
      env.filter(({ name, value = '' }) => value !== '' && isPlainSecret(name, value)).map(({ name }) => name),
    );
    return variables.length === 0 ? [] : [{ component, variables: [...new Set(variables)].sort() }];
  });
}
