import { unsafeOnceFilled } from '../spec/safety/unsafe-once-filled.ts';
import { unsafeParts } from '../spec/safety/unsafe-parts.ts';
import type { Guard } from './guard.ts';

/** Druid runs what a spec says with its own rights and in its own network: CVE-2023-25194. */
export const specMustBeSafe: Guard = (_ingestion, { understanding, connecting }, { safety }) => {
  if (understanding === undefined || 'problem' in understanding) return undefined;
  const { spec } = understanding.understood;
  const filled =
    connecting !== undefined && 'connected' in connecting && connecting.lacking === undefined
      ? unsafeOnceFilled(spec, connecting.connected.values, safety)
      : [];
  const problems = [...unsafeParts(spec, safety), ...filled];
  return problems.length === 0 ? undefined : { reason: 'SpecUnsafe', message: problems.join('; ') };
};
