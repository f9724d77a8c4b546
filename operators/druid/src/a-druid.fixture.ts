import type {
  Answer,
  DruidApi,
  DynamicConfigOwner,
  Json,
  JsonObject,
  SupervisorStatus,
  TaskStatus,
} from './druid/druid-api.ts';

type Trouble = Extract<Answer<never>, { kind: 'Denied' | 'Unreachable' }>;

/** What a person would do to a Druid, and what it would say of itself, besides its API. */
export interface ADruid {
  readonly api: DruidApi;
  /** Every call so far, such as `submitSupervisor clicks`, in order. */
  readonly calls: string[];
  readonly supervisors: Map<string, JsonObject>;
  /** What was submitted, in order. */
  readonly submitted: JsonObject[];
  readonly tasks: Map<string, TaskStatus>;
  readonly rules: Map<string, readonly JsonObject[]>;
  readonly compactions: Map<string, JsonObject>;
  /** By `tier/name`. */
  readonly lookups: Map<string, JsonObject>;
  /** An overlord that was never told anything has none. */
  readonly configs: Map<DynamicConfigOwner, JsonObject>;
  /** Answers every call so, while it is set. */
  trouble: Trouble | undefined;
  /** Answers so a call that begins with these words. */
  readonly troubles: Map<string, Trouble>;
  /** Says why a spec is refused; `undefined` takes it. */
  refuse: (spec: JsonObject) => string | undefined;
  /** A refused update ends the supervisor, as Druid 33 does. */
  losesRefused: boolean;
  /** Fields over the state of every supervisor. */
  state: Partial<SupervisorStatus>;
  /** How many times a supervisor was started anew. */
  restarts: number;
}

interface Refused {
  readonly refused: string;
}

/** What a coordinator has that was never told anything. */
const coordinatorDefaults: JsonObject = { maxSegmentsToMove: 100, decommissioningNodes: [], debugDimensions: null };

/** A Druid in memory: it fills in defaults, takes equal specs for unmodified, and ends a supervisor over a bad update. */
export function aDruid(): ADruid {
  const druid: Omit<ADruid, 'api'> = {
    ...{ calls: [], submitted: [], restarts: 0, trouble: undefined, losesRefused: false, state: {} },
    ...{ supervisors: new Map(), tasks: new Map(), rules: new Map(), compactions: new Map(), troubles: new Map() },
    ...{ lookups: new Map(), configs: new Map([['Coordinator', coordinatorDefaults]]) },
    refuse: () => undefined,
  };
  return Object.assign(druid, { api: apiOf(druid) });
}

function apiOf(druid: Omit<ADruid, 'api'>): DruidApi {
  const answer = <T>(call: string, value: () => T | Refused): Promise<Answer<T>> => {
    druid.calls.push(call);
    const own = [...druid.troubles].find(([words]) => call.startsWith(words))?.[1];
    const trouble = own ?? druid.trouble;
    if (trouble !== undefined) return Promise.resolve(trouble);
    const result = value();
    const isRefused = typeof result === 'object' && result !== null && 'refused' in result;
    if (isRefused) return Promise.resolve({ kind: 'Refused', message: String(result.refused), status: 400 });
    return Promise.resolve({ kind: 'Done', value: result as T, status: 200 });
  };
  const change = (call: string, make: () => Refused | undefined) => answer<void>(call, () => make() as Refused);
  const api: Partial<DruidApi> = {
    supervisorSpec: (id) => answer(`supervisorSpec ${id}`, () => druid.supervisors.get(id)),
    supervisorStatus: (id) => answer(`supervisorStatus ${id}`, () => stateOf(druid, id)),
    submitSupervisor: (spec) => answer(`submitSupervisor ${idOf(spec)}`, () => submit(druid, spec)),
    terminate: (id) => answer(`terminate ${id}`, () => (druid.supervisors.delete(id) ? 'Terminated' : 'Absent')),
    suspend: (id) =>
      answer(`suspend ${id}`, () => {
        const spec = druid.supervisors.get(id);
        if (spec === undefined) return 'Absent';
        druid.supervisors.set(id, { ...spec, suspended: true });
        return 'Suspended';
      }),
    reset: (id) => answer(`reset ${id}`, () => undefined),
    resetOffsets: (id) => answer(`resetOffsets ${id}`, () => undefined),
    handOff: (id) => answer(`handOff ${id}`, () => undefined),
    submitTask: (task) => answer(`submitTask ${String(task['id'])}`, () => run(druid, String(task['id']), task)),
    submitSql: (query) => {
      const context = query['context'] as JsonObject; // the operator always gives one
      return answer('submitSql', () => run(druid, `query-${String(context['sqlQueryId'])}`, query));
    },
    taskStatus: (id) => answer(`taskStatus ${id}`, () => druid.tasks.get(id)),
    shutDownTask: (id) =>
      answer(`shutDownTask ${id}`, () => {
        if (!druid.tasks.has(id)) return 'Absent';
        druid.tasks.set(id, {
          status: 'FAILED',
          runnerStatus: 'NONE',
          durationMs: 1,
          error: 'Shutdown request from user',
        });
        return 'Stopped';
      }),
    rules: (dataSource) => answer(`rules ${dataSource}`, () => druid.rules.get(dataSource) ?? []),
    setRules: (dataSource, rules) =>
      change(`setRules ${dataSource} ${rules.length}`, () => {
        const why = rules.map(druid.refuse).find((said) => said !== undefined);
        if (why !== undefined) return { refused: why };
        druid.rules.set(
          dataSource,
          rules.map((rule) => ({ ...rule, useDefaultTierForNull: true })),
        );
        return undefined;
      }),
    compaction: (dataSource) => answer(`compaction ${dataSource}`, () => druid.compactions.get(dataSource)),
    setCompaction: (config) =>
      change(`setCompaction ${String(config['dataSource'])}`, () => {
        const why = druid.refuse(config);
        if (why !== undefined) return { refused: why };
        // Druid knows no such field, and drops it without a word.
        const { unknownField: _dropped, ...known } = config;
        druid.compactions.set(String(config['dataSource']), { ...known, taskPriority: 25 });
        return undefined;
      }),
    removeCompaction: (dataSource) =>
      answer(`removeCompaction ${dataSource}`, () => (druid.compactions.delete(dataSource) ? 'Removed' : 'Absent')),
    ...clusterSettingsOf(druid, answer, change),
  };
  return api as DruidApi; // what is left out, nothing under test may call
}

type Answering = <T>(call: string, value: () => T | Refused) => Promise<Answer<T>>;
type Changing = (call: string, make: () => Refused | undefined) => Promise<Answer<void>>;

function clusterSettingsOf(druid: Omit<ADruid, 'api'>, answer: Answering, change: Changing): Partial<DruidApi> {
  return {
    lookup: (tier, name) => answer(`lookup ${tier}/${name}`, () => druid.lookups.get(`${tier}/${name}`)),
    setLookup: (tier, name, lookup) =>
      change(`setLookup ${tier}/${name}`, () => {
        const why = druid.refuse(lookup);
        if (why !== undefined) return { refused: why };
        const before = druid.lookups.get(`${tier}/${name}`);
        if (before !== undefined && String(lookup['version']) <= String(before['version']))
          return { refused: "can't replace the one that Druid has" };
        druid.lookups.set(`${tier}/${name}`, lookup);
        return undefined;
      }),
    removeLookup: (tier, name) =>
      answer(`removeLookup ${tier}/${name}`, () => (druid.lookups.delete(`${tier}/${name}`) ? 'Removed' : 'Absent')),
    dynamicConfig: (of) => answer(`dynamicConfig ${of}`, () => druid.configs.get(of)),
    setDynamicConfig: (of, config) =>
      change(`setDynamicConfig ${of} ${Object.keys(config).sort().join(',')}`, () => {
        const why = druid.refuse(config);
        if (why !== undefined) return { refused: why };
        druid.configs.set(
          of,
          of === 'Coordinator' ? merged(druid, config) : { type: 'default', autoScaler: null, ...config },
        );
        return undefined;
      }),
  };
}

/** The coordinator passes over what it does not know, and over null; a text with commas becomes a list. */
function merged(druid: Omit<ADruid, 'api'>, config: JsonObject): JsonObject {
  const before = druid.configs.get('Coordinator') ?? {};
  const taken = (name: string, value: Json): Json =>
    name === 'decommissioningNodes' && typeof value === 'string' ? value.split(',') : value;
  const known = Object.entries(config).filter(([name, value]) => Object.hasOwn(before, name) && value !== null);
  return { ...before, ...Object.fromEntries(known.map(([name, value]) => [name, taken(name, value)])) };
}

function idOf(spec: JsonObject): string {
  const inner = spec['spec'] as { readonly dataSchema?: { readonly dataSource?: string } } | undefined;
  return inner?.dataSchema?.dataSource ?? String(spec['id']);
}

function submit(druid: Omit<ADruid, 'api'>, spec: JsonObject): { readonly id: string } | Refused {
  const id = idOf(spec);
  druid.submitted.push(spec);
  const why = druid.refuse(spec);
  if (why !== undefined && druid.losesRefused) druid.supervisors.delete(id);
  if (why !== undefined) return { refused: why };
  const shown = { ...spec, tuningFilledIn: true };
  if (JSON.stringify(druid.supervisors.get(id)) !== JSON.stringify(shown)) druid.restarts += 1;
  druid.supervisors.set(id, shown);
  return { id };
}

function stateOf(druid: Omit<ADruid, 'api'>, id: string): SupervisorStatus | undefined {
  const spec = druid.supervisors.get(id);
  if (spec === undefined) return undefined;
  const suspended = spec['suspended'] === true;
  const state = suspended ? 'SUSPENDED' : 'RUNNING';
  return {
    ...{ state, detailedState: state, healthy: true, suspended, aggregateLag: 0, activeTasks: 1, recentErrors: [] },
    ...druid.state,
  };
}

function run(druid: Omit<ADruid, 'api'>, id: string, task: JsonObject): { readonly id: string } | Refused {
  druid.submitted.push(task);
  const why = druid.refuse(task);
  if (why !== undefined) return { refused: why };
  if (!druid.tasks.has(id)) druid.tasks.set(id, { status: 'RUNNING', runnerStatus: 'RUNNING', durationMs: -1 });
  return { id };
}
