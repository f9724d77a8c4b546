import { DruidIngestion, druidIngestions } from '@capstan/druid-operator';
import { druidAvailability } from '@capstan/testkit';
import { needsNothing } from '../../needs.ts';
import { verdictOf } from '../../verdict.ts';
import type { Exhibit } from '../exhibit.ts';
import { clicksIngestion } from './clicks-ingestion.ts';
import { EditedIngestion } from './edited-ingestion.ts';
import { ingestionCommands } from './ingestion-commands.ts';
import { lookAt } from './ingestion-look.ts';
import { RoundTrip } from './round-trip.ts';
import { startSource } from './start-source.ts';
import { SupervisorGauge } from './supervisor-gauge.ts';

/** Lets the operator ask a Druid on loopback, and look so often that the table moves. */
const flags = ['--allow-endpoint', '127.0.0.1', '--allow-address', '127.0.0.1', '--poll-seconds', '2'];

/** What comes after the round trip, for whoever stays to try things. */
const trickle = { records: 20, everyMs: 10_000 };

/** An ingestion from a real Kafka into a real Druid, suspended and resumed while records come. */
export const druidExhibit: Exhibit<DruidIngestion> = {
  system: 'druid',
  kind: DruidIngestion,
  controller: druidIngestions,
  headings: { resource: 'INGESTION', state: 'STATE', figures: ['TASKS', 'LAG', 'READ'] },
  verdict: (ingestion) => verdictOf(ingestion),
  commands: ingestionCommands,
  async obstacle() {
    const availability = await druidAvailability();
    return availability.kind === 'Missing' ? availability.why : undefined;
  },
  async open(backstage) {
    const { druid, feed } = await startSource(backstage);
    const gauge = SupervisorGauge.start({ url: druid.router }, feed.topic);
    backstage.cleanup.use(gauge);
    const ingestion = clicksIngestion(druid.router, feed);
    return {
      samples: [{ manifest: ingestion, needs: needsNothing }],
      flags,
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
