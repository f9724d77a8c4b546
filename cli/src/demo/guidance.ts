import { styleText } from 'node:util';
import type { Tally } from './settle.ts';
import type { ClusterRow } from './table.ts';
import { wrap } from './table.ts';

export interface GuidanceOptions {
  readonly tally: Tally;
  readonly kubeconfig: string;
  /** Directory with kubectl and capstan in it. */
  readonly bin: string;
  readonly operatorLog: string;
  readonly columns: number;
}

/** What to know and to try once everything stands. */
export function guidance({ tally, kubeconfig, bin, operatorLog, columns }: GuidanceOptions): readonly string[] {
  const heading = (text: string): string => styleText('bold', text);
  return [
    ...unreadyReasons(tally, columns),
    heading('In another terminal'),
    `  export KUBECONFIG=${kubeconfig}`,
    `  export PATH="${bin}:$PATH"`,
    ...commandsFor(tally.ready[0] ?? tally.unready[0]).flatMap(({ why, lines }) => [
      styleText('dim', `  # ${why}`),
      ...lines.map((line) => `  ${line}`),
    ]),
    '',
    `${heading('Operator log')}  ${operatorLog}`,
    `${heading('Ctrl-C')}        stops everything and removes it`,
    '',
  ];
}

/** Why clusters run and are not Ready, in their own words. */
export function unreadyReasons({ unready }: Tally, columns: number): readonly string[] {
  return unready.flatMap((row) => unreadyLines(row, columns));
}

function unreadyLines({ namespace, name, verdict }: ClusterRow, columns: number): readonly string[] {
  if (verdict.kind !== 'Unready') return [];
  const [first = '', ...rest] = wrap(verdict.why, columns - 4);
  return [
    `${styleText('yellow', '◐')} ${namespace}/${name} runs, and is not Ready:`,
    ...[first, ...rest].map((line) => `    ${line}`),
    '',
  ];
}

interface Command {
  readonly why: string;
  readonly lines: readonly string[];
}

function commandsFor(row: ClusterRow | undefined): readonly Command[] {
  const all = { why: 'every cluster, with the reason of its state', lines: ['kubectl get sbc -A -o wide'] };
  if (row === undefined) return [all];
  const { namespace, name } = row;
  const preview = [
    `kubectl get sbc ${name} -n ${namespace} -o yaml | sed 's/tag: .*/tag: v0.6.1/' | capstan plan -f -`,
  ];
  const roll = [
    `kubectl patch sbc ${name} -n ${namespace} --type merge \\`,
    `  -p '{"spec":{"image":{"tag":"v0.6.1"}}}'`,
  ];
  const repair = [`kubectl delete service ${name} -n ${namespace}`, `kubectl get service ${name} -n ${namespace}`];
  return [
    all,
    { why: 'what a new image would do, before it does it', lines: preview },
    { why: 'a new image: the brokers roll', lines: roll },
    { why: 'a child deleted by hand: it is back before you look', lines: repair },
    { why: 'why the operator did what it did', lines: [`capstan explain sbc/${name} -n ${namespace}`] },
  ];
}
