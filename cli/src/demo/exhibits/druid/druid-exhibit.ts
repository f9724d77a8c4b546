import { DruidIngestion, druidIngestions } from '@capstan/druid-operator';
import { needsNothing } from '../../needs.ts';
import { sampleOf } from '../../samples.ts';
import { verdictOf } from '../../verdict.ts';
import type { Exhibit, ShownOperator } from '../exhibit.ts';
import type { DruidWish } from '../exhibits.ts';
import { clicksIngestion } from './clicks-ingestion.ts';
import { druidObstacle } from './druid-obstacle.ts';
import { EditedIngestion } from './edited-ingestion.ts';
import { ingestionCommands } from './ingestion-commands.ts';
import { lookAt } from './ingestion-look.ts';
import { RoundTrip } from './round-trip.ts';
import { startSource } from './start-source.ts';
import { SupervisorGauge } from './supervisor-gauge.ts';

/** Lets the operator ask a Druid on loopback, and look so often that the table moves. */
const flags = ['--allow-endpoint', '127.0.0.1', '--allow-address', '127.0.0.1', '--poll-seconds', '2'];

const druidOperator: ShownOperator = { system: 'druid', open: async () => ({ flags }) };

/** What comes after the round trip, for whoever stays to try things. */
const trickle = { records: 20, everyMs: 10_000 };

/**
 * An ingestion from a real Kafka into a real Druid, suspended and resumed while records come.
 *
 * @param wish whether what this machine lacks of it is fetched
 */
export function druidExhibit(wish: Exclude<DruidWish, 'left-out'>): Exhibit<DruidIngestion> {
  return {
    operator: druidOperator,
    kind: DruidIngestion,
    controller: druidIngestions,
    headings: { resource: 'DRUID INGESTION', state: 'STATE', figures: ['LAG', 'READ'] },
    comesLater: true,
    isAskedFor: wish === 'asked',
    verdict: (ingestion) => verdictOf(ingestion),
    commands: ingestionCommands,
    obstacle: () => druidObstacle(wish),
    async open(backstage) {
      const { druid, feed } = await startSource(backstage);
      const gauge = SupervisorGauge.start({ url: druid.router }, feed.topic);
      backstage.cleanup.use(gauge);
      const ingestion = clicksIngestion(druid.router, feed);
      return {
        samples: [sampleOf(DruidIngestion, ingestion, () => needsNothing)],
        look: (resource) => lookAt(resource, gauge.reading),
        subscribe: (listener) => gauge.subscribe(listener),
        async act(scene) {
          const edited = new EditedIngestion(scene.client, ingestion.metadata);
          const outcome = await new RoundTrip({ ingestion: edited, feed, gauge, scene }).go();
          void feed.flow(trickle.records, trickle.everyMs);
          return outcome;
        },
      };
    },
  };
}
