import { describe, expect, it } from 'vitest';
import { lastWords } from './last-words.ts';

describe('last words', () => {
  it('are nothing for an operator that said nothing of interest', () => {
    expect(lastWords([{ level: 'debug', msg: 'reconciled' }])).toBe('');
  });

  it('tell each thing once, what was said last at the end', () => {
    const refused = {
      level: 'warn',
      msg: 'child',
      ts: '1',
      controller: 'c',
      child: 'Service/a',
      detail: { status: 422 },
    };
    const lines = [refused, { level: 'info', msg: 'leading' }, { ...refused, ts: '2' }];
    expect(lastWords(lines)).toBe(
      '\n\nthe operator\'s last lines:\n  info: leading\n  warn: child child=Service/a detail={"status":422} (2 times)',
    );
  });

  it('show of an error what it says and where it arose', () => {
    const err = {
      message: 'no such field',
      stack: 'TypeError: no such field\n    at planOf (/src/plan.ts:3:1)\n    at more',
    };
    expect(lastWords([{ level: 'error', msg: 'pass failed', err }, { msg: 'Segmentation fault' }])).toBe(
      "\n\nthe operator's last lines:\n  error: pass failed: no such field (at planOf (/src/plan.ts:3:1))\n  Segmentation fault",
    );
  });
});
