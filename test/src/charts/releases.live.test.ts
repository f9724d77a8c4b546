import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import {
  CustomResourceDefinition,
  createClient,
  Deployment,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  Namespace,
  Pod,
  Role,
  Secret,
  servedType,
} from '@capstan/kube';
import { ServiceMonitor } from '@capstan/resources';
import { applyManifests, eventually, readManifests } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageCharts, repositoryIndex } from '../../../scripts/charts/package-charts.ts';
import { helm, helmEnvironment } from '../../../scripts/go-tools/helm.ts';
import { operatorInstalls } from '../../../scripts/operator-installs.ts';
import { thirdPartyDefinitions } from '../builders/third-party-definitions.ts';
import { temporaryDirectory } from './rendered-chart.ts';
import { valueSets } from './value-sets.ts';

/** Definitions belong to one release, so that releases cannot share a cluster with other tests. */
let plane: ControlPlane;
let client: KubeClient;
let scratch: Awaited<ReturnType<typeof temporaryDirectory>>;
let packages: readonly string[];

beforeAll(async () => {
  scratch = await temporaryDirectory();
  plane = await startControlPlane({ nodes: 'kwok' });
  client = createClient(await loadKubeConfig({ path: plane.kubeconfig }));
  packages = await packageCharts(join(scratch.path, 'charts'));
});

afterAll(async () => {
  await client?.close();
  await plane?.stop();
  await scratch?.[Symbol.asyncDispose]();
});

/** Helm with a home and a cluster of its own. */
function helmHere(...args: readonly string[]): Promise<string> {
  return helm(args, helmEnvironment(plane.kubeconfig, scratch.path));
}

function packageOf(name: string): string {
  const found = packages.find((path) => basename(path).startsWith(`${name}-`));
  if (found === undefined) throw new Error(`${name} was not packaged`);
  return found;
}

async function restrictedNamespace(name: string): Promise<string> {
  const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  await client.apply(
    Namespace,
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
    { fieldManager: 'a-user' },
  );
  return name;
}

const samples: Readonly<Record<string, string>> = {
  'streambus-operator': 'streambus/minimal.yaml',
  'druid-operator': 'druid/minimal.yaml',
  'prism-operator': 'prism/prismcluster-minimal.yaml',
};

/** A custom resource of the operator's first kind, as people apply it, in the namespace `default`. */
async function sampleOf(operator: string, kind: string): Promise<KubeObject> {
  const file = fileURLToPath(new URL(`../../../deploy/samples/${samples[operator]}`, import.meta.url));
  const found = (await readManifests(file)).find((object) => object.kind === kind);
  if (found === undefined) throw new Error(`${file} has no ${kind}`);
  return { ...found, metadata: { ...found.metadata, namespace: 'default' } };
}

describe.each(Object.values(operatorInstalls))('a release of the chart of the $name', ({ name, crds }) => {
  const namespace = `${name}-system`;

  it('comes up from its package in a namespace that enforces restricted pods', async () => {
    await restrictedNamespace(namespace);
    await helmHere('install', name, packageOf(name), '-n', namespace, '--set', 'replicaCount=2', '--wait');
    const deployment = await client.get(Deployment, { namespace, name });
    expect(deployment?.status).toMatchObject({ replicas: 2, readyReplicas: 2 });
  });

  it('is not joined by a second one in its namespace', async () => {
    const second = helmHere('install', 'second', packageOf(name), '-n', namespace, '--set', 'crds.install=false');
    await expect(second).rejects.toThrow(`${name}-leader`);
    expect(await client.get(Role, { namespace, name: `${name}-leader` })).toBeDefined();
  });

  it('is found well by helm test, and not while the operator is not ready', async () => {
    await using operator = await answering(200);
    expect(await testRelease(name, namespace, operator.url)).toContain('Succeeded');
    await using unready = await answering(500);
    await expect(testRelease(name, namespace, unready.url)).rejects.toThrow(/fail/i);
  });

  it('is upgraded with the values that it has', async () => {
    await helmHere('upgrade', name, packageOf(name), '-n', namespace, '--reuse-values', '--set', 'logLevel=debug');
    const deployment = await client.get(Deployment, { namespace, name });
    expect(deployment?.spec?.replicas).toBe(2);
    expect(deployment?.spec?.template.spec?.containers[0]?.args).toContain('--log-level=debug');
  });

  it('leaves definitions and resources when it goes, and takes them up when it comes back', async () => {
    const { group = '', names } = crds[0]?.spec ?? {};
    const living = await sampleOf(name, names?.kind ?? '');
    await applyManifests(client, [living], 'a-user');
    await helmHere('uninstall', name, '-n', namespace, '--wait');
    expect(await client.get(Deployment, { namespace, name })).toBeUndefined();
    for (const { metadata } of crds)
      expect(await client.get(CustomResourceDefinition, { name: metadata.name })).toBeDefined();
    const type = await servedType(client, { group, kind: living.kind });
    const kept = type && (await client.get(type, { namespace: 'default', name: living.metadata.name }));
    expect(kept).toBeDefined();
    expect(kept?.metadata.deletionTimestamp).toBeUndefined();
    await helmHere('install', name, packageOf(name), '-n', namespace, '--wait');
    await helmHere('uninstall', name, '-n', namespace, '--wait');
  });

  it('is accepted by a real API server with everything on', async () => {
    await applyManifests(client, thirdPartyDefinitions, 'a-user');
    for (const each of ['team-a', 'team-b', 'old-system', 'monitoring']) await restrictedNamespace(each);
    const values = join(scratch.path, 'everything.json');
    await writeFile(values, JSON.stringify(valueSets(name)['everything, in two namespaces']));
    await helmHere('install', name, packageOf(name), '-n', namespace, '-f', values);
    const monitor = await client.get(ServiceMonitor, { namespace, name });
    const { name: secret = '', key = '' } = monitor?.spec?.endpoints?.[0]?.authorization?.credentials ?? {};
    // Prometheus has a token to show.
    await eventually(async () => {
      expect(Object.keys((await client.get(Secret, { namespace, name: secret }))?.data ?? {})).toContain(key);
    });
    await helmHere('uninstall', name, '-n', namespace, '--no-hooks');
  });
});

it('a repository on a web server is added, and installed from', async () => {
  const directory = join(scratch.path, 'charts');
  await using server = await serving(async (path) => await readFile(join(directory, basename(path))));
  await repositoryIndex(directory, server.url);
  await helmHere('repo', 'add', 'capstan', server.url);
  expect(await helmHere('search', 'repo', 'capstan')).toContain('capstan/druid-operator');
  const namespace = await restrictedNamespace('from-repository');
  // Definitions that an earlier release left become this one's.
  await helmHere('install', 'ingestion', 'capstan/druid-operator', '-n', namespace, '--take-ownership', '--wait');
  expect(await client.get(Deployment, { namespace, name: 'ingestion-druid-operator' })).toBeDefined();
  await helmHere('uninstall', 'ingestion', '-n', namespace, '--wait');
});

it('charts that are packaged twice have the same bytes', async () => {
  const again = await packageCharts(join(scratch.path, 'again'));
  for (const [index, path] of again.entries())
    expect(await readFile(path)).toEqual(await readFile(packages[index] ?? ''));
});

/** `helm test`, with the process of its pod run here as the pod says, for no pod of this cluster has one. */
async function testRelease(name: string, namespace: string, readyUrl: string): Promise<string> {
  const ref = { namespace, name: `${name}-ready` };
  const testing = helmHere('test', name, '-n', namespace, '--timeout', '60s');
  const playing = eventually(
    async () => {
      const pod = await client.get(Pod, ref);
      if (pod?.status?.phase !== 'Running') throw new Error('the pod of the test does not run yet');
      return pod;
    },
    { timeout: 50_000 },
  ).then(async (pod) => {
    const phase = (await endsWell(pod, readyUrl)) ? 'Succeeded' : 'Failed';
    await client.patch(Pod, ref, { kind: 'merge', body: { status: { phase } } }, { subresource: 'status' });
  });
  const [told] = await Promise.all([testing, playing]);
  return told;
}

/** Runs the command of a pod with its own account, against the API server as it is reached from here. */
async function endsWell({ metadata, spec }: Pod, readyUrl: string): Promise<boolean> {
  const [container] = spec?.containers ?? [];
  const [, ...args] = container?.command ?? [];
  const own = Object.fromEntries((container?.env ?? []).map(({ name, value = '' }) => [name, value]));
  const account = await accountFiles({ namespace: metadata.namespace ?? '', name: spec?.serviceAccountName ?? '' });
  const env = { ...own, ...account, READY_URL: readyUrl, API_SERVER: plane.server, PATIENCE_MS: '2000' };
  return await promisify(execFile)(process.execPath, args, { env }).then(
    () => true,
    () => false,
  );
}

/** What a kubelet mounts for an account: its token, and whom to trust. */
async function accountFiles(account: { readonly namespace: string; readonly name: string }) {
  const kubeconfig = await plane.serviceAccountKubeconfig(account);
  const token = /token: (\S+)/.exec(await readFile(kubeconfig, 'utf8'))?.[1] ?? '';
  const { certificateAuthority } = await loadKubeConfig({ path: kubeconfig });
  const files = { TOKEN_FILE: join(scratch.path, 'token'), NODE_EXTRA_CA_CERTS: join(scratch.path, 'ca.crt') };
  await writeFile(files.TOKEN_FILE, token);
  await writeFile(files.NODE_EXTRA_CA_CERTS, (await certificateAuthority()) ?? '');
  return files;
}

async function answering(status: number): Promise<AsyncDisposable & { readonly url: string }> {
  return await serving(async () => (status === 200 ? Buffer.from('ok') : undefined));
}

/** A web server on loopback; what it has nothing for is an error of its own. */
async function serving(
  contents: (path: string) => Promise<Buffer | undefined>,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server: Server = createServer((request, response) => {
    const answer = contents(new URL(request.url ?? '/', 'http://localhost').pathname).catch(() => undefined);
    void answer.then((body) => response.writeHead(body === undefined ? 500 : 200).end(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
