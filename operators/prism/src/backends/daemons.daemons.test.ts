import { readFileSync } from 'node:fs';
import type { Container } from '@capstan/kube';
import { secretHash } from '@capstan/resources';
import { eventually } from '@capstan/testkit';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { aClusterWith, someCredentials } from './a-cluster.fixture.ts';
import { backendChildren } from './backend-children.ts';
import type { BackendKind } from './backend-kind.ts';
import { type Credentials, credentialsSecret } from './credentials.ts';
import { describeDaemon, describeKafka } from './describe-daemon.fixture.ts';
import { JavaServers, kafkaVersion, propertiesOf } from './java-server.fixture.ts';
import { Children, environmentOf, expanded } from './kubelet.fixture.ts';
import { RunningServer, type ServerImage } from './running-server.fixture.ts';
import { imageOf } from './versions.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const key = Buffer.alloc(32, 7);
const hashOf = (secrets: Readonly<Record<string, string>>) => secretHash(key, secrets);
type Backends = Parameters<typeof aClusterWith>[0];

let server: RunningServer | undefined;

afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

/** Starts the server of a cluster with these backends, and waits until its own probes succeed. */
async function run(
  image: ServerImage & { readonly daemon: BackendKind },
  backends: Backends,
  credentials: Credentials,
) {
  const cluster = aClusterWith(backends);
  const { objects } = backendChildren(image.daemon, cluster, { credentials, hashOf });
  const all = [...objects, credentialsSecret(cluster, image.daemon, credentials)];
  const started = new RunningServer(image, `orders-${image.daemon}`, all);
  server = started;
  await started.start();
  await serves(started);
  return started;
}

async function serves(started: RunningServer): Promise<void> {
  await eventually(
    async () => {
      for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'] as const)
        expect(await started.passes(probe), `${probe}\n${started.log}`).toBe(true);
    },
    { timeout: 20_000, interval: 100 },
  );
}

/** Says which version was run, and which one clusters get. */
async function printVersion(started: RunningServer, program: string, kind: BackendKind): Promise<void> {
  const { output } = await started.inside([program, '--version']);
  process.stderr.write(`run with ${output.split('\n')[0]}; clusters get ${imageOf(kind)}\n`);
}

const awkward = `quo"te back\\slash 'a' $HOME #1 %41 ä`;

describeDaemon('redis', 'a real redis-server', () => {
  const image = { daemon: 'redis' } as const;
  const { redis } = someCredentials;
  const ask = (password: string, ...command: readonly string[]) =>
    server?.inside(['redis-cli', ...command], { REDISCLI_AUTH: password });

  it('serves those who have the password, and keeps what it was told when it is stopped', async () => {
    const started = await run(image, { redis: {} }, redis);
    await printVersion(started, 'redis-server', 'redis');
    expect(await ask('', 'get', 'colour')).toMatchObject({ output: expect.stringContaining('NOAUTH') });
    expect(await ask('wrong', 'get', 'colour')).toMatchObject({ output: expect.stringContaining('NOAUTH') });
    expect(await ask(redis['password'] ?? '', 'set', 'colour', 'green')).toMatchObject({ output: 'OK\n' });
    expect(started.commandLine).not.toContain(redis['password']);
    expect(await started.stop()).toEqual({ code: 0, signal: null });
    await started.start();
    await serves(started);
    expect(await ask(redis['password'] ?? '', 'get', 'colour')).toMatchObject({ output: 'green\n' });
  });

  it('takes a password with any characters in it', async () => {
    await run(image, { redis: {} }, { password: awkward });
    expect(await ask(awkward, 'ping')).toMatchObject({ output: 'PONG\n' });
    expect(await ask('quo', 'ping')).toMatchObject({ output: expect.stringContaining('NOAUTH') });
  });

  it('serves everybody where no password is asked for', async () => {
    await run(image, { redis: { auth: 'None' } }, {});
    const answer = await server?.inside(['redis-cli', 'config', 'get', 'protected-mode']);
    expect(answer).toMatchObject({ output: 'protected-mode\nno\n' });
  });
});

describeDaemon('nats', 'a real nats-server', () => {
  const image = { daemon: 'nats', entrypoint: ['nats-server'] } as const;
  const { nats } = someCredentials;
  /** What the server says to a login and a ping, and to a word that it does not know, upon which it hangs up. */
  const login = ({ username, password }: Credentials) => {
    const connect = JSON.stringify({ verbose: false, user: username, pass: password });
    const lines = [`CONNECT ${connect}`, 'PING', 'QUIT'].map((line) => `${line}\r\n`);
    return server?.inside(['nc', '127.0.0.1', '4222'], {}, lines.join(''));
  };

  it('serves those who have the password', async () => {
    const started = await run(image, { nats: {} }, nats);
    await printVersion(started, 'nats-server', 'nats');
    expect(await login(nats)).toMatchObject({ output: expect.stringContaining('PONG') });
    expect(await login({ ...nats, password: 'wrong' })).toMatchObject({
      output: expect.stringContaining('Authorization Violation'),
    });
    expect(started.commandLine).not.toContain(nats['password']);
    expect(started.log).not.toContain(nats['password']);
  });

  it('takes a user and a password with any characters in them', async () => {
    const credentials = { username: `ad"min`, password: awkward };
    await run(image, { nats: {} }, credentials);
    expect(await login(credentials)).toMatchObject({ output: expect.stringContaining('PONG') });
  });

  it('keeps streams where it has a volume', async () => {
    const started = await run(image, { nats: { storage: '1Gi' } }, nats);
    const { output } = await started.inside(['wget', '-q', '-O', '-', 'http://127.0.0.1:8222/jsz']);
    expect(JSON.parse(output)).toMatchObject({ config: { store_dir: '/data/jetstream' } });
  });

  it('looks for the other servers of its cluster, under a name of its own', async () => {
    const started = await run(image, { nats: { replicas: 3 } }, { username: `a@b:c/`, password: awkward });
    const { output } = await started.inside(['wget', '-q', '-O', '-', 'http://127.0.0.1:8222/varz']);
    expect(JSON.parse(output)).toMatchObject({
      server_name: 'orders-nats-0',
      cluster: {
        name: 'orders-nats',
        cluster_port: 6222,
        urls: [0, 1, 2].map((ordinal) => `orders-nats-${ordinal}.orders-nats-headless.shop.svc:6222`),
      },
    });
  });
});

describeDaemon('postgres', 'a real postgres', () => {
  const script = new URL('postgres-entrypoint.fixture.sh', import.meta.url);
  const image = {
    daemon: 'postgres',
    entrypoint: ['/usr/local/bin/entrypoint.sh'],
    env: { LANG: 'C.UTF-8' },
    files: { '/usr/local/bin/entrypoint.sh': readFileSync(script, 'utf8') },
  } as const;
  const { postgres } = someCredentials;
  const ask = ({ username = '', password = '' }: Credentials, statement: string, database = 'prism') =>
    server?.inside(['psql', '-h', '127.0.0.1', '-U', username, '-d', database, '-tAc', statement], {
      PGPASSWORD: password,
    });

  it('makes its database at the first start, and keeps it when it is stopped', async () => {
    const started = await run(image, { postgres: { database: 'orders' } }, postgres);
    await printVersion(started, 'postgres', 'postgres');
    expect(await ask(postgres, 'create table t as select 7 as n', 'orders')).toMatchObject({ output: 'SELECT 1\n' });
    expect(await ask({ ...postgres, password: 'wrong' }, 'select 1', 'orders')).toMatchObject({
      code: 2,
      output: expect.stringContaining('password authentication failed'),
    });
    expect(await started.stop('SIGINT')).toEqual({ code: 0, signal: null });
    await started.start();
    await serves(started);
    expect(await ask(postgres, 'select n from t', 'orders')).toMatchObject({ output: '7\n' });
  });

  it('takes a password with any characters in it', async () => {
    const credentials = { username: 'o.brien@shop-1', password: awkward };
    await run(image, { postgres: {} }, credentials);
    expect(await ask(credentials, 'select current_user')).toMatchObject({ output: `${credentials.username}\n` });
  });
});

describeDaemon('minio', 'a real MinIO', () => {
  const image = { daemon: 'minio', entrypoint: ['minio'] } as const;

  it('serves with credentials of its own, and ends when it is told to', async () => {
    const started = await run(image, { minio: {} }, someCredentials.minio);
    await printVersion(started, 'minio', 'minio');
    expect(started.log).not.toContain('minioadmin');
    expect(started.log).not.toContain(someCredentials.minio['rootPassword']);
    expect(await started.stop()).toEqual({ code: 0, signal: null });
  });
});

describeKafka('a real Kafka', () => {
  const names = ['kafka-0.orders-kafka', 'zookeeper-1.orders-zookeeper'];
  const hosts = names.map((name) => `orders-${name}-headless.shop.svc`);
  let servers: JavaServers;

  beforeEach(() => {
    servers = new JavaServers(hosts);
  });

  afterEach(() => servers[Symbol.asyncDispose]());

  /** What a cluster with this Kafka consists of. */
  function childrenWith(kafka: NonNullable<NonNullable<Backends>['kafka']>): Children {
    const cluster = aClusterWith({ kafka });
    const { objects } = backendChildren('kafka', cluster, { credentials: someCredentials.kafka, hashOf });
    return new Children([...objects, credentialsSecret(cluster, 'kafka', someCredentials.kafka)]);
  }

  async function ready({ startupProbe = {}, readinessProbe = {}, ports = [] }: Container): Promise<void> {
    const numbers = Object.fromEntries(ports.map(({ name = '', containerPort }) => [name, containerPort]));
    const look = async () => {
      for (const probe of [startupProbe, readinessProbe])
        expect(await servers.passes(probe, numbers), servers.log).toBe(true);
    };
    await eventually(look, { timeout: 25_000, interval: 200 });
  }

  const topics = (...args: readonly string[]) =>
    servers.run('org.apache.kafka.tools.TopicCommand', ['--bootstrap-server', `${hosts[0]}:9092`, ...args]);

  it('is controller and broker in one, and keeps its topics when it is stopped', async () => {
    const children = childrenWith({});
    const { container } = children.statefulSet('orders-kafka');
    const variables = environmentOf(container, { name: 'orders-kafka-0', index: 0 }, children);
    const properties = servers.file('server.properties', propertiesOf(variables));
    await servers.run('kafka.tools.StorageTool', ['format', '-t', variables['CLUSTER_ID'] ?? '', '-c', properties]);
    const kafka = await servers.start('kafka.Kafka', [properties]);
    await ready(container);
    await topics('--create', '--topic', 'orders');
    expect((await kafka.stop(20_000)).signal).toBeNull();
    await servers.start('kafka.Kafka', [properties]);
    await ready(container);
    expect(await topics('--describe', '--topic', 'orders')).toMatch(/PartitionCount: 1\s+ReplicationFactor: 1/);
    process.stderr.write(`run with Kafka ${kafkaVersion()}; clusters get ${imageOf('kafka')}\n`);
  });

  it('works with a ZooKeeper where it is told to', async () => {
    const children = childrenWith({ mode: 'ZooKeeper' });
    const zookeeper = children.statefulSet('orders-zookeeper').container;
    const { container } = children.statefulSet('orders-kafka');
    const { 'zoo.cfg': zoo = '' } = children.files('ConfigMap', 'orders-zookeeper-config');
    await servers.start('org.apache.zookeeper.server.ZooKeeperServerMain', [servers.file('zoo.cfg', zoo)]);
    await ready(zookeeper);
    const { 'server.properties': text = '' } = children.files('ConfigMap', 'orders-kafka-config');
    const variables = environmentOf(container, { name: 'orders-kafka-0', index: 0 }, children);
    const [, ...overrides] = (container.args ?? []).map((part) => expanded(part, variables));
    await servers.start('kafka.Kafka', [servers.file('server.properties', text), ...overrides]);
    await ready(container);
    await topics('--create', '--topic', 'orders');
    expect(await topics('--list')).toContain('orders');
  });
});
