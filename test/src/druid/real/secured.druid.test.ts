import { DruidIngestion } from '@capstan/druid-operator';
import { ConfigMap, Secret } from '@capstan/kube';
import { issueCertificate, newKeyPair, newSerialNumber } from '@capstan/pki';
import { seconds } from '@capstan/runtime';
import type { DruidPermission, DruidUsers, World } from '@capstan/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { WantedIngestion } from '../open-druid-world.ts';
import { describeWithDruid } from './describe-with-druid.ts';
import { type DruidConsole, valueAt } from './druid-console.ts';
import {
  bringUp,
  openRealDruidWorld,
  patience,
  type RealDruidWorld,
  untilGone,
  untilPasses,
  untilReason,
} from './open-real-druid-world.ts';
import { ingestionOf, realKafkaSpec, type SpecParts } from './real-kafka-spec.ts';

/** Words that stand in every password of these tests. */
const canary = 'canary-5417';

/** Sooner than the operator would come by itself to a Druid that turned it away. */
const atOnce = { timeout: seconds(20), interval: 100 };

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

function on(type: DruidPermission['resource']['type'], name: string): readonly DruidPermission[] {
  return (['READ', 'WRITE'] as const).map((action) => ({ resource: { type, name }, action }));
}

/** The certificate of an authority that has signed nothing here. */
async function otherCa(): Promise<string> {
  const keys = await newKeyPair();
  const subject = { commonName: 'somebody else' };
  const [notBefore, notAfter] = [new Date(Date.now() - 60_000), new Date(Date.now() + 3_600_000)];
  const request = {
    subject,
    use: { kind: 'authority' },
    notBefore,
    notAfter,
    serialNumber: newSerialNumber(),
  } as const;
  return issueCertificate(request, keys.publicKey, { subject, privateKey: keys.privateKey });
}

describeWithDruid('a real Druid with users, over TLS', () => {
  let opened: RealDruidWorld;
  let world: World;
  let console: DruidConsole;
  let users: DruidUsers;
  let scenarios = 0;

  beforeAll(async () => {
    opened = await openRealDruidWorld({ name: 'druid-secured', druid: { security: 'basic', tls: true } });
    ({ world, console } = opened);
    if (opened.druid.users === undefined) throw new Error('Druid was started without users');
    ({ users } = opened.druid);
    const own = on('DATASOURCE', 'own-.*');
    await users.add('full', `${canary}-full`, [...own, ...on('CONFIG', '.*')]);
    await users.add('ingest', `${canary}-ingest`, own);
    await users.add('rotated', `${canary}-rotated`, own);
    await users.add('idle', `${canary}-idle`, []);
    for (const user of ['full', 'ingest', 'rotated', 'idle']) await login(user, user, `${canary}-${user}`);
    await ca('druid-ca', opened.druid.ca ?? '');
  });

  afterAll(async () => {
    globalThis.console.log(`secured: ${scenarios} scenarios, ${opened?.tally}`);
    await opened?.[Symbol.asyncDispose]();
  });

  function login(secret: string, user: string, password: string): Promise<unknown> {
    const data = { OperatorUserName: encoded(user), OperatorPassword: encoded(password) };
    return world.apply(Secret, { metadata: { name: secret }, data });
  }

  function ca(secret: string, pem: string): Promise<unknown> {
    return world.apply(Secret, { metadata: { name: secret }, data: { 'ca.crt': encoded(pem) } });
  }

  function spec(dataSource: string, parts: SpecParts = {}): string {
    // No Kafka runs here, and nobody is to wait for it.
    const consumerProperties = { 'bootstrap.servers': '127.0.0.1:1', 'default.api.timeout.ms': '1000' };
    return realKafkaSpec('', dataSource, { ...parts, ioConfig: { consumerProperties, ...parts.ioConfig } });
  }

  /** A suspended supervisor in this Druid, asked for as a user. */
  function as(user: string, name: string, more: Partial<WantedIngestion['spec']> = {}): WantedIngestion {
    return ingestionOf(name, spec(name), {
      suspend: true,
      endpoint: { url: opened.druid.router, caSecretRef: { name: 'druid-ca' } },
      auth: { type: 'basic-auth', secretRef: { name: user } },
      ...more,
    });
  }

  async function messageOf(name: string): Promise<string> {
    return (await world.conditions(DruidIngestion, name)).find(({ type }) => type === 'Ready')?.message ?? '';
  }

  it('is asked over its address, with the authority and the login of Secrets', async () => {
    await bringUp(world, as('full', 'own-address'));
    await world.untilCondition(DruidIngestion, 'own-address', 'CredentialsValid');
    await world.untilCondition(DruidIngestion, 'own-address', 'Reachable');
    expect(valueAt(await console.supervisor('own-address'), 'suspended')).toBe(true);
    scenarios += 1;
  });

  it('is asked by TLS through the Service of its router, with a login under other keys', async () => {
    const data = { user: encoded('full'), password: encoded(`${canary}-full`) };
    await world.apply(Secret, { metadata: { name: 'renamed' }, data });
    const secretRef = { name: 'renamed', namespace: world.namespace };
    const auth = { type: 'basic-auth', secretRef, usernameKey: 'user', passwordKey: 'password' };
    await bringUp(world, as('renamed', 'own-service', { auth, endpoint: { caSecretRef: { name: 'druid-ca' } } }));
    expect(await console.supervisor('own-service')).toBeDefined();
    scenarios += 1;
  });

  it.each([
    { whom: 'another authority', name: 'own-other', endpoint: { caSecretRef: { name: 'other-ca' } } },
    { whom: 'the authorities of the machine', name: 'own-machine', endpoint: {} },
  ])('is sent nothing by who trusts $whom only, and is asked at once when that is put right', async (wrong) => {
    const { name, endpoint } = wrong;
    await ca('other-ca', await otherCa());
    const before = opened.tally.changes;
    await world.apply(DruidIngestion, as('full', name, { endpoint: { url: opened.druid.router, ...endpoint } }));
    await untilReason(world, name, 'DruidUnreachable');
    expect(await messageOf(name)).toMatch(/certificate of .* does not fit/);
    await world.untilCondition(DruidIngestion, name, 'Reachable', 'False', patience);
    expect([opened.tally.changes, await console.supervisor(name)]).toEqual([before, undefined]);
    await ca('other-ca', opened.druid.ca ?? '');
    await world.edit(DruidIngestion, name, { spec: { endpoint: { caSecretRef: { name: 'other-ca' } } } });
    await world.untilCondition(DruidIngestion, name, 'Ready', 'True', atOnce);
    scenarios += 1;
  });

  it('turns away who has no login, and says so', async () => {
    const { auth: _none, ...rest } = as('full', 'own-nobody').spec;
    await world.apply(DruidIngestion, { metadata: { name: 'own-nobody' }, spec: rest });
    await untilReason(world, 'own-nobody', 'CredentialsRejected');
    await world.untilCondition(DruidIngestion, 'own-nobody', 'CredentialsValid', 'False');
    expect(await console.supervisor('own-nobody')).toBeUndefined();
    scenarios += 1;
  });

  it('turns away a wrong password, and is asked at once when the Secret is put right', async () => {
    await login('mistyped', 'full', `${canary}-wrong`);
    await world.apply(DruidIngestion, as('mistyped', 'own-mistyped'));
    await untilReason(world, 'own-mistyped', 'CredentialsRejected');
    await login('mistyped', 'full', `${canary}-full`);
    await world.untilCondition(DruidIngestion, 'own-mistyped', 'Ready', 'True', atOnce);
    scenarios += 1;
  });

  it('whose password is rotated loses nothing, and is asked at once with the new one', async () => {
    await bringUp(world, as('rotated', 'own-rotated'));
    const before = await console.supervisor('own-rotated');
    await users.setPassword('rotated', `${canary}-anew`);
    await untilReason(world, 'own-rotated', 'CredentialsRejected');
    expect(await console.supervisor('own-rotated')).toEqual(before);
    await login('rotated', 'rotated', `${canary}-anew`);
    await world.untilCondition(DruidIngestion, 'own-rotated', 'Ready', 'True', atOnce);
    expect(await console.supervisor('own-rotated')).toEqual(before);
    scenarios += 1;
  });

  it.each([
    ['no rights at all', 'idle', 'own-idle'],
    ['rights to other data sources', 'ingest', 'foreign'],
  ])('lets a user with %s do nothing, and says what is missing', async (_, user, name) => {
    await world.apply(DruidIngestion, as(user, name));
    await untilReason(world, name, 'PermissionDenied');
    expect(await messageOf(name)).toMatch(/READ and WRITE on the data source/);
    await world.untilCondition(DruidIngestion, name, 'CredentialsValid', 'False');
    expect(await console.supervisor(name)).toBeUndefined();
    scenarios += 1;
  });

  it('needs the right to a data source for its supervisor, its rules and its compaction, and no other', async () => {
    const rules = [{ type: 'loadForever', tieredReplicants: { _default_tier: 1 } }];
    const { metadata, spec: wanted } = as('ingest', 'own-all');
    const ingestion = { ...wanted.ingestion, rules, compaction: { skipOffsetFromLatest: 'PT1H' } };
    await bringUp(world, { metadata, spec: { ...wanted, ingestion } });
    expect((await console.ask('GET', '/druid/coordinator/v1/rules/own-all')).json).toMatchObject(rules);
    const compaction = await console.ask('GET', '/druid/indexer/v1/compaction/config/datasources/own-all');
    expect(compaction.json).toMatchObject({ skipOffsetFromLatest: 'PT1H' });
    await world.delete(DruidIngestion, 'own-all');
    await untilGone(world, 'own-all');
    expect(await console.supervisor('own-all')).toBeUndefined();
    scenarios += 1;
  });

  it('does not end a supervisor for who may not, and does when the right is there', async () => {
    await bringUp(world, as('full', 'own-kept'));
    await world.edit(DruidIngestion, 'own-kept', { spec: { auth: { secretRef: { name: 'idle' } } } });
    await untilReason(world, 'own-kept', 'PermissionDenied');
    await world.delete(DruidIngestion, 'own-kept');
    await untilPasses(world, 'own-kept', 2);
    expect(await console.supervisor('own-kept')).toBeDefined();
    await world.edit(DruidIngestion, 'own-kept', { spec: { auth: { secretRef: { name: 'full' } } } });
    await untilGone(world, 'own-kept');
    expect(await console.supervisor('own-kept')).toBeUndefined();
    scenarios += 1;
  });

  it('gets the secrets of a spec, and nobody else does, also when Druid quotes them refusing the spec', async () => {
    const module = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
    const jaas = `${module} username="druid" password="${canary}-kafka";`;
    await world.apply(Secret, {
      metadata: { name: 'kafka' },
      data: { jaas: encoded(jaas), wrong: encoded(`${canary}-duration`) },
    });
    const consumerProperties = {
      ...{ 'bootstrap.servers': '127.0.0.1:1', 'default.api.timeout.ms': '1000', 'sasl.mechanism': 'PLAIN' },
      ...{ 'security.protocol': 'SASL_PLAINTEXT', 'sasl.jaas.config': `\${secret:kafka/jaas}` },
    };
    const kafka = (text: string) => ({ ingestion: { type: 'kafka', spec: text } });
    await bringUp(world, as('full', 'own-jaas', kafka(spec('own-jaas', { ioConfig: { consumerProperties } }))));
    expect(JSON.stringify(await console.supervisor('own-jaas'))).toContain(`${canary}-kafka`);
    const quoted = spec('own-jaas', { ioConfig: { consumerProperties, taskDuration: `\${secret:kafka/wrong}` } });
    await world.edit(DruidIngestion, 'own-jaas', { spec: kafka(quoted) });
    await untilReason(world, 'own-jaas', 'RolledBack');
    expect(await messageOf('own-jaas')).toContain('[redacted]');
    scenarios += 1;
  });

  it('is told no password of it anywhere', async () => {
    const ingestions = await world.list(DruidIngestion);
    const written = [
      ingestions.map(({ metadata, status }) => ({ metadata, status })),
      await Promise.all(ingestions.map(({ metadata }) => world.events(DruidIngestion, metadata.name))),
      await world.list(ConfigMap),
      world.logs(),
      world.passes(),
    ];
    expect(ingestions.length).toBeGreaterThan(5);
    expect(JSON.stringify(written)).not.toContain(canary);
    expect(JSON.stringify(written)).not.toContain(encoded(`full:${canary}-full`));
    scenarios += 1;
  });
});
