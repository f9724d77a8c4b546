import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FakeDruid } from '../fake-druid.ts';
import { druidAvailability } from '../real/druid-availability.ts';
import { type DruidOptions, type RealDruid, startDruid } from '../real-druid.ts';
import { coordinatorScenarios } from './coordinator-scenarios.ts';
import { refusalScenarios } from './refusal-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { securityScenarios } from './security-scenarios.ts';
import { supervisorScenarios } from './supervisor-scenarios.ts';
import { taskScenarios } from './task-scenarios.ts';
import { type DruidUnderTest, Witness } from './witness.ts';

const availability = await druidAvailability();
if (availability.kind === 'Missing') console.warn(`skipped: ${availability.why}`);

/** As the real one is started here: only Kafka's extension, no broker, five seconds until a supervisor begins. */
const asReal = { streams: ['kafka'], hasBroker: false, startDelayMs: 5_000 } as const;

const figures = { scenarios: 0, calls: 0, observations: 0 };
afterAll(() => {
  const { scenarios, calls, observations } = figures;
  console.log(
    `${scenarios} scenarios run on a fake and on a real Druid: ${calls} calls, ${observations} answers compared`,
  );
});

function onReal(druid: RealDruid): DruidUnderTest {
  const { router: url, admin: login, ca, users, kafka } = druid;
  return {
    target: { url, login, ca },
    users,
    bootstrapServers: kafka?.bootstrapServers ?? '127.0.0.1:1',
    endTask: () => {},
  };
}

function onFake(druid: FakeDruid): DruidUnderTest {
  const { target, users, tasks } = druid;
  const message = 'org.apache.druid.java.util.common.RE: Max parse exceptions[0] exceeded\n\tat somewhere';
  const endTask = (id: string, how: 'SUCCESS' | 'FAILED'): void =>
    how === 'SUCCESS' ? tasks.succeed(id) : tasks.fail(id, message);
  return { target, users, bootstrapServers: '127.0.0.1:9092', endTask };
}

async function observe(scenario: Scenario, druid: DruidUnderTest): Promise<Witness> {
  const witness = new Witness(druid);
  await scenario.run(witness);
  figures.calls += witness.calls;
  return witness;
}

function compareOn(options: Pick<DruidOptions, 'kafka' | 'security' | 'tls'>, scenarios: readonly Scenario[]): void {
  let real: RealDruid;
  let fake: FakeDruid;
  beforeAll(async () => {
    const { tls = false, security = 'none' } = options;
    [real, fake] = await Promise.all([startDruid(options), FakeDruid.start({ ...asReal, tls, security })]);
    // A supervisor that finds its topic missing looks again only half a minute later.
    for (const topic of ['life', 'runs']) await real.kafka?.createTopic(topic);
  }, 300_000);
  afterAll(async () => {
    await Promise.all([real?.stop(), fake?.[Symbol.asyncDispose]()]);
  }, 60_000);

  test.each(scenarios)('$title', { timeout: 180_000 }, async (scenario) => {
    const expected = await observe(scenario, onReal(real));
    const { observations } = await observe(scenario, onFake(fake));
    figures.scenarios += 1;
    figures.observations += observations.length;
    expect(observations).toEqual(expected.observations);
  });
}

describe.skipIf(availability.kind === 'Missing')('the fake answers as a real Druid does', () => {
  describe('open to everybody', () => {
    compareOn({ kafka: true }, [
      ...supervisorScenarios,
      ...refusalScenarios,
      ...taskScenarios,
      ...coordinatorScenarios,
    ]);
  });
  describe('with users, over TLS', () => {
    compareOn({ security: 'basic', tls: true }, securityScenarios);
  });
});
