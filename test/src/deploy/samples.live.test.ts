import { fileURLToPath } from 'node:url';
import { DruidIngestion } from '@capstan/druid-operator';
import { createClient, type KubeClient, loadKubeConfig, Namespace } from '@capstan/kube';
import { PrismCluster, PrismFederation, PrismNamespace, PrismPattern } from '@capstan/prism-operator';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { installKinds, readManifests } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runProgram } from './run-program.ts';

const samples = fileURLToPath(new URL('../../../deploy/samples', import.meta.url));

const systems = ['streambus', 'druid', 'prism'] as const;
const kinds = [StreamBusCluster, DruidIngestion, PrismCluster, PrismPattern, PrismNamespace, PrismFederation];

let client: KubeClient;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  await installKinds(client, kinds);
  for (const name of ['development', 'production', 'platform', 'prism', 'druid']) {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } as const;
    await client.apply(Namespace, body, { fieldManager: 'samples-test' });
  }
});

afterAll(() => client.close());

describe.each(systems)('the samples of %s', (system) => {
  it('are taken by the API server as they are, without a warning', async () => {
    const kubectl = ['--kubeconfig', inject('kubeconfig'), 'create', '--dry-run=server', '--validate=strict'];
    const { stdout, stderr } = await runProgram(inject('kubectl'), [...kubectl, '-f', `${samples}/${system}`]);
    const objects = await readManifests(`${samples}/${system}`);
    expect(stdout.trim().split('\n')).toHaveLength(objects.length);
    expect(stderr).toBe('');
  });
});

describe('a sample with a field that does not exist', () => {
  it('would be refused, by name', async () => {
    const [minimal] = await readManifests(`${samples}/streambus/minimal.yaml`);
    const wrong = { ...minimal, spec: { replicas: 1, replica: 1 } };
    const kubectl = [
      '--kubeconfig',
      inject('kubeconfig'),
      'create',
      '--dry-run=server',
      '--validate=strict',
      '-f',
      '-',
    ];
    const refused = runProgram(inject('kubectl'), kubectl, JSON.stringify(wrong));
    await expect(refused).rejects.toThrow('unknown field "spec.replica"');
  });
});

describe('every kind that deploy/crds installs', () => {
  it('has samples', async () => {
    const installed = await readManifests(fileURLToPath(new URL('../../../deploy/crds', import.meta.url)));
    const all = await Promise.all(systems.map((system) => readManifests(`${samples}/${system}`)));
    const shown = new Set(all.flat().map(({ kind }) => kind));
    const named = installed.map((crd) => kinds.find(({ plural, group }) => crd.metadata.name === `${plural}.${group}`));
    expect(named.filter((kind) => kind === undefined || !shown.has(kind.kind))).toEqual([]);
  });
});
