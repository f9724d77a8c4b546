import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ControlPlane, startControlPlane } from '@capstan/controlplane';
import { createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { installOperator } from '@capstan/testkit';
import packageJson from '../../package.json' with { type: 'json' };
import { bundleOperator } from '../bundle-operator.ts';
import type { Section } from '../measure.ts';
import type { OperatorFiles } from '../operator-process.ts';
import { repositoryPath } from '../repository-path.ts';
import { type BenchResults, thisMachine } from '../results.ts';
import { shippedNodeOptions } from '../shipped-options.ts';
import { weigh } from './size.ts';
import { timeStarts } from './startup.ts';

/** In `operators/`, the smallest first. */
const operators = ['druid', 'streambus', 'prism'];

/**
 * Measures how long each operator takes from the start of its process until it is ready, on a control plane without resources, and what
 * its bundle and its image weigh.
 *
 * @param say is told what is being done
 */
export async function benchStarts(say: (text: string) => void): Promise<BenchResults> {
  const machine = thisMachine();
  await using cleanup = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'capstan-bench-start-'));
  cleanup.defer(() => rm(dir, { recursive: true, force: true }));
  say('starting a control plane');
  const plane = cleanup.use(await startControlPlane({ nodes: 'none', controllers: false }));
  const client = createClient(await loadKubeConfig({ path: plane.kubeconfig }), { userAgent: 'capstan-bench' });
  cleanup.defer(() => client.close());
  const sections: Section[] = [];
  for (const system of operators) {
    say(`starting the operator of ${system}`);
    const files = await install(system, { plane, client, dir });
    const measures = [...(await timeStarts(system, files)), ...(await weigh(system, files.program))];
    sections.push({ title: files.name, measures });
  }
  return {
    operator: operators.join(', '),
    date: new Date().toISOString(),
    versions: { capstan: packageJson.version, node: process.versions.node, kubernetes: plane.version },
    machine,
    clusters: 0,
    sections,
    notMeasured: [],
  };
}

interface Place {
  readonly plane: ControlPlane;
  readonly client: KubeClient;
  readonly dir: string;
}

/** The kinds and the account of an operator are made, and its program, as they ship. */
async function install(system: string, { plane, client, dir }: Place): Promise<OperatorFiles> {
  const name = `${system}-operator`;
  const manifests = repositoryPath(`deploy/${name}.yaml`);
  const { ref } = await installOperator(client, { manifests, fieldManager: 'capstan-bench' });
  return {
    name,
    program: await bundleOperator(system, join(dir, system)),
    nodeOptions: await shippedNodeOptions(repositoryPath(`deploy/${name}`)),
    kubeconfig: await plane.serviceAccountKubeconfig(ref),
    log: join(dir, `${name}.log`),
  };
}
