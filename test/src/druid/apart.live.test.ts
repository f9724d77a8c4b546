import { DruidIngestion } from '@capstan/druid-operator';
import { Secret } from '@capstan/kube';
import { seconds } from '@capstan/runtime';
import { FakeDruid } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, kafkaIngestion, kafkaSpec, openDruidWorld } from './open-druid-world.ts';

const anyCall = /^\/druid\//;

describe('a Druid that hangs', () => {
  it('delays no ingestion of another one', async () => {
    await using hanging = await FakeDruid.start();
    const stall = hanging.inject({ on: { path: anyCall }, times: Number.POSITIVE_INFINITY, fault: { do: 'stall' } });
    await using opened = await openDruidWorld({
      name: 'druid-hang',
      operator: { concurrency: 8, lanes: { most: 3, restMs: seconds(1) } },
    });
    const { world, druid } = opened;
    const endpoint = { url: hanging.url };
    const stuck = Array.from({ length: 30 }, (_, index) => `stuck-${index}`);
    await Promise.all(stuck.map((name) => world.apply(DruidIngestion, kafkaIngestion(name, { endpoint }))));
    await world.eventually(() => expect(hanging.requests.length).toBeGreaterThan(0));
    const fine = Array.from({ length: 20 }, (_, index) => `fine-${index}`);
    await Promise.all(fine.map((name) => world.apply(DruidIngestion, kafkaIngestion(name))));
    await Promise.all(fine.map((name) => world.untilCondition(DruidIngestion, name, 'Ready')));
    expect(druid.supervisors).toHaveLength(20);
    await world.untilCondition(DruidIngestion, 'stuck-0', 'Reachable', 'False', { timeout: 30_000 });
    stall.lift();
    await Promise.all(
      stuck.map((name) => world.untilCondition(DruidIngestion, name, 'Ready', 'True', { timeout: 60_000 })),
    );
  }, 120_000);
});

describe('secrets', () => {
  const jaas = 'org.apache.kafka.common.security.plain.PlainLoginModule required password="canary-83126";';
  const encoded = (text: string) => Buffer.from(text).toString('base64');
  const ingestion = {
    type: 'kafka',
    spec: kafkaSpec('orders', {
      consumerProperties: { 'bootstrap.servers': 'kafka:9092', 'sasl.jaas.config': `\${secret:kafka/jaas}` },
    }),
  };

  it('get to Druid and nowhere else, and again when they change', async () => {
    await using opened = await openDruidWorld({ name: 'druid-secrets', druid: { security: 'basic' } });
    const { world, druid } = opened;
    const { user = '', password = '' } = druid.admin ?? {};
    await world.apply(Secret, {
      metadata: { name: 'users' },
      data: { OperatorUserName: encoded(user), OperatorPassword: encoded(password) },
    });
    await world.apply(Secret, { metadata: { name: 'kafka' }, data: { jaas: encoded(jaas) } });
    const auth = { type: 'basic-auth', secretRef: { name: 'users' } };
    await bringUp(world, kafkaIngestion('orders', { ingestion, auth }));
    expect(JSON.stringify(druid.supervisor('orders')?.spec)).toContain('canary-83126');

    await world.apply(Secret, { metadata: { name: 'kafka' }, data: { jaas: encoded(jaas.replace('83126', '83127')) } });
    await world.eventually(() => expect(JSON.stringify(druid.supervisor('orders')?.spec)).toContain('canary-83127'));

    await world.apply(Secret, {
      metadata: { name: 'users' },
      data: { OperatorUserName: encoded(user), OperatorPassword: encoded('wrong-canary-1') },
    });
    await world.untilCondition(DruidIngestion, 'orders', 'CredentialsValid', 'False');
    await world.apply(Secret, {
      metadata: { name: 'users' },
      data: { OperatorUserName: encoded(user), OperatorPassword: encoded(password) },
    });
    await world.untilCondition(DruidIngestion, 'orders', 'Ready');

    const written = [
      await world.get(DruidIngestion, 'orders'),
      await world.events(DruidIngestion, 'orders'),
      world.logs(),
    ];
    expect(JSON.stringify(written)).not.toMatch(/canary-8312|wrong-canary/);
    expect(JSON.stringify(written)).not.toContain(password);
  });
});
