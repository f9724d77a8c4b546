import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { bench } from './bench.ts';
import { layOutReport } from './report.ts';
import { type BenchResults, writeResults } from './results.ts';

interface Options {
  readonly quick?: boolean;
  readonly clusters?: number;
  readonly json: string;
}

/** Enough clusters to see where time and memory go. */
const quickClusters = 200;
const fullClusters = 1_000;

const {
  quick = false,
  clusters,
  json,
} = new Command('bench')
  .description('measures the StreamBus operator: speed, memory, requests')
  .option('--quick', `${quickClusters} clusters instead of ${fullClusters}`)
  .option('--clusters <number>', 'this many clusters', positiveInteger)
  .option('--json <path>', 'where the figures go', fileURLToPath(new URL('../results/latest.json', import.meta.url)))
  .parse()
  .opts<Options>();

try {
  const began = performance.now();
  const results = await bench(clusters ?? (quick ? quickClusters : fullClusters), (text) =>
    console.error(`${clock(began)}  ${text}`),
  );
  await writeResults(json, results);
  console.log(`\n${circumstances(results)}\n`);
  for (const line of layOutReport(results.sections)) console.log(line);
  for (const line of results.notMeasured) console.log(`not measured: ${line}`);
  console.log(`figures: ${json}`);
} catch (error) {
  console.error(`capstan bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

/** What the figures were measured on, in one line. */
function circumstances({ versions, machine }: BenchResults): string {
  const { capstan, kubernetes, node } = versions;
  return `Capstan ${capstan}, Kubernetes ${kubernetes}, Node ${node}; ${machine.cores} cores, load ${machine.loadAverage.toFixed(1)} before`;
}

function clock(began: number): string {
  return `${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s`;
}

function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 99999.');
}
