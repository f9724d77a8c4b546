import { isGroup, type ValueSchema, type Values } from './value.ts';

/** What a chart gets beside its own values where it is part of another chart; not in values.yaml. */
const asPart: Readonly<Record<string, ValueSchema>> = {
  global: { type: 'object', description: 'Of a chart that contains this one. Not read.' },
  enabled: { type: 'boolean', description: 'The condition of a chart that contains this one. Not read.' },
};

/** The `values.schema.json` of a chart: a value that nobody reads is a mistake, and refused. */
export function valuesSchema(title: string, values: Values): string {
  const { properties, ...rest } = objectOf(values);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title,
    ...rest,
    properties: { ...properties, ...asPart },
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function objectOf(values: Values) {
  const properties: Record<string, ValueSchema> = {};
  for (const [key, value] of Object.entries(values)) {
    const description = value.about;
    properties[key] = isGroup(value)
      ? { description, ...objectOf(value.values) }
      : { description, ...value.schema, default: value.default };
  }
  return { type: 'object', additionalProperties: false, properties };
}
