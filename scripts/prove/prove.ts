/**
 * `npm run prove`: installs each operator from its chart into a fresh control plane of its own, with its own permissions and
 * restricted pod security; runs the samples to Ready, upgrades, downgrades, uninstalls; prints one table. Ends with code 1
 * when a step fails. `--operator streambus` proves one alone; `--keep DIR` keeps the files and logs there.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StreamBusCluster } from '@capstan/streambus-operator';
import type { Backstage, Exhibit } from '../../cli/src/demo/exhibits/exhibit.ts';
import { exhibitsFor } from '../../cli/src/demo/exhibits/exhibits.ts';
import { Steps } from '../../cli/src/demo/steps.ts';
import { openScreen } from '../../cli/src/terminal/screen.ts';
import { packageCharts } from '../charts/package-charts.ts';
import { InstalledOperator } from './installed-operator.ts';
import { OperatorProof, type RollOut } from './operator-proof.ts';
import { openPlatform } from './platform.ts';
import { Proof } from './proof-table.ts';
import { previousRelease, thisRelease } from './releases.ts';

const namespaces: Readonly<Record<string, string>> = {
  streambus: 'streambus-system',
  prism: 'prism-system',
  druid: 'druid-operator-system',
};

const minimalBus = { namespace: 'default', name: 'streambus-minimal' } as const;

/** What each system is asked to roll out meanwhile; only StreamBus has an operator that replaces pods itself. */
const rollOuts: Readonly<Record<string, RollOut>> = {
  streambus: {
    type: StreamBusCluster,
    ref: minimalBus,
    patch: { spec: { image: { tag: 'next' } } },
    pods: [0, 1, 2].map((ordinal) => `${minimalBus.namespace}/${minimalBus.name}-${ordinal}`),
  },
};

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { operator: { type: 'string', multiple: true }, keep: { type: 'string' } } });
  const wanted = values.operator ?? Object.keys(namespaces);
  const proof = new Proof((line) => console.log(line));
  const dir = values.keep === undefined ? await mkdtemp(join(tmpdir(), 'capstan-proof-')) : resolve(values.keep);
  const exhibits = await exhibitsFor({ druid: 'if-there' });
  const charts = await packageCharts(join(dir, 'charts'));
  for (const system of wanted) {
    const ofSystem = exhibits.filter(({ operator }) => operator.system === system);
    await proveSystem(system, ofSystem, { proof, dir: join(dir, system), charts });
  }
  console.log(`\n${proof.table}`);
  if (values.keep === undefined) await rm(dir, { recursive: true, force: true });
  return proof.hasFailed ? 1 : 0;
}

interface ProofPlace {
  readonly proof: Proof;
  readonly dir: string;
  readonly charts: readonly string[];
}

async function proveSystem(system: string, exhibits: readonly Exhibit[], place: ProofPlace): Promise<void> {
  const { proof, dir, charts } = place;
  const operator = `${system}-operator`;
  const [first] = exhibits;
  const obstacle = (await Promise.all(exhibits.map((exhibit) => exhibit.obstacle?.()))).find(
    (why) => why !== undefined,
  );
  if (first === undefined || obstacle !== undefined) {
    proof.leaveOut(operator, 'everything', obstacle ?? 'there are no samples of it');
    return;
  }
  await using cleanup = new AsyncDisposableStack();
  const { plane, client } = await openPlatform(join(dir, 'plane'), cleanup);
  const steps = new Steps(cleanup.use(openScreen(process.stdout)));
  const backstage = (name: string): Backstage => ({
    ...{ plane, client, demoDir: dir, dir: join(dir, 'backstage', name), cleanup },
    steps,
    signal: new AbortController().signal,
  });
  const surroundings = await first.operator.open(backstage(system));
  const open = (exhibit: Exhibit) => exhibit.open(backstage(exhibit.kind.plural));
  const releases = [await previousRelease(operator, dir), await thisRelease(operator, dir, charts)] as const;
  const [previous, current] = releases;
  const rollOut = rollOuts[system];
  const installed = cleanup.use(
    await InstalledOperator.prepare({
      ...{ plane, client, operator, releases, surroundings, dir },
      namespace: namespaces[system] ?? operator,
      // kwok's pods have no network: API servers call the replicas on this machine.
      values: (webhooks) => (system === 'prism' ? [`webhooks.url=${webhooks.origin}`] : []),
    }),
  );
  await new OperatorProof({ proof, installed, exhibits, open, previous, current, ...(rollOut && { rollOut }) }).run();
}
