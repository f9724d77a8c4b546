import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ClusterRole,
  ClusterRoleBinding,
  createClient,
  type KubeClient,
  loadKubeConfig,
  ServiceAccount,
} from '@capstan/kube';
import { eventually, pickPort } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { Manager } from '../manager.ts';
import { metricsReaderRules, metricsServer } from './metrics-server.ts';
import { aKeptLog, aSpecimen, installSpecimens, Specimen, specimens } from './observed-operator.fixture.ts';
import { tokenFor } from './service-account-token.fixture.ts';

const namespace = 'observe-prometheus';
const isInstalled = ['prometheus', 'promtool'].every((name) => spawnSync(name, ['--version']).status === 0);
if (!isInstalled)
  console.warn(
    'no prometheus on this machine: it is not shown that it scrapes the operator (apt-get install prometheus)',
  );

const stop = new AbortController();
const directory = mkdtempSync(join(tmpdir(), 'capstan-prometheus-'));
let client: KubeClient;
let ended: Promise<void> = Promise.resolve();
let operatorUrl = '';
let server = '';
let prometheus: ChildProcess | undefined;

describe.skipIf(!isInstalled)('Prometheus', () => {
  beforeAll(async () => {
    const connection = await loadKubeConfig({ path: inject('kubeconfig') });
    client = createClient(connection);
    await installSpecimens(client, namespace);
    const onListening = (url: string) => {
      operatorUrl = url;
    };
    const manager = new Manager({
      ...{ connection, log: aKeptLog().log, controllers: [specimens], namespaces: [namespace] },
      beside: [
        metricsServer({ bindAddress: '127.0.0.1:0', authentication: 'token-review', tls: 'self-made', onListening }),
      ],
    });
    ended = manager.run(stop.signal);
    await eventually(() => expect(operatorUrl).not.toBe(''));
    writeFileSync(join(directory, 'token'), await scraperToken());
    prometheus = await startPrometheus();
    await client.create(Specimen, aSpecimen(namespace, 'seen'));
  });

  afterAll(async () => {
    const exited = prometheus && new Promise((resolve) => prometheus?.once('exit', resolve));
    prometheus?.kill('SIGTERM');
    await exited;
    stop.abort();
    await ended;
    await client?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it('scrapes an operator that wants a token, and answers queries about it', async () => {
    await eventually(async () => expect(await resultOf('up{job="operator"}')).toBe(1), { timeout: 30_000 });
    for (const query of [
      'sum(controller_runtime_reconcile_total{controller="specimen-operator",result="success"}) > 0',
      'sum(rest_client_requests_total{method="GET",code="200"}) > 0',
      'max(capstan_informer_age_seconds{kind="ConfigMap"}) >= 0',
      'histogram_quantile(0.99, sum by (le) (workqueue_queue_duration_seconds_bucket)) > 0',
      'capstan_child_writes_total{kind="ConfigMap",action="Created"}',
      'process_resident_memory_bytes > 1e7',
    ])
      await eventually(async () => expect([query, await resultOf(query)]).toEqual([query, expect.any(Number)]));
  });

  it('has nothing to say against the metrics', async () => {
    const text = await eventually(async () => {
      const { body } = await fetchedByPrometheusToken();
      expect(body).toContain('workqueue_depth');
      return body;
    });
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect(`${stdout}${stderr}`.split('\n').filter((line) => line !== '')).toEqual([]);
    expect(status).toBe(0);
  });
});

/** The first value that a query gives; `undefined` when it gives none. */
async function resultOf(query: string): Promise<number | undefined> {
  const answer = await fetch(`${server}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = JSON.parse(await answer.text());
  const value: string | undefined = data.result[0]?.value[1];
  return value === undefined ? undefined : Number(value);
}

async function scraperToken(): Promise<string> {
  const metadata = { name: 'observe-prometheus-reader' };
  const options = { fieldManager: 'test' };
  const rbac = 'rbac.authorization.k8s.io';
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name: 'prometheus' } } as const;
  await client.apply(ServiceAccount, account, options);
  const role = { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata, rules: metricsReaderRules } as const;
  await client.apply(ClusterRole, role, options);
  await client.apply(
    ClusterRoleBinding,
    {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', namespace, name: 'prometheus' }],
    },
    options,
  );
  return tokenFor(client, { namespace, name: 'prometheus' });
}

async function fetchedByPrometheusToken(): Promise<{ readonly body: string }> {
  const { get } = await import('node:https');
  const token = await tokenFor(client, { namespace, name: 'prometheus' });
  return new Promise((resolve, reject) => {
    const options = { rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` }, agent: false as const };
    get(`${operatorUrl}/metrics`, options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ body }));
    }).on('error', reject);
  });
}

async function startPrometheus(): Promise<ChildProcess> {
  const address = `127.0.0.1:${await pickPort()}`;
  const target = new URL(operatorUrl).host;
  const config = `
global: { scrape_interval: 1s }
scrape_configs:
  - job_name: operator
    scheme: https
    tls_config: { insecure_skip_verify: true }
    authorization: { credentials_file: ${join(directory, 'token')} }
    static_configs: [{ targets: ["${target}"] }]
`;
  const file = join(directory, 'prometheus.yml');
  writeFileSync(file, config);
  server = `http://${address}`;
  return spawn(
    'prometheus',
    [`--config.file=${file}`, `--storage.tsdb.path=${join(directory, 'data')}`, `--web.listen-address=${address}`],
    { stdio: 'ignore' },
  );
}
