import type { Reading } from './classify.ts';
import type { JsonObject } from './druid-api.ts';
import { isJsonObject, textOf } from './json-text.ts';
import { submitted } from './readings.ts';
import type { Redaction } from './redaction.ts';

/**
 * The id that Druid gives a supervisor. It is told as it is when it is made of a name in the spec, which is no secret; any other one may
 * be made of something that is, and is told without what must not be seen.
 */
export function submittedUnder(spec: JsonObject, redact: Redaction): Reading<{ readonly id: string }> {
  const reading = submitted('id');
  return {
    ...reading,
    value: (body) => {
      const answer = reading.value(body);
      const isNamed = typeof answer === 'object' && namesIn(spec).some((name) => answer.id.endsWith(name));
      return typeof answer !== 'object' || isNamed ? answer : { id: redact(answer.id) };
    },
  };
}

/** What Druid makes ids of, wherever specs of its different types have it. */
function namesIn(spec: JsonObject): readonly string[] {
  const inner = isJsonObject(spec['spec']) ? spec['spec'] : {};
  const schemas = [spec, inner, spec['dataSchema'], inner['dataSchema']].filter(isJsonObject);
  const names = schemas.flatMap((schema) => [textOf(schema['id']), textOf(schema['dataSource'])]);
  return names.filter((name): name is string => name !== undefined && name !== '');
}
