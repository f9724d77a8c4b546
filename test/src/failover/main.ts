/**
 * `npm run test:failover`: makes leaders go again and again, on a real control plane, and measures until the next one works.
 * Ends with code 1 when a process wrote out of turn, or a failover took longer than it may.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startControlPlane } from '@capstan/controlplane';
import { type Failover, type Manner, Relay } from './relay.ts';

const usualResults = fileURLToPath(new URL('../../results/failover.json', import.meta.url));

/** What is promised, in ms until the lease is taken. A held leader counts as a killed one. */
const mostMs: Readonly<Record<Manner, number>> = { stop: 2_000, kill: 17_000, hold: 17_000 };

const manners: readonly Manner[] = ['stop', 'kill', 'hold'];

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      stops: { type: 'string', default: '90' },
      kills: { type: 'string', default: '10' },
      holds: { type: 'string', default: '1' },
      json: { type: 'string', default: usualResults },
    },
  });
  const planned = interleaved({ stop: Number(values.stops), kill: Number(values.kills), hold: Number(values.holds) });
  await using plane = await startControlPlane({ nodes: 'none', audit: true });
  await using relay = await Relay.open(plane);
  const failovers = await run(relay, planned);
  const { terms, strayWrites } = relay.record();
  const summary = {
    machine: { cores: availableParallelism(), node: process.versions.node },
    lease: { durationSeconds: 15, renewDeadlineSeconds: 10, retryPeriodSeconds: 2 },
    failovers: manners.map((manner) => figuresOf(manner, failovers)).filter(({ count }) => count > 0),
    terms: terms.length,
    strayWrites: strayWrites.length,
  };
  console.table(Object.fromEntries(summary.failovers.map(({ manner, ...figures }) => [manner, figures])));
  console.log(`${terms.length} terms, ${strayWrites.length} writes out of turn`);
  for (const { verb, uri, userAgent, receivedAt } of strayWrites)
    console.log(`  ${receivedAt} ${userAgent} ${verb} ${uri}`);
  mkdirSync(dirname(values.json), { recursive: true });
  writeFileSync(values.json, `${JSON.stringify(summary, null, 2)}\n`);
  console.log(`written to ${values.json}`);
  return strayWrites.length === 0 && terms.length === planned.length + 1 && isInTime(failovers) ? 0 : 1;
}

async function run(relay: Relay, planned: readonly Manner[]): Promise<readonly Failover[]> {
  const failovers: Failover[] = [];
  for (const manner of planned) {
    const failover = await relay.failOver(manner);
    failovers.push(failover);
    const { takenMs, workingMs } = failover;
    console.log(
      `${failovers.length}/${planned.length}  ${manner}  lease taken after ${takenMs} ms, at work after ${workingMs} ms`,
    );
  }
  return failovers;
}

/** The rare ones spread evenly among the frequent ones. */
function interleaved(counts: Readonly<Record<Manner, number>>): readonly Manner[] {
  const places = manners.flatMap((manner) =>
    Array.from({ length: counts[manner] }, (_, index) => ({ manner, at: (index + 0.5) / counts[manner] })),
  );
  return places.toSorted((a, b) => a.at - b.at).map(({ manner }) => manner);
}

function figuresOf(manner: Manner, failovers: readonly Failover[]) {
  const these = failovers.filter((failover) => failover.manner === manner);
  const taken = these.map(({ takenMs }) => takenMs).toSorted((a, b) => a - b);
  const working = these.map(({ workingMs }) => workingMs).toSorted((a, b) => a - b);
  return {
    ...{ manner, count: these.length, takenP50Ms: median(taken), takenMaxMs: taken.at(-1) },
    ...{ workingP50Ms: median(working), workingMaxMs: working.at(-1), mostMs: mostMs[manner] },
  };
}

function median(sorted: readonly number[]): number | undefined {
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

function isInTime(failovers: readonly Failover[]): boolean {
  return failovers.every(({ manner, takenMs }) => takenMs <= mostMs[manner]);
}
