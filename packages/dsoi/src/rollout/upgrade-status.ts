import { listMap, stringEnum, Type } from '@capstan/crd';
import { longestName, mostNodes } from '../schema/limits.ts';

export const nodeStates = ['Complete', 'RollingOut', 'Crashing', 'Pending'] as const;
export const upgradePhases = ['Installing', 'InProgress', 'Halted', 'Complete'] as const;

/**
 * Where one node stands. `Pending`: its change waits for its turn. `Crashing`: its pods do not come up.
 */
export type NodeState = (typeof nodeStates)[number];

/** Where one node stands in the present roll-out, or stood at the end of the last one. */
export interface NodeProgress {
  readonly name: string;
  readonly nodeType: string;
  readonly state: NodeState;
  /** RFC 3339: when its pods began to change in this roll-out. */
  readonly startedAt?: string;
  readonly finishedAt?: string;
}

/** The present installation or upgrade, or the last one. */
export interface UpgradeStatus {
  readonly phase: (typeof upgradePhases)[number];
  /** Generation of the spec that is rolled out. */
  readonly generation: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** Seconds from start to finish; only when finished. */
  readonly durationSeconds?: number;
  /** RFC 3339: when the cluster was complete for the first time. */
  readonly installedAt?: string;
  readonly nodes: readonly NodeProgress[];
}

const time = (description: string) => Type.Optional(Type.String({ format: 'date-time', description }));

/**
 * `status.upgrade`: start, finish and total time of the roll-out, and where each node stands.
 * Dsoi-Spec, upgrade.md: line 17 of docs/dsoi.md.
 */
export function upgradeStatus() {
  const node = Type.Object({
    name: Type.String({ maxLength: longestName, description: 'Name of the node.' }),
    nodeType: Type.String({ maxLength: longestName, description: 'Type of the node.' }),
    state: stringEnum(nodeStates, { description: 'Where the node stands. Pending: waits for its turn.' }),
    startedAt: time('When its pods began to change.'),
    finishedAt: time('When all of them were ready.'),
  });
  return Type.Object(
    {
      phase: stringEnum(upgradePhases, { description: 'Halted: a node is crashing, and nothing after it is changed.' }),
      generation: Type.Integer({ description: 'Generation of the spec that is rolled out.' }),
      startedAt: Type.String({ format: 'date-time', description: 'When the roll-out began.' }),
      finishedAt: time('When every node had it.'),
      durationSeconds: Type.Optional(Type.Integer({ description: 'Seconds from start to finish.' })),
      installedAt: time('When the cluster was complete for the first time.'),
      nodes: listMap(node, ['name'], { maxItems: mostNodes, description: 'Every node, in the order of the roll-out.' }),
    },
    { description: 'The present installation or upgrade, or the last one.' },
  );
}
