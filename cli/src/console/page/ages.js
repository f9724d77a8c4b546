// @ts-check
import { h, setText } from './dom.js';

/** @type {readonly (readonly [seconds: number, unit: string])[]} */
const units = [
  [86_400 * 365, 'y'],
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
];

/**
 * How long ago something was, in the largest unit that fits: `45s`, `3h`, `12d`. What lies ahead, by a clock that is wrong, is `0s`.
 * @param {string} iso
 * @param {number} now milliseconds since the epoch
 */
export function age(iso, now) {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (Number.isNaN(seconds)) return '';
  const [size, unit] = units.find(([size]) => seconds >= size) ?? [1, 's'];
  return `${Math.floor(seconds / size)}${unit}`;
}

/**
 * A duration in words a person reads at a glance: `850 ms`, `2.4 s`, `3 min`.
 * @param {number} ms
 */
export function durationText(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}

/**
 * An element that tells an age, kept right by {@link keepAges}; the exact time is its title.
 * @param {string} iso
 * @param {string} [after] `ago`, say
 */
export function ageOf(iso, after = '') {
  const suffix = after === '' ? '' : ` ${after}`;
  const title = Number.isNaN(Date.parse(iso)) ? iso : new Date(iso).toLocaleString();
  const shown = `${age(iso, Date.now())}${suffix}`;
  return h('time', { datetime: iso, title, class: 'age', 'data-suffix': suffix }, shown);
}

/** Tells all ages on the page anew every few seconds. */
export function keepAges() {
  setInterval(() => {
    const now = Date.now();
    for (const element of document.querySelectorAll('time.age'))
      setText(element, `${age(element.getAttribute('datetime') ?? '', now)}${element.getAttribute('data-suffix')}`);
  }, 5000);
}
