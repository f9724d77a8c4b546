import { describe, expect, it } from 'vitest';
import { aStillClock } from './kubeconfig.fixture.ts';
import { Rotating } from './rotating.ts';

/** A file whose content the test sets; `undefined` cannot be read. */
function aFile(content: string | undefined) {
  const file = { content, reads: 0 };
  const clock = aStillClock();
  const rotating = new Rotating({
    clock,
    load: async () => {
      file.reads += 1;
      if (file.content === undefined) throw new Error('not there');
      return file.content;
    },
  });
  return { file, clock, rotating };
}

describe('a rotating value', () => {
  it('is read once for all who ask within ten seconds', async () => {
    const { file, clock, rotating } = aFile('one');
    await Promise.all([rotating.current(), rotating.current()]);
    clock.pass(9_999);
    expect(await rotating.current()).toBe('one');
    expect(file.reads).toBe(1);
  });

  it('is read again after ten seconds', async () => {
    const { file, clock, rotating } = aFile('one');
    await rotating.current();
    file.content = 'two';
    clock.pass(10_000);
    expect(await rotating.current()).toBe('two');
  });

  it('keeps the last good reading while the file cannot be read', async () => {
    const { file, clock, rotating } = aFile('one');
    await rotating.current();
    file.content = undefined;
    clock.pass(10_000);
    expect(await rotating.current()).toBe('one');
  });

  it('fails when the first reading fails, and recovers', async () => {
    const { file, rotating } = aFile(undefined);
    await expect(rotating.current()).rejects.toThrow('not there');
    file.content = 'one';
    expect(await rotating.current()).toBe('one');
  });

  it('says after a refusal whether another answer is to be expected', async () => {
    const { file, rotating } = aFile('one');
    await rotating.current();
    expect(await rotating.renew()).toBe(false);
    file.content = 'two';
    expect(await rotating.renew()).toBe(true);
    expect(await rotating.current()).toBe('two');
  });

  it('lets a request that was refused a little later try again as well', async () => {
    const { file, clock, rotating } = aFile('one');
    await rotating.current();
    file.content = 'two';
    await rotating.renew();
    clock.pass(1_000);
    expect(await rotating.renew()).toBe(true);
    clock.pass(60_000);
    expect(await rotating.renew()).toBe(false);
  });

  it('keeps the same object while readings mean the same', async () => {
    const clock = aStillClock();
    const rotating = new Rotating({ clock, load: async () => ({ cert: 'a' }), same: (a, b) => a.cert === b.cert });
    const first = await rotating.current();
    clock.pass(10_000);
    expect(await rotating.current()).toBe(first);
  });
});
