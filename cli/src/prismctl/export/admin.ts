import type { AdminDraft } from './cluster-draft.ts';
import type { DescribedComponent } from './component.ts';
import { differs, type Finding } from './finding.ts';
import { portOf } from './ports.ts';
import { storageOf } from './storage.ts';

/** prism-admin as it runs. */
export function describeAdmin(described: DescribedComponent): {
  readonly admin: AdminDraft;
  readonly findings: readonly Finding[];
} {
  const { storage, problem } = storageOf(described);
  const { port, findings } = portOf('admin', described);
  const { workload, fields, replicas } = described;
  const volume =
    problem ?? (storage === undefined ? 'it has no volume: what it knows is lost with its pod' : undefined);
  return {
    admin: {
      replicas,
      ...(storage !== undefined && { storage: { type: 'sqlite', ...storage } }),
      ...(port !== undefined && { port }),
      ...fields,
    },
    findings: [...findings, ...(volume === undefined ? [] : [differs(workload, volume)])],
  };
}
