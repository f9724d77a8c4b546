import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accessEntries } from '../agent/access-entries.ts';
import { renderAccessFiles } from './access-files.ts';
import { encryptionOnly, someSettings } from './some-settings.fixture.ts';
import { haproxyVersions } from './version-features.ts';

const anyName = fc.string({ unit: 'binary', minLength: 1, maxLength: 100 });
const anyNames = fc.array(
  fc.oneof(
    anyName,
    anyName.map((name) => `DNS:${name}`),
  ),
  { maxLength: 20 },
);

describe('the files that change while HAProxy runs', () => {
  it('are the limits of the broker alone where clients have no names', () => {
    expect(renderAccessFiles(encryptionOnly({ maxConnections: 100 }))).toEqual({ 'connections.map': '!broker 100\n' });
  });

  it('hold a limit that is always there, so that a connection too many is refused and not kept waiting', () => {
    expect(renderAccessFiles(encryptionOnly())).toEqual({ 'connections.map': '!broker 2000\n' });
  });

  it('hold the allowed names where others are denied, each kind in a list of its own', () => {
    const access = { defaultPolicy: 'deny', names: ['bob', 'alice', 'DNS:carol.clients', 'alice', ''] } as const;
    expect(renderAccessFiles(someSettings({ access }))).toEqual({
      'connections.map': '!broker 2000\n',
      'allowed-names.lst': 'alice\nbob\n',
      'allowed-alternative-names.lst': '|DNS%3Acarol.clients|\n',
    });
  });

  it('hold the denied names in other lists, so that a proxy with the old policy never takes one for the other', () => {
    const access = { defaultPolicy: 'allow', names: ['mallory'] } as const;
    expect(renderAccessFiles(someSettings({ access }))).toEqual({
      'connections.map': '!broker 2000\n',
      'denied-names.lst': 'mallory\n',
      'denied-alternative-names.lst': '',
    });
  });

  it('hold the limits of tenants, and those of all others under a key no tenant can have', () => {
    const tenants = {
      defaults: { maxConnections: 5 },
      overrides: [
        { name: 'team b', limits: { maxConnections: 2, maxBandwidthMBps: 10 } },
        { name: 'team a', limits: { maxBandwidthMBps: 5 } },
      ],
    };
    expect(renderAccessFiles(someSettings({ tenants }))).toEqual({
      'connections.map': '!broker 2000\n* 5\nteam%20b 2\n',
      'bandwidth.map': '* 0\nteam%20a 5\nteam%20b 10\n',
    });
  });

  it.each([
    ['2.6', ['allowed-names.lst', 'connections.map']],
    ['2.8', ['allowed-names.lst', 'bandwidth.map', 'connections.map']],
    ['3.0', ['allowed-names.lst', 'bandwidth.map', 'connections.map']],
    ['3.2', ['allowed-alternative-names.lst', 'allowed-names.lst', 'bandwidth.map', 'connections.map']],
  ] as const)('are for %s: %j', (version, expected) => {
    const access = { defaultPolicy: 'deny', names: ['DNS:carol.clients'] } as const;
    const tenants = { defaults: { maxBandwidthMBps: 1 }, overrides: [] };
    expect(Object.keys(renderAccessFiles(someSettings({ version, access, tenants }))).sort()).toEqual(expected);
  });

  it.each([
    [0, 1],
    [-3, 1],
    [2.7, 2],
    [1e12, 2_147_483_647],
  ])('never hold a limit of %s as it is: it could mean none, or nothing', (maxConnections, written) => {
    const files = renderAccessFiles(someSettings({ tenants: { defaults: { maxConnections }, overrides: [] } }));
    expect(files['connections.map']).toContain(`\n* ${written}\n`);
  });

  it('have exactly one line for each name, whatever the name is', () => {
    fc.assert(
      fc.property(anyNames, fc.constantFrom('allow' as const, 'deny' as const), (names, defaultPolicy) => {
        const files = renderAccessFiles(someSettings({ access: { defaultPolicy, names } }));
        const lists = Object.entries(files).filter(([file]) => file.endsWith('.lst'));
        const written = lists.flatMap(([file, text]) => accessEntries(file, text) ?? ['not entries']);
        const read = written.map((entry) => decodeURIComponent(entry.replaceAll('|', '')));
        expect(read.sort()).toEqual([...new Set(names)].sort());
      }),
    );
  });

  it('give each tenant its own limit and no other, whatever its name is', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyName, { maxLength: 20 }), fc.constantFrom(...haproxyVersions), (names, version) => {
        const overrides = names.map((name, index) => ({ name, limits: { maxConnections: index + 1 } }));
        const files = renderAccessFiles(someSettings({ version, tenants: { defaults: {}, overrides } }));
        const entries = accessEntries('connections.map', files['connections.map'] ?? '') ?? [];
        const limits = entries.slice(2).map((entry) => {
          const [name = '', limit] = entry.split(' ');
          return [decodeURIComponent(name), Number(limit)];
        });
        expect(new Map(limits as [string, number][])).toEqual(new Map(names.map((name, index) => [name, index + 1])));
        expect(limits).toHaveLength(names.length);
      }),
    );
  });
});
