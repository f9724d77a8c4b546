import type { JsonObject } from '@capstan/crd';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { yamlText } from './yaml-text.ts';

describe('an object as YAML', () => {
  it('reads as people write it', () => {
    const config = { url: 'nats://nats:4222', max_reconnects: -1, tls: false };
    const value = {
      namespaces: [{ name: 'orders', slots: { source: { config } }, tags: [], behavior: {} }, 'x', [1, [2]]],
    };
    expect(yamlText(value)).toBe(
      [
        'namespaces:',
        '  - name: "orders"',
        '    slots:',
        '      source:',
        '        config:',
        '          url: "nats://nats:4222"',
        '          max_reconnects: -1',
        '          tls: false',
        '    tags: []',
        '    behavior: {}',
        '  - "x"',
        '  - - 1',
        '    - - 2',
        '',
      ].join('\n'),
    );
  });

  it('is read back as it was, by the rules of YAML 1.2 and of 1.1', () => {
    const any = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ noUnicodeString: false }), { maxKeys: 4 });
    fc.assert(
      fc.property(any, (value) => {
        const object = JSON.parse(JSON.stringify(value)) as JsonObject; // a dictionary of what JSON can say
        const text = yamlText(object);
        expect(parse(text)).toEqual(object);
        expect(parse(text, { version: '1.1' })).toEqual(object);
      }),
    );
  });

  it.each([
    ['no', 'yes'],
    ['null', '~'],
    ['1', '0x1f'],
    ['a: b', '# c'],
    ['-', '- x'],
    ['', ' '],
    ['2020-01-01', '1_000'],
  ])('takes the key %o and the text %o for what they are', (key, text) => {
    expect(parse(yamlText({ [key]: text }), { version: '1.1' })).toEqual({ [key]: text });
  });

  it('has no character in it that a reader of YAML refuses', () => {
    const text = yamlText({ text: '\u0000\u0007\u007f\u0085\u009f\u2028\ufeff\ufffe' });
    expect(text).toMatch(/^[\n\x20-\x7e]+$/);
    expect(parse(text)).toEqual({ text: '\u0000\u0007\u007f\u0085\u009f\u2028\ufeff\ufffe' });
  });
});
