import type { ObjectRef } from '@capstan/kube';
import type { Command } from '../exhibit.ts';

/** What to try with an ingestion. */
export function ingestionCommands(ingestion: ObjectRef): readonly Command[] {
  const why = 'records keep coming: suspended, its lag rises; with false it reads on';
  return [{ why, line: suspendCommand(ingestion, true) }];
}

/** What one types to suspend an ingestion, or to resume it. */
export function suspendCommand({ namespace, name }: ObjectRef, suspend: boolean): string {
  return `kubectl patch druidingestion ${name} -n ${namespace} --type merge -p '${JSON.stringify(suspension(suspend))}'`;
}

/** The change that the command makes. */
export function suspension(suspend: boolean): object {
  return { spec: { suspend } };
}
