import { customResource, type ResourceOf, Type } from '@capstan/crd';
import {
  ConfigMap,
  type Connection,
  createClient,
  type KubeClient,
  Lease,
  loadKubeConfig,
  Namespace,
} from '@capstan/kube';
import { AuditLog, eventually, installKinds, never, TcpProxy, writeVerbs } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Controller, controller } from '../controller/controller.ts';
import { owned, type Pass } from '../controller/reconciler.ts';
import { millis, seconds } from '../duration.ts';
import { createLogger } from '../log.ts';
import { Manager } from '../manager.ts';
import { LeadershipLost } from './leadership.ts';
import { leaseElection } from './lease-election.ts';

const Note = customResource({
  group: 'leader.capstan.dev',
  version: 'v1',
  kind: 'Note',
  plural: 'notes',
  description: 'Something to be written down.',
  spec: Type.Object({ text: Type.String({ maxLength: 60, description: 'What to write down.' }) }),
  status: Type.Object({ said: Type.Optional(Type.String({ description: 'What was said.' })) }),
});
type Note = ResourceOf<typeof Note>;

const quick = { leaseDurationMs: seconds(3), renewDeadlineMs: seconds(2), retryPeriodMs: millis(500) };

let connection: Connection;
let admin: KubeClient;
const audit = new AuditLog(inject('auditLog'));

beforeAll(async () => {
  connection = await loadKubeConfig({ path: inject('kubeconfig') });
  admin = createClient(connection);
  await installKinds(admin, [Note]);
});

afterAll(() => admin.close());

function notes(onPass: (pass: Pass<Note>) => Promise<void> = async () => {}): Controller {
  return controller(Note, {
    name: 'note-operator',
    owns: [owned(ConfigMap)],
    reconcile: async (note, pass) => {
      await onPass(pass);
      const map: ConfigMap = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: note.metadata.name },
        data: { text: note.spec.text },
      };
      await pass.apply({ steps: [{ name: 'text', objects: [map] }] });
      return pass.report({ status: { said: note.spec.text } });
    },
  });
}

/** One process of the operator, as far as the API server and its log can tell. */
class Replica implements AsyncDisposable {
  readonly lines: Record<string, unknown>[] = [];
  readonly manager: Manager;
  readonly ended: Promise<unknown>;
  readonly userAgent: string;
  readonly #stop = new AbortController();

  constructor(
    namespace: string,
    identity: string,
    { via = connection, notes: controllers = [notes()] }: { via?: Connection; notes?: readonly Controller[] } = {},
  ) {
    this.userAgent = `${namespace}-${identity}`;
    this.manager = new Manager({
      connection: via,
      controllers,
      namespaces: [namespace],
      userAgent: this.userAgent,
      log: createLogger({ level: 'debug', destination: { write: (line) => void this.lines.push(JSON.parse(line)) } }),
      election: leaseElection({ name: 'notes', namespace, identity, ...quick }),
    });
    this.ended = this.manager.run(this.#stop.signal).then(
      () => undefined,
      (error: unknown) => error,
    );
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }

  said(text: string): boolean {
    return this.lines.some(({ msg }) => msg === text);
  }

  /** Lines that a person would be called for. */
  get alarms(): readonly unknown[] {
    return this.lines.filter(({ level }) => level === 'error' || level === 'fatal');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

async function namespaceOf(name: string): Promise<string> {
  await admin.apply(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { fieldManager: 'test' });
  return name;
}

function write(namespace: string, text: string): Promise<Note> {
  const note: Note = {
    apiVersion: 'leader.capstan.dev/v1',
    kind: 'Note',
    metadata: { namespace, name: 'n' },
    spec: { text },
  };
  return admin.apply(Note, note, { fieldManager: 'a-user', force: true });
}

function untilWritten(namespace: string, text: string): Promise<void> {
  return eventually(async () => {
    const found = await admin.get(ConfigMap, { namespace, name: 'n' });
    expect(found?.data).toEqual({ text });
  });
}

async function leaderOf(namespace: string): Promise<Lease['spec']> {
  return (await admin.get(Lease, { namespace, name: 'notes' }))?.spec;
}

function untilSaid(replica: Replica, text: string): Promise<void> {
  return eventually(() => expect(replica.said(text)).toBe(true));
}

describe('two processes and one lease', () => {
  it('one works; the other stands by with warm caches, asks for nothing, and takes over when the first stops', async () => {
    const namespace = await namespaceOf('lease-two');
    const start = audit.position();
    await using first = new Replica(namespace, 'first');
    await untilSaid(first, 'leading');
    await using second = new Replica(namespace, 'second');
    await untilSaid(second, 'another process leads; standing by');
    expect(second.manager.isReady).toBe(true);
    await write(namespace, 'one');
    await untilWritten(namespace, 'one');
    const settled = audit.position();
    const leases = { userAgent: `${second.userAgent}/leader-election`, resource: 'leases' };
    await never(
      () =>
        expect([...audit.since(settled, leases), ...audit.since(settled, { userAgent: second.userAgent })]).not.toEqual(
          [],
        ),
      { during: 2_000 },
    );
    await first.stop();
    await untilSaid(second, 'leading');
    expect(await leaderOf(namespace)).toMatchObject({ holderIdentity: 'second', leaseTransitions: 1 });
    await write(namespace, 'two');
    await untilWritten(namespace, 'two');
    const writers = audit.since(start, { namespace, resource: 'configmaps', verbs: writeVerbs });
    expect(
      [...new Set(writers.map(({ userAgent }) => userAgent))].filter((name) => name.startsWith(namespace)),
    ).toEqual([first.userAgent, second.userAgent]);
    expect([...first.alarms, ...second.alarms]).toEqual([]);
  });

  it('what happened while a process stood by is done when it comes to lead', async () => {
    const namespace = await namespaceOf('lease-backlog');
    let isLeading = false;
    const idle = notes(async ({ signal }) => {
      isLeading = true;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    });
    await using proxy = await TcpProxy.start(connection.server);
    await using first = new Replica(namespace, 'first', { via: { ...connection, server: proxy.url }, notes: [idle] });
    await untilSaid(first, 'leading');
    await using second = new Replica(namespace, 'second');
    await untilSaid(second, 'another process leads; standing by');
    await write(namespace, 'in between');
    await eventually(() => expect(isLeading).toBe(true));
    proxy.block();
    await untilWritten(namespace, 'in between');
    expect(await first.ended).toBeInstanceOf(LeadershipLost);
    expect([...first.alarms, ...second.alarms]).toEqual([]);
  });
});

describe('a process that loses its lease', () => {
  it('to somebody else ends its pass quietly, writes nothing more, and ends with the reason', async () => {
    const namespace = await namespaceOf('lease-stolen');
    let isUnderWay = false;
    const slow = notes(async ({ signal }) => {
      isUnderWay = true;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      // What a reconciler does that looks at no signal: it goes on to apply.
    });
    await using only = new Replica(namespace, 'only', { notes: [slow] });
    await untilSaid(only, 'leading');
    await write(namespace, 'never');
    await eventually(() => expect(isUnderWay).toBe(true));
    const stolen = { spec: { holderIdentity: 'somebody' } };
    await admin.patch(Lease, { namespace, name: 'notes' }, { kind: 'merge', body: stolen });
    const reason = await only.ended;
    expect(reason).toBeInstanceOf(LeadershipLost);
    expect(String(reason)).toContain(`the lease ${namespace}/notes is held by somebody now`);
    expect(await admin.get(ConfigMap, { namespace, name: 'n' })).toBeUndefined();
    expect(only.alarms).toEqual([]);
    expect(await leaderOf(namespace)).toMatchObject({ holderIdentity: 'somebody' });
  });

  it('because nothing reaches the API server ends before others may take it', async () => {
    const namespace = await namespaceOf('lease-cut');
    await using proxy = await TcpProxy.start(connection.server);
    await using only = new Replica(namespace, 'only', { via: { ...connection, server: proxy.url } });
    await untilSaid(only, 'leading');
    proxy.block();
    expect(String(await only.ended)).toMatch(/LeadershipLost: the lease \S+ was not renewed within 2 s/);
    expect(only.alarms).toEqual([]);
  });
});

describe('a process whose connection is dead', () => {
  it('keeps its lease over a new one', async () => {
    const namespace = await namespaceOf('lease-frozen');
    await using proxy = await TcpProxy.start(connection.server);
    await using only = new Replica(namespace, 'only', { via: { ...connection, server: proxy.url } });
    await untilSaid(only, 'leading');
    proxy.freeze();
    const before = await leaderOf(namespace);
    await eventually(async () => expect((await leaderOf(namespace))?.renewTime).not.toBe(before?.renewTime));
    await only.stop();
    expect(await only.ended).toBeUndefined();
  });
});
