import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactionOf } from './redaction.ts';
import { oneLine, saidBy } from './short-message.ts';

const plain = redactionOf([]);

describe('what an answer says', () => {
  it.each([
    ['nothing', '', ''],
    ['plain text', 'Cannot find any supervisor with id: [x]', 'Cannot find any supervisor with id: [x]'],
    ['an error', '{"error":"no such thing"}', 'no such thing'],
    [
      'a DruidException',
      '{"error":"druidException","errorCode":"x","errorMessage":"Task[a] exists"}',
      'Task[a] exists',
    ],
    ['an error without a message', '{"error":"Unauthorized request","errorMessage":null}', 'Unauthorized request'],
    ['an error within', '{"state":"FAILED","error":{"errorMessage":"no such column"}}', 'no such column'],
    ['HTML with a title', ' <html><title>Error 502\nBad</title>', 'Error 502'],
    ['HTML without one', '<h1>Hello</h1>', 'a page of HTML'],
    ['an exception', '{"message":"java.lang.RuntimeException: org.apache.druid.java.util.common.ISE: no"}', 'no'],
    ['an exception alone', '{"message":"java.lang.RuntimeException: "}', 'RuntimeException:'],
    ['JSON that is no error', '[1]', ''],
  ])('is found in %s', (_, text, said) => {
    expect(saidBy({ text }, plain)).toBe(said);
  });

  it('is at most 300 characters in one line, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000, unit: 'binary' }), (text) => {
        const said = oneLine(text, plain);
        expect(said.length).toBeLessThanOrEqual(300);
        expect(said).not.toMatch(/[\r\n]/);
      }),
    );
  });

  it('does not show the part of a secret that fits into the length', () => {
    const secret = 'k'.repeat(50);
    expect(oneLine(`${'a'.repeat(280)}${secret}`, redactionOf([secret]))).not.toContain('k');
  });

  it('does not show the lines of a secret behind its first', () => {
    expect(oneLine('bad: first-line\nsecond-line, sorry', redactionOf(['first-line\nsecond-line']))).toBe(
      'bad: [redacted], sorry',
    );
  });
});
