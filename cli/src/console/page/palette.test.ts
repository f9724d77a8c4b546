import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The colours of palette.css by name: for light, then for dark. */
const palette = new Map(
  [
    ...readFileSync(new URL('palette.css', import.meta.url), 'utf8').matchAll(
      /--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g,
    ),
  ].map(([, name = '', light = '', dark = '']) => [name, { light, dark }]),
);

const healths = ['healthy', 'progressing', 'failing', 'paused', 'deleting', 'unknown'];
const grounds = ['ground', 'surface', 'raised', 'hover', 'selected'];
const pairs = <A, B>(left: readonly A[], right: readonly B[]) =>
  left.flatMap((one) => right.map((other) => [one, other] as const));

/** WCAG 2.2, success criterion 1.4.3: text needs 4.5 to 1. */
const texts = [
  ...pairs(['text', 'soft', 'failing'], grounds),
  ...pairs(['accent', ...healths], ['ground', 'surface', 'hover']),
  ...pairs(['yaml-key', 'yaml-string', 'yaml-plain'], ['surface']),
  ...healths.map((health) => [health, `${health}-tint`] as const),
  ...pairs(['text', 'soft'], ['unknown-tint']),
  ...pairs(['on-accent'], ['accent', 'accent-strong']),
];
/** 1.4.11: shapes, and the edges of what is typed into, need 3 to 1. */
const shapes = [
  ...pairs(healths, ['selected', 'raised']),
  ...pairs(['edge'], ['surface', 'ground']),
  ...pairs(['accent'], ['surface', 'ground', 'selected']),
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  const fainterThan = (ratio: number, on: typeof texts) =>
    on.filter(([one, ground]) => contrast(colour(one, theme), colour(ground, theme)) < ratio);

  it('text is readable on whatever it stands on', () => {
    expect(fainterThan(4.5, texts)).toEqual([]);
  });

  it('shapes and edges are seen', () => {
    expect(fainterThan(3, shapes)).toEqual([]);
  });

  it('what is too faint would be found', () => {
    expect(fainterThan(4.5, [['line', 'surface']])).toHaveLength(1);
  });
});

function colour(name: string, theme: 'light' | 'dark'): string {
  const found = palette.get(name)?.[theme];
  if (found === undefined) throw new Error(`palette.css has no --${name}`);
  return found;
}

/** Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
