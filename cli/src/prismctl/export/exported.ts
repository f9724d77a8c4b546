import type { ClusterDraft } from './cluster-draft.ts';
import { clusterSpec } from './cluster-spec.ts';
import type { DescribedComponent } from './component.ts';
import { CredentialGuard } from './credentials.ts';
import { type DescribedParts, describeParts } from './described-parts.ts';
import type { Finding } from './finding.ts';
import { leftOvers } from './left-overs.ts';
import type { LiveObjects } from './live-objects.ts';
import { recognise } from './recognise.ts';
import { type SecretDraft, secretDrafts } from './secret-draft.ts';

/** What stands in some namespaces, as one cluster. */
export interface Exported {
  /** `undefined`: nothing of Prism was found. It holds no credential. */
  readonly cluster: ClusterDraft | undefined;
  readonly secrets: readonly SecretDraft[];
  readonly findings: readonly Finding[];
}

/** Describes what stands in the namespaces as a cluster of this name that, applied, changes as little as can be. Pure. */
export function exportOf(live: LiveObjects, name: string): Exported {
  const recognised = recognise(live);
  const { home } = recognised;
  if (home === undefined) return { cluster: undefined, secrets: [], findings: recognised.findings };
  const parts = describeParts(recognised, { live, guard: guardOf(live) });
  const findings = [...recognised.findings, ...parts.findings, ...ofTheWhole(parts, home)];
  const taken = {
    objects: new Set([...parts.components.flatMap(objectsOf), ...Object.values(parts.edge.objects)]),
    components: parts.components.map(({ workload }) => workload),
    backends: recognised.backends,
  };
  const told = new Set(findings.filter(({ kind }) => kind !== 'Differs').map(({ about }) => about));
  return {
    cluster: {
      ...{ apiVersion: 'prism.io/v1alpha1', kind: 'PrismCluster' },
      metadata: { name, namespace: home },
      spec: clusterSpec(parts, name),
    },
    secrets: secretDrafts(parts.backends, { name, namespace: home }),
    findings: [...findings, ...leftOvers(live, taken, told)],
  };
}

function guardOf({ workloads }: LiveObjects): CredentialGuard {
  const pods = workloads.map(({ spec }) => spec?.template.spec);
  return new CredentialGuard(pods.flatMap((pod) => [...(pod?.containers ?? []), ...(pod?.initContainers ?? [])]));
}

function objectsOf({ workload, service, claim }: DescribedComponent) {
  return [workload, service, claim].filter((object) => object !== undefined);
}

/** What a cluster always has, and what this one has not. */
function ofTheWhole({ admin, proxy }: DescribedParts, home: string): readonly Finding[] {
  const absent = [...(admin ? [] : ['prism-admin']), ...(proxy ? [] : ['prism-proxy'])];
  return [
    ...absent.map((component) => ({
      ...({ kind: 'LeftOut', about: `${component} of namespace ${home}` } as const),
      message: 'none is exported, and a cluster always has one: applied, it starts a new one',
    })),
    {
      ...({ kind: 'Differs', about: `namespace ${home}` } as const),
      message: 'no NetworkPolicy is made, as what stands there has none of the operator: spec.networkPolicy is off',
    },
  ];
}
