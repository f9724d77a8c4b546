import { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import type { Json } from '../druid/druid-api.ts';
import { isJsonObject } from './json-object.ts';
import { cutBelow, mostLevels, tooDeepAt } from './nesting.ts';

/** `spec`, `ingestion` and the like are around what Druid gets. */
const levelsAround = 4;

/** What was cut off, by the resource that it was cut off of. */
const cutOff = new WeakMap<DruidIngestion, string>();

/**
 * A resource with its defaults, which those that a CRD without them has stored may lack. What is nested so deep in it that nobody
 * could go through it is left out; {@link tooDeepIn} says where.
 */
export function shallowIngestion(resource: DruidIngestion): DruidIngestion {
  const place = tooDeepIn(resource);
  if (place === undefined) return DruidIngestion.withDefaults(resource);
  // Safe: it has the same fields. What was cut has a form of its own, and by what is remembered of it the whole is not valid.
  const cut = cutBelow(asJson(resource.spec), mostLevels + levelsAround) as unknown as DruidIngestion['spec'];
  const shallow = DruidIngestion.withDefaults({ ...resource, spec: cut });
  cutOff.set(shallow, place);
  return shallow;
}

/** What the API server stores is JSON, of whatever shape. */
function asJson(stored: unknown): Json {
  return isJsonObject(stored) ? stored : null;
}

/** Where the spec of a resource is nested too deep, or was before it was cut; `undefined` when it is not. */
export function tooDeepIn(ingestion: DruidIngestion): string | undefined {
  return cutOff.get(ingestion) ?? tooDeepAt(asJson(ingestion.spec), mostLevels + levelsAround);
}
