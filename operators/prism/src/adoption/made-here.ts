import type { Deployment, StatefulSet } from '@capstan/kube';
import { partLabel } from '../labels.ts';

/** Whether the pods of a workload are made as the operator makes them: nobody else gives them its label. */
export function isMadeHere({ spec }: Deployment | StatefulSet): boolean {
  return spec?.template.metadata?.labels?.[partLabel] !== undefined;
}
