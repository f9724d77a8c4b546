import {
  bool,
  cannotConstruct,
  type Field,
  isJsonObject,
  type JsonObject,
  kept,
  oneOf,
  refused,
  shaped,
} from './json-shape.ts';

const DATA_SCHEMA = 'org.apache.druid.segment.indexing.DataSchema';

/** The `dataSchema` of a spec as Druid keeps it, with its defaults. Throws what Druid refuses. */
export function dataSchema(posted: JsonObject): JsonObject {
  const { dataSource, timestampSpec, dimensionsSpec, metricsSpec } = posted;
  if (typeof dataSource !== 'string' || dataSource === '') {
    throw cannotConstruct(DATA_SCHEMA, 'Invalid value for field [dataSource]: must not be null');
  }
  if (dataSource.includes('/')) {
    throw cannotConstruct(
      DATA_SCHEMA,
      `Invalid value for field [dataSource]: Value [${dataSource}] cannot contain '/'.`,
    );
  }
  if (timestampSpec === undefined || timestampSpec === null) throw cannotConstruct(DATA_SCHEMA, 'timestampSpec');
  const metrics = (Array.isArray(metricsSpec) ? metricsSpec : [])
    .map((metric) => aggregator(metric, posted))
    .filter(isJsonObject);
  return {
    dataSource,
    timestampSpec: timestamp(timestampSpec, posted),
    dimensionsSpec: isJsonObject(dimensionsSpec)
      ? dimensions(dimensionsSpec, timestampColumn(timestampSpec), metrics)
      : null,
    metricsSpec: metrics,
    granularitySpec: granularity(posted['granularitySpec'], posted),
    transformSpec: isJsonObject(posted['transformSpec'])
      ? shaped(posted['transformSpec'], { filter: kept(), transforms: kept([]) })
      : { filter: null, transforms: [] },
  };
}

const AGGREGATORS =
  'cardinality count doubleAny doubleFirst doubleLast doubleMax doubleMean doubleMin doubleSum expression filtered floatAny floatFirst floatLast floatMax floatMin floatSum grouping histogram hyperUnique javascript longAny longFirst longLast longMax longMin longSum singleValue stringAny stringFirst stringFirstFold stringLast stringLastFold';

const aggregator = oneOf('org.apache.druid.query.aggregation.AggregatorFactory', AGGREGATORS.split(' '), 'metricsSpec');

const timestamp: Field = (posted) => {
  if (isJsonObject(posted)) {
    return shaped(posted, { column: kept('timestamp'), format: kept('auto'), missingValue: kept() });
  }
  const why = 'no int/Int-argument constructor/factory method to deserialize from Number value';
  throw refused(
    `Cannot construct instance of \`org.apache.druid.data.input.impl.TimestampSpec\` (although at least one Creator exists): ${why} (${String(posted)})`,
  );
};

function timestampColumn(timestampSpec: unknown): string {
  const column = isJsonObject(timestampSpec) ? timestampSpec['column'] : undefined;
  return typeof column === 'string' ? column : 'timestamp';
}

/** Columns that are something else already are excluded, in no particular order. */
function dimensions(posted: JsonObject, timeColumn: string, metrics: readonly JsonObject[]): JsonObject {
  const named = Array.isArray(posted['dimensions']) ? posted['dimensions'].map(dimension) : [];
  const names = named.map(({ name }) => String(name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw cannotConstruct(
      'org.apache.druid.data.input.impl.DimensionsSpec',
      `Duplicate column entries found : [${twice}]`,
    );
  }
  const excluded = Array.isArray(posted['dimensionExclusions']) ? posted['dimensionExclusions'] : [];
  const taken = metrics.flatMap(({ name, fieldName }) => [name, fieldName]).filter((name) => typeof name === 'string');
  return {
    dimensions: named,
    dimensionExclusions: [...new Set(['__time', ...excluded, ...taken, timeColumn])],
    includeAllDimensions: bool(false)(posted['includeAllDimensions'], posted),
    useSchemaDiscovery: bool(false)(posted['useSchemaDiscovery'], posted),
  };
}

const DIMENSION_TYPES = ['string', 'long', 'float', 'double', 'auto', 'json'];

/** A dimension whose type is not known is a string, as in Druid. */
export function dimension(posted: unknown): JsonObject {
  const object = isJsonObject(posted) ? posted : { name: posted };
  const type = DIMENSION_TYPES.includes(String(object['type'])) ? String(object['type']) : 'string';
  return {
    type,
    ...shaped(object, {
      name: kept(),
      multiValueHandling: kept('SORTED_ARRAY'),
      createBitmapIndex: bool(type === 'string'),
    }),
  };
}

const GRANULARITIES = [
  'SECOND',
  'MINUTE',
  'FIVE_MINUTE',
  'TEN_MINUTE',
  'FIFTEEN_MINUTE',
  'THIRTY_MINUTE',
  'HOUR',
  'SIX_HOUR',
  'EIGHT_HOUR',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
  'ALL',
  'NONE',
];

const granularity: Field = (posted) =>
  shaped(isJsonObject(posted) ? posted : {}, {
    type: kept('uniform'),
    segmentGranularity: granularityOr('DAY'),
    queryGranularity: granularityOr({ type: 'none' }),
    rollup: bool(true),
    intervals: kept([]),
  });

/** A granularity by name or as an object; `fallback` where none was posted. */
export function granularityOr(fallback: unknown): Field {
  return (posted) => {
    if (typeof posted !== 'string') return posted ?? fallback;
    const name = posted.toUpperCase();
    if (!GRANULARITIES.includes(name)) {
      const constant = `org.apache.druid.java.util.common.granularity.GranularityType.${name}`;
      throw cannotConstruct(
        'org.apache.druid.java.util.common.granularity.Granularity',
        `No enum constant ${constant}`,
      );
    }
    return name === 'NONE' || name === 'ALL' ? { type: name.toLowerCase() } : name;
  };
}
