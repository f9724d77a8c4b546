import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactionOf } from './redaction.ts';

const jaas = 'org.example.PlainLoginModule required\n username="reader" password="s3cr\\"et-word";';

describe('a redaction', () => {
  it.each([
    ['as it is', `bad value [${jaas}]`],
    ['on one line', `bad value [${jaas.replace(/\s+/g, ' ')}]`],
    ['as JSON', `bad value ${JSON.stringify(jaas)}`],
    ['in an URL', `bad value ${encodeURIComponent(jaas)}`],
    ['as basic authentication', `bad value ${Buffer.from(jaas).toString('base64')}`],
  ])('finds a secret %s', (_, text) => {
    const shown = redactionOf([jaas])(text);
    expect(shown).toMatch(/^bad value .*\[redacted\]/);
    expect(shown).not.toMatch(/s3cr|et-word|PlainLogin/);
  });

  it('finds a password inside of a longer secret', () => {
    expect(redactionOf(['user="u" password="hunter22"'])('login with hunter22 failed')).toBe(
      'login with [redacted] failed',
    );
  });

  it('takes out the longer of two secrets where one is part of the other', () => {
    expect(redactionOf(['pass', 'password'])('password')).toBe('[redacted]');
  });

  it('leaves all as it is where there is no secret', () => {
    expect(redactionOf([])('all of it')).toBe('all of it');
    expect(redactionOf([''])('all of it')).toBe('all of it');
  });

  it('leaves nothing of a secret, whatever stands around it', () => {
    const secrets = fc.stringMatching(/^[a-z0-9"\\$&]{8,20}$/);
    const around = fc.stringMatching(/^[A-Z .:]{0,20}$/);
    fc.assert(
      fc.property(secrets, around, around, (secret, before, after) => {
        expect(redactionOf([secret])(`${before}${secret}${after}`)).toBe(`${before}[redacted]${after}`);
      }),
    );
  });
});
