import { readdirSync, readFileSync } from 'node:fs';
import { DruidIngestion } from '@capstan/druid-operator';
import { PrismCluster, PrismFederation, PrismNamespace, PrismPattern } from '@capstan/prism-operator';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const directory = new URL('../../../deploy/samples/', import.meta.url);
const kinds = [StreamBusCluster, DruidIngestion, PrismCluster, PrismPattern, PrismNamespace, PrismFederation] as const;
/** The requirement's own sample, word for word: its versions are what they are. */
const wordForWord = ['prism/prism-local.yaml'];

interface Sample {
  readonly file: string;
  readonly text: string;
  readonly objects: readonly { readonly kind: string }[];
}

const samples = ['streambus', 'druid', 'prism'].flatMap((folder) =>
  readdirSync(new URL(folder, directory)).map((name): Sample => {
    const file = `${folder}/${name}`;
    const text = readFileSync(new URL(file, directory), 'utf8');
    return { file, text, objects: parseAllDocuments(text).map((document) => document.toJS()) };
  }),
);
const named = samples.map((sample) => [sample.file, sample] as const);

function filesOf(kind: string): readonly string[] {
  return samples.filter(({ objects }) => objects.some((object) => object.kind === kind)).map(({ file }) => file);
}

/** Every text in an object, with the path to it. */
function texts(value: unknown, path = ''): readonly (readonly [path: string, text: string])[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe('the samples of each kind', () => {
  it.each(kinds.map(({ kind }) => kind))('%s begin with a minimal one and one for production', (kind) => {
    expect(filesOf(kind).filter((file) => file.endsWith('minimal.yaml'))).toHaveLength(1);
    expect(filesOf(kind).filter((file) => file.endsWith('production.yaml'))).toHaveLength(1);
  });

  it('StreamBusCluster and PrismCluster include those for development, for secure and for shared clusters', () => {
    for (const kind of ['StreamBusCluster', 'PrismCluster'])
      for (const purpose of ['dev', 'secure', 'multi-tenant'])
        expect(filesOf(kind).filter((file) => file.endsWith(`${purpose}.yaml`))).toHaveLength(1);
  });
});

describe.each(named)('%s', (file, { text, objects }) => {
  it('says at its top what it shows and what it needs', () => {
    const [head = ''] = text.split(/^(?!#)/m);
    expect(head.split('\n').filter((line) => line.startsWith('# ')).length).toBeGreaterThan(0);
    expect(head).toMatch(/^# Needs/m);
  });

  it('has no field that the schema does not know, and is valid', () => {
    const own = objects.flatMap((object) => {
      const kind = kinds.find((each) => each.kind === object.kind);
      return kind === undefined ? [] : [...kind.unknownFields(object), ...kind.validate(object)];
    });
    expect(own).toEqual([]);
  });

  it.skipIf(wordForWord.includes(file))('runs no image that is another one tomorrow', () => {
    const moving = objects.flatMap((object) => texts(object)).filter(([, value]) => /(^|:)latest$/.test(value));
    expect(moving).toEqual([]);
  });

  it('holds no password, and no Secret', () => {
    expect(objects.map(({ kind }) => kind)).not.toContain('Secret');
    const secretive = objects
      .flatMap((object) => texts(object))
      .filter(([path, value]) => /password|token$|jaas/i.test(path) && !/^\$\{secret:[^}]+\}$/.test(value));
    expect(secretive).toEqual([]);
  });
});

describe('the table of the samples', () => {
  const table = readFileSync(new URL('README.md', directory), 'utf8');

  it('has a row for each of them, and for nothing else', () => {
    const rows = [...table.matchAll(/^\| \[([^\]]+)\]\(([^)]+)\) \|/gm)].map(([, , target]) => target);
    expect(rows.toSorted()).toEqual(samples.map((sample) => sample.file).toSorted());
  });
});
