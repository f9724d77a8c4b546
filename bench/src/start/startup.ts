import { spawnSync } from 'node:child_process';
import { systemClock } from '@capstan/kube';
import { pickPort } from '@capstan/testkit';
import { type Measure, medianOf, secondsOf, timesAsMuch } from '../measure.ts';
import { type OperatorFiles, startOperator } from '../operator-process.ts';
import { usageOf } from '../process-usage.ts';

/** Odd, so that the median is a run that happened. */
const runs = 9;
const askedEveryMs = 5;
const patienceMs = 60_000;
const stopGraceMs = 30_000;

/** One start: until `/readyz` said so, and the processor time that took. */
interface Start {
  readonly ms: number;
  readonly cpuSeconds: number | undefined;
}

/** Starts an operator again and again on a cluster with no resources, each time until it is ready: every cache is filled. */
export async function timeStarts(system: string, files: OperatorFiles): Promise<readonly Measure[]> {
  const [bare, loaded, starts]: [number[], number[], Start[]] = [[], [], []];
  // In turns, so that a machine that grows busy makes all of them slower.
  for (let run = 0; run < runs; run += 1) {
    bare.push(timeToEnd(['--eval', '']));
    loaded.push(timeToEnd([...files.nodeOptions, files.program, '--version']));
    starts.push(await start(files));
  }
  return measuresOf(system, { bare: medianOf(bare), loaded: medianOf(loaded), starts });
}

/** How long Node runs with these arguments, in ms. */
function timeToEnd(args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr}`);
  return performance.now() - began;
}

async function start(files: OperatorFiles): Promise<Start> {
  const health = `127.0.0.1:${await pickPort()}`;
  const began = performance.now();
  const operator = await startOperator({ ...files, health });
  try {
    while (!(await isReady(health))) {
      if (performance.now() - began > patienceMs)
        throw new Error(`${files.name} was not ready after ${patienceMs / 1_000} s; its log is ${files.log}`);
      await systemClock.sleep(askedEveryMs);
    }
    return { ms: performance.now() - began, cpuSeconds: (await usageOf(operator.pid))?.cpuSeconds };
  } finally {
    await operator.stop(stopGraceMs);
  }
}

async function isReady(health: string): Promise<boolean> {
  // Nobody listens there yet.
  const answer = await fetch(`http://${health}/readyz`).catch(() => undefined);
  await answer?.arrayBuffer();
  return answer?.ok === true;
}

interface Times {
  readonly bare: number;
  readonly loaded: number;
  readonly starts: readonly Start[];
}

function measuresOf(system: string, { bare, loaded, starts }: Times): readonly Measure[] {
  const ready = medianOf(starts.map(({ ms }) => ms));
  const cpu = medianOf(starts.map(({ cpuSeconds }) => cpuSeconds ?? Number.NaN));
  const how = `median of ${runs} processes, in turns with the others`;
  return [
    {
      id: `${system}.ready`,
      label: 'process started until ready',
      value: Math.round(ready),
      unit: 'ms',
      how: `${how}; /readyz, which waits for every cache, asked every ${askedEveryMs} ms`,
    },
    {
      id: `${system}.fastestReady`,
      label: 'the fastest of these',
      value: Math.round(Math.min(...starts.map(({ ms }) => ms))),
      unit: 'ms',
      how: 'what other work on the machine disturbs least',
    },
    {
      id: `${system}.load`,
      label: 'of that, the program alone',
      value: Math.round(loaded),
      unit: 'ms',
      how: `${how}; with --version: Node starts, all modules are loaded, nothing is asked`,
    },
    {
      id: `${system}.node`,
      label: 'a bare Node',
      value: Math.round(bare),
      unit: 'ms',
      how: `${how}; an empty program`,
    },
    {
      id: `${system}.readyPerNode`,
      label: 'ready, as against a bare Node',
      value: timesAsMuch(ready, bare),
      unit: 'times',
      how: 'a slow or busy machine makes both slower',
    },
    {
      id: `${system}.cpu`,
      label: 'CPU until ready',
      value: Number.isNaN(cpu) ? undefined : secondsOf(cpu * 1_000),
      unit: 's',
      how: `${how}; user and system time, /proc/PID/stat`,
    },
  ];
}
