import { initialCoordinatorConfig } from './druid-state.ts';
import { DruidRefusal, empty, type FakeAnswer, json, uncaught } from './fake-answer.ts';
import { bool, int, isJsonObject, type JsonObject, refused } from './json-shape.ts';
import type { Call, Route } from './route.ts';

/** What coordinator and overlord answer about their dynamic configuration. */
export const dynamicConfigRoutes: readonly Route[] = [
  { method: 'GET', path: 'druid/coordinator/v1/config', answer: getCoordinator },
  { method: 'POST', path: 'druid/coordinator/v1/config', answer: setCoordinator },
  { method: 'GET', path: 'druid/indexer/v1/worker', answer: getOverlord },
  { method: 'POST', path: 'druid/indexer/v1/worker', answer: setOverlord },
];

const CONFIG_CLASS = 'org.apache.druid.server.coordinator.CoordinatorDynamicConfig$Builder';

function getCoordinator(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'READ');
  return json(call.druid.coordinatorConfig);
}

/** What is posted is merged over what was set before; unknown fields and null are passed over. */
function setCoordinator(call: Call): FakeAnswer {
  const posted = call.request.json();
  if (posted === undefined) {
    const build = `${CONFIG_CLASS}.build(org.apache.druid.server.coordinator.CoordinatorDynamicConfig)`;
    const cause = `java.lang.NullPointerException: Cannot invoke "${build}" because "dynamicConfigBuilder" is null`;
    throw new DruidRefusal(uncaught(call.request.path, cause));
  }
  if (!isJsonObject(posted)) {
    throw refused(
      `Cannot deserialize value of type \`${CONFIG_CLASS}\` from Array value (token \`JsonToken.START_ARRAY\`)`,
    );
  }
  call.require('CONFIG', 'CONFIG', 'WRITE');
  const { coordinatorConfig } = call.druid;
  const merged = Object.entries(coordinatorConfig).map(([name, before]) => [name, merge(name, posted[name], before)]);
  checkRatio(call, Object.fromEntries(merged));
  call.druid.coordinatorConfig = Object.fromEntries(merged);
  return empty();
}

function merge(name: string, posted: unknown, before: unknown): unknown {
  if (posted === undefined || posted === null) return before;
  const initial = initialCoordinatorConfig[name];
  if (typeof initial === 'number' && name !== 'killTaskSlotRatio') return int(null)(posted, {});
  if (typeof initial === 'boolean') return bool(false)(posted, {});
  return Array.isArray(initial) && typeof posted === 'string' ? posted.split(',') : posted;
}

function checkRatio(call: Call, { killTaskSlotRatio }: JsonObject): void {
  const ratio = Number(killTaskSlotRatio);
  if (ratio >= 0 && ratio <= 1) return;
  const why = `killTaskSlotRatio [${ratio.toFixed(2)}] is invalid. It must be >= 0 and <= 1.`;
  throw new DruidRefusal(uncaught(call.request.path, `org.apache.druid.error.DruidException: ${why}`));
}

function getOverlord(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'READ');
  const { overlordConfig } = call.druid;
  return overlordConfig === undefined ? empty(200, 'application/json') : json(overlordConfig);
}

/** What is posted replaces what was set before. */
function setOverlord(call: Call): FakeAnswer {
  const posted = call.request.json();
  call.require('CONFIG', 'CONFIG', 'WRITE');
  const { selectStrategy, autoScaler = null } = isJsonObject(posted) ? posted : {};
  call.druid.overlordConfig = { type: 'default', selectStrategy: strategy(selectStrategy), autoScaler };
  return empty();
}

function strategy(posted: unknown): JsonObject | null {
  if (!isJsonObject(posted)) return null;
  const limits = { maxSlotCountByType: {}, maxSlotRatioByType: {} };
  const { type, taskLimits = limits } = posted;
  const own = String(type).endsWith('WithCategorySpec') ? 'workerCategorySpec' : 'affinityConfig';
  return { type, [own]: posted[own] ?? null, taskLimits };
}
