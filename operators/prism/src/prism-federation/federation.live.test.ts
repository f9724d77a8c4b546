import { fileURLToPath } from 'node:url';
import { ConfigMap, systemClock } from '@capstan/kube';
import { DNSEndpoint } from '@capstan/resources';
import { readManifests, type Wanted } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PrismCluster } from '../api/v1alpha1/prism-cluster.ts';
import { type MemberStatus, PrismFederation } from '../api/v1alpha3/prism-federation.ts';
import {
  type Federated,
  openFederated,
  type RemotePlane,
  tellServing,
  wantedFederation,
} from './three-planes.fixture.ts';

const name = 'global';
const sampleFile = fileURLToPath(new URL('../../../../deploy/samples/prism/prism-federation.yaml', import.meta.url));
const patiently = { timeout: 60_000 } as const;
const template = { backends: { redis: {} }, patterns: [{ name: 'keyvalue', backends: ['redis'] }] };

let federated: Federated;

beforeAll(async () => {
  federated = await openFederated();
}, 300_000);

afterAll(() => federated[Symbol.asyncDispose](), 120_000);

/** Applies a federation that propagates, and has all three serve. */
async function bringUp(more: Parameters<typeof wantedFederation>[1] = {}): Promise<void> {
  const { world, remotes } = federated;
  await world.apply(
    PrismFederation,
    wantedFederation(federated, { propagation: { policy: 'Propagate', template }, ...more }),
  );
  await world.eventually(async () => {
    for (const { admin } of remotes) expect(await remoteCluster(admin)).toBeDefined();
  }, patiently);
  for (const remote of remotes) await tellServing(remote);
  await untilRoutes({ east: 100 });
  await world.untilCondition(PrismFederation, name, 'Ready', 'True', patiently);
}

function remoteCluster(admin: RemotePlane['admin']): Promise<PrismCluster | undefined> {
  return admin.get(PrismCluster, { namespace: federated.namespace, name });
}

/** The weights above 0 that programs read. */
async function routes(): Promise<Readonly<Record<string, number>>> {
  const found = await federated.world.get(ConfigMap, `${name}-routes`);
  const { clusters = [] }: { readonly clusters?: readonly { readonly name: string; readonly weight: number }[] } =
    JSON.parse(found?.data?.['routes.json'] ?? '{}');
  return Object.fromEntries(clusters.filter(({ weight }) => weight > 0).map((each) => [each.name, each.weight]));
}

/** Waits for routes, and says how long that took in ms. */
async function untilRoutes(expected: Readonly<Record<string, number>>): Promise<number> {
  const startedAt = systemClock.monotonic();
  await federated.world.eventually(async () => expect(await routes()).toEqual(expected), patiently);
  return Math.round(systemClock.monotonic() - startedAt);
}

async function memberStatus(member: string): Promise<MemberStatus | undefined> {
  const { status } = (await federated.world.get(PrismFederation, name)) ?? {};
  return status?.clusters?.find((each) => each.name === member);
}

/** `False Reason` of a condition of one cluster. */
async function told(member: string, type: string): Promise<string | undefined> {
  const found = (await memberStatus(member))?.conditions?.find((each) => each.type === type);
  return found && `${found.status} ${found.reason}`;
}

function print(what: string, ms: number): void {
  process.stdout.write(`${what}: ${(ms / 1_000).toFixed(1)} s\n`);
}

describe('a federation over three control planes', () => {
  it('as the requirement has it says of each cluster what is missing', async () => {
    const { world } = federated;
    const [sample] = await readManifests(sampleFile);
    const { metadata, spec } = sample as unknown as Wanted<typeof PrismFederation>; // the API server looks at its shape
    await world.apply(PrismFederation, { metadata: { name: metadata.name ?? '' }, spec });
    await world.eventually(async () => {
      const { status } = (await world.get(PrismFederation, metadata.name ?? '')) ?? {};
      const missing = status?.clusters?.map(({ conditions = [] }) =>
        conditions.find(({ type }) => type === 'CredentialsReady'),
      );
      expect(missing?.map((condition) => condition?.reason)).toEqual(['CredentialsMissing', 'CredentialsMissing']);
    });
  });

  it('propagates its template, measures, and routes to the one that is preferred', async () => {
    await bringUp();
    for (const { name: member } of federated.remotes) {
      expect(await told(member, 'Reachable')).toBe('True Answers');
      expect(await told(member, 'Propagated')).toBe('True InSync');
      expect((await memberStatus(member))?.latencyMilliseconds).toBeGreaterThan(0);
    }
  }, 120_000);

  it('goes on elsewhere when the API server is killed, and comes back with it', async () => {
    const { world, remotes } = federated;
    const [home, east, west] = remotes;
    await east.plane.killApiServer();
    print('failover after a kill', await untilRoutes({ west: 100 }));
    const moved = await world.untilCondition(PrismFederation, name, 'FailedOver', 'True', patiently);
    expect(moved.message).toBe('east failed; traffic goes to west (100%).');
    expect((await memberStatus('east'))?.reachable).toBe(false);
    for (const { name: member } of [home, west]) expect(await told(member, 'Healthy')).toBe('True Answers');
    await east.plane.startApiServer();
    print('back after it runs again', await untilRoutes({ east: 100 }));
    await world.untilCondition(PrismFederation, name, 'FailedOver', 'False', patiently);
    await world.eventually(async () => {
      const reasons = (await world.events(PrismFederation, name)).map(({ reason }) => reason);
      expect(reasons).toEqual(expect.arrayContaining(['Failover', 'Rebalanced']));
    });
  }, 180_000);

  it('goes on elsewhere when the API server hangs, which holds up nobody else', async () => {
    const { world, remotes } = federated;
    const [home, east] = remotes;
    const pid = east.plane.pids['kube-apiserver'] ?? 0;
    expect(pid).toBeGreaterThan(0);
    process.kill(pid, 'SIGSTOP');
    try {
      print('failover after a pause', await untilRoutes({ west: 100 }));
      // Drift elsewhere is still put right while one hangs.
      const at = { namespace: federated.namespace, name };
      await home.admin.patch(PrismCluster, at, { kind: 'merge', body: { spec: { proxy: { replicas: 9 } } } });
      await home.admin.patch(PrismCluster, at, { kind: 'merge', body: { spec: { patterns: [] } } });
      await world.eventually(async () => {
        expect((await remoteCluster(home.admin))?.spec.patterns).toHaveLength(1);
      }, patiently);
      expect(world.passes(name).every(({ durationMs }) => durationMs < 5_000)).toBe(true);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    print('back after it goes on', await untilRoutes({ east: 100 }));
  }, 180_000);

  it('leaves a cluster whose proxies do not serve although its API server answers', async () => {
    const [, east] = federated.remotes;
    await tellServing(east, false);
    await untilRoutes({ west: 100 });
    expect(await told('east', 'Healthy')).toBe('False ProxiesUnavailable');
    await tellServing(east);
    await untilRoutes({ east: 100 });
  }, 120_000);

  it('keeps the routes when all are away, and says so', async () => {
    const { world, remotes } = federated;
    // Home manages the federation, so it has to say that it does not serve.
    const [home, east, west] = remotes;
    await tellServing(home, false);
    await world.eventually(
      async () => expect(await told('home', 'Healthy')).toBe('False ProxiesUnavailable'),
      patiently,
    );
    await Promise.all([east.plane.killApiServer(), west.plane.killApiServer()]);
    await world.eventually(async () => {
      const ready = (await world.conditions(PrismFederation, name)).find(({ type }) => type === 'Ready');
      expect(ready?.message).toBe('No cluster is healthy, so traffic stays where it was: east (100%).');
    }, patiently);
    expect(await routes()).toEqual({ east: 100 });
    await Promise.all([east.plane.startApiServer(), west.plane.startApiServer()]);
    await world.eventually(async () => expect(await told('east', 'Healthy')).toBe('True Answers'), patiently);
    await tellServing(home);
    await untilRoutes({ east: 100 });
    await world.untilCondition(PrismFederation, name, 'Ready', 'True', patiently);
  }, 180_000);

  it('remembers where traffic goes when its controller is started anew', async () => {
    const { world, remotes } = federated;
    const [, east] = remotes;
    await east.plane.killApiServer();
    await untilRoutes({ west: 100 });
    await world.restartOperator();
    await world.settled();
    expect(await routes()).toEqual({ west: 100 });
    await east.plane.startApiServer();
    await untilRoutes({ east: 100 });
  }, 180_000);

  it('leaves a PrismCluster of somebody else alone', async () => {
    const { world, remotes } = federated;
    const [, , west] = remotes;
    const at = { namespace: federated.namespace, name };
    await west.admin.patch(PrismCluster, at, {
      kind: 'merge',
      body: { metadata: { labels: { 'prism.io/federation-uid': 'another' } }, spec: { patterns: [] } },
    });
    await world.eventually(async () => expect(await told('west', 'Propagated')).toBe('False NotOwned'), patiently);
    expect((await remoteCluster(west.admin))?.spec.patterns).toEqual([]);
    const body = { metadata: { annotations: { 'prism.io/adopted-by-federation': `${world.namespace}/${name}` } } };
    await west.admin.patch(PrismCluster, at, { kind: 'merge', body });
    await world.eventually(async () => expect(await told('west', 'Propagated')).toBe('True InSync'), patiently);
    expect((await remoteCluster(west.admin))?.spec.patterns).toHaveLength(1);
  }, 120_000);

  it('publishes DNS records that the definition of external-dns takes, and says which address is missing', async () => {
    const { world } = federated;
    const dns = { hostname: 'prism.example' };
    const { spec } = wantedFederation(federated);
    await world.apply(PrismFederation, wantedFederation(federated, { publication: { dns } }));
    await world.untilCondition(PrismFederation, name, 'Published', 'False', patiently);
    const clusters = spec.clusters.map((each) => ({ ...each, proxy: { address: '127.0.0.1', port: 1 } }));
    // Nothing listens there: traffic stays, and the record points to where it stays.
    await world.apply(PrismFederation, wantedFederation(federated, { clusters, publication: { dns } }));
    await world.eventually(async () => {
      expect((await world.get(DNSEndpoint, name))?.spec.endpoints).toEqual([
        {
          ...{
            dnsName: 'prism.example',
            recordTTL: 60,
            recordType: 'A',
            setIdentifier: 'east',
            targets: ['127.0.0.1'],
          },
          providerSpecific: [{ name: 'aws/weight', value: '100' }],
        },
      ]);
    }, patiently);
    await world.untilCondition(PrismFederation, name, 'Published', 'True', patiently);
  }, 120_000);

  it('tells no secret to anybody', async () => {
    const { world, remotes } = federated;
    const said = JSON.stringify([world.logs(), await world.list(PrismFederation), await world.list(ConfigMap)]);
    for (const { secret } of remotes)
      for (const value of Object.values(secret).filter((each) => !each.startsWith('https:')))
        expect(said.includes(value)).toBe(false);
    expect(said).not.toContain('eyJ');
  });

  it('deletes what it propagated when it goes and was told to, and nothing else', async () => {
    const { world, remotes } = federated;
    const [home, east, west] = remotes;
    await bringUp({ propagation: { policy: 'Propagate', template, removalPolicy: 'Delete' } });
    const annotations = { 'prism.io/adopted-by-federation': null };
    const stranger = { metadata: { annotations, labels: { 'prism.io/federation-uid': 'another' } } };
    await west.admin.patch(PrismCluster, { namespace: federated.namespace, name }, { kind: 'merge', body: stranger });
    await world.delete(PrismFederation, name);
    await world.eventually(async () => {
      expect(await world.get(PrismFederation, name)).toBeUndefined();
      expect([await remoteCluster(home.admin), await remoteCluster(east.admin)]).toEqual([undefined, undefined]);
    }, patiently);
    expect(await remoteCluster(west.admin)).toBeDefined();
  }, 120_000);
});
