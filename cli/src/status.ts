import { isControlPlaneReady, residentMemory } from '@capstan/controlplane';
import { Command, Option } from 'commander';
import { UserError } from './failure.ts';
import { type InstanceFiles, instanceFiles, instanceNames, readState } from './local/instance.ts';
import { formatDuration } from './terminal/duration.ts';
import { formatTable } from './terminal/table.ts';

interface StatusOptions {
  readonly name?: string;
  readonly output: 'table' | 'json';
}

/** One control plane as `capstan status -o json` shows it. Fields of one that is not running are null. */
export interface InstanceStatus {
  readonly name: string;
  /** `unresponsive`: its processes run, but the API server does not say it is ready. */
  readonly state: 'running' | 'unresponsive' | 'starting' | 'stopped' | 'failed';
  /** Why it failed. */
  readonly reason: string | null;
  readonly version: string | null;
  readonly server: string | null;
  readonly nodes: 'kwok' | 'none' | null;
  readonly ageSeconds: number | null;
  /** Resident memory of all its processes together. */
  readonly rssBytes: number | null;
  readonly kubeconfig: string | null;
}

/** `capstan status`: what runs, where, since when, and how to use it. */
export function statusCommand(): Command {
  return new Command('status')
    .description('show the local control planes')
    .option('--name <name>', 'only this one')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .action(status);
}

async function status(options: StatusOptions): Promise<void> {
  const names = options.name === undefined ? await instanceNames() : [options.name];
  const all = (await Promise.all(names.map((name) => inspect(instanceFiles(name))))).flatMap((one) => one ?? []);
  if (options.name !== undefined && all.length === 0)
    throw new UserError(
      `there is no control plane named ${options.name}: capstan up --name ${options.name} starts one`,
    );
  if (options.output === 'json') console.log(JSON.stringify(all, undefined, 2));
  else console.log(all.length === 0 ? 'there is no control plane: capstan up starts one' : renderStatus(all));
}

async function inspect(files: InstanceFiles): Promise<InstanceStatus | undefined> {
  const state = await readState(files);
  if (state === undefined) return undefined;
  const nothing = {
    name: files.name,
    reason: null,
    version: null,
    server: null,
    nodes: null,
    ageSeconds: null,
    rssBytes: null,
    kubeconfig: null,
  };
  if (state.phase === 'failed') return { ...nothing, state: 'failed', reason: state.reason };
  if (state.phase !== 'running') return { ...nothing, state: state.phase };
  const { version, server, nodes, kubeconfig } = state;
  return {
    ...nothing,
    state: (await isControlPlaneReady(files.planeDir, server)) ? 'running' : 'unresponsive',
    version,
    server,
    nodes,
    kubeconfig,
    ageSeconds: Math.round((Date.now() - Date.parse(state.startedAt)) / 1_000),
    rssBytes: await residentMemory([state.keeper.pid, ...state.pids]),
  };
}

/** The table for people, and under it why anything failed. */
export function renderStatus(all: readonly InstanceStatus[]): string {
  const rows = all.map((one) => [
    one.name,
    one.state,
    one.version ?? '-',
    one.server ?? '-',
    one.nodes ?? '-',
    one.ageSeconds === null ? '-' : formatDuration(Math.max(1, one.ageSeconds) * 1_000),
    one.rssBytes === null ? '-' : `${Math.round(one.rssBytes / 1e6)} MB`,
    one.kubeconfig ?? '-',
  ]);
  const table = formatTable(['NAME', 'STATE', 'VERSION', 'SERVER', 'NODES', 'AGE', 'RSS', 'KUBECONFIG'], rows);
  const reasons = all.flatMap((one) => (one.reason === null ? [] : [`${one.name}: ${one.reason}`]));
  return [table, ...reasons].join('\n');
}
