import type { DynamicConfigOwner, JsonObject } from './druid-api.ts';
import type { DruidCall } from './druid-call.ts';

const indexer = ['druid', 'indexer', 'v1'];
const coordinator = ['druid', 'coordinator', 'v1'];
const supervisors = [...indexer, 'supervisor'];
const tasks = [...indexer, 'task'];
const lookups = [...coordinator, 'lookups', 'config'];

/** Where the two dynamic configurations are. */
const dynamicConfigs: Readonly<Record<DynamicConfigOwner, readonly string[]>> = {
  Coordinator: [...coordinator, 'config'],
  Overlord: [...indexer, 'worker'],
};

/** The calls this operator makes, by name: method, path and body of Druid's HTTP API. Pure. */
export const calls = {
  supervisorSpec: (id: string) => repeating(read('supervisorSpec', [...supervisors, id])),
  supervisorStatus: (id: string) => read('supervisorStatus', [...supervisors, id, 'status']),
  supervisorHealth: (id: string) => read('supervisorHealth', [...supervisors, id, 'health']),
  submitSupervisor: (spec: JsonObject): DruidCall => ({
    // Over a supervisor that runs, this waits until that has come to a halt.
    ...halt('submitSupervisor', supervisors),
    body: spec,
    query: { skipRestartIfUnmodified: 'true' },
  }),
  terminate: (id: string) => halt('terminate', [...supervisors, id, 'terminate']),
  suspend: (id: string) => repeating(halt('suspend', [...supervisors, id, 'suspend'])),
  reset: (id: string) => halt('reset', [...supervisors, id, 'reset']),
  resetOffsets: (id: string, offsets: JsonObject): DruidCall => ({
    ...halt('resetOffsets', [...supervisors, id, 'resetOffsets']),
    body: offsets,
  }),
  handOff: (id: string, taskGroupIds: readonly number[]): DruidCall => ({
    ...halt('handOff', [...supervisors, id, 'taskGroups', 'handoff']),
    body: { taskGroupIds },
  }),
  submitTask: (task: JsonObject) => write('submitTask', tasks, task),
  taskStatus: (id: string) => read('taskStatus', [...tasks, id, 'status']),
  taskReport: (id: string) => read('taskReport', [...tasks, id, 'reports']),
  shutDownTask: (id: string) => write('shutDownTask', [...tasks, id, 'shutdown']),
  submitSql: (query: JsonObject) => write('submitSql', ['druid', 'v2', 'sql', 'task'], query),
  rules: (dataSource: string) => repeating(read('rules', [...coordinator, 'rules', dataSource])),
  setRules: (dataSource: string, rules: readonly JsonObject[]) =>
    write('setRules', [...coordinator, 'rules', dataSource], rules),
  dynamicConfig: (of: DynamicConfigOwner) => repeating(read('dynamicConfig', dynamicConfigs[of])),
  setDynamicConfig: (of: DynamicConfigOwner, config: JsonObject) =>
    write('setDynamicConfig', dynamicConfigs[of], config),
  lookups: () => read('lookups', lookups),
  prepareLookups: () => write('prepareLookups', lookups, {}),
  lookup: (tier: string, name: string) => repeating(read('lookup', [...lookups, tier, name])),
  setLookup: (tier: string, name: string, lookup: JsonObject) => write('setLookup', [...lookups, tier, name], lookup),
  removeLookup: (tier: string, name: string) => remove('removeLookup', [...lookups, tier, name]),
};

/** The calls about compaction, of which Druid has two sets. */
export interface CompactionCalls {
  get(dataSource: string): DruidCall;
  set(dataSource: string, config: JsonObject): DruidCall;
  remove(dataSource: string): DruidCall;
}

const ofOverlord = [...indexer, 'compaction', 'config', 'datasources'];
const ofCoordinator = [...coordinator, 'config', 'compaction'];

/**
 * The compaction of Druid 33 and later: kept as a supervisor where `useSupervisors` is on and as configuration where it is off, which
 * the overlord decides by itself. The right to the data source is enough for it.
 */
export const overlordCompaction: CompactionCalls = {
  get: (dataSource) => repeating(read('compaction', [...ofOverlord, dataSource])),
  set: (dataSource, config) => write('setCompaction', [...ofOverlord, dataSource], config),
  remove: (dataSource) => remove('removeCompaction', [...ofOverlord, dataSource]),
};

/** The compaction of an earlier Druid: configuration of its coordinator, which knows no supervisors. */
export const coordinatorCompaction: CompactionCalls = {
  get: (dataSource) => repeating(read('compaction', [...ofCoordinator, dataSource])),
  set: (_, config) => write('setCompaction', ofCoordinator, config),
  remove: (dataSource) => remove('removeCompaction', [...ofCoordinator, dataSource]),
};

function read(name: string, segments: readonly string[]): DruidCall {
  return { name, method: 'GET', segments, pace: 'Read' };
}

function repeating(call: DruidCall): DruidCall {
  return { ...call, repeats: true };
}

function write(name: string, segments: readonly string[], body?: DruidCall['body']): DruidCall {
  return { name, method: 'POST', segments, pace: 'Write', ...(body === undefined ? {} : { body }) };
}

function halt(name: string, segments: readonly string[]): DruidCall {
  return { name, method: 'POST', segments, pace: 'Halt' };
}

function remove(name: string, segments: readonly string[]): DruidCall {
  return { name, method: 'DELETE', segments, pace: 'Write' };
}
