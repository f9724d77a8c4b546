// @ts-check
import { h } from './dom.js';

/** @typedef {{ readonly text: string, readonly is: 'key' | 'string' | 'plain' | 'comment' | 'punctuation' }} Part */

const keyed = /^(\s*(?:- )*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#'"[{][^#]*?)(:)(?=\s|$)(.*)$/;

/**
 * What a line of YAML consists of, for its colours only: a line that is read wrongly is shown all the same. Text of a block scalar
 * that looks like a key is coloured like one.
 * @param {string} line
 * @returns {readonly Part[]}
 */
export function partsOf(line) {
  if (/^\s*#/.test(line)) return [{ text: line, is: 'comment' }];
  const [, indent, key, colon, value] = keyed.exec(line) ?? [];
  if (indent === undefined || key === undefined || colon === undefined) return valueParts(line);
  return [
    { text: indent, is: 'punctuation' },
    { text: key, is: 'key' },
    { text: colon, is: 'punctuation' },
    ...valueParts(value ?? ''),
  ];
}

/**
 * @param {string} text
 * @returns {readonly Part[]}
 */
function valueParts(text) {
  if (text === '') return [];
  const isPlain = /^\s*(?:- )*\s*(-?\d[\d.]*|true|false|null|[[{|>].*)?$/.test(text);
  return [{ text, is: isPlain ? 'plain' : 'string' }];
}

/**
 * YAML with numbered lines, to be read.
 * @param {string} yaml
 */
export function drawYaml(yaml) {
  const lines = yaml.trimEnd().split('\n');
  const drawLine = (/** @type {string} */ line) =>
    h('span', { class: 'line' }, ...partsOf(line).map(({ text, is }) => h('span', { class: is }, text)), '\n');
  return h('pre', { class: 'yaml', tabindex: 0, 'aria-label': 'YAML' }, h('code', {}, ...lines.map(drawLine)));
}
