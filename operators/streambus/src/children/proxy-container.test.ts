import { podTemplate } from '@capstan/resources';
import { describe, expect, it } from 'vitest';
import { agentContainer } from './agent-container.ts';
import { lingerSeconds } from './linger-container.ts';
import { proxyContainer } from './proxy-container.ts';
import { proxyVolumes } from './proxy-volumes.ts';

const proxy = proxyContainer({ image: 'local/haproxy:3.2', clientPort: 9092, readyPort: 8404 });
const agent = agentContainer('local/operator:1');
const sources = { configMap: 'sb-proxy', accessConfigMap: 'sb-access', certificateSecret: 'sb-tls' };

describe("the proxy's container", () => {
  it('outlives the broker as long as the linger container does, so that none is needed', () => {
    expect([proxy.restartPolicy, proxy.lifecycle]).toEqual([
      'Always',
      { preStop: { sleep: { seconds: lingerSeconds } } },
    ]);
  });

  it('is ready when the broker is, and alive and started when it listens itself', () => {
    const { readinessProbe, livenessProbe, startupProbe } = proxy;
    expect(readinessProbe).toMatchObject({ httpGet: { path: '/ready', port: 'ready' } });
    for (const probe of [livenessProbe, startupProbe]) expect(probe).toMatchObject({ tcpSocket: { port: 'ready' } });
  });

  it.each([
    [undefined, '256Mi'],
    [2000, '256Mi'],
    [2001, '256Mi'],
    [5000, '576Mi'],
    [20_000, '1984Mi'],
  ])('has memory for %s connections: %s', (connections, memory) => {
    const options = { image: 'local/haproxy:3.2', clientPort: 9092, readyPort: 8404 };
    const { resources } = proxyContainer({ ...options, ...(connections !== undefined && { connections }) });
    expect(resources).toEqual({ requests: { cpu: '20m', memory: '48Mi' }, limits: { memory } });
  });
});

describe("the agent's container", () => {
  it('holds up no broker: it has no probe that could fail', () => {
    const { startupProbe, livenessProbe, readinessProbe, restartPolicy } = agent;
    expect([startupProbe, livenessProbe, readinessProbe, restartPolicy]).toEqual([
      undefined,
      undefined,
      undefined,
      'Always',
    ]);
  });

  it('sees the same files as the proxy, where the proxy sees them', () => {
    const mounts = new Set(proxy.volumeMounts?.map((mount) => JSON.stringify(mount)));
    expect(agent.volumeMounts?.filter((mount) => !mounts.has(JSON.stringify(mount)))).toEqual([]);
    expect(agent.volumeMounts?.map(({ mountPath }) => mountPath)).toEqual([
      '/etc/haproxy-access',
      '/tls',
      '/run/haproxy',
    ]);
  });
});

describe('the volumes of a proxy', () => {
  it('hold certificate, key and authorities from two Secrets side by side, for the group of the pod alone', () => {
    const volumes = proxyVolumes({ ...sources, authoritiesSecret: 'sb-ca' });
    const pair = [
      { key: 'tls.crt', path: 'tls.pem' },
      { key: 'tls.key', path: 'tls.pem.key' },
    ];
    expect(volumes.find(({ name }) => name === 'proxy-tls')?.projected).toEqual({
      defaultMode: 0o440,
      sources: [
        { secret: { name: 'sb-tls', items: pair } },
        { secret: { name: 'sb-ca', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      ],
    });
  });

  it('hold no authorities where clients are not asked for certificates', () => {
    const tls = proxyVolumes(sources).find(({ name }) => name === 'proxy-tls');
    expect(tls?.projected?.sources).toHaveLength(1);
  });

  it('are all that the containers mount, in a pod under the restricted standard', () => {
    const volumes = proxyVolumes(sources);
    const names = new Set([proxy, agent].flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)));
    expect([...names].sort()).toEqual(volumes.map(({ name }) => name).sort());
    const pod = {
      runAs: { uid: 1000, gid: 1000 },
      initContainers: [proxy, agent],
      containers: [{ name: 'streambus', image: 'local/streambus-broker:1' }],
      volumes: [...volumes],
    };
    expect(() =>
      podTemplate(pod, { kind: 'StatefulSet', metadata: { name: 'sb', namespace: 'default', labels: {} } }),
    ).not.toThrow();
  });
});
