import { describe, expect, it } from 'vitest';
import { operatorCharts } from '../../../scripts/charts/operator-charts.ts';
import { operatorValues } from '../../../scripts/charts/operator-values.ts';
import { isGroup, schemas, type Values } from '../../../scripts/charts/values/value.ts';
import { valuesSchema } from '../../../scripts/charts/values/values-schema.ts';
import { valuesTable } from '../../../scripts/charts/values/values-table.ts';
import { valuesYaml } from '../../../scripts/charts/values/values-yaml.ts';

const values: Values = {
  replicas: { about: 'Pods.', default: 3, schema: schemas.count(0) },
  image: {
    about: 'The image.',
    values: {
      tag: { about: 'Its tag, or | its digest.', default: '', schema: schemas.text },
      secrets: { about: 'To pull it with.', default: [{ name: 'pull' }], schema: schemas.objects },
    },
  },
};

describe('the values of a chart', () => {
  it('stand in values.yaml with what they do above them', () => {
    expect(valuesYaml('Values.', values)).toBe(`# Values.

# Pods.
replicas: 3

# The image.
image:
  # Its tag, or | its digest.
  tag: ""
  # To pull it with.
  secrets:
    - name: pull
`);
  });

  it('have a comment no wider than a screen, however long it is', () => {
    const long = { a: { about: 'word '.repeat(100).trim(), default: 1, schema: schemas.count(0) } };
    const lines = valuesYaml('Values.', { group: { about: 'A group.', values: long } }).split('\n');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(110);
    expect(
      lines
        .filter((line) => line.startsWith('  # '))
        .join(' ')
        .match(/word/g),
    ).toHaveLength(100);
  });

  it('are checked strictly, but for what a chart around it passes on', () => {
    const schema = JSON.parse(valuesSchema('Values', values));
    expect(schema).toMatchObject({
      additionalProperties: false,
      properties: {
        replicas: { type: 'integer', minimum: 0, default: 3, description: 'Pods.' },
        image: { type: 'object', additionalProperties: false, properties: { tag: { type: 'string' } } },
        global: { type: 'object' },
      },
    });
  });

  it('stand in a table with their paths', () => {
    expect(valuesTable(values)).toEqual([
      '| Value | Default | |',
      '|---|---|---|',
      '| `replicas` | `3` | Pods. |',
      '| `image` | | The image. |',
      '| `image.tag` | `""` | Its tag, or \\| its digest. |',
      '| `image.secrets` | `[{"name":"pull"}]` | To pull it with. |',
    ]);
  });
});

it.each(operatorCharts.map((chart) => [chart.install.name, chart] as const))(
  'every value of the %s says in a sentence what it does',
  (_name, chart) => {
    const texts = textsOf(operatorValues(chart));
    expect(texts.filter((text) => !/^\S.*\.$/.test(text))).toEqual([]);
  },
);

function textsOf(of: Values): readonly string[] {
  return Object.values(of).flatMap((value) => [value.about, ...(isGroup(value) ? textsOf(value.values) : [])]);
}
