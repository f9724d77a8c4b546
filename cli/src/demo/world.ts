import type { NodeSpec } from '@capstan/controlplane';
import type { SecretNeed } from './needs.ts';
import { refOf, type Sample } from './samples.ts';

/** What must exist before samples can run: the platform and its owner's secrets. */
export interface World {
  readonly namespaces: readonly string[];
  readonly storageClasses: readonly string[];
  /** Whether one more storage class is there for claims that name none. */
  readonly hasDefaultStorageClass: boolean;
  readonly nodes: readonly NodeSpec[];
  readonly secrets: readonly (SecretNeed & { readonly namespace: string })[];
}

/** The world that has what samples need. Everything comes once and in the same order for the same samples. */
export function worldFor(samples: readonly Sample[]): World {
  return {
    namespaces: unique(samples.map((sample) => refOf(sample).namespace)),
    storageClasses: unique(samples.flatMap(({ needs }) => needs.storageClasses)),
    hasDefaultStorageClass: samples.some(({ needs }) => needs.usesDefaultStorageClass === true),
    nodes: [...plainNodes(samples), ...samples.flatMap(placedNodes)],
    secrets: samples.flatMap((sample) => {
      const { namespace } = refOf(sample);
      return sample.needs.secrets.map((secret) => ({ namespace, ...secret }));
    }),
  };
}

/** As many nodes as the largest sample has pods, over three zones, so that any spreading can be done. */
function plainNodes(samples: readonly Sample[]): readonly NodeSpec[] {
  const count = Math.max(0, ...samples.map(({ needs }) => needs.pods));
  return numbered(count, (index) => ({ name: `general-${index + 1}`, labels: zone(index) }));
}

/** A sample that asks for special nodes gets one per pod, kept free of others by the taint that it tolerates. */
function placedNodes({ manifest, needs: { pods, placement } }: Sample): readonly NodeSpec[] {
  if (placement === undefined) return [];
  const { labels, taints } = placement;
  return numbered(pods, (index) => ({
    name: `${manifest.metadata.name}-node-${index + 1}`,
    labels: { ...zone(index), ...labels },
    ...(taints.length > 0 && { taints }),
  }));
}

function zone(index: number): Readonly<Record<string, string>> {
  return { 'topology.kubernetes.io/zone': `zone-${'abc'[index % 3]}` };
}

function numbered<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
