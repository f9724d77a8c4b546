import { unsafeLoginModules } from '../spec/safety/consumer-properties.ts';
import { unsafeParts } from '../spec/safety/unsafe-parts.ts';
import { withSecrets } from '../spec/secret-references.ts';
import type { Guard, Judged } from './guard.ts';

/** Druid runs what a spec says with its own rights and in its own network: CVE-2023-25194. */
export const specMustBeSafe: Guard = (_ingestion, observed, { safety }) => {
  const { understanding } = observed;
  if (understanding === undefined || 'problem' in understanding) return undefined;
  const problems = [...unsafeParts(understanding.understood.spec, safety), ...unsafeOnceFilled(observed)];
  return problems.length === 0 ? undefined : { reason: 'SpecUnsafe', message: problems.join('; ') };
};

/** A Secret may hold what could not stand in the spec. */
function unsafeOnceFilled({ understanding, connecting }: Judged): readonly string[] {
  if (understanding === undefined || 'problem' in understanding) return [];
  if (connecting === undefined || 'missing' in connecting) return [];
  return unsafeLoginModules(withSecrets(understanding.understood.spec, connecting.connected.values));
}
