import { type DruidControllerOptions, DruidIngestion, druidClients, druidController } from '@capstan/druid-operator';
import { Service } from '@capstan/kube';
import { seconds } from '@capstan/runtime';
import {
  FakeDruid,
  type FakeDruidOptions,
  openWorld,
  type Wanted,
  type World,
  type WorldOptions,
} from '@capstan/testkit';

export interface DruidWorldOptions extends Omit<WorldOptions, 'controllers'> {
  /** What the operator's flags would say. */
  readonly operator?: DruidControllerOptions;
  readonly druid?: FakeDruidOptions;
  /** How long the operator waits for the answer to a question, in ms; 2,000 unless told. */
  readonly readMs?: number;
}

/** A world with the Druid operator at work in it, and a Druid whose router has a Service there. */
export interface DruidWorld extends AsyncDisposable {
  readonly world: World;
  readonly druid: FakeDruid;
}

/** Opens a world with one Druid, `tiny`. Names of Services lead nowhere here, so calls to its router go to the fake. */
export async function openDruidWorld(wanted: DruidWorldOptions = {}): Promise<DruidWorld> {
  const { operator, druid, readMs = 2_000, ...options } = wanted;
  await using building = new AsyncDisposableStack();
  const tiny = building.use(await FakeDruid.start(druid));
  const clients = druidClients({ addresses: { allowed: ['127.0.0.1'] }, limits: { readMs, writeMs: 2_000 } });
  const controller = druidController({
    druid: (connection) => clients({ ...connection, url: connection.url.includes('tiny') ? tiny.url : connection.url }),
    allowedEndpoints: ['127.0.0.1'],
    pollMs: seconds(1),
    ...operator,
  });
  const world = building.use(await openWorld({ controllers: [controller], name: 'druid', ...options }));
  await world.apply(Service, {
    metadata: { name: 'tiny-router', labels: { druid_cr: 'tiny', component: 'router' } },
    spec: { ports: [{ name: 'service-port', port: 8888 }], selector: { app: 'druid' } },
  });
  const parts = building.move();
  return { world, druid: tiny, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

export type WantedIngestion = Wanted<typeof DruidIngestion>;

/** The spec of a Kafka supervisor that reads into a data source, with what a test cares about over its ioConfig. */
export function kafkaSpec(dataSource: string, ioConfig: object = {}): string {
  return JSON.stringify({
    type: 'kafka',
    spec: {
      dataSchema: {
        dataSource,
        timestampSpec: { column: 'timestamp', format: 'auto' },
        dimensionsSpec: { dimensions: [] },
        granularitySpec: { type: 'uniform', segmentGranularity: 'HOUR', queryGranularity: 'NONE' },
      },
      ioConfig: {
        topic: dataSource,
        inputFormat: { type: 'json' },
        consumerProperties: { 'bootstrap.servers': 'kafka:9092' },
        ...ioConfig,
      },
      tuningConfig: { type: 'kafka' },
    },
  });
}

/** A resource with the supervisor of the data source of its own name, in the Druid `tiny`. */
export function kafkaIngestion(name: string, more: Partial<WantedIngestion['spec']> = {}): WantedIngestion {
  return {
    metadata: { name },
    spec: { druidCluster: 'tiny', ingestion: { type: 'kafka', spec: kafkaSpec(name) }, ...more },
  };
}

/** Applies a resource and waits until it is Ready. */
export async function bringUp(world: World, wanted: WantedIngestion): Promise<void> {
  await world.apply(DruidIngestion, wanted);
  await world.untilCondition(DruidIngestion, wanted.metadata.name ?? '', 'Ready');
}

/** The calls that change a supervisor, as the Druid saw them. */
export function submissions(druid: FakeDruid): number {
  return druid.asked['POST /druid/indexer/v1/supervisor'] ?? 0;
}
