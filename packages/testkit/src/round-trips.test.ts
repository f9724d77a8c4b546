import {
  customResource,
  listMap,
  listSet,
  mapOf,
  quantity,
  rule,
  spoke,
  stringEnum,
  Type,
  versionedResource,
  withDefault,
} from '@capstan/crd';
import { describe, expect, it } from 'vitest';
import { roundTrips } from './round-trips.ts';

const about = (description: string): { description: string } => ({ description });
const names = { group: 'test.capstan.dev', kind: 'Shelf', plural: 'shelves', description: 'A shelf.' };
const status = Type.Object({ ready: Type.Optional(Type.Integer(about('How many.'))) });
const book = (extra: Parameters<typeof Type.Object>[0] = {}) =>
  Type.Object({ title: Type.String({ maxLength: 5, pattern: '^[a-z]+$', ...about('A title.') }), ...extra });

const Shelf = customResource({
  ...names,
  version: 'v1',
  spec: Type.Object(
    {
      width: withDefault(Type.Integer({ minimum: 1, maximum: 9, ...about('Width.') }), 2),
      least: Type.Optional(Type.Integer({ minimum: 0, maximum: 9, ...about('At least so wide.') })),
      kind: Type.Optional(stringEnum(['Open', 'Closed', 'Glass'], about('A kind.'))),
      books: Type.Optional(
        listMap(book({ pages: withDefault(Type.Integer(about('Pages.')), 7) }), ['title'], about('Books.')),
      ),
      tags: Type.Optional(listSet(Type.String({ maxLength: 3 }), about('Tags.'))),
      loads: Type.Optional(mapOf(quantity({ maxLength: 10 }), about('Loads.'))),
    },
    { rules: [rule('!has(self.least) || self.least <= self.width', 'least must not exceed width')] },
  ),
  status,
});

const OldShelf = customResource({
  ...names,
  version: 'v1alpha1',
  spec: Type.Object({
    size: Type.Integer({ minimum: 1, maximum: 9, ...about('Width.') }),
    closed: withDefault(Type.Boolean(about('Whether it has doors.')), false),
    note: Type.Optional(Type.String({ maxLength: 9, ...about('A note.') })),
    books: Type.Optional(listMap(book(), ['title'], about('Books.'))),
  }),
  status,
});

const shelves = (widthOf: (size: number) => number) =>
  versionedResource({
    hub: Shelf,
    spokes: [
      spoke(OldShelf, Shelf).by({
        toHub: ({ spec, status: now }) => ({
          spec: {
            width: widthOf(spec.size),
            kind: spec.closed ? 'Closed' : 'Open',
            ...(spec.books && { books: spec.books }),
          },
          status: now,
        }),
        fromHub: ({ spec, status: now }) => ({
          spec: {
            size: spec.width,
            closed: spec.kind === 'Closed',
            ...(spec.books && { books: spec.books.map(({ title }) => ({ title })) }),
          },
          status: now,
        }),
      }),
    ],
  });

describe('round trips between versions', () => {
  it('are found to be whole where nothing is lost', () => {
    roundTrips(shelves((size) => size));
  });

  it('are found out where a conversion gives what the other version refuses', () => {
    expect(() => roundTrips(shelves((size) => size * 2))).toThrow(
      /from v1alpha1 to v1 gives what v1 refuses: spec.width/,
    );
  });

  it('are found out where an object is lost', () => {
    const broken = {
      ...shelves((size) => size),
      convert: (object: object) => ({ ...object, spec: { width: 1, size: 1 } }),
    };
    expect(() => roundTrips(broken)).toThrow(/and back loses something/);
  });

  it('are made with the samples that are given', () => {
    const sample = { apiVersion: 'test.capstan.dev/v1', kind: 'Shelf', metadata: { name: 'a' }, spec: { width: 3 } };
    const seen: object[] = [];
    const whole = shelves((size) => size);
    roundTrips(
      {
        ...whole,
        convert: (object, version) => {
          seen.push(object);
          return whole.convert(object, version);
        },
      },
      { samples: [sample], runs: 1 },
    );
    expect(seen).toContain(sample);
  });
});
