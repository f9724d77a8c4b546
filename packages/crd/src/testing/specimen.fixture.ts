import {
  anyJson,
  customResource,
  freeForm,
  immutable,
  intOrString,
  k8s,
  listMap,
  listSet,
  mapOf,
  nullable,
  quantity,
  rule,
  stringEnum,
  stringMap,
  Type,
  withDefault,
} from '../index.ts';

const about = (description: string): { description: string } => ({ description });

const scalars = Type.Object(
  {
    bounded: Type.Optional(Type.Integer({ minimum: 1, maximum: 10, ...about('Between bounds.') })),
    exclusive: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1, ...about('Strictly between.') })),
    stepped: Type.Optional(Type.Integer({ multipleOf: 5, ...about('A multiple.') })),
    small: Type.Optional(Type.Integer({ format: 'int32', ...about('Fits 32 bits.') })),
    large: Type.Optional(Type.Integer({ format: 'int64', ...about('Fits 64 bits.') })),
    ratio: Type.Optional(Type.Number({ minimum: 0, maximum: 1, ...about('A ratio.') })),
    short: Type.Optional(Type.String({ minLength: 2, maxLength: 5, ...about('A short text.') })),
    label: Type.Optional(
      Type.String({ pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$', maxLength: 10, ...about('A DNS label.') }),
    ),
    words: Type.Optional(Type.String({ pattern: '^(\\w+\\s)*\\w+$', ...about('Words.') })),
    posix: Type.Optional(Type.String({ pattern: '\\A[[:alpha:]][^\\d.]*\\z', ...about('No digits.') })),
    level: Type.Optional(stringEnum(['debug', 'info', 'warn'], about('A level.'))),
    answer: Type.Optional(
      Type.Union([Type.Literal(1), Type.Literal(2), Type.Literal(42)], about('One of three numbers.')),
    ),
    flag: Type.Optional(Type.Boolean(about('A flag.'))),
    maybe: Type.Optional(nullable(Type.String({ maxLength: 4, ...about('A text or null.') }))),
    maybeLevel: Type.Optional(nullable(stringEnum(['low', 'high'], about('A level or null.')))),
    day: Type.Optional(Type.String({ format: 'date', ...about('A day.') })),
    moment: Type.Optional(Type.String({ format: 'date-time', ...about('A moment.') })),
    address: Type.Optional(Type.String({ format: 'ipv4', ...about('An address.') })),
    id: Type.Optional(Type.String({ format: 'uuid', ...about('An identifier.') })),
    size: Type.Optional(quantity(about('A quantity.'))),
    target: Type.Optional(intOrString({ pattern: '^[0-9]+%$', ...about('A number or percentage.') })),
  },
  about('Every kind of scalar.'),
);

const defaults = Type.Object(
  {
    count: withDefault(Type.Integer({ minimum: 0, ...about('A number.') }), 3),
    image: withDefault(
      Type.Object(
        {
          repository: withDefault(Type.String(about('Where it is.')), 'streambus/broker'),
          tag: withDefault(nullable(Type.String(about('Which one.'))), 'latest'),
          secrets: withDefault(Type.Array(Type.String(), about('Names.')), []),
        },
        about('Present even when nobody names it.'),
      ),
      {},
    ),
    absent: Type.Optional(
      Type.Object(
        { inner: withDefault(Type.Integer(about('A number.')), 1) },
        about('Defaults only where it is given.'),
      ),
    ),
    map: Type.Optional(
      mapOf(Type.Object({ weight: withDefault(Type.Integer(about('A weight.')), 10) }), about('Defaults per entry.')),
    ),
    list: Type.Optional(
      Type.Array(
        Type.Object({ weight: withDefault(Type.Integer(about('A weight.')), 10) }),
        about('Defaults per item.'),
      ),
    ),
  },
  about('Defaults at every place they can be.'),
);

const collections = Type.Object(
  {
    list: Type.Optional(Type.Array(Type.String({ maxLength: 3 }), { minItems: 1, maxItems: 3, ...about('A list.') })),
    nullables: Type.Optional(Type.Array(nullable(Type.Integer()), about('Numbers or nulls.'))),
    set: Type.Optional(listSet(Type.String(), { maxItems: 4, ...about('A set.') })),
    numbers: Type.Optional(listSet(Type.Integer(), about('A set of numbers.'))),
    ports: Type.Optional(
      listMap(
        Type.Object({
          port: Type.Integer(about('A number.')),
          protocol: withDefault(stringEnum(['TCP', 'UDP'], about('A protocol.')), 'TCP'),
          name: Type.Optional(Type.String(about('A name.'))),
        }),
        ['port', 'protocol'],
        about('Told apart by two keys.'),
      ),
    ),
    named: Type.Optional(
      listMap(Type.Object({ name: Type.String(about('A name.')) }), ['name'], about('Told apart by one key.')),
    ),
    strings: Type.Optional(stringMap({ minProperties: 1, maxProperties: 2, ...about('A map.') })),
    limits: Type.Optional(mapOf(quantity(), about('A map of quantities.'))),
    nested: Type.Optional(mapOf(Type.Array(Type.Integer({ minimum: 0 })), about('A map of lists.'))),
    open: Type.Optional(freeForm(about('Whatever.'))),
    json: Type.Optional(anyJson(about('Whatever at all.'))),
    'dotted.key/with-dash': Type.Optional(Type.Integer({ maximum: 5, ...about('A field with an unusual name.') })),
  },
  about('Every kind of collection.'),
);

const embedded = Type.Object(
  {
    affinity: Type.Optional(k8s.affinity()),
    claim: Type.Optional(k8s.persistentVolumeClaimSpec()),
    conditions: Type.Optional(k8s.conditions()),
    env: Type.Optional(k8s.env()),
    imagePullSecrets: Type.Optional(k8s.imagePullSecrets()),
    nodeSelector: Type.Optional(k8s.nodeSelector()),
    probe: Type.Optional(k8s.probe()),
    resources: Type.Optional(k8s.resourceRequirements()),
    securityContext: Type.Optional(k8s.securityContext()),
    servicePorts: Type.Optional(k8s.servicePorts()),
    spread: Type.Optional(k8s.topologySpreadConstraints()),
    tolerations: Type.Optional(k8s.tolerations()),
    volumes: Type.Optional(k8s.volumes()),
  },
  about("Kubernetes' own types."),
);

const broker = Type.Object(
  {
    name: Type.String({ maxLength: 8, ...about('A name.') }),
    weight: Type.Optional(Type.Integer(about('A weight.'))),
  },
  { rules: [rule('!has(self.weight) || self.weight > 0', 'weight must be positive', { fieldPath: '.weight' })] },
);

/** Each rule is about one part of CEL, and is both kept and broken by small values. */
const rules = Type.Object(
  {
    min: Type.Optional(Type.Integer(about('A number.'))),
    max: Type.Optional(Type.Integer(about('A number.'))),
    ratio: Type.Optional(
      Type.Number({ ...about('A ratio.'), rules: [rule('self < 2 && self > -1.5', 'ratio out of range')] }),
    ),
    text: Type.Optional(
      Type.String({
        maxLength: 12,
        description: 'A text.',
        rules: [
          rule("!self.startsWith('-') && !self.endsWith('-') && !self.contains('..')", 'text must be sound'),
          rule("self.matches(r'^[a-z0-9.-]*$')", 'text must be lower case'),
          rule('self.size() != 3', 'text may not be three letters long', { reason: 'FieldValueForbidden' }),
          rule("self.find('[0-9]+') != '7'", 'text may not begin its numbers with 7'),
          rule("self.split('.').size() < 3 && self.replace('.', '').size() < 9", 'text has too many parts'),
          rule("self.trim() == self && self.lowerAscii() == self && self.indexOf('q') < 2", 'text must be trimmed'),
          rule(
            "self.size() == 0 || (self.charAt(0) != 'z' && self.substring(0, 1) != 'y')",
            'text may not start with y or z',
          ),
          rule("size(self.findAll('a')) < 3", 'text has too many a'),
        ],
      }),
    ),
    port: Type.Optional(
      intOrString({
        description: 'A port.',
        rules: [
          rule("type(self) == int ? self > 0 && self < 100 : self == 'http'", 'port must be a small number or http'),
        ],
      }),
    ),
    memory: Type.Optional(
      quantity({
        maxLength: 12,
        description: 'Memory.',
        rules: [
          rule("quantity(string(self)).compareTo(quantity('64Mi')) >= 0", 'memory must be at least 64Mi'),
          rule(
            "!quantity(string(self)).isGreaterThan(quantity('8Gi')) && isQuantity(string(self)) && !quantity(string(self)).add(5).isLessThan(quantity('70M'))",
            'memory must be in bounds',
          ),
          rule(
            "sign(quantity(string(self)).sub(quantity('1Gi'))) != 0 && quantity(string(self)).compareTo(quantity('2G')) != 0",
            'memory may not be 1Gi',
          ),
        ],
      }),
    ),
    tags: Type.Optional(
      listSet(Type.String({ maxLength: 8 }), {
        maxItems: 5,
        description: 'Tags.',
        rules: [
          rule("!('forbidden' in self)", 'forbidden is forbidden'),
          rule("self.all(tag, tag != '') && self.exists_one(tag, tag == 'a') || self.size() < 2", 'exactly one a'),
          rule("!sets.intersects(self, ['x', 'y']) && self.map(tag, tag.size()).sum() < 12", 'tags too long'),
          rule("self.filter(tag, tag.startsWith('b')).size() <= 1 || self.isSorted()", 'tags must be sorted'),
          immutable('tags may not change'),
        ],
      }),
    ),
    weights: Type.Optional(
      Type.Array(Type.Integer(), {
        maxItems: 4,
        description: 'Weights.',
        rules: [
          rule(
            'self.size() == 0 || self.max() - self.min() < 100 && self[0] % 7 != 3 && 10 / self[0] >= 0',
            'weights too far apart',
          ),
        ],
      }),
    ),
    brokers: Type.Optional(
      listMap(broker, ['name'], {
        maxItems: 4,
        description: 'Brokers.',
        rules: [
          rule("self.all(one, one.name != 'leader' || has(one.weight))", 'a leader needs a weight'),
          rule("self.map(one, one.name) != ['last']", 'last may not be alone'),
          rule('oldSelf.all(old, self.exists(one, one.name == old.name))', 'brokers may not be removed'),
        ],
      }),
    ),
    owners: Type.Optional(
      mapOf(
        Type.Object(
          {
            team: Type.String({ maxLength: 6, ...about('A team.') }),
            since: Type.Optional(Type.Integer(about('A year.'))),
          },
          { rules: [rule("self.team != 'nobody'", 'somebody must own it')] },
        ),
        {
          maxProperties: 3,
          description: 'Owners.',
          rules: [
            rule(
              "self.all(key, key.size() < 4) && (!('a' in self) || self['a'].team == 'alpha' || self.a.?since.orValue(0) > 2000)",
              'a belongs to alpha',
            ),
          ],
        },
      ),
    ),
    maybe: Type.Optional(nullable(Type.String({ maxLength: 5, description: 'A text or null.' }))),
    whole: Type.Optional(
      Type.Object(
        {
          count: Type.Optional(Type.Integer(about('A number.'))),
          set: Type.Optional(listSet(Type.String({ maxLength: 8 }), { maxItems: 4, ...about('A set.') })),
          list: Type.Optional(Type.Array(Type.Integer(), { maxItems: 4, ...about('A list.') })),
        },
        about('Compared as a whole.'),
      ),
    ),
    namespace: Type.Optional(Type.String({ maxLength: 5, description: 'A reserved word as a name.' })),
    once: Type.Optional(
      Type.String({ maxLength: 5, description: 'Set once.', rules: [immutable('once may not change')] }),
    ),
    grows: Type.Optional(
      Type.Integer({
        description: 'Grows.',
        rules: [
          rule('!oldSelf.hasValue() ? self < 5 : self >= oldSelf.value()', 'grows must start small and grow', {
            optionalOldSelf: true,
          }),
        ],
      }),
    ),
  },
  {
    description: 'Rules.',
    rules: [
      rule('!has(self.min) || !has(self.max) || self.min <= self.max', 'min must not exceed max', {
        fieldPath: '.min',
      }),
      rule('self.max != 13', 'max is thirteen or absent', {
        messageExpression: "self.max > 10 ? 'max is high' : 'max is low'",
      }),
      rule("!has(self.__namespace__) || self.__namespace__ != 'kube'", 'not this one', {
        fieldPath: '.namespace',
        reason: 'FieldValueDuplicate',
      }),
      rule("!has(self.maybe) || self.maybe != 'nil' || has(self.min)", 'nil needs min'),
      rule('!has(self.owners) || !has(self.owners.x)', 'x is nobody', { fieldPath: ".owners['x']" }),
      rule(
        '!has(self.brokers) || !has(oldSelf.brokers) || self.brokers == oldSelf.brokers || self != oldSelf',
        'never broken',
      ),
      rule('!has(self.whole) || !has(oldSelf.whole) || self.whole == oldSelf.whole', 'whole may not change', {
        fieldPath: '.whole',
      }),
      rule('has(self.min) == has(oldSelf.min)', 'min may not come or go', { reason: 'FieldValueForbidden' }),
    ],
  },
);

/** A kind that uses everything the schema language offers. */
export const Specimen = customResource({
  group: 'test.capstan.dev',
  version: 'v1',
  kind: 'Specimen',
  plural: 'specimens',
  shortNames: ['spm'],
  categories: ['tests'],
  description: 'An object that uses everything the schema language offers.',
  name: Type.String({ maxLength: 20 }),
  rules: [
    rule("self.metadata.name != 'unlucky' || !has(self.spec.rules)", 'an unlucky name', {
      fieldPath: '.metadata.name',
    }),
    rule('self.spec.required.size() > 0', 'required may not be empty', {
      fieldPath: '.spec.required',
      reason: 'FieldValueRequired',
    }),
  ],
  spec: Type.Object(
    {
      required: Type.String({ maxLength: 20, ...about('Must be there.') }),
      scalars: Type.Optional(scalars),
      defaults: Type.Optional(defaults),
      collections: Type.Optional(collections),
      embedded: Type.Optional(embedded),
      rules: Type.Optional(rules),
    },
    about('What is wanted.'),
  ),
  status: Type.Object({
    phase: Type.Optional(Type.String(about('A phase.'))),
    conditions: Type.Optional(k8s.conditions()),
  }),
  printerColumns: [{ name: 'Phase', type: 'string', jsonPath: '.status.phase' }],
});
