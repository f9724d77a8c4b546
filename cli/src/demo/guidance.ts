import { styleText } from 'node:util';
import type { Command } from './exhibits/exhibit.ts';
import type { ActOutcome } from './performances.ts';
import type { Tally } from './settle.ts';
import type { Row } from './table.ts';
import { wrap } from './table.ts';

/** A kind, or an exhibit, that is not shown, and why. */
export interface LeftOut {
  readonly kind: string;
  readonly why: string;
}

/** What a run came to. */
export interface Story {
  readonly tally: Tally;
  /** When the last resource was as far as it can come, in milliseconds since the demo began. */
  readonly readyMs: number;
  readonly acts: readonly ActOutcome[];
  readonly leftOut: readonly LeftOut[];
}

export interface GuidanceOptions {
  /** A file that a shell reads to have kubectl, capstan and the cluster. */
  readonly env: string;
  readonly commands: readonly Command[];
  /** One or more. */
  readonly operatorLogs: readonly string[];
}

const indent = '  ';

/** What was shown, and how it came out, in lines of at most so many columns. */
export function storyLines({ tally, acts, leftOut }: Story, columns: number): readonly string[] {
  const told = [
    ...acts.map(({ kind, text }) => [kind, text] as const),
    ...leftOut.map(({ kind, why }) => [kind, `left out: ${why}`] as const),
  ];
  const width = Math.max(0, ...told.map(([kind]) => kind.length));
  const lines = told.flatMap(([kind, text]) =>
    wrap(text, columns - width - 2 * indent.length).map(
      (part, at) => `${indent}${(at === 0 ? kind : '').padEnd(width)}${indent}${part}`,
    ),
  );
  return [...unreadyReasons(tally, columns), heading('What happened'), ...lines, ''];
}

/** What to know and to try once everything stands. Commands are never broken, so that they can be copied. */
export function guidance({ env, commands, operatorLogs }: GuidanceOptions): readonly string[] {
  const [firstLog = '', ...otherLogs] = operatorLogs;
  return [
    heading('Try it, in another terminal'),
    `${indent}. ${env}`,
    ...commands.flatMap(({ why, line }) => [styleText('dim', `${indent}# ${why}`), `${indent}${line}`]),
    '',
    `${heading('Operator log')}  ${firstLog}`,
    ...otherLogs.map((log) => `${' '.repeat('Operator log  '.length)}${log}`),
    `${heading('Ctrl-C')}        stops everything and removes it`,
    '',
  ];
}

function heading(text: string): string {
  return styleText('bold', text);
}

/** Why resources run and are not Ready, in their own words. */
function unreadyReasons({ unready }: Tally, columns: number): readonly string[] {
  return unready.flatMap((row) => unreadyLines(row, columns));
}

function unreadyLines({ namespace, name, verdict }: Row, columns: number): readonly string[] {
  if (verdict.kind !== 'Unready') return [];
  const [first = '', ...rest] = wrap(verdict.why, columns - 4);
  return [
    `${styleText('yellow', '◐')} ${namespace}/${name} runs, and is not Ready:`,
    ...[first, ...rest].map((line) => `    ${line}`),
    '',
  ];
}
