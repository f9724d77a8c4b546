import { randomUUID } from 'node:crypto';
import { compactionSpec } from './compaction-spec.ts';
import { DruidRefusal, empty, errorText, type FakeAnswer, json, plain, uncaught } from './fake-answer.ts';
import type { FakeSupervisor } from './fake-supervisor.ts';
import {
  cannotConstruct,
  isJsonObject,
  type JsonObject,
  kept,
  refused,
  shaped,
  typeIn,
  unknownType,
} from './json-shape.ts';
import type { Call, Route } from './route.ts';
import { type StreamType, streamSpec } from './stream-spec.ts';
import { sameJson } from './supervisor-registry.ts';

const SPEC_CLASS = 'org.apache.druid.indexing.overlord.supervisor.SupervisorSpec';
const ROOT = 'druid/indexer/v1/supervisor';

/** What the overlord answers about supervisors. */
export const supervisorRoutes: readonly Route[] = [
  { method: 'GET', path: ROOT, answer: list },
  { method: 'POST', path: ROOT, answer: post },
  { method: 'GET', path: `${ROOT}/history`, answer: allHistory },
  { method: 'POST', path: `${ROOT}/suspendAll`, answer: (call) => forAll(call, ({ id }) => suspend(call, id, true)) },
  { method: 'POST', path: `${ROOT}/resumeAll`, answer: (call) => forAll(call, ({ id }) => suspend(call, id, false)) },
  {
    method: 'POST',
    path: `${ROOT}/terminateAll`,
    answer: (call) => forAll(call, ({ id }) => call.druid.supervisors.terminate(id)),
  },
  { method: 'GET', path: `${ROOT}/:id`, answer: (call) => json(found(call, 'READ').spec) },
  { method: 'GET', path: `${ROOT}/:id/status`, answer: status },
  { method: 'GET', path: `${ROOT}/:id/health`, answer: health },
  { method: 'GET', path: `${ROOT}/:id/stats`, answer: (call) => json(found(call, 'READ') && {}) },
  { method: 'GET', path: `${ROOT}/:id/parseErrors`, answer: (call) => json(found(call, 'READ') && []) },
  { method: 'GET', path: `${ROOT}/:id/history`, answer: history },
  { method: 'POST', path: `${ROOT}/:id/suspend`, answer: (call) => turn(call, true) },
  { method: 'POST', path: `${ROOT}/:id/resume`, answer: (call) => turn(call, false) },
  { method: 'POST', path: `${ROOT}/:id/reset`, answer: reset },
  { method: 'POST', path: `${ROOT}/:id/resetOffsets`, answer: resetOffsets },
  { method: 'POST', path: `${ROOT}/:id/taskGroups/handoff`, answer: handOff },
  { method: 'POST', path: `${ROOT}/:id/terminate`, answer: terminate },
  { method: 'POST', path: `${ROOT}/:id/shutdown`, answer: terminate },
];

/** The supervisor that the path names, which the caller may read or write; an unknown one is 404 to everybody. */
function found(call: Call, action: 'READ' | 'WRITE'): FakeSupervisor {
  const supervisor = call.druid.supervisors.get(call.part('id'));
  if (supervisor === undefined)
    throw new DruidRefusal(plain(404, `Cannot find any supervisor with id: [${call.part('id')}]`));
  call.require('DATASOURCE', supervisor.dataSource, action);
  return supervisor;
}

function list(call: Call): FakeAnswer {
  const { query } = call.request;
  const seen = call.druid.supervisors.all.filter(({ dataSource }) => call.may('DATASOURCE', dataSource, 'READ'));
  const summary = ({ id, state, detailedState, healthy }: FakeSupervisor): JsonObject => ({
    id,
    state,
    detailedState,
    healthy,
  });
  if (query.has('system')) return json(seen.map((one) => ({ ...summary(one), ...systemView(one) })));
  // Druid 33 says of no supervisor here that it is suspended, whatever it is.
  if (query.has('full')) return json(seen.map((one) => ({ ...summary(one), spec: one.spec, suspended: false })));
  if (query.get('state') === 'true') return json(seen.map((one) => ({ ...summary(one), suspended: false })));
  return json(seen.map(({ id }) => id));
}

function systemView(supervisor: FakeSupervisor): JsonObject {
  const { spec, type, suspended, payload } = supervisor;
  return { specString: JSON.stringify(spec), type, source: payload['stream'] ?? '', suspended };
}

function post(call: Call): FakeAnswer {
  const posted = call.request.json();
  const { path } = call.request;
  if (posted === undefined) {
    const method = 'org.apache.druid.indexing.overlord.supervisor.SupervisorSpec.getDataSources()';
    throw new DruidRefusal(
      uncaught(path, `java.lang.NullPointerException: Cannot invoke "${method}" because "spec" is null`),
    );
  }
  const { id, dataSource, spec } = supervisorOf(call, posted);
  call.require('DATASOURCE', dataSource, 'WRITE');
  const known = call.druid.supervisors.get(id);
  const isUnmodified = known !== undefined && sameJson(known.spec, spec);
  if (isUnmodified && call.request.query.get('skipRestartIfUnmodified') === 'true') return json({ id });
  if (cannotStart(spec)) {
    call.druid.supervisors.lose(id);
    const cause = 'java.lang.IllegalArgumentException';
    return uncaught(path, `java.lang.RuntimeException: ${cause}`, cause);
  }
  call.druid.supervisors.put(id, spec, posted);
  return json({ id });
}

/** What passes every check and makes the new supervisor fail when it starts, after the old one was ended. */
function cannotStart({ ioConfig }: JsonObject): boolean {
  return isJsonObject(ioConfig) && Number(ioConfig['taskCount']) < 0;
}

interface Posted {
  readonly id: string;
  readonly dataSource: string;
  readonly spec: JsonObject;
}

function supervisorOf(call: Call, posted: unknown): Posted {
  const { type, object } = typeIn(posted, SPEC_CLASS);
  const stream = call.druid.streams.find((known) => known === type);
  if (stream !== undefined) return streamSupervisor(stream, object);
  if (type === 'autocompact') return compactionSupervisor(call, object);
  if (type === 'scheduled_batch') return scheduledSupervisor(call, object);
  if (type === 'NoopSupervisorSpec') return noopSupervisor(object);
  throw unknownType(type, SPEC_CLASS, ['NoopSupervisorSpec', 'autocompact', 'scheduled_batch', ...call.druid.streams]);
}

function streamSupervisor(type: StreamType, object: JsonObject): Posted {
  const spec = streamSpec(type, object);
  const schema = spec['dataSchema'];
  const dataSource = isJsonObject(schema) ? String(schema['dataSource']) : '';
  return { id: dataSource, dataSource, spec };
}

function compactionSupervisor(call: Call, object: JsonObject): Posted {
  if (object['spec'] === undefined) {
    const method = 'org.apache.druid.server.coordinator.DataSourceCompactionConfig.getDataSource()';
    const cause = `java.lang.NullPointerException: Cannot invoke "${method}" because "this.spec" is null`;
    throw new DruidRefusal(uncaught(call.request.path, cause));
  }
  const spec = compactionSpec(object['spec']);
  const dataSource = String(spec['dataSource']);
  const whole = { type: 'autocompact', spec, suspended: object['suspended'] === true };
  return { id: `autocompact__${dataSource}`, dataSource, spec: whole };
}

/** Does nothing: what a terminated supervisor leaves behind, and a test may post. */
function noopSupervisor(object: JsonObject): Posted {
  const { id = null, dataSources = [] } = object;
  const dataSource = String((Array.isArray(dataSources) ? dataSources[0] : undefined) ?? '');
  const spec = { type: 'noop', id, dataSources, suspended: object['suspended'] === true, source: 'noop' };
  return { id: String(id ?? dataSource), dataSource, spec };
}

/** Druid has its broker find the data source in the query, and refuses the spec where no broker answers. */
function scheduledSupervisor(call: Call, object: JsonObject): Posted {
  const className = 'org.apache.druid.indexing.scheduledbatch.ScheduledBatchSupervisorSpec';
  const query = isJsonObject(object['spec']) ? object['spec']['query'] : undefined;
  if (typeof query !== 'string') {
    const method = 'org.apache.druid.query.http.ClientSqlQuery.getQuery()';
    throw cannotConstruct(className, `Cannot invoke "${method}" because "sqlQuery" is null`);
  }
  const dataSource = /\bINTO\s+"?([^\s"]+)"?/i.exec(query)?.[1];
  if (!call.druid.hasBroker) {
    const cause =
      'java.util.concurrent.ExecutionException: org.apache.druid.rpc.ServiceNotAvailableException: Service [broker] is not available';
    throw cannotConstruct(className, `Error getting datasource from query[${clientQuery(query)}]: [${cause}]`);
  }
  if (dataSource === undefined) {
    const why = 'Only INSERT or REPLACE ingest queries are allowed.';
    throw cannotConstruct(className, `SELECT queries are not supported by the [scheduled_batch] supervisor. ${why}`);
  }
  const id = String(object['id'] ?? `scheduled_batch__${dataSource}__${randomUUID()}`);
  const fields = shaped(object, { schedulerConfig: kept(), spec: kept() });
  return {
    id,
    dataSource,
    spec: { type: 'scheduled_batch', ...fields, suspended: object['suspended'] === true, id, dataSource },
  };
}

function clientQuery(query: string): string {
  const rest =
    'resultFormat=null, header=false, typesHeader=false, sqlTypesHeader=false, context=null, parameters=null';
  return `ClientSqlQuery{query='${query}', ${rest}}`;
}

function status(call: Call): FakeAnswer {
  const supervisor = found(call, 'READ');
  const { id } = supervisor;
  const generationTime = new Date(call.druid.clock.now()).toISOString();
  const payload = supervisor.type === 'autocompact' ? compactionStatus(call, supervisor) : supervisor.payload;
  return json({ id, generationTime, payload });
}

const COUNTED = ['bytes', 'segmentCount', 'intervalCount'];

function compactionStatus(call: Call, { dataSource }: FakeSupervisor): JsonObject {
  const isOn = call.druid.compactionCluster['useSupervisors'] === true;
  const counts = COUNTED.flatMap((what) =>
    ['AwaitingCompaction', 'Compacted', 'Skipped'].map((how) => [`${what}${how}`, 0]),
  );
  const scheduleStatus = isOn ? 'AWAITING_FIRST_RUN' : 'NOT_ENABLED';
  return { dataSource, scheduleStatus, message: null, ...Object.fromEntries(counts) };
}

function health(call: Call): FakeAnswer {
  const { healthy, type, id } = found(call, 'READ');
  if (type === 'autocompact') return errorText(`[${id}] does not exist or health check not implemented`, 404);
  return json({ healthy }, healthy ? 200 : 503);
}

function history(call: Call): FakeAnswer {
  const id = call.part('id');
  const versions = call.druid.supervisors.history.get(id);
  return versions === undefined ? errorText(`No history for [${id}].`, 404) : json(versions);
}

function allHistory(call: Call): FakeAnswer {
  return json(Object.fromEntries(call.druid.supervisors.history));
}

function turn(call: Call, suspended: boolean): FakeAnswer {
  const { id, suspended: before } = found(call, 'WRITE');
  if (before === suspended) return errorText(`[${id}] is already ${suspended ? 'suspended' : 'running'}`);
  return json(suspend(call, id, suspended));
}

function suspend(call: Call, id: string, suspended: boolean): JsonObject | undefined {
  const supervisor = call.druid.supervisors.get(id);
  if (supervisor === undefined || supervisor.suspended === suspended) return supervisor?.spec;
  const spec = { ...supervisor.spec, suspended };
  call.druid.supervisors.put(id, spec, supervisor.posted);
  return spec;
}

function forAll(call: Call, act: (supervisor: FakeSupervisor) => unknown): FakeAnswer {
  for (const supervisor of call.druid.supervisors.all) act(supervisor);
  return json({ status: 'success' });
}

/** Stored offsets are forgotten and the tasks begin anew. */
function reset(call: Call): FakeAnswer {
  const supervisor = streamOnly(call, 'reset');
  supervisor.start(supervisor.spec);
  return json({ id: supervisor.id });
}

function streamOnly(call: Call, operation: string): FakeSupervisor {
  const supervisor = found(call, 'WRITE');
  const { id, type } = supervisor;
  if (call.druid.streams.some((stream) => stream === type)) return supervisor;
  const why = `Operation[${operation}] is not supported by supervisor[${id}] of type[${type}].`;
  throw new DruidRefusal(uncaught(call.request.path, `org.apache.druid.error.DruidException: ${why}`));
}

function resetOffsets(call: Call): FakeAnswer {
  const className = 'org.apache.druid.indexing.overlord.DataSourceMetadata';
  const { type, object } = typeIn(call.request.json() ?? {}, className);
  const { streams } = call.druid;
  if (!['object', ...streams].includes(type)) throw unknownType(type, className, ['object', ...streams]);
  const supervisor = streamOnly(call, 'reset');
  const { partitions } = object;
  const stream = supervisor.payload['stream'];
  if (!isJsonObject(partitions)) {
    const why = 'Cannot invoke "Object.getClass()" because "streamSequenceNumbers" is null';
    throw new DruidRefusal(uncaught(call.request.path, `java.lang.NullPointerException: ${why}`));
  }
  if (partitions['stream'] !== stream) {
    const name = `KafkaSupervisor-${supervisor.id}`;
    const why = `Stream[${String(partitions['stream'])}] doesn't exist in the supervisor[${name}]. Supervisor is consuming stream[${String(stream)}].`;
    throw new DruidRefusal(uncaught(call.request.path, `org.apache.druid.error.DruidException: ${why}`));
  }
  supervisor.start(supervisor.spec);
  return json({ id: supervisor.id });
}

function handOff(call: Call): FakeAnswer {
  const body = call.request.json();
  const groups = isJsonObject(body) ? body['taskGroupIds'] : undefined;
  if (!Array.isArray(groups) || groups.length === 0) {
    if (body === undefined) throw refused('No content to map due to end-of-input');
    throw refused("List of task groups to handoff can't be empty");
  }
  streamOnly(call, 'handoff');
  return empty(200, 'application/json');
}

function terminate(call: Call): FakeAnswer {
  const { id } = found(call, 'WRITE');
  call.druid.supervisors.terminate(id);
  return json({ id });
}
