import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

function linesOf(chunks: readonly Buffer[], splitter = new LineSplitter(1_000_000)): string[] {
  return chunks.flatMap((chunk) => [...splitter.push(chunk)]);
}

const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !text.includes('\n'));

describe('LineSplitter', () => {
  it('finds the same lines wherever the bytes are cut, even inside a character', () => {
    const cuts = fc.array(fc.nat(2_000), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), cuts, (lines, cutsAt) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const at = [0, ...cutsAt.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
        const chunks = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
        expect(linesOf(chunks)).toEqual(lines);
      }),
    );
  });

  it('finds the same lines byte by byte', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 10 }), (lines) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        expect(linesOf([...bytes].map((byte) => Buffer.from([byte])))).toEqual(lines);
      }),
    );
  });

  it('counts the bytes of a line that has not ended', () => {
    const splitter = new LineSplitter(100);
    expect(linesOf([Buffer.from('one\ntw')], splitter)).toEqual(['one']);
    expect(splitter.pendingBytes).toBe(2);
    expect(linesOf([Buffer.from('o\n')], splitter)).toEqual(['two']);
    expect(splitter.pendingBytes).toBe(0);
  });

  it('leaves empty lines out', () => {
    expect(linesOf([Buffer.from('\n\na\n'), Buffer.from('\n')])).toEqual(['a']);
  });

  it('refuses a line that is longer than allowed', () => {
    const splitter = new LineSplitter(10);
    expect(() => linesOf([Buffer.from('12345'), Buffer.from('678901')], splitter)).toThrow(RangeError);
  });
});
