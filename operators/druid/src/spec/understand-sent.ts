import type { JsonObject } from '../druid/druid-api.ts';
import { isTaskType, type Understood, understand } from './understand.ts';

/**
 * What a spec asks for that Druid took once, whatever the resource says by now; `undefined` when nothing can be made of it.
 *
 * @param type of what Druid has, as the status says it: kafka, index_parallel, sql ...
 */
export function understandSent(spec: JsonObject, type: string, fallbackId: string): Understood | undefined {
  // What kind of supervisor it is stands in the spec as it was sent.
  const asked = type === 'sql' ? 'sql' : isTaskType(type) ? 'native-batch' : 'kafka';
  const understanding = understand({ type: asked, spec, fallbackId });
  return 'understood' in understanding ? understanding.understood : undefined;
}
