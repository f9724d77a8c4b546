import type { Clock } from '@capstan/kube';
import type { JsonObject } from './json-shape.ts';
import type { StreamType } from './stream-spec.ts';
import type { SupervisorRegistry } from './supervisor-registry.ts';
import type { TaskRegistry } from './task-registry.ts';

/** Everything a fake Druid remembers. */
export interface DruidState {
  readonly clock: Clock;
  readonly supervisors: SupervisorRegistry;
  readonly tasks: TaskRegistry;
  /** The streams whose extension is loaded. */
  readonly streams: readonly StreamType[];
  /** Whether a broker answers, for SQL. */
  readonly hasBroker: boolean;
  /** Retention rules by data source; `_default` is Druid's own. */
  readonly rules: Map<string, readonly JsonObject[]>;
  /** Compaction configurations by data source, of the coordinator and, where supervisors compact, of the overlord. */
  readonly compaction: Map<string, JsonObject>;
  compactionCluster: JsonObject;
  coordinatorConfig: JsonObject;
  /** Undefined until it is set. */
  overlordConfig: JsonObject | undefined;
  /** Lookups by tier and name; undefined until they are initialised. */
  lookups: Map<string, Map<string, JsonObject>> | undefined;
}

/** What a coordinator starts with. */
export const initialCoordinatorConfig: JsonObject = {
  millisToWaitBeforeDeleting: 900_000,
  maxSegmentsToMove: 100,
  replicantLifetime: 15,
  replicationThrottleLimit: 500,
  balancerComputeThreads: 1,
  killDataSourceWhitelist: [],
  killTaskSlotRatio: 0.1,
  maxKillTaskSlots: 2_147_483_647,
  killPendingSegmentsSkipList: [],
  maxSegmentsInNodeLoadingQueue: 500,
  decommissioningNodes: [],
  pauseCoordination: false,
  replicateAfterLoadTimeout: false,
  useRoundRobinSegmentAssignment: true,
  smartSegmentLoading: true,
  debugDimensions: null,
  turboLoadingNodes: [],
};

/** What compaction of the cluster starts with. */
export const initialCompactionCluster: JsonObject = {
  compactionTaskSlotRatio: 0.1,
  maxCompactionTaskSlots: 2_147_483_647,
  compactionPolicy: { type: 'newestSegmentFirst', priorityDatasource: null },
  useSupervisors: false,
  engine: 'native',
};

/** Keep every segment, twice. */
export const defaultRule: JsonObject = {
  tieredReplicants: { _default_tier: 2 },
  useDefaultTierForNull: true,
  type: 'loadForever',
};
