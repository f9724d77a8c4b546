import type { DruidLanes } from './connection/druid-lanes.ts';
import type { VersionedContents } from './connection/versioned-contents.ts';
import type { Memory } from './converge/memory.ts';
import type { OneAtATime } from './converge/one-at-a-time.ts';
import type { DruidApi } from './druid/druid-api.ts';
import type { DruidConnection } from './druid/druid-connection.ts';
import type { Figures } from './figures.ts';

/** What is asked beyond the cache, and what is remembered between passes. */
export interface Outside {
  /** Makes a client of one Druid. */
  readonly druid: (connection: DruidConnection) => DruidApi;
  readonly lanes: DruidLanes;
  readonly contents: VersionedContents;
  readonly memory: Memory;
  readonly turns: OneAtATime;
  readonly figures: Figures;
}
