import { anyJson, freeForm, listMap, mapOf, nullable, Type, withDefault } from '@capstan/crd';

/** Most lookups of one resource. */
const mostLookups = 100;

/** Most fields of one dynamic configuration: twice as many as Druid has. */
const mostFields = 32;

/** The longest former value of a field that the status keeps, in characters. */
export const longestFormer = 4_096;

/** The tier that Druid has without being told of any. */
const usualTier = '__default';

const part = (description: string) => Type.String({ minLength: 1, maxLength: 253, pattern: '^[^/\\s]+$', description });

const lookup = Type.Object(
  {
    tier: withDefault(part('Tier of the processes that load it; __default unless given.'), usualTier),
    name: part('Name of the lookup, as queries use it.'),
    lookupExtractorFactory: freeForm({
      description: `What it is made of, as Druid takes it: {"type": "map", "map": ...}. Other types may need a flag of the operator. A value may be written \${secret:name/key}: it is put in when the lookup is sent, from a Secret of the same namespace.`,
    }),
  },
  { description: 'One lookup.' },
);

/** Lookups that queries use. */
export const lookups = listMap(lookup, ['tier', 'name'], {
  maxItems: mostLookups,
  description:
    'Lookups of the Druid cluster. Taken out of the spec, they are taken out of Druid. One that somebody else made is left alone.',
});

const fields = (description: string) =>
  mapOf(nullable(anyJson({ description: 'Value of the field, as Druid takes it.' })), {
    maxProperties: mostFields,
    description,
  });

/** What coordinator and overlord can be told while they run. */
export const dynamicConfig = Type.Object(
  {
    coordinator: Type.Optional(fields('Fields of the dynamic configuration of the coordinator.')),
    overlord: Type.Optional(fields('Fields of the dynamic configuration of the overlord.')),
  },
  {
    description:
      'Dynamic configuration of the Druid cluster: only the fields that are named here are set. Taken out of the spec, a field gets back the value that it had before, unless somebody else has changed it since. No references to Secrets.',
  },
);

const ownLookup = Type.Object(
  {
    tier: Type.String({ description: 'Its tier.' }),
    name: Type.String({ description: 'Its name.' }),
  },
  { description: 'One lookup.' },
);

/** Which lookups the operator has made. */
export const ownLookups = listMap(ownLookup, ['tier', 'name'], {
  description: 'Lookups in Druid that are ours to remove.',
});

const ownField = Type.Object(
  {
    field: Type.String({ description: 'Name of the field.' }),
    formerJson: Type.Optional(
      Type.String({ description: 'The value that it had before, as JSON text; absent where it had none.' }),
    ),
    setHash: Type.String({
      description: 'SHA-256 of the value that it was given, as Druid shows it: by this it is known to be still ours.',
    }),
  },
  { description: 'One field.' },
);

const ownFields = (description: string) => Type.Optional(listMap(ownField, ['field'], { description }));

/** Which fields of the dynamic configuration the operator has set. */
export const ownDynamicConfig = Type.Object(
  {
    coordinator: ownFields('Those of the coordinator.'),
    overlord: ownFields('Those of the overlord.'),
  },
  { description: 'Fields of the dynamic configuration that are ours to put back.' },
);
