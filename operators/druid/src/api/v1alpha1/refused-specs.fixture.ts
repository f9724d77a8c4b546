/** A spec that admission must refuse, and the field it must point at. */
interface RefusedSpec {
  readonly title: string;
  readonly spec: object;
  readonly path: string;
}

const druidCluster = 'tiny';
const ingestion = { type: 'kafka', spec: '{}' };
const configMapKeyRef = { name: 'specs', key: 'clicks.json' };

export const refusedSpecs: readonly RefusedSpec[] = [
  { title: 'no cluster', spec: { ingestion }, path: 'spec.druidCluster' },
  { title: 'no ingestion', spec: { druidCluster }, path: 'spec.ingestion' },
  { title: 'no spec of any form', spec: { druidCluster, ingestion: { type: 'kafka' } }, path: 'spec.ingestion' },
  {
    title: 'a spec from two places',
    spec: { druidCluster, ingestion: { ...ingestion, specFrom: { configMapKeyRef } } },
    path: 'spec.ingestion.specFrom',
  },
  {
    title: 'ingestion by Hadoop',
    spec: { druidCluster, ingestion: { type: 'index-hadoop', spec: '{}' } },
    path: 'spec.ingestion.type',
  },
  {
    title: 'an unknown deletion policy',
    spec: { druidCluster, ingestion, deletionPolicy: 'Keep' },
    path: 'spec.deletionPolicy',
  },
  {
    title: 'an address with credentials',
    spec: { druidCluster, ingestion, endpoint: { url: 'https://me:secret@druid.example' } },
    path: 'spec.endpoint.url',
  },
  {
    title: 'an address of another kind',
    spec: { druidCluster, ingestion, endpoint: { url: 'file:///etc/passwd' } },
    path: 'spec.endpoint.url',
  },
  {
    title: 'an operation without a nonce',
    spec: { druidCluster, ingestion, operations: { reset: {} } },
    path: 'spec.operations.reset.nonce',
  },
  {
    title: 'a hand-off of no group',
    spec: { druidCluster, ingestion, operations: { handOff: { nonce: '1', taskGroupIds: [] } } },
    path: 'spec.operations.handOff.taskGroupIds',
  },
  {
    title: 'a lookup without a name',
    spec: { druidCluster, ingestion, lookups: [{ lookupExtractorFactory: { type: 'map' } }] },
    path: 'spec.lookups[0].name',
  },
  {
    title: 'a lookup whose name is a path',
    spec: { druidCluster, ingestion, lookups: [{ name: 'a/b', lookupExtractorFactory: { type: 'map' } }] },
    path: 'spec.lookups[0].name',
  },
  {
    title: 'a lookup that is made of nothing',
    spec: { druidCluster, ingestion, lookups: [{ name: 'a' }] },
    path: 'spec.lookups[0].lookupExtractorFactory',
  },
  {
    title: 'two lookups of one tier and name',
    spec: {
      druidCluster,
      ingestion,
      lookups: [
        { name: 'a', tier: '__default', lookupExtractorFactory: {} },
        { name: 'a', tier: '__default', lookupExtractorFactory: {} },
      ],
    },
    path: 'spec.lookups[1]',
  },
  {
    title: 'more dynamic configuration than Druid has',
    spec: {
      druidCluster,
      ingestion,
      dynamicConfig: { coordinator: Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`field${at}`, at])) },
    },
    path: 'spec.dynamicConfig.coordinator',
  },
];
