import { describe, expect, it } from 'vitest';
import { readableLogLine } from './log-line.ts';

describe('a line of the log', () => {
  it.each([
    [
      'about a resource',
      '{"level":"error","ts":"2026-01-01T10:20:30.400Z","namespace":"shop","name":"orders","err":{"message":"no route"},"msg":"pass failed"}',
      '10:20:30  error  shop/orders  pass failed  no route',
    ],
    [
      'about nothing in particular',
      '{"level":"info","ts":"2026-01-01T10:20:30.400Z","msg":"stopped"}',
      '10:20:30  info  stopped',
    ],
    ['of a crash', '    at main (main.ts:1:1)', '    at main (main.ts:1:1)'],
    ['of other JSON', '{"a":1}', '{"a":1}'],
    ['that is a JSON text', '"x"', '"x"'],
  ])('%s reads well', (_, line, expected) => {
    expect(readableLogLine(line)).toBe(expected);
  });
});
