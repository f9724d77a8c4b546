import { compactionSpec } from './compaction-spec.ts';
import { initialCompactionCluster } from './druid-state.ts';
import { DruidRefusal, druidException, type FakeAnswer, json } from './fake-answer.ts';
import { isJsonObject, type JsonObject } from './json-shape.ts';
import type { Call, Route } from './route.ts';

const OLD = 'druid/coordinator/v1/config/compaction';
const NEW = 'druid/indexer/v1/compaction/config';

/** What coordinator and overlord answer about compaction: two APIs over the same configurations. */
export const compactionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: OLD,
    answer: (call) => json({ compactionConfigs: all(call), ...call.druid.compactionCluster }),
  },
  { method: 'POST', path: OLD, answer: (call) => set(call, undefined) },
  { method: 'POST', path: `${OLD}/taskslots`, answer: setTaskSlots },
  { method: 'GET', path: `${OLD}/:dataSource`, answer: get },
  { method: 'DELETE', path: `${OLD}/:dataSource`, answer: remove },
  { method: 'GET', path: `${NEW}/datasources`, answer: (call) => json({ compactionConfigs: all(call) }) },
  { method: 'GET', path: `${NEW}/datasources/:dataSource`, answer: get },
  { method: 'POST', path: `${NEW}/datasources/:dataSource`, answer: (call) => set(call, call.part('dataSource')) },
  { method: 'DELETE', path: `${NEW}/datasources/:dataSource`, answer: remove },
  { method: 'GET', path: `${NEW}/cluster`, answer: cluster },
  { method: 'POST', path: `${NEW}/cluster`, answer: setCluster },
  { method: 'GET', path: 'druid/coordinator/v1/compaction/status', answer: () => json({ latestStatus: [] }) },
  {
    method: 'GET',
    path: 'druid/coordinator/v1/compaction/progress',
    answer: () => druidException(404, 'notFound', 'Unknown DataSource'),
  },
];

function all(call: Call): readonly JsonObject[] {
  call.require('CONFIG', 'CONFIG', 'READ');
  return [...call.druid.compaction.values()];
}

function get(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'READ');
  return json(found(call));
}

function found(call: Call): JsonObject {
  const config = call.druid.compaction.get(call.part('dataSource'));
  if (config !== undefined) return config;
  throw new DruidRefusal(druidException(404, 'notFound', 'Datasource compaction config does not exist'));
}

function set(call: Call, inPath: string | undefined): FakeAnswer {
  const posted = call.request.json();
  if (posted === undefined) {
    throw new DruidRefusal(druidException(500, 'internalServerError', 'Unknown error occurred'));
  }
  const config = compactionSpec(posted);
  call.require('CONFIG', 'CONFIG', 'WRITE');
  const dataSource = String(config['dataSource']);
  if (inPath !== undefined && inPath !== dataSource) {
    const why = `DataSource in spec[${dataSource}] does not match DataSource in path[${inPath}]`;
    throw new DruidRefusal(druidException(400, 'invalidInput', why));
  }
  if (config['engine'] === 'msq' && call.druid.compactionCluster['useSupervisors'] !== true) {
    const why = 'MSQ engine is supported only with supervisor-based compaction on the Overlord.';
    throw new DruidRefusal(druidException(400, 'invalidInput', why));
  }
  call.druid.compaction.set(dataSource, config);
  if (inPath !== undefined && supervises(call)) {
    const spec = { type: 'autocompact', spec: config, suspended: false };
    call.druid.supervisors.put(`autocompact__${dataSource}`, spec, spec);
  }
  return json({ success: true });
}

/** Whether a configuration of the overlord becomes a supervisor. */
function supervises(call: Call): boolean {
  return call.druid.compactionCluster['useSupervisors'] === true;
}

function remove(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'WRITE');
  const { dataSource } = found(call);
  call.druid.compaction.delete(String(dataSource));
  const id = `autocompact__${String(dataSource)}`;
  const isOverlord = call.request.path.startsWith(`/${NEW}`);
  if (isOverlord && call.druid.supervisors.get(id) !== undefined) call.druid.supervisors.terminate(id);
  return json({ success: true });
}

function cluster(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'READ');
  return json(call.druid.compactionCluster);
}

/** What is left out goes back to its default. */
function setCluster(call: Call): FakeAnswer {
  const posted = call.request.json();
  call.require('CONFIG', 'CONFIG', 'WRITE');
  call.druid.compactionCluster = { ...initialCompactionCluster, ...(isJsonObject(posted) ? posted : {}) };
  return json({ success: true });
}

function setTaskSlots(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'WRITE');
  const { query } = call.request;
  const { compactionTaskSlotRatio, maxCompactionTaskSlots } = call.druid.compactionCluster;
  call.druid.compactionCluster = {
    ...call.druid.compactionCluster,
    compactionTaskSlotRatio: Number(query.get('ratio') ?? compactionTaskSlotRatio),
    maxCompactionTaskSlots: Number(query.get('max') ?? maxCompactionTaskSlots),
  };
  return json({ success: true });
}
