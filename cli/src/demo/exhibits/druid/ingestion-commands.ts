import type { ObjectRef } from '@capstan/kube';
import type { Command } from '../exhibit.ts';

/** What to try with ingestions. */
export function ingestionCommands(ingestion: ObjectRef | undefined): readonly Command[] {
  const all = {
    why: 'every ingestion; the lag there is up to a minute old',
    lines: ['kubectl get druidingestions -A -o wide'],
  };
  if (ingestion === undefined) return [all];
  const { namespace, name } = ingestion;
  return [
    all,
    { why: 'records keep coming: suspended, its lag rises', lines: [suspendCommand(ingestion, true)] },
    { why: 'resumed, it reads on where it was', lines: [suspendCommand(ingestion, false)] },
    { why: 'conditions and events', lines: [`kubectl describe druidingestion ${name} -n ${namespace}`] },
    {
      why: 'why the operator did what it did',
      lines: [`capstan explain druidingestion/${name} -n ${namespace}`],
    },
  ];
}

/** What one types to suspend an ingestion, or to resume it. */
export function suspendCommand({ namespace, name }: ObjectRef, suspend: boolean): string {
  return `kubectl patch druidingestion ${name} -n ${namespace} --type merge -p '${JSON.stringify(suspension(suspend))}'`;
}

/** The change that the command makes. */
export function suspension(suspend: boolean): object {
  return { spec: { suspend } };
}
