import { type CheckName, checkNames, type Finding, type Level } from './finding.ts';

/** Puts colour on a text, or leaves it as it is where nobody wants colour. */
export type Paint = (colour: 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold', text: string) => string;

/** How many findings there are of each level. */
export type Summary = Readonly<Record<Level, number>>;

const marks: Readonly<Record<Level, { readonly mark: string; readonly colour: Parameters<Paint>[0] }>> = {
  problem: { mark: '✗', colour: 'red' },
  warning: { mark: '!', colour: 'yellow' },
  note: { mark: '·', colour: 'cyan' },
  ok: { mark: '✓', colour: 'green' },
};

/** From the worst on. */
const levels: readonly Level[] = ['problem', 'warning', 'note', 'ok'];

export function summaryOf(findings: readonly Finding[]): Summary {
  const count = (level: Level) => findings.filter((finding) => finding.level === level).length;
  return { problem: count('problem'), warning: count('warning'), note: count('note'), ok: count('ok') };
}

/** 1 for problems, 2 for warnings and nothing worse, 0 otherwise. */
export function exitCodeOf({ problem, warning }: Summary): number {
  if (problem > 0) return 1;
  return warning > 0 ? 2 : 0;
}

/** What was found, for a person: the worst first, each with its remedy; then a table of the checks, then a line that sums up. */
export function reportLines(findings: readonly Finding[], paint: Paint): readonly string[] {
  const told = levels.slice(0, -1).flatMap((level) => findings.filter((finding) => finding.level === level));
  return [
    ...told.flatMap((finding) => findingLines(finding, paint)),
    ...(told.length > 0 ? [''] : []),
    ...checkNames.flatMap((check) => checkLines(check, findings, paint)),
    '',
    summaryText(summaryOf(findings)),
  ];
}

function findingLines({ level, where, says, remedy }: Finding, paint: Paint): readonly string[] {
  const { mark, colour } = marks[level];
  const head = `${paint(colour, mark)} ${paint('bold', where)}: ${says}`;
  return [head, ...(remedy === undefined ? [] : [`    ${paint('dim', '->')} ${remedy}`])];
}

function checkLines(check: CheckName, findings: readonly Finding[], paint: Paint): readonly string[] {
  const own = findings.filter((finding) => finding.check === check);
  const worst = levels.find((level) => own.some((finding) => finding.level === level)) ?? 'ok';
  const { mark, colour } = marks[worst];
  return [`${paint(colour, mark)} ${check.padEnd(16)}  ${checkText(own)}`];
}

/** What a single fine thing is says more than its count. */
function checkText(own: readonly Finding[]): string {
  const [first, ...more] = own;
  if (first === undefined) return 'nothing to look at';
  return first.level === 'ok' && more.length === 0 ? `${first.where}: ${first.says}` : countsText(summaryOf(own));
}

function countsText({ problem, warning, note, ok }: Summary): string {
  const counts = [
    [problem, 'problem'],
    [warning, 'warning'],
    [note, 'note'],
  ] as const;
  const told = counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}${count === 1 ? '' : 's'}`);
  return [...told, ...(ok > 0 ? [`${ok} fine`] : [])].join(', ');
}

function summaryText(summary: Summary): string {
  const counts = countsText(summary);
  if (summary.problem > 0) return `${counts}: mend the problems before installing or upgrading`;
  return summary.warning > 0 ? `${counts}: nothing stops it, but look at the warnings` : `${counts}: ready`;
}
