import type { KubeObject } from '@capstan/kube';
import { structuredPatch } from 'diff';
import { stringify } from 'yaml';

/** One line of a unified diff: what it begins with, and the rest. */
export interface DiffLine {
  readonly sign: ' ' | '+' | '-' | '@';
  readonly text: string;
}

/** Enough to see in which list or map a line stands. */
const context = 3;

/** The time that a comparison takes grows with the square of this. */
const mostLines = 2_000;

/** A unified diff of two objects as YAML. One that is absent has no lines. */
export function objectDiff(before: KubeObject | undefined, after: KubeObject | undefined): readonly DiffLine[] {
  if (before === undefined || after === undefined) return [...linesOf(before, '-'), ...linesOf(after, '+')];
  const found = structuredPatch('', '', yamlOf(before), yamlOf(after), '', '', { context, maxEditLength: mostLines });
  if (found === undefined) return [{ sign: '@', text: ` more than ${mostLines} lines differ @@` }];
  return found.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    { sign: '@', text: ` -${oldStart},${oldLines} +${newStart},${newLines} @@` } as const,
    ...lines.flatMap(diffLine),
  ]);
}

function linesOf(object: KubeObject | undefined, sign: '-' | '+'): readonly DiffLine[] {
  if (object === undefined) return [];
  const lines = yamlOf(object).split('\n').slice(0, -1);
  return lines.map((text) => ({ sign, text }));
}

/** What identifies comes first; the rest in the order of the alphabet, on both sides alike. */
const first: readonly string[] = ['apiVersion', 'kind', 'metadata', 'name', 'namespace'];

function yamlOf(object: KubeObject): string {
  return stringify(object, {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    sortMapEntries: (a, b) => rankOf(String(a.key)).localeCompare(rankOf(String(b.key)), 'en'),
  });
}

function rankOf(key: string): string {
  const index = first.indexOf(key);
  return index < 0 ? `9${key}` : `${index}`;
}

/** `\ No newline at end of file` never applies: both sides are made here. */
function diffLine(line: string): readonly DiffLine[] {
  const sign = line.charAt(0);
  return sign === ' ' || sign === '+' || sign === '-' ? [{ sign, text: line.slice(1) }] : [];
}
