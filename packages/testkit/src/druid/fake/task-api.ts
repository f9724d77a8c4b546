import { randomUUID } from 'node:crypto';
import { dataSchema } from './data-schema.ts';
import { DruidRefusal, druidException, empty, type FakeAnswer, json, plain, uncaught } from './fake-answer.ts';
import { cannotConstruct, isJsonObject, type JsonObject, typeIn, unknownType } from './json-shape.ts';
import type { Call, Route } from './route.ts';
import { dataSourceOf, type FakeTask } from './task-registry.ts';

const TASK_CLASS = 'org.apache.druid.indexing.common.task.Task';
const PARALLEL = 'org.apache.druid.indexing.common.task.batch.parallel.ParallelIndex';
const ROOT = 'druid/indexer/v1';

/** What the overlord answers about tasks, and the broker about those that SQL makes. */
export const taskRoutes: readonly Route[] = [
  { method: 'POST', path: `${ROOT}/task`, answer: submit },
  { method: 'GET', path: `${ROOT}/task/:id`, answer: payload },
  {
    method: 'GET',
    path: `${ROOT}/task/:id/status`,
    answer: (call) => json({ task: call.part('id'), status: statusOf(found(call, 'READ')) }),
  },
  { method: 'GET', path: `${ROOT}/task/:id/reports`, answer: reports },
  { method: 'GET', path: `${ROOT}/task/:id/log`, answer: log },
  { method: 'POST', path: `${ROOT}/task/:id/shutdown`, answer: shutDown },
  { method: 'GET', path: `${ROOT}/tasks`, answer: list },
  { method: 'GET', path: `${ROOT}/runningTasks`, answer: (call) => json(seen(call).filter(isRunning).map(statusOf)) },
  { method: 'GET', path: `${ROOT}/pendingTasks`, answer: () => json([]) },
  { method: 'GET', path: `${ROOT}/waitingTasks`, answer: () => json([]) },
  {
    method: 'GET',
    path: `${ROOT}/completeTasks`,
    answer: (call) =>
      json(
        seen(call)
          .filter((task) => !isRunning(task))
          .map(statusOf),
      ),
  },
  { method: 'POST', path: `${ROOT}/taskStatus`, answer: statuses },
  { method: 'POST', path: 'druid/v2/sql/task', answer: submitSql },
  { method: 'GET', path: 'druid/v2/sql/task', answer: noSqlBroker },
];

const KNOWN_TYPES = [
  'archive',
  'compact',
  'index',
  'index_hadoop',
  'index_kafka',
  'index_parallel',
  'index_sub',
  'kill',
  'move',
  'noop',
  'partial_dimension_cardinality',
  'partial_dimension_distribution',
  'partial_index_generate',
  'partial_index_generic_merge',
  'partial_range_index_generate',
  'restore',
  'single_phase_sub_task',
];

function found(call: Call, action: 'READ' | 'WRITE'): FakeTask {
  const task = call.druid.tasks.get(call.part('id'));
  if (task === undefined) throw new DruidRefusal(plain(404, `Cannot find any task with id: [${call.part('id')}]`));
  call.require('DATASOURCE', task.dataSource, action);
  return task;
}

function submit(call: Call): FakeAnswer {
  const posted = call.request.json();
  if (posted === undefined) {
    const method = 'org.apache.druid.indexing.common.task.Task.getDestinationResource()';
    const cause = `java.lang.NullPointerException: Cannot invoke "${method}" because "task" is null`;
    throw new DruidRefusal(uncaught(call.request.path, cause));
  }
  const { type, object } = typeIn(posted, TASK_CLASS);
  if (!KNOWN_TYPES.includes(type)) throw unknownType(type, TASK_CLASS, KNOWN_TYPES);
  if (type === 'index_parallel') checkParallel(object);
  if (type === 'index_hadoop') checkHadoop(object);
  const dataSource = dataSourceOf(object) ?? 'none';
  call.require('DATASOURCE', dataSource, 'WRITE');
  return json({ task: begin(call, object, dataSource).id });
}

function begin(call: Call, payload: JsonObject, dataSource: string): FakeTask {
  const { id } = payload;
  if (typeof id === 'string' && call.druid.tasks.get(id) !== undefined) {
    throw new DruidRefusal(druidException(400, 'entryAlreadyExists', `Task[${id}] already exists`));
  }
  return call.druid.tasks.submit(payload, dataSource);
}

function checkHadoop(object: JsonObject): void {
  if (dataSourceOf(object) !== undefined) return;
  const method = 'org.apache.druid.segment.indexing.DataSchema.getDataSource()';
  const why = `because the return value of "org.apache.druid.indexer.HadoopIngestionSpec.getDataSchema()" is null`;
  throw cannotConstruct('org.apache.druid.indexing.common.task.HadoopIndexTask', `Cannot invoke "${method}" ${why}`);
}

function checkParallel({ id, spec }: JsonObject): void {
  if (!isJsonObject(spec)) {
    const method = 'org.apache.druid.indexing.common.task.batch.parallel.ParallelIndexIngestionSpec.getDataSchema()';
    throw cannotConstruct(`${PARALLEL}SupervisorTask`, `Cannot invoke "${method}" because "ingestionSchema" is null`);
  }
  const { dataSchema: schema, ioConfig } = spec;
  if (isJsonObject(schema)) dataSchema({ timestampSpec: {}, ...schema });
  if (isJsonObject(ioConfig)) typeIn(ioConfig, `${PARALLEL}IOConfig`, 'ioConfig');
  if (!isJsonObject(ioConfig) || ioConfig['inputSource'] === undefined) {
    throw cannotConstruct(`${PARALLEL}SupervisorTask`, 'inputSource');
  }
  if (typeof id === 'string' && id.includes('/')) {
    const why = `Invalid value for field [task ID]: Value [${id}] cannot contain '/'.`;
    throw cannotConstruct(`${PARALLEL}SupervisorTask`, why);
  }
}

function payload(call: Call): FakeAnswer {
  const { id, payload: posted, dataSource } = found(call, 'READ');
  const context = { useLineageBasedSegmentAllocation: true, forceTimeChunkLock: true };
  const own = isJsonObject(posted['context']) ? posted['context'] : {};
  const resource = { availabilityGroup: id, requiredCapacity: 1 };
  const whole = { ...posted, id, groupId: id, dataSource, resource, context: { ...context, ...own } };
  return json({
    task: id,
    payload: posted['type'] === 'index_parallel' ? { ...whole, spec: parallelSpec(posted['spec']) } : whole,
  });
}

/** With the defaults of its schema and its ioConfig; those of its tuningConfig are left out. */
function parallelSpec(spec: unknown): unknown {
  if (!isJsonObject(spec)) return spec;
  const { dataSchema: schema, ioConfig } = spec;
  const io = { appendToExisting: false, dropExisting: false, ...(isJsonObject(ioConfig) ? ioConfig : {}) };
  return {
    ...spec,
    dataSchema: isJsonObject(schema) ? dataSchema({ timestampSpec: {}, ...schema }) : schema,
    ioConfig: io,
  };
}

function isRunning({ statusCode }: FakeTask): boolean {
  return statusCode === 'RUNNING';
}

const NOWHERE = { host: null, port: -1, tlsPort: -1 };

function statusOf(task: FakeTask): JsonObject {
  const { id, type, createdTime, statusCode, duration, dataSource, errorMsg } = task;
  return {
    id,
    groupId: id,
    type,
    createdTime,
    queueInsertionTime: '1970-01-01T00:00:00.000Z',
    statusCode,
    status: statusCode,
    runnerStatusCode: isRunning(task) ? 'RUNNING' : 'NONE',
    duration,
    location: isRunning(task) ? { host: '127.0.0.1', port: 8_100, tlsPort: -1 } : NOWHERE,
    dataSource,
    errorMsg,
  };
}

function reports(call: Call): FakeAnswer {
  const { report } = found(call, 'READ');
  const none = 'No task reports were found for this task. The task may not exist, or it may not have completed yet.';
  return report === undefined ? { status: 404, contentType: 'application/json', text: none } : json(report);
}

function log(call: Call): FakeAnswer {
  const accepts = call.request.headers.accept ?? '*/*';
  if (!/text\/plain|text\/\*|\*\/\*/.test(accepts)) return empty(406);
  const { id } = found(call, 'READ');
  return { status: 200, contentType: 'text/plain;charset=utf-8', text: `INFO [main] Finished peon task [${id}]\n` };
}

function shutDown(call: Call): FakeAnswer {
  const { id } = found(call, 'WRITE');
  call.druid.tasks.shutDown(id);
  return json({ task: id });
}

function seen(call: Call): readonly FakeTask[] {
  return call.druid.tasks.all.filter(({ dataSource }) => call.may('DATASOURCE', dataSource, 'READ'));
}

const STATES = ['pending', 'waiting', 'running', 'complete'];

function list(call: Call): FakeAnswer {
  const { query } = call.request;
  const [state, dataSource, type] = [query.get('state'), query.get('datasource'), query.get('type')];
  if (state !== null && !STATES.includes(state)) {
    return plain(400, `Invalid task state[${state}]. Must be one of [${STATES.join(', ')}].`);
  }
  const isIn = (task: FakeTask): boolean => state === null || state === (isRunning(task) ? 'running' : 'complete');
  const matching = seen(call)
    .filter(isIn)
    .filter((task) => dataSource === null || task.dataSource === dataSource)
    .filter((task) => type === null || task.type === type);
  return json(matching.slice(0, Number(query.get('max') ?? matching.length)).map(statusOf));
}

function statuses(call: Call): FakeAnswer {
  const ids = call.request.json();
  const asked = Array.isArray(ids) ? ids.map((id) => call.druid.tasks.get(String(id))) : [];
  const short = ({ id, statusCode, duration, errorMsg }: FakeTask): readonly [string, JsonObject] => [
    id,
    { id, status: statusCode, duration, errorMsg, location: NOWHERE },
  ];
  return json(Object.fromEntries(asked.filter((task) => task !== undefined).map(short)));
}

const NO_BROKER = 'There are no available brokers. Please check that your brokers are running and healthy.';
const NO_BROKER_CLASS = 'org.apache.druid.java.util.common.ISE';

/** SQL that writes becomes a task that is named after the query, where that has a name. */
function submitSql(call: Call): FakeAnswer {
  if (!call.druid.hasBroker) {
    const body = { error: 'Unknown exception', errorMessage: NO_BROKER, errorClass: NO_BROKER_CLASS, host: null };
    return { status: 500, text: JSON.stringify(body) };
  }
  const body = call.request.json();
  const { query, context } = isJsonObject(body) ? body : {};
  if (typeof query !== 'string') throw new DruidRefusal(druidException(400, 'invalidInput', 'Query is empty'));
  const dataSource = /\bINTO\s+"?([^\s"]+)"?/i.exec(query)?.[1];
  if (dataSource === undefined) {
    const why = 'Cannot run a SELECT query with MSQ to the task endpoint of this fake: use INSERT or REPLACE';
    throw new DruidRefusal(druidException(400, 'invalidInput', why));
  }
  call.require('DATASOURCE', dataSource, 'WRITE');
  const name =
    isJsonObject(context) && typeof context['sqlQueryId'] === 'string' ? context['sqlQueryId'] : randomUUID();
  const id = `query-${name}`;
  begin(call, { type: 'query_controller', id, sqlQuery: query, context: context ?? {} }, dataSource);
  return json({ taskId: id, state: 'RUNNING' }, 202);
}

function noSqlBroker(call: Call): FakeAnswer {
  return call.druid.hasBroker ? empty(405) : uncaught(call.request.path, `${NO_BROKER_CLASS}: ${NO_BROKER}`);
}
