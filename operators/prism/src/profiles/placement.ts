import type { Affinity, PodAffinityTerm, PodSpec, Toleration, TopologySpreadConstraint } from '@capstan/kube';
import type { Labels } from '@capstan/resources';

/** What a resource may say of where the pods of a component run. */
export interface Placement {
  readonly nodeSelector?: Labels;
  readonly tolerations?: readonly Toleration[];
  readonly affinity?: Affinity;
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[];
  readonly priorityClassName?: string;
  readonly runtimeClassName?: string;
}

type PlacedPod = Pick<PodSpec, keyof Placement>;

/**
 * Where the pods run: as the resource says, and on different nodes where possible unless it says otherwise. A spread constraint that
 * does not say which pods it counts counts these.
 * @param pods labels that only these pods have
 */
export function placementOf(given: Placement, pods: Labels): PlacedPod {
  const { nodeSelector, tolerations, affinity, topologySpreadConstraints, priorityClassName, runtimeClassName } = given;
  const labelSelector = { matchLabels: pods };
  return {
    affinity: { podAntiAffinity: apart({ topologyKey: 'kubernetes.io/hostname', labelSelector }), ...affinity },
    ...(nodeSelector !== undefined && { nodeSelector }),
    ...(tolerations !== undefined && { tolerations }),
    ...(priorityClassName !== undefined && { priorityClassName }),
    ...(runtimeClassName !== undefined && { runtimeClassName }),
    ...(topologySpreadConstraints !== undefined && {
      topologySpreadConstraints: topologySpreadConstraints.map((constraint) => ({ labelSelector, ...constraint })),
    }),
  };
}

/** Preferred, not required: several pods must also start where there is one node. */
function apart(podAffinityTerm: PodAffinityTerm) {
  return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm }] };
}
