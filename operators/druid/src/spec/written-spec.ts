import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import { fallbackIdOf, type Understood } from './understand.ts';
import { understandOnce } from './understand-once.ts';

/** What a spec asks for that stands in the resource itself; `undefined` for one in a ConfigMap, or that nothing can be made of. */
export function writtenSpec(ingestion: DruidIngestion): Understood | undefined {
  const { type, spec: text, nativeSpec } = ingestion.spec.ingestion;
  const written = nativeSpec !== undefined && Object.keys(nativeSpec).length > 0 ? nativeSpec : text;
  if (written === undefined) return undefined;
  const understanding = understandOnce({ type, spec: written, fallbackId: fallbackIdOf(ingestion) });
  return 'understood' in understanding ? understanding.understood : undefined;
}
