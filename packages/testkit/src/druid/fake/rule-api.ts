import { empty, type FakeAnswer, json } from './fake-answer.ts';
import { retentionRules } from './retention-rules.ts';
import type { Call, Route } from './route.ts';

const ROOT = 'druid/coordinator/v1/rules';

/** What the coordinator answers about retention rules. */
export const ruleRoutes: readonly Route[] = [
  { method: 'GET', path: ROOT, answer: ({ druid }) => json(Object.fromEntries(druid.rules)) },
  { method: 'GET', path: `${ROOT}/:dataSource`, answer: get },
  { method: 'POST', path: `${ROOT}/:dataSource`, answer: set },
];

function get(call: Call): FakeAnswer {
  const dataSource = call.part('dataSource');
  call.require('DATASOURCE', dataSource, 'READ');
  const { rules } = call.druid;
  const own = rules.get(dataSource) ?? [];
  return json(call.request.query.has('full') ? [...own, ...(rules.get('_default') ?? [])] : own);
}

function set(call: Call): FakeAnswer {
  const dataSource = call.part('dataSource');
  const rules = retentionRules(call.request.json());
  call.require('DATASOURCE', dataSource, 'WRITE');
  call.druid.rules.set(dataSource, rules);
  return empty();
}
