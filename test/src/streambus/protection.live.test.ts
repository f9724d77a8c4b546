import {
  ConfigMap,
  EndpointSlice,
  NetworkPolicy,
  type NetworkPolicyPeer,
  Pod,
  ResourceQuota,
  Secret,
  StatefulSet,
} from '@capstan/kube';
import { ServiceMonitor } from '@capstan/resources';
import { StreamBusCluster } from '@capstan/streambus-operator';
import type { World } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { bringUp, openBusWorldWithBrokers, type WantedCluster, wantedCluster } from './open-bus-world.ts';
import { keepSecret, selfSigned } from './serving-secret.ts';

type Spec = Partial<WantedCluster['spec']>;

const tls = { enabled: true, certSecretName: 'bus-tls' } as const;
const mtls: Spec = {
  security: {
    tls: { ...tls, clientAuthRequired: true },
    authentication: { enabled: true, method: 'mtls' },
    authorization: { enabled: true, defaultPolicy: 'deny', allowedNames: ['alice'] },
  },
};

async function condition(world: World, type: string) {
  const found = await world.get(StreamBusCluster, 'bus');
  return found?.status?.conditions?.find((each) => each.type === type);
}

async function podUids(world: World): Promise<readonly (string | undefined)[]> {
  return (await world.list(Pod)).map(({ metadata }) => metadata.uid).sort();
}

describe('a cluster that asks for protection', () => {
  it('runs behind proxies, says that all is enforced, and becomes Ready', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    await bringUp(world, 'bus', mtls);
    expect(await condition(world, 'SecurityEnforced')).toMatchObject({ status: 'True', reason: 'Enforced' });
    const pod = await world.get(Pod, 'bus-0');
    expect(pod?.spec?.initContainers?.map(({ name }) => name)).toEqual(['proxy', 'proxy-agent']);
    const config = await world.get(ConfigMap, 'bus-config');
    expect(config?.data?.['bus-0.yaml']).toContain('host: "127.0.0.1"');
    expect((await world.get(ConfigMap, 'bus-access'))?.data?.['allowed-names.lst']).toBe('alice\n');
  });

  it('is reached by clients at the port of the proxy, whose name the client Service follows', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    await bringUp(world, 'bus', mtls);
    await world.eventually(async () => {
      const slices = await world.list(EndpointSlice);
      const client = slices.find(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'bus');
      expect(client?.ports?.map(({ name, port }) => [name, port])).toEqual([['broker', 9092]]);
      expect(client?.endpoints).toHaveLength(3);
    });
  });

  it('is fenced: clients at the client port, brokers among themselves, the operator alone at the administration API', async () => {
    await using bus = await openBusWorldWithBrokers({ operator: { operatorNamespace: 'streambus-system' } });
    const { world } = bus;
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    await bringUp(world, 'bus', mtls);
    const { ingress = [] } = (await world.get(NetworkPolicy, 'bus'))?.spec ?? {};
    const byPort = Object.fromEntries(ingress.map(({ ports, from }) => [ports?.[0]?.port, from]));
    expect(byPort[9092]).toBeUndefined();
    expect(byPort[9093]?.[0]?.podSelector?.matchLabels).toMatchObject({ 'app.kubernetes.io/instance': 'bus' });
    expect(byPort[8081]?.map((peer: NetworkPolicyPeer) => peer.namespaceSelector?.matchLabels)).toEqual([
      { 'kubernetes.io/metadata.name': 'streambus-system' },
    ]);
  });

  it('takes another list of names up without a restart', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    await bringUp(world, 'bus', mtls);
    const [before, generation] = [await podUids(world), (await world.get(StatefulSet, 'bus'))?.metadata.generation];
    const authorization = { enabled: true, defaultPolicy: 'deny' as const, allowedNames: ['alice', 'bob'] };
    await world.apply(StreamBusCluster, wantedCluster('bus', { security: { ...mtls.security, authorization } }));
    await world.eventually(async () =>
      expect((await world.get(ConfigMap, 'bus-access'))?.data?.['allowed-names.lst']).toBe('alice\nbob\n'),
    );
    await world.settled();
    expect(await podUids(world)).toEqual(before);
    expect((await world.get(StatefulSet, 'bus'))?.metadata.generation).toBe(generation);
  });

  it('starts no broker without the Secret it names, and does as soon as that is there', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await world.apply(StreamBusCluster, wantedCluster('bus', mtls));
    const ready = await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'False');
    expect(ready).toMatchObject({
      reason: 'SecretMissing',
      message:
        'Secret/bus-tls, which spec.security.tls.certSecretName names, does not exist. No broker is started without it.',
    });
    expect(await world.get(StatefulSet, 'bus')).toBeUndefined();
    expect((await world.get(StreamBusCluster, 'bus'))?.status?.phase).toBe('Failed');
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True', { timeout: 60_000 });
  });

  it('goes on when its Secret is removed or broken, restarts nothing until it is back, and never tells what is in it', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    const [pair, other] = [await selfSigned('bus'), await selfSigned('other')];
    await keepSecret(world, 'bus-tls', pair);
    await bringUp(world, 'bus', mtls);
    const before = await podUids(world);
    await world.delete(Secret, 'bus-tls');
    await world.eventually(async () =>
      expect(await condition(world, 'Ready')).toMatchObject({ reason: 'SecretMissing' }),
    );
    await world.apply(StreamBusCluster, wantedCluster('bus', { ...mtls, image: { tag: '2' } }));
    await keepSecret(world, 'bus-tls', { certificate: pair.certificate, privateKey: other.privateKey });
    await world.eventually(async () => {
      const ready = await condition(world, 'Ready');
      expect(ready?.reason).toBe('SecretInvalid');
      expect(ready?.message).toContain('tls.key is not the key of the certificate in tls.crt');
    });
    expect(await podUids(world)).toEqual(before);
    expect((await world.get(StreamBusCluster, 'bus'))?.status?.phase).toBe('Degraded');
    await keepSecret(world, 'bus-tls', pair);
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True', { timeout: 60_000 });
    expect((await world.get(Pod, 'bus-0'))?.spec?.containers[0]?.image).toMatch(/:2$/);
    const told = JSON.stringify([
      await world.get(StreamBusCluster, 'bus'),
      await world.events(StreamBusCluster, 'bus'),
      world.logs(),
    ]);
    const secretLines = [pair, other].flatMap(({ privateKey }) =>
      privateKey.split('\n').filter((line) => line.length > 20),
    );
    expect(secretLines.filter((line) => !line.includes('---') && told.includes(line))).toEqual([]);
  }, 90_000);

  it('says when a certificate has expired', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await keepSecret(world, 'bus-tls', await selfSigned('bus', { endsIn: 6_000 }));
    await world.apply(StreamBusCluster, wantedCluster('bus', mtls));
    await world.eventually(
      async () => {
        const ready = await condition(world, 'Ready');
        expect(ready?.message).toMatch(/the certificate in tls\.crt expired at /);
      },
      { timeout: 20_000 },
    );
  });

  it('is not Ready while it asks for what nobody enforces, unless that is accepted by name', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    const asks: Spec = {
      security: {
        ...mtls.security,
        authentication: { enabled: true, method: 'mtls', allowedMethods: ['mtls', 'jwt'] },
      },
    };
    await world.apply(StreamBusCluster, wantedCluster('bus', asks));
    await world.eventually(
      async () => expect(await condition(world, 'Ready')).toMatchObject({ reason: 'NotEnforced' }),
      {
        timeout: 30_000,
      },
    );
    expect(await condition(world, 'SecurityEnforced')).toMatchObject({
      status: 'False',
      message: 'Not enforced: jwt: nobody verifies tokens.',
    });
    const accepts: Spec = { security: { ...asks.security, acceptUnenforced: ['jwt'] } };
    await world.apply(StreamBusCluster, wantedCluster('bus', accepts));
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True', { timeout: 30_000 });
    expect(await condition(world, 'SecurityEnforced')).toMatchObject({ status: 'False' });
  });

  it('gets and loses its proxies one broker at a time when TLS is switched on and off', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus');
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    const position = world.audit.position();
    await bringUp(world, 'bus', { security: { tls } });
    await world.eventually(
      async () => expect(await condition(world, 'SecurityEnforced')).toMatchObject({ status: 'True' }),
      {
        timeout: 30_000,
      },
    );
    await bringUp(world, 'bus');
    await world.eventually(
      async () => {
        const pods = await world.list(Pod);
        expect(pods.map(({ spec }) => spec?.initContainers?.[0]?.name)).toEqual(['linger', 'linger', 'linger']);
      },
      { timeout: 30_000 },
    );
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True', { timeout: 30_000 });
    const deletions = world.writes(position).filter(({ verb, resource }) => verb === 'delete' && resource === 'pods');
    expect(deletions).toHaveLength(6);
    expect(await world.get(ConfigMap, 'bus-proxy')).toBeUndefined();
    expect(await world.get(NetworkPolicy, 'bus')).toBeUndefined();
  }, 90_000);
});

describe('a cluster with tenants', () => {
  const tenants: Spec = {
    ...mtls,
    multiTenancy: {
      enabled: true,
      isolation: { networkPolicies: true, resourceQuotas: true, rateLimiting: true },
      defaultQuotas: { maxTopics: 100, maxConnections: 10, maxBandwidthMBps: 5, maxPartitionsPerTopic: 4 },
      tenantOverrides: [{ tenantId: 'premium', quotas: { maxConnections: 50 } }],
    },
  };

  it('publishes what holds for each, lets the proxies enforce what they can, and says what nobody does', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    await bringUp(world, 'bus', tenants);
    const published = JSON.parse((await world.get(ConfigMap, 'bus-tenants'))?.data?.['quotas.json'] ?? '');
    expect(published.tenants).toEqual([
      {
        tenantId: 'premium',
        quotas: { maxTopics: 100, maxConnections: 50, maxBandwidthMBps: 5, maxPartitionsPerTopic: 4 },
      },
    ]);
    expect((await world.get(ConfigMap, 'bus-access'))?.data?.['connections.map']).toContain('premium 50\n');
    const told = await condition(world, 'TenancyEnforced');
    expect(told).toMatchObject({ status: 'False', reason: 'PartlyEnforced' });
    expect(told?.message).toMatch(
      /^In force: maxBandwidthMBps, maxConnections, isolation\.networkPolicies, isolation\.rateLimiting\./,
    );
    expect(told?.message).toContain('maxTopics: the brokers have no tenant API');
    expect(told?.message).toContain('isolation.resourceQuotas: a ResourceQuota counts what a whole namespace holds');
  });

  it('has its quotas on every broker that has a tenant API, again after each restart of one', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world, brokers } = bus;
    const cluster = brokers.cluster(world.namespace, 'bus').hasTenantApi();
    await keepSecret(world, 'bus-tls', await selfSigned('bus'));
    await bringUp(world, 'bus', tenants);
    const known = (ordinal: number) => cluster.pod(ordinal).asked['POST /api/v1/tenants'];
    await world.eventually(() => expect([0, 1, 2].map(known)).toEqual([2, 2, 2]));
    await world.settled();
    expect([0, 1, 2].map(known)).toEqual([2, 2, 2]);
    cluster.pod(1).restarted();
    await world.delete(Pod, 'bus-1');
    await world.eventually(() => expect([0, 1, 2].map(known)).toEqual([2, 4, 2]), { timeout: 30_000 });
    expect((await condition(world, 'TenancyEnforced'))?.message).toContain('maxTopics');
  });

  it('in a namespace of its own is held to what its spec needs, without being in its own way', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    const isolation = { resourceQuotas: true, dedicatedNamespace: true };
    await bringUp(world, 'bus', { multiTenancy: { enabled: true, isolation } });
    expect((await world.get(ResourceQuota, 'bus'))?.spec?.hard).toEqual({
      pods: '3',
      persistentvolumeclaims: '6',
      'requests.storage': '6442450944',
    });
    await bringUp(world, 'bus', { image: { tag: '2' }, multiTenancy: { enabled: true, isolation } });
    await world.eventually(
      async () => {
        const pods = await world.list(Pod);
        expect(pods.map(({ spec }) => spec?.containers[0]?.image?.split(':').at(-1))).toEqual(['2', '2', '2']);
      },
      { timeout: 60_000 },
    );
  }, 90_000);
});

describe('a ServiceMonitor', () => {
  it('is asked for where the Prometheus operator is not installed: the cluster runs, and a condition says what is missing', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus', { replicas: 1, observability: { metrics: { serviceMonitor: true, interval: '30s' } } });
    await world.eventually(async () => {
      const missing = await condition(world, 'OptionalKindsMissing');
      expect(missing?.message).toContain('ServiceMonitor');
    });
    expect((await world.get(StreamBusCluster, 'bus'))?.status?.phase).toBe('Running');
    expect(ServiceMonitor.group).toBe('monitoring.coreos.com');
  });
});

describe('two clusters that claim one name', () => {
  it('are not mixed up: the second is told which object is taken, and gets it when the first has gone', async () => {
    await using bus = await openBusWorldWithBrokers();
    const { world } = bus;
    await bringUp(world, 'bus', { replicas: 1 });
    // The client Service of the second would be the headless one of the first.
    await world.apply(StreamBusCluster, wantedCluster('bus-headless', { replicas: 1 }));
    await world.eventually(async () => {
      const ready = await world.untilCondition(StreamBusCluster, 'bus-headless', 'Ready', 'False');
      expect(ready).toMatchObject({ reason: 'ConflictingOwner' });
      expect(ready.message).toContain('Service/bus-headless');
    });
    await world.untilCondition(StreamBusCluster, 'bus', 'Ready', 'True');
    await world.delete(StreamBusCluster, 'bus');
    await world.untilCondition(StreamBusCluster, 'bus-headless', 'Ready', 'True', { timeout: 90_000 });
  }, 120_000);
});
