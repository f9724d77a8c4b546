import type { ObjectRef } from '@capstan/kube';
import type { Command } from '../../exhibit.ts';

/** What to try with a Prism cluster. */
export function prismClusterCommands({ namespace, name }: ObjectRef): readonly Command[] {
  return [{ why: 'why the operator did what it did', line: `capstan explain prism/${name} -n ${namespace}` }];
}
