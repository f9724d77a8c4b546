import { describe, expect, it } from 'vitest';
import { lastWarning } from './last-warning.ts';

describe('what an operator last warned of', () => {
  it('is the message, the resource and the error of the last line', () => {
    const log = [
      JSON.stringify({ level: 'warn', msg: 'slow pass' }),
      JSON.stringify({
        level: 'warn',
        msg: 'watch failed',
        resource: 'pods',
        err: { message: 'forbidden', stack: 'x' },
      }),
    ];
    expect(lastWarning(`${log.join('\n')}\n`)).toBe('watch failed: pods: forbidden');
  });

  it('is a line as it stands when it is no JSON object', () => {
    expect(lastWarning('{"level":"warn","msg":"a"}\nNode.js v24\n')).toBe('Node.js v24');
    expect(lastWarning('null')).toBe('null');
  });

  it('is nothing where the log is empty', () => {
    expect(lastWarning('')).toBeUndefined();
  });
});
