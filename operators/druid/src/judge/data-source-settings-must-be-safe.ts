import type { Json } from '../druid/druid-api.ts';
import { environmentReads } from '../spec/safety/environment.ts';
import { unsafeInputs } from '../spec/safety/input-sources.ts';
import type { SafetyRules } from '../spec/safety/safety-rules.ts';
import { unsafeScripts } from '../spec/safety/scripts.ts';
import type { Guard } from './guard.ts';

/** Compaction has transforms and metrics like a spec, which Druid runs as readily; rules are not worth an exception. */
export const dataSourceSettingsMustBeSafe: Guard = ({ spec: { ingestion } }, _observed, { safety }) => {
  const { compaction, rules } = ingestion;
  const problems = Object.entries({ compaction, rules }).flatMap(([name, setting]) =>
    setting === undefined ? [] : problemsOf(`spec.ingestion.${name}`, setting, safety),
  );
  return problems.length === 0 ? undefined : { reason: 'SpecUnsafe', message: problems.join('; ') };
};

function problemsOf(place: string, setting: Json, safety: SafetyRules): readonly string[] {
  const parts = [...unsafeInputs(setting, safety), ...environmentReads(setting)].map((part) => `${place}: ${part}`);
  return [...unsafeScripts(setting, place, safety), ...parts];
}
