import type { JsonObject } from '../druid/druid-api.ts';
import { objectHash } from './object-hash.ts';

/** The hash of a spec, whether it is suspended or not: a spec that Druid refused stays refused when it is suspended. */
export function specHash({ suspended: _either, ...spec }: JsonObject): string {
  return objectHash(spec);
}
