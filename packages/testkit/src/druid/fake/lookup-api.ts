import { DruidRefusal, empty, errorText, type FakeAnswer, json } from './fake-answer.ts';
import { cannotConstruct, isJsonObject, type JsonObject, kept, refused, shaped } from './json-shape.ts';
import type { Call, Route } from './route.ts';

const ROOT = 'druid/coordinator/v1/lookups/config';

/** What the coordinator answers about lookups. Nothing can be set before an empty POST has initialised them. */
export const lookupRoutes: readonly Route[] = [
  { method: 'GET', path: ROOT, answer: tiers },
  { method: 'POST', path: ROOT, answer: setMany },
  { method: 'GET', path: `${ROOT}/all`, answer: all },
  { method: 'GET', path: `${ROOT}/:tier`, answer: names },
  { method: 'DELETE', path: `${ROOT}/:tier`, answer: removeTier },
  { method: 'GET', path: `${ROOT}/:tier/:name`, answer: get },
  { method: 'POST', path: `${ROOT}/:tier/:name`, answer: setOne },
  { method: 'DELETE', path: `${ROOT}/:tier/:name`, answer: remove },
];

const NOTHING = empty(404, 'application/json');
const NO_CONTENT =
  'No content to map due to end-of-input\n at [Source: (org.eclipse.jetty.server.HttpInputOverHTTP); line: 1, column: 0]';
const ACCEPTED = empty(202, 'application/json');

function tiers(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'READ');
  const { lookups } = call.druid;
  return lookups === undefined ? NOTHING : json([...lookups.keys()]);
}

function all(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'READ');
  const { lookups } = call.druid;
  if (lookups === undefined) return NOTHING;
  return json(Object.fromEntries([...lookups].map(([tier, byName]) => [tier, Object.fromEntries(byName)])));
}

function names(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'READ');
  const { lookups } = call.druid;
  if (lookups === undefined) return errorText('No lookups found', 404);
  const tier = lookups.get(call.part('tier'));
  return tier === undefined ? errorText(`Tier [${call.part('tier')}] not found`, 404) : json([...tier.keys()]);
}

function get(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'READ');
  const lookup = call.druid.lookups?.get(call.part('tier'))?.get(call.part('name'));
  return lookup === undefined ? errorText(`lookup [${call.part('name')}] not found`, 404) : json(lookup);
}

function setOne(call: Call): FakeAnswer {
  const posted = call.request.caughtJson();
  call.require('CONFIG', 'CONFIG', 'WRITE');
  const lookup = container(posted, call.request.body);
  put(call, call.part('tier'), call.part('name'), lookup);
  return ACCEPTED;
}

function setMany(call: Call): FakeAnswer {
  const posted = call.request.caughtJson();
  call.require('CONFIG', 'CONFIG', 'WRITE');
  if (!isJsonObject(posted)) throw refused(NO_CONTENT);
  const entries = Object.entries(posted).flatMap(([tier, byName]) =>
    Object.entries(isJsonObject(byName) ? byName : {}).map(([name, lookup]) => ({ tier, name, lookup })),
  );
  call.druid.lookups ??= new Map();
  for (const { tier, name, lookup } of entries) put(call, tier, name, container(lookup, call.request.body));
  return json(posted, 202);
}

function container(posted: unknown, body: string): JsonObject {
  if (posted === undefined) throw refused(NO_CONTENT);
  const object = isJsonObject(posted) ? posted : {};
  if (isJsonObject(object['lookupExtractorFactory'])) {
    return shaped(object, { version: kept(), lookupExtractorFactory: kept() });
  }
  const at = `\n at [Source: (org.eclipse.jetty.server.HttpInputOverHTTP); line: 1, column: ${body.length}]`;
  throw cannotConstruct('org.apache.druid.server.lookup.cache.LookupExtractorFactoryMapContainer', `null factory${at}`);
}

/** A lookup replaces another only with a version that comes after it, in the order of text. */
function put(call: Call, tier: string, name: string, lookup: JsonObject): void {
  const { lookups } = call.druid;
  if (lookups === undefined) {
    const why = 'Not initialized. If this is the first lookup, post an empty map to initialize';
    throw new DruidRefusal(errorText(why, 500));
  }
  const byName = lookups.get(tier) ?? new Map<string, JsonObject>();
  const before = byName.get(name);
  if (typeof lookup['version'] !== 'string' && before !== undefined) {
    throw new DruidRefusal(errorText(`lookup [${tier}]:[${name}] does not have version.`, 500));
  }
  if (before !== undefined && String(lookup['version']) <= String(before['version'])) {
    const existing = `LookupExtractorFactoryContainer{version='${String(before['version'])}', lookupExtractorFactory=${javaText(before['lookupExtractorFactory'])}}`;
    const why = `given update for lookup [${tier}]:[${name}] can't replace existing spec [${existing}].`;
    throw new DruidRefusal(errorText(why, 500));
  }
  lookups.set(tier, byName.set(name, lookup));
}

/** A value as Java prints it. */
function javaText(value: unknown): string {
  if (!isJsonObject(value)) return String(value);
  return `{${Object.entries(value)
    .map(([name, inner]) => `${name}=${javaText(inner)}`)
    .join(', ')}}`;
}

function remove(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'WRITE');
  const { lookups } = call.druid;
  const byName = lookups?.get(call.part('tier'));
  return byName?.delete(call.part('name')) === true ? ACCEPTED : NOTHING;
}

function removeTier(call: Call): FakeAnswer {
  call.require('CONFIG', 'CONFIG', 'WRITE');
  return call.druid.lookups?.delete(call.part('tier')) === true ? ACCEPTED : NOTHING;
}
