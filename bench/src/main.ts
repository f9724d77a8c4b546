import { Command, InvalidArgumentError, Option } from 'commander';
import { bench } from './bench.ts';
import { layOutReport } from './report.ts';
import { repositoryPath } from './repository-path.ts';
import { type BenchResults, writeResults } from './results.ts';
import { benchStarts } from './start/start-bench.ts';
import type { Subject } from './subjects/subject.ts';
import { subjects } from './subjects/subjects.ts';

interface Options {
  readonly operator: string;
  readonly start?: boolean;
  readonly quick?: boolean;
  readonly clusters?: number;
  readonly json?: string;
}

const [usual] = subjects;

const options = new Command('bench')
  .description('measures an operator: speed, memory, requests')
  .addOption(
    new Option('--operator <name>', 'which one').choices(subjects.map(({ system }) => system)).default(usual.system),
  )
  .option('--quick', `fewer clusters than usual (${subjects.map(sizes).join('; ')})`)
  .option('--clusters <number>', 'this many clusters', positiveInteger)
  .option(
    '--start',
    'how long each operator takes to be ready on an empty cluster, and what its image weighs; nothing else',
  )
  .option('--json <path>', 'where the figures go; bench/results/<operator>.json or start.json unless told')
  .parse()
  .opts<Options>();

try {
  const began = performance.now();
  const say = (text: string) => console.error(`${clock(began)}  ${text}`);
  const subject = subjects.find(({ system }) => system === options.operator) ?? usual;
  const isStart = options.start === true;
  const results = await (isStart ? benchStarts(say) : bench(subject, clustersFor(subject), say));
  const { json = repositoryPath(`bench/results/${isStart ? 'start' : subject.system}.json`) } = options;
  await writeResults(json, results);
  console.log(`\n${circumstances(isStart ? 'every' : subject.title, results)}\n`);
  for (const line of layOutReport(results.sections)) console.log(line);
  for (const line of results.notMeasured) console.log(`not measured: ${line}`);
  console.log(`figures: ${json}`);
} catch (error) {
  console.error(`capstan bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function clustersFor({ counts }: Subject): number {
  return options.clusters ?? (options.quick === true ? counts.quick : counts.full);
}

function sizes({ system, counts: { quick, full } }: Subject): string {
  return `${system}: ${quick} instead of ${full}`;
}

/** What was measured, and on what, in one line. */
function circumstances(title: string, { versions, machine }: BenchResults): string {
  const { capstan, kubernetes, node } = versions;
  return `${title} operator ${capstan}, Kubernetes ${kubernetes}, Node ${node}; ${machine.cores} cores, load ${machine.loadAverage.toFixed(1)} before`;
}

function clock(began: number): string {
  return `${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s`;
}

function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 99999.');
}
