import type { Json } from '@capstan/crd';
import { isGroup, type Values } from './value.ts';

/** The values of a chart as the lines of a Markdown table, each with its path from the top. */
export function valuesTable(values: Values): readonly string[] {
  return ['| Value | Default | |', '|---|---|---|', ...rows(values, '')];
}

function rows(values: Values, path: string): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const at = `${path}${key}`;
    const about = value.about.replaceAll('|', '\\|');
    if (isGroup(value)) return [`| \`${at}\` | | ${about} |`, ...rows(value.values, `${at}.`)];
    return [`| \`${at}\` | ${shown(value.default)} | ${about} |`];
  });
}

/** What is long stands in values.yaml. */
function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? 'see values.yaml' : `\`${text.replaceAll('|', '\\|')}\``;
}
