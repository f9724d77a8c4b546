import { styleText } from 'node:util';
import type { Command } from './exhibits/exhibit.ts';
import type { Tally } from './settle.ts';
import type { Row } from './table.ts';
import { wrap } from './table.ts';

export interface GuidanceOptions {
  readonly tally: Tally;
  readonly kubeconfig: string;
  /** Directory with kubectl and capstan in it. */
  readonly bin: string;
  readonly commands: readonly Command[];
  /** One or more. */
  readonly operatorLogs: readonly string[];
  readonly columns: number;
}

/** What to know and to try once everything stands. */
export function guidance(options: GuidanceOptions): readonly string[] {
  const { tally, kubeconfig, bin, commands, operatorLogs, columns } = options;
  const [firstLog = '', ...otherLogs] = operatorLogs;
  const heading = (text: string): string => styleText('bold', text);
  return [
    ...unreadyReasons(tally, columns),
    heading('In another terminal'),
    `  export KUBECONFIG=${kubeconfig}`,
    `  export PATH="${bin}:$PATH"`,
    ...commands.flatMap(({ why, lines }) => [styleText('dim', `  # ${why}`), ...lines.map((line) => `  ${line}`)]),
    '',
    `${heading('Operator log')}  ${firstLog}`,
    ...otherLogs.map((log) => `${' '.repeat('Operator log  '.length)}${log}`),
    `${heading('Ctrl-C')}        stops everything and removes it`,
    '',
  ];
}

/** Why resources run and are not Ready, in their own words. */
export function unreadyReasons({ unready }: Tally, columns: number): readonly string[] {
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
