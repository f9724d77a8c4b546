import type { PatternDraft } from './cluster-draft.ts';
import type { DescribedComponent } from './component.ts';
import { differs, type Finding } from './finding.ts';
import { portOf } from './ports.ts';
import type { BackendKind } from './roles.ts';
import { storageOf } from './storage.ts';

/** A runner as it runs. */
export function describePattern(
  name: string,
  described: DescribedComponent,
  backends: readonly BackendKind[],
): { readonly pattern: PatternDraft; readonly findings: readonly Finding[] } {
  const { storage, problem } = storageOf(described);
  const { port, findings } = portOf('pattern', described);
  const { workload, fields, replicas } = described;
  return {
    pattern: {
      name,
      type: workload.kind === 'StatefulSet' ? 'StatefulSet' : 'Deployment',
      replicas,
      ...(backends.length > 0 && { backends: [...backends] }),
      ...(storage !== undefined && { storage }),
      ...(port !== undefined && { port }),
      ...fields,
    },
    findings: [...findings, ...(problem === undefined ? [] : [differs(workload, problem)])],
  };
}
