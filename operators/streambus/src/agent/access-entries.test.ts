import { describe, expect, it } from 'vitest';
import { accessEntries, isAccessFile } from './access-entries.ts';

describe('entries of access files', () => {
  it.each([
    ['allowed-names.lst', 'alice\nbob%20b\n', ['alice', 'bob%20b']],
    ['allowed-names.lst', '', []],
    ['denied-alternative-names.lst', '|DNS%3Aa|\n', ['|DNS%3Aa|']],
    ['connections.map', '!broker 100\n* 5\n', ['!broker 100', '* 5']],
  ])('of %s with %j are %j', (name, text, entries) => {
    expect(accessEntries(name, text)).toEqual(entries);
  });

  it.each([
    ['allowed-names.lst', 'alice\na b\n'],
    ['allowed-names.lst', 'a;quit\n'],
    ['allowed-names.lst', 'a\\\n'],
    ['allowed-names.lst', '<<\n'],
    ['allowed-names.lst', 'a\r\n'],
    ['connections.map', 'alice\n'],
    ['connections.map', 'alice many\n'],
    ['connections.map', 'alice 1 2\n'],
  ])('of %s are none when one of %j is not an entry', (name, text) => {
    expect(accessEntries(name, text)).toBeUndefined();
  });
});

it.each([
  ['connections.map', true],
  ['allowed-names.lst', true],
  ['..data', false],
  ['README', false],
])('%s is an access file: %s', (name, expected) => {
  expect(isAccessFile(name)).toBe(expected);
});
