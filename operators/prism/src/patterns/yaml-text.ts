import type { Json, JsonObject } from '@capstan/crd';
import { isJsonObject } from './merge-patch.ts';

/**
 * An object as YAML that people can read.
 *
 * Strings are written as JSON, which is YAML: nothing in them can be taken for a number, a boolean or a comment.
 */
export function yamlText(value: JsonObject): string {
  return `${linesOf(value).join('\n')}\n`;
}

/** The lines of a value that begins on a line of its own. */
function linesOf(value: Json): readonly string[] {
  if (Array.isArray(value) && value.length > 0) return value.flatMap(itemLines);
  if (isJsonObject(value) && Object.keys(value).length > 0) return Object.entries(value).flatMap(fieldLines);
  return [scalar(value)];
}

function itemLines(item: Json): readonly string[] {
  return linesOf(item).map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`));
}

function fieldLines([key, value]: readonly [string, Json]): readonly string[] {
  const name = plainKey.test(key) && !words.has(key.toLowerCase()) ? key : quoted(key);
  const isOpen = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  return isOpen ? [`${name}:`, ...linesOf(value).map((line) => `  ${line}`)] : [`${name}: ${scalar(value)}`];
}

const plainKey = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** What YAML 1.1 takes for a boolean or for nothing. */
const words: ReadonlySet<string> = new Set(['true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', 'null']);

function scalar(value: Json): string {
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value);
}

/** JSON leaves characters as they are that a reader of YAML refuses. */
function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
