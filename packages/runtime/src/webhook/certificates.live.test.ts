import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import {
  type Clock,
  type Connection,
  createClient,
  type KubeClient,
  loadKubeConfig,
  Secret,
  ValidatingWebhookConfiguration,
} from '@capstan/kube';
import { eventually, never, pickPort } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { controller } from '../controller/controller.ts';
import { Manager } from '../manager.ts';
import type { Offer } from './certificates/certificates.ts';
import { ManagedCertificates } from './certificates/managed-certificates.ts';
import { MountedCertificates } from './certificates/mounted-certificates.ts';
import { renewal } from './certificates/renewal.ts';
import { certificatesIn, materialIn, type ServingMaterial, secretData } from './certificates/serving-material.ts';
import { validating } from './validating.ts';
import {
  type Ballast,
  ballastKind,
  installed,
  JumpingClock,
  keptLog,
  madeNamespace,
  refusalOf,
} from './webhooks.fixture.ts';
import { webhooksFor } from './webhooks.ts';

const day = 24 * 60 * 60 * 1_000;
const Stone = ballastKind('Stone');
const hosts = ['127.0.0.1'];

const stones = controller<Ballast>(Stone, {
  name: 'stone-operator',
  owns: [],
  reconcile: (_stone, pass) => pass.report({ status: {} }),
});

let connection: Connection;
let client: KubeClient;
let namespace: string;

beforeAll(async () => {
  connection = await loadKubeConfig({ path: inject('kubeconfig') });
  client = createClient(connection);
  namespace = await madeNamespace(client, 'webhook-certificates');
  await installed(client, Stone);
});
afterAll(() => client.close());

const stone: Ballast = {
  apiVersion: 'webhooks.capstan.dev/v1',
  kind: 'Stone',
  metadata: { namespace: 'default', name: 'stone' },
  spec: { weight: 1 },
};

/** An operator that serves a webhook, from a clock of its own. */
async function operatorWith(name: string, clock: Clock) {
  const port = await pickPort();
  const { log, lines } = keptLog();
  const webhooks = [validating(Stone)];
  const parts = webhooksFor({
    ...{ name, webhooks, namespace, bindAddress: `127.0.0.1:${port}` },
    address: { url: `https://127.0.0.1:${port}` },
  });
  const stop = new AbortController();
  const manager = new Manager({ connection, controllers: [stones], log, clock, beside: parts.beside });
  const ended = manager.run(stop.signal);
  return {
    lines,
    /** Resolves when API servers have been told of the latest certificate; it is served 10 s later. */
    told: (times = 1) =>
      eventually(() => expect(lines.filter((line) => line.includes('which is served soon'))).toHaveLength(times)),
    problem: () => parts.checks[0]?.problem(),
    served: () => servedAt(port),
    stored: () => stored(name),
    trusted: () => trustedBy(name),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
      await client.delete(ValidatingWebhookConfiguration, { name });
      await client.delete(Secret, { namespace, name: `${name}-webhook-tls` });
    },
  };
}

/** The certificate that a new connection is shown. */
function servedAt(port: number): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      if (certificate === undefined) reject(new Error('no certificate was shown'));
      else resolve(certificate);
    });
    socket.once('error', reject);
  });
}

async function stored(name: string): Promise<ServingMaterial> {
  const secret = await client.get(Secret, { namespace, name: `${name}-webhook-tls` });
  const material = secret === undefined ? undefined : materialIn(secret);
  if (material === undefined) throw new Error(`the Secret of ${name} holds no certificates`);
  return material;
}

/** Whom API servers are told to trust. */
async function trustedBy(name: string): Promise<readonly string[]> {
  const live = await client.get(ValidatingWebhookConfiguration, { name });
  const bundle = live?.webhooks?.[0]?.clientConfig.caBundle ?? '';
  return certificatesIn(Buffer.from(bundle, 'base64').toString());
}

/** Asks through the API server, over and over, until told to end; gives how often and what went wrong. */
function asking() {
  const failures: unknown[] = [];
  let count = 0;
  let isDone = false;
  const ask = async () => {
    while (!isDone) {
      const refusal = await refusalOf(client.create(Stone, stone, { dryRun: true }));
      if (refusal !== undefined) failures.push(refusal);
      count += 1;
    }
  };
  const all = Promise.all([ask(), ask(), ask(), ask()]);
  return {
    failures,
    count: () => count,
    end: async () => {
      isDone = true;
      await all;
    },
  };
}

async function untilAnswered(): Promise<void> {
  await eventually(async () => expect(await refusalOf(client.create(Stone, stone, { dryRun: true }))).toBeUndefined());
}

describe('a serving certificate', () => {
  it('is renewed when its time comes, and no request fails meanwhile', async () => {
    const clock = new JumpingClock(-5 * day);
    await using operator = await operatorWith('stone-renewed', clock);
    await eventually(async () => expect(await operator.trusted()).toHaveLength(1));
    await untilAnswered();
    const before = await operator.served();
    const requests = asking();
    await eventually(() => expect(requests.count()).toBeGreaterThan(20));
    clock.jump(5 * day);
    await eventually(async () => expect((await operator.stored()).leaf.certificate).not.toBe(before.toString()));
    await operator.told();
    clock.jump(10_000);
    await eventually(async () => {
      expect((await operator.served()).serialNumber).not.toBe(before.serialNumber);
    });
    const since = requests.count();
    await eventually(() => expect(requests.count()).toBeGreaterThan(since + 20));
    await requests.end();
    expect(requests.failures).toEqual([]);
    expect(operator.problem()).toBeUndefined();
  });

  it('that has long expired, because the process was paused for a month, is replaced within one look', async () => {
    const clock = new JumpingClock(-30 * day);
    await using operator = await operatorWith('stone-paused', clock);
    await eventually(async () => expect(await operator.trusted()).toHaveLength(1));
    const before = await operator.served();
    expect((await refusalOf(client.create(Stone, stone, { dryRun: true })))?.serverMessage).toContain('expired');
    clock.jump(30 * day);
    await eventually(async () => expect((await operator.served()).serialNumber).not.toBe(before.serialNumber));
    await untilAnswered();
  });
});

describe('an authority', () => {
  it('is replaced when its time comes: both are trusted, and no request fails meanwhile', async () => {
    const name = 'stone-rotated';
    // Made so long ago that its time comes four days from the operator's clock.
    const old = await renewal({ trusted: [] }, { name, hosts, now: Date.now() - 245 * day });
    if (old === undefined) throw new Error('no authority was made');
    await client.create(Secret, {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { namespace, name: `${name}-webhook-tls` },
      type: 'kubernetes.io/tls',
      data: secretData(old),
    });
    const clock = new JumpingClock(-4 * day);
    await using operator = await operatorWith(name, clock);
    await eventually(async () => expect(await operator.trusted()).toEqual([old.authority.certificate]));
    await untilAnswered();
    expect((await operator.stored()).authority).toEqual(old.authority);
    const before = await operator.served();
    const requests = asking();
    clock.jump(4 * day);
    await eventually(async () => expect(await operator.trusted()).toHaveLength(2));
    const { authority } = await operator.stored();
    expect(await operator.trusted()).toEqual([authority.certificate, old.authority.certificate]);
    // API servers have time to hear of the new one before it is used.
    expect((await operator.served()).serialNumber).toBe(before.serialNumber);
    await operator.told();
    clock.jump(10_000);
    await eventually(async () => {
      expect((await operator.served()).verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    });
    const since = requests.count();
    await eventually(() => expect(requests.count()).toBeGreaterThan(since + 20));
    await requests.end();
    expect(requests.failures).toEqual([]);
  });
});

describe('the Secret', () => {
  it('is made anew when it is deleted, with an authority of its own, and no request fails meanwhile', async () => {
    const clock = new JumpingClock();
    await using operator = await operatorWith('stone-deleted', clock);
    await eventually(async () => expect(await operator.trusted()).toHaveLength(1));
    await untilAnswered();
    const before = await operator.stored();
    const requests = asking();
    await client.delete(Secret, { namespace, name: 'stone-deleted-webhook-tls' });
    await eventually(async () => expect(await operator.trusted()).toHaveLength(2));
    const after = await operator.stored();
    expect(after.authority).not.toEqual(before.authority);
    await operator.told();
    clock.jump(10_000);
    await eventually(async () => {
      expect((await operator.served()).toString()).toBe(after.leaf.certificate);
    });
    await requests.end();
    expect(requests.failures).toEqual([]);
  });

  it.each<[what: string, data: Readonly<Record<string, string>>]>([
    ['has lost its keys', { 'ca.key': '', 'tls.key': '' }],
    ['holds text that is no certificate', { 'ca.crt': 'bm90IGEgY2VydGlmaWNhdGU=', 'tls.crt': 'bm9y' }],
  ])('is mended when it %s', async (_what, data) => {
    const clock = new JumpingClock();
    await using operator = await operatorWith('stone-broken', clock);
    await eventually(async () => expect(await operator.trusted()).toHaveLength(1));
    const ref = { namespace, name: 'stone-broken-webhook-tls' };
    await client.patch(Secret, ref, { kind: 'merge', body: { data } });
    const mended = await eventually(() => operator.stored());
    await operator.told();
    clock.jump(10_000);
    await eventually(async () => {
      expect((await operator.served()).toString()).toBe(mended.leaf.certificate);
    });
    await untilAnswered();
    expect(operator.lines.filter((line) => line.includes('holds no sound certificates')).length).toBeGreaterThan(0);
  });
});

describe('several replicas', () => {
  it('that start at once end up with one authority and one certificate', async () => {
    const name = 'stone-replicas';
    const secret = { namespace, name: `${name}-webhook-tls` };
    const stop = new AbortController();
    const clock = new JumpingClock();
    const offers = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const seen: Offer[] = [];
        const { log } = keptLog();
        const options = { client, clock, random: Math.random, log, name, secret, hosts };
        const running = new ManagedCertificates(options).run(stop.signal, (offer) => void seen.push(offer));
        return { seen, running };
      }),
    );
    await eventually(async () => {
      const { leaf } = await stored(name);
      expect(offers.map(({ seen }) => seen.at(-1)?.leaf)).toEqual(Array.from({ length: 5 }, () => leaf));
    });
    expect(offers.map(({ seen }) => seen.length)).toEqual([1, 1, 1, 1, 1]);
    clock.jump(5 * day);
    await eventually(async () => {
      const { leaf } = await stored(name);
      expect(offers.map(({ seen }) => seen.map((offer) => offer.leaf))).toEqual(
        Array.from({ length: 5 }, () => [expect.anything(), leaf]),
      );
    });
    stop.abort();
    await Promise.all(offers.map(({ running }) => running));
    await client.delete(Secret, secret);
  });

  it('whose clocks are ten days apart do not write in turn without end', async () => {
    const name = 'stone-clocks';
    const secret = { namespace, name: `${name}-webhook-tls` };
    const stop = new AbortController();
    const replicas = [new JumpingClock(), new JumpingClock(10 * day)].map((clock) => {
      const { log, lines } = keptLog();
      const options = { client, clock, random: Math.random, log, name, secret, hosts };
      const running = new ManagedCertificates(options).run(stop.signal, () => {});
      return {
        running,
        written: () => lines.filter((line) => /new certificate were made|was renewed/.test(line)).length,
      };
    });
    await eventually(() => expect(replicas.map(({ written }) => written() > 0)).toEqual([true, true]));
    const written = () => replicas.reduce((sum, replica) => sum + replica.written(), 0);
    await never(() => expect(written()).toBeGreaterThan(8), { during: 3_000 });
    stop.abort();
    await Promise.all(replicas.map(({ running }) => running));
    await client.delete(Secret, secret);
  });
});

describe('certificates of somebody else, in a directory', () => {
  const material = async (now: number) => {
    const made = await renewal({ trusted: [] }, { name: 'mounted', hosts, now });
    if (made === undefined) throw new Error('nothing was made');
    return made;
  };

  /** As the kubelet does it: files are links into a directory that is swapped as a whole. */
  async function mount(directory: string, { leaf }: ServingMaterial, at: string): Promise<void> {
    const data = join(directory, at);
    await mkdir(data);
    await Promise.all([
      writeFile(join(data, 'tls.crt'), leaf.certificate),
      writeFile(join(data, 'tls.key'), leaf.privateKey),
    ]);
    await symlink(at, join(directory, '..tmp'));
    await rename(join(directory, '..tmp'), join(directory, '..data'));
  }

  it('are served, and again when they change; a pair that does not fit is passed over', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'capstan-mounted-'));
    const [first, second] = [await material(Date.now()), await material(Date.now())];
    await mount(directory, first, '..1');
    await symlink('..data/tls.crt', join(directory, 'tls.crt'));
    await symlink('..data/tls.key', join(directory, 'tls.key'));
    const seen: Offer[] = [];
    const stop = new AbortController();
    const { log, lines } = keptLog();
    const certificates = new MountedCertificates({ directory, clock: new JumpingClock(), log });
    const running = certificates.run(stop.signal, (offer) => void seen.push(offer));
    await eventually(() => expect(seen).toEqual([{ leaf: first.leaf, trusted: undefined }]));
    expect(certificates.problem).toBeUndefined();
    await mount(directory, { ...second, leaf: { ...second.leaf, privateKey: first.leaf.privateKey } }, '..2');
    await eventually(() => expect(certificates.problem).toContain('tls.key is not the key of tls.crt'));
    await mount(directory, second, '..3');
    await eventually(() => expect(seen.at(-1)?.leaf).toEqual(second.leaf));
    expect(seen).toHaveLength(2);
    expect(certificates.problem).toBeUndefined();
    expect(lines.join('')).not.toContain('PRIVATE KEY');
    stop.abort();
    await running;
    await rm(directory, { recursive: true });
  });
});
