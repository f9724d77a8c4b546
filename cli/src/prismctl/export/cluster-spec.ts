import type { DescribedBackend } from './backends.ts';
import type { BackendDraft, SpecDraft } from './cluster-draft.ts';
import type { DescribedParts } from './described-parts.ts';
import { loginSecretName } from './secret-draft.ts';

/** The spec of a cluster that takes over what was described. */
export function clusterSpec(
  { admin, proxy, patterns, backends, edge, components }: DescribedParts,
  name: string,
): SpecDraft {
  const { autoscaler, ingress } = edge.objects;
  return {
    profile: 'memo035',
    ...(admin && { admin }),
    ...(proxy && { proxy: { ...proxy, ...(edge.autoscaling && { autoscaling: edge.autoscaling }) } }),
    ...(patterns.length > 0 && { patterns }),
    ...(backends.length > 0 && { backends: backendsOf(backends, name) }),
    ...(edge.said && { ingress: edge.said }),
    networkPolicy: { enabled: false },
    adoption: {
      podTemplates: 'Keep',
      workloads: components.map(({ adopted }) => adopted),
      ...(autoscaler && { autoscaler: autoscaler.metadata.name }),
      ...(ingress && { ingress: ingress.metadata.name }),
    },
    deletionPolicy: 'Retain',
  };
}

function backendsOf(backends: readonly DescribedBackend[], name: string): NonNullable<SpecDraft['backends']> {
  return Object.fromEntries(
    backends.map(({ kind, external, database, login }): readonly [string, BackendDraft & { database?: string }] => [
      kind,
      {
        ...(database !== undefined && { database }),
        external: {
          ...external,
          ...(login.is !== 'None' && {
            secretRef: { name: login.is === 'There' ? login.secret : loginSecretName(name, kind) },
          }),
        },
      },
    ]),
  );
}
