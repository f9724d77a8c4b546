import { empty, type FakeAnswer, json } from './fake-answer.ts';
import type { Call, Route } from './route.ts';

/** What router, overlord and coordinator answer about themselves, and about segments. */
export const statusRoutes: readonly Route[] = [
  { method: 'GET', path: 'status/health', answer: () => json(true) },
  { method: 'GET', path: 'status', answer: status },
  { method: 'GET', path: 'druid/indexer/v1/isLeader', answer: () => json({ leader: true }) },
  { method: 'GET', path: 'druid/coordinator/v1/isLeader', answer: () => json({ leader: true }) },
  { method: 'GET', path: 'druid/indexer/v1/leader', answer: leader },
  { method: 'GET', path: 'druid/coordinator/v1/leader', answer: leader },
  { method: 'GET', path: 'druid/coordinator/v1/loadstatus', answer: () => json({}) },
  { method: 'GET', path: 'druid/coordinator/v1/datasources', answer: () => json([]) },
  { method: 'GET', path: 'druid/coordinator/v1/datasources/:dataSource', answer: () => empty(204, 'application/json') },
  { method: 'GET', path: 'druid/coordinator/v1/metadata/datasources', answer: () => json([]) },
];

function status(call: Call): FakeAnswer {
  call.require('STATE', 'STATE', 'READ');
  const modules = call.druid.streams.map((name) => ({
    name,
    artifact: `druid-${name}-indexing-service`,
    version: '33.0.0',
  }));
  return json({ version: '33.0.0', modules, memory: { maxMemory: 389_283_840, totalMemory: 129_892_352 } });
}

/** Only the host of the fake leads. */
function leader(call: Call): FakeAnswer {
  call.require('STATE', 'STATE', 'READ');
  return { status: 200, contentType: 'application/json', text: `http://${call.request.headers.host ?? ''}` };
}
