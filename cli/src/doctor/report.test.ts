import { expect, test } from 'vitest';
import type { Finding, Level } from './finding.ts';
import { exitCodeOf, reportLines, summaryOf } from './report.ts';

const plain = (_: string, text: string) => text;

function finding(level: Level, parts: Partial<Finding> = {}): Finding {
  return { check: 'storage', level, where: `thing ${level}`, says: 'is so', ...parts };
}

test.each<[readonly Level[], number]>([
  [[], 0],
  [['ok', 'note'], 0],
  [['ok', 'warning', 'note'], 2],
  [['warning', 'problem', 'ok'], 1],
])('findings of levels %j end with code %d', (levels, code) => {
  expect(exitCodeOf(summaryOf(levels.map((level) => finding(level))))).toBe(code);
});

test('the report begins with the worst, tells remedies, counts by check and sums up', () => {
  const findings = [
    finding('ok', { check: 'api-server', where: 'API server', says: 'v1.36.3' }),
    finding('note'),
    finding('problem', { remedy: 'kubectl mend' }),
    finding('warning', { check: 'nodes' }),
    finding('ok'),
  ];
  expect(reportLines(findings, plain).join('\n')).toBe(
    [
      '✗ thing problem: is so',
      '    -> kubectl mend',
      '! thing warning: is so',
      '· thing note: is so',
      '',
      '✓ api-server        API server: v1.36.3',
      '✓ definitions       nothing to look at',
      '✗ storage           1 problem, 1 note, 1 fine',
      '✓ pod-security      nothing to look at',
      '✓ webhooks          nothing to look at',
      '✓ other-operators   nothing to look at',
      '✓ permissions       nothing to look at',
      '✓ resources         nothing to look at',
      '✓ stuck             nothing to look at',
      '✓ optional-kinds    nothing to look at',
      '! nodes             1 warning',
      '',
      '1 problem, 1 warning, 1 note, 2 fine: mend the problems before installing or upgrading',
    ].join('\n'),
  );
});
