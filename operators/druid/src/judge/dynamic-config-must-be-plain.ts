import { valuesIn } from '../spec/json-object.ts';
import { environmentReads } from '../spec/safety/environment.ts';
import { unsafeScripts } from '../spec/safety/scripts.ts';
import type { Guard } from './guard.ts';

/** Druid shows its dynamic configuration to whoever may read it, and so does the status: no place for a secret, nor for a script. */
export const dynamicConfigMustBePlain: Guard = ({ spec: { dynamicConfig = {} } }, _observed, { safety }) => {
  const places = Object.entries(dynamicConfig).map(([name, config]) => [`spec.dynamicConfig.${name}`, config] as const);
  const withReference = places.find(([, config]) =>
    [...valuesIn(config)].some(({ value }) => typeof value === 'string' && value.includes(`\${secret:`)),
  );
  if (withReference !== undefined) {
    const message = `${withReference[0]} refers to a Secret, and everybody may read what is configured there; write the value itself, or leave it out`;
    return { reason: 'SpecInvalid', message };
  }
  const problems = places.flatMap(([place, config]) => [
    ...unsafeScripts(config, place, safety),
    ...environmentReads(config).map((problem) => `${place}.${problem}`),
  ]);
  return problems.length === 0 ? undefined : { reason: 'SpecUnsafe', message: problems.join('; ') };
};
