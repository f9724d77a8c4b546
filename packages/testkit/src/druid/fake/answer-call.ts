import type { Accounts } from './accounts.ts';
import { compactionRoutes } from './compaction-api.ts';
import type { DruidState } from './druid-state.ts';
import { dynamicConfigRoutes } from './dynamic-config-api.ts';
import { DruidRefusal, empty, type FakeAnswer, json } from './fake-answer.ts';
import type { FakeRequest } from './fake-request.ts';
import { lookupRoutes } from './lookup-api.ts';
import { Call, parametersOf, type Route } from './route.ts';
import { ruleRoutes } from './rule-api.ts';
import { statusRoutes } from './status-api.ts';
import { supervisorRoutes } from './supervisor-api.ts';
import { taskRoutes } from './task-api.ts';

/** Earlier routes win: `history` is not the id of a supervisor. */
const routes: readonly Route[] = [
  ...statusRoutes,
  ...supervisorRoutes,
  ...taskRoutes,
  ...ruleRoutes,
  ...compactionRoutes,
  ...dynamicConfigRoutes,
  ...lookupRoutes,
];

/** What answers without credentials. */
const OPEN = /^\/status\/health$|\/isLeader$/;

/** Carries a request out and answers it as Druid does. `accounts` is undefined without security. */
export function answerCall(request: FakeRequest, druid: DruidState, accounts: Accounts | undefined): FakeAnswer {
  try {
    const isOpen = accounts === undefined || OPEN.test(request.path);
    const may = isOpen ? () => true : accounts.accessOf(request);
    return accounts?.manage(request, may) ?? dispatch(request, druid, may);
  } catch (error) {
    if (error instanceof DruidRefusal) return error.answer;
    throw error;
  }
}

function dispatch(request: FakeRequest, druid: DruidState, may: Call['may']): FakeAnswer {
  const segments = withoutProxy(request.segments);
  const matching = routes.flatMap((route) => {
    const parameters = parametersOf(route.path, segments);
    return parameters === undefined ? [] : [{ route, parameters }];
  });
  const found = matching.find(({ route }) => route.method === request.method);
  if (found !== undefined) return found.route.answer(new Call(request, druid, may, found.parameters));
  return matching.length > 0 ? empty(405) : unknownPath(request);
}

/** The router's long form of a path, `/proxy/overlord/...`, means the same. */
function withoutProxy(segments: readonly string[]): readonly string[] {
  const isProxied = segments[0] === 'proxy' && ['overlord', 'coordinator'].includes(segments[1] ?? '');
  return isProxied ? segments.slice(2) : segments;
}

function unknownPath({ path }: FakeRequest): FakeAnswer {
  if (path.startsWith('/proxy/')) {
    return { status: 400, text: JSON.stringify({ error: `Unsupported proxy destination[${path}]` }) };
  }
  if (/^\/druid\/(indexer|coordinator)\//.test(path)) return empty(404);
  return json(
    { servlet: 'org.eclipse.jetty.servlet.DefaultServlet', message: 'Not Found', url: path, status: '404' },
    404,
  );
}
