import { request } from 'node:http';
import {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  createClient,
  type KubeClient,
  loadKubeConfig,
  ServiceAccount,
} from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Manager } from '../manager.ts';
import { healthServer } from './health-server.ts';
import { metricsReaderRules, metricsServer } from './metrics-server.ts';
import { aKeptLog, aSpecimen, installSpecimens, Specimen, specimens } from './observed-operator.fixture.ts';
import { tokenFor } from './service-account-token.fixture.ts';

const namespace = 'observe-metrics';
const { log, lines } = aKeptLog();
const stop = new AbortController();
let client: KubeClient;
let ended: Promise<void> = Promise.resolve();
const urls = { plain: '', checked: '', health: '' };

beforeAll(async () => {
  const connection = await loadKubeConfig({ path: inject('kubeconfig') });
  client = createClient(connection);
  await installSpecimens(client, namespace);
  const bindAddress = '127.0.0.1:0';
  const manager = new Manager({
    ...{ connection, log, controllers: [specimens], namespaces: [namespace] },
    beside: [
      metricsServer({
        bindAddress,
        operator: { name: 'specimen-operator', version: '1.2.3' },
        onListening: (url) => {
          urls.plain = url;
        },
      }),
      metricsServer({
        ...{ bindAddress, authentication: 'token-review', tls: 'self-made' },
        onListening: (url) => {
          urls.checked = url;
        },
      }),
      healthServer({
        bindAddress,
        onListening: (url) => {
          urls.health = url;
        },
      }),
    ],
  });
  ended = manager.run(stop.signal);
  await eventually(async () => expect((await fetch(`${urls.health}/readyz`)).status).toBe(200));
});

afterAll(async () => {
  stop.abort();
  await ended;
  await client?.close();
});

async function textOf(path: string, init?: RequestInit): Promise<string> {
  return (await fetch(`${urls.plain}${path}`, init)).text();
}

/** The value of one series, by the beginning of its line. */
async function seriesOf(series: string): Promise<number | undefined> {
  const line = (await textOf('/metrics')).split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

const controllerLabel = 'controller="specimen-operator"';

describe('the metrics of an operator', () => {
  it('count passes by how they ended, under the names of controller-runtime', async () => {
    await client.create(Specimen, aSpecimen(namespace, 'fine'));
    await client.create(Specimen, aSpecimen(namespace, 'refused', { fate: 'refuse' }));
    await client.create(Specimen, aSpecimen(namespace, 'failing', { fate: 'fail' }));
    const totals = `controller_runtime_reconcile_total{${controllerLabel}`;
    await eventually(async () => {
      expect(await seriesOf(`${totals},result="success"}`)).toBeGreaterThan(0);
      expect(await seriesOf(`${totals},result="error"}`)).toBeGreaterThan(1);
    });
    expect(await seriesOf(`controller_runtime_terminal_reconcile_errors_total{${controllerLabel}}`)).toBe(1);
    expect(await seriesOf(`workqueue_retries_total{name="specimen-operator",${controllerLabel}}`)).toBeGreaterThan(0);
    expect(await seriesOf(`controller_runtime_max_concurrent_reconciles{${controllerLabel}}`)).toBe(16);
    await client.delete(Specimen, { namespace, name: 'failing' });
  });

  it('count what was written, put right and left alone', async () => {
    await client.create(Specimen, aSpecimen(namespace, 'written'));
    const ref = { namespace, name: 'written' };
    await eventually(async () => expect(await client.get(ConfigMap, ref)).toBeDefined());
    await client.patch(ConfigMap, ref, { kind: 'merge', body: { data: { text: 'somebody else' } } });
    await eventually(async () =>
      expect(await seriesOf(`capstan_drift_repaired_total{${controllerLabel},kind="ConfigMap"}`)).toBe(1),
    );
    expect(
      await seriesOf(`capstan_child_writes_total{${controllerLabel},kind="ConfigMap",action="Created"}`),
    ).toBeGreaterThan(0);
    expect(await seriesOf(`capstan_status_writes_total{${controllerLabel}}`)).toBeGreaterThan(0);
  });

  it('name requests by code and method, never by path, and tell of caches and process', async () => {
    const { host } = new URL((await loadKubeConfig({ path: inject('kubeconfig') })).server);
    expect(await seriesOf(`rest_client_requests_total{code="200",method="GET",host="${host}"}`)).toBeGreaterThan(0);
    expect(await seriesOf(`capstan_informer_synced{${controllerLabel},kind="ConfigMap"}`)).toBe(1);
    expect(await seriesOf(`capstan_informer_relists_total{${controllerLabel},kind="ConfigMap",reason="Start"}`)).toBe(
      1,
    );
    expect(await seriesOf(`capstan_informer_age_seconds{${controllerLabel},kind="ConfigMap"}`)).toBeLessThan(300);
    expect(await seriesOf('process_resident_memory_bytes')).toBeGreaterThan(1e7);
    const text = await textOf('/metrics');
    expect(text).toContain('capstan_build_info{operator="specimen-operator",version="1.2.3"');
    expect(text).not.toContain(namespace);
  });

  it('are written as OpenMetrics for those who ask, and stay as they are for the others', async () => {
    const answer = await fetch(`${urls.plain}/metrics`, { headers: { accept: 'application/openmetrics-text' } });
    const open = await answer.text();
    expect(answer.headers.get('content-type')).toContain('application/openmetrics-text');
    expect(open.endsWith('# EOF\n')).toBe(true);
    expect(open).toContain('# TYPE workqueue_adds counter');
    expect(open).toContain('workqueue_adds_total{');
    expect(await textOf('/metrics')).toContain('# TYPE workqueue_adds_total counter');
  });
});

describe('what the metrics server tells besides', () => {
  it.each([
    ['came through a proxy', { 'x-forwarded-for': '10.0.0.1' }],
    ['came by a name that a browser was given for this machine', { host: 'rebound.example.com' }],
  ])('is not told to a request that %s', async (_what, headers) => {
    const { port } = new URL(urls.plain);
    const status = await new Promise((resolve, reject) => {
      const asking = request({ host: '127.0.0.1', port, path: '/debug/reconciles', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asking.on('error', reject).end();
    });
    expect(status).toBe(403);
  });

  it('is the last passes of an object: what triggered, read, called and did', async () => {
    await client.create(Specimen, aSpecimen(namespace, 'told'));
    const path = `/debug/reconciles/specimens/${namespace}/told`;
    await eventually(async () => expect((await fetch(`${urls.plain}${path}`)).status).toBe(200));
    const { object, passes } = JSON.parse(await textOf(path));
    expect(object).toEqual({ kind: 'Specimen.observe.capstan.dev', namespace, name: 'told' });
    expect(passes[0]).toMatchObject({
      controller: 'specimen-operator',
      result: 'Done',
      children: [{ child: 'ConfigMap/told', action: 'Created' }],
      status: 'Written',
    });
    expect(passes[0].calls.length).toBeGreaterThan(0);
    expect(JSON.parse(await textOf('/debug/reconciles')).objects).toContainEqual(expect.objectContaining({ object }));
  });

  it.each([
    ['/debug/reconciles/pods/a/b', 404, 'drives no kind "pods"; it drives Specimen'],
    [`/debug/reconciles/Specimen/${namespace}/nobody`, 404, 'is remembered'],
    ['/debug/reconciles/%zz/a/b', 400, 'not well encoded'],
    ['/', 404, '/metrics'],
  ])('is a sentence for %s', async (path, status, sentence) => {
    const answer = await fetch(`${urls.plain}${path}`);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(sentence);
  });

  it('takes a new level for the log, and nothing that is none', async () => {
    expect((await fetch(`${urls.plain}/debug/log-level`, { method: 'PUT', body: 'loud' })).status).toBe(400);
    expect(await textOf('/debug/log-level', { method: 'PUT', body: 'error' })).toBe('error\n');
    expect(log.currentLevel()).toBe('error');
    expect(await textOf('/debug/log-level', { method: 'PUT', body: 'debug' })).toBe('debug\n');
    expect((await fetch(`${urls.plain}/debug/log-level`, { method: 'PUT', body: 'x'.repeat(2_000) })).status).toBe(413);
  });

  it('is not changed by anything else than reading', async () => {
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await fetch(`${urls.plain}/metrics`, { method })).status).toBe(405);
  });
});

describe('log lines of a pass', () => {
  it('have the keys that people search by', async () => {
    await client.create(Specimen, aSpecimen(namespace, 'logged'));
    const ofPass = () => lines.find(({ name, msg }) => name === 'logged' && msg === 'reconciled');
    await eventually(() => expect(ofPass()).toBeDefined());
    expect(ofPass()).toMatchObject({
      level: 'debug',
      ts: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      controller: 'specimen-operator',
      namespace,
      name: 'logged',
      reconcile_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });
});

describe('the health of an operator', () => {
  it.each(['/healthz', '/livez', '/readyz'])('is ok at %s', async (path) => {
    const answer = await fetch(`${urls.health}${path}`);
    expect([answer.status, await answer.text()]).toEqual([200, 'ok\n']);
  });

  it('is told line by line, and for one check alone', async () => {
    expect(await (await fetch(`${urls.health}/readyz?verbose`)).text()).toBe(
      '[+]ping ok\n[+]informer/Specimen.observe.capstan.dev ok\n[+]informer/ConfigMap ok\nreadyz check passed\n',
    );
    expect((await fetch(`${urls.health}/readyz/informer/ConfigMap`)).status).toBe(200);
    expect((await fetch(`${urls.health}/readyz/informer/Pod`)).status).toBe(404);
  });
});

/** Asks over HTTPS without checking who answers: nobody vouches for a certificate made at start. */
async function checked(path: string, token?: string): Promise<{ readonly status: number; readonly body: string }> {
  const { get } = await import('node:https');
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    get(`${urls.checked}${path}`, { rejectUnauthorized: false, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    }).on('error', reject);
  });
}

describe('metrics with authentication', () => {
  beforeAll(async () => {
    for (const name of ['scraper', 'stranger'])
      await client.apply(
        ServiceAccount,
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } },
        { fieldManager: 'test' },
      );
    const metadata = { name: 'observe-metrics-reader' };
    await client.apply(
      ClusterRole,
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata, rules: metricsReaderRules },
      { fieldManager: 'test' },
    );
    await client.apply(
      ClusterRoleBinding,
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: metadata.name },
        subjects: [{ kind: 'ServiceAccount', namespace, name: 'scraper' }],
      },
      { fieldManager: 'test' },
    );
  });

  it('are told to whom the API server knows and lets read them, over TLS', async () => {
    const token = await tokenFor(client, { namespace, name: 'scraper' });
    await eventually(async () => expect(await checked('/metrics', token)).toMatchObject({ status: 200 }));
    expect((await checked('/metrics', token)).body).toContain('workqueue_depth');
  });

  it('are refused without a token, with a wrong one, and without the permission, saying what is missing', async () => {
    expect(await checked('/metrics')).toMatchObject({ status: 401 });
    expect(await checked('/metrics', 'not-a-token')).toMatchObject({ status: 401 });
    const { status, body } = await checked(
      '/debug/reconciles',
      await tokenFor(client, { namespace, name: 'stranger' }),
    );
    expect(status).toBe(403);
    expect(body).toContain(`system:serviceaccount:${namespace}:stranger may not get /debug/reconciles`);
  });
});
