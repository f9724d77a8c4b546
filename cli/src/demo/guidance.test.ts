import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { guidance, storyLines } from './guidance.ts';
import { row } from './row.fixture.ts';

const plain = (lines: readonly string[]) => lines.map((line) => stripVTControlCharacters(line));

describe('the story', () => {
  it('says why a resource is not ready, what came of each act, and what is left out', () => {
    const story = {
      tally: {
        ready: [row()],
        unready: [row({ name: 'secure', verdict: { kind: 'Unready', why: 'nobody verifies tokens' } as const })],
      },
      readyMs: 14_000,
      acts: [{ kind: 'StreamBusCluster', text: 'a deleted child back in 48 ms' }],
      leftOut: [{ kind: 'DruidIngestion', why: 'no Java found: install Java 17, or set JAVA_HOME' }],
    };
    expect(plain(storyLines(story, 60))).toEqual([
      '◐ shop/secure runs, and is not Ready:',
      '    nobody verifies tokens',
      '',
      'What happened',
      '  StreamBusCluster  a deleted child back in 48 ms',
      '  DruidIngestion    left out: no Java found: install Java',
      '                    17, or set JAVA_HOME',
      '',
    ]);
  });
});

describe('the guidance', () => {
  it('says what to type, whole, and where each operator logs', () => {
    const line = `kubectl patch ingestion clicks --type merge -p '${'x'.repeat(80)}'`;
    const lines = guidance({
      env: '/demo/env',
      commands: [{ why: 'every cluster', line }],
      operatorLogs: ['/demo/streambus-operator.log', '/demo/druid-operator.log'],
    });
    expect(plain(lines)).toEqual([
      'Try it, in another terminal',
      '  . /demo/env',
      '  # every cluster',
      `  ${line}`,
      '',
      'Operator log  /demo/streambus-operator.log',
      '              /demo/druid-operator.log',
      'Ctrl-C        stops everything and removes it',
      '',
    ]);
  });
});
