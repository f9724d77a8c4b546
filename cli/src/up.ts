import { KUBERNETES_VERSION, withLock } from '@capstan/controlplane';
import { Command, Option } from 'commander';
import { UserError } from './failure.ts';
import { type InstanceFiles, type InstanceState, instanceFiles, readState } from './local/instance.ts';
import { startKeeper } from './local/start-keeper.ts';
import { formatDuration } from './terminal/duration.ts';
import { progressLine } from './terminal/progress-line.ts';
import { exportLine } from './terminal/shell.ts';

interface UpOptions {
  readonly name: string;
  readonly nodes: 'kwok' | 'none';
  readonly export?: true;
}

type Running = Extract<InstanceState, { phase: 'running' }>;

/** `capstan up`: starts a local control plane that stays up between commands, or says that it is up. */
export function upCommand(): Command {
  return new Command('up')
    .description('start a local control plane that stays up until capstan down')
    .addHelpText('after', `\nIt runs Kubernetes ${KUBERNETES_VERSION}.`)
    .option('--name <name>', 'which one, when there are several', 'default')
    .addOption(new Option('--nodes <kind>', 'who plays the pods').choices(['kwok', 'none']).default('kwok'))
    .option('--export', 'print only the lines that a shell has to eval')
    .action(up);
}

async function up(options: UpOptions): Promise<void> {
  const files = instanceFiles(options.name);
  const began = performance.now();
  const before = await readState(files);
  const state = before?.phase === 'running' ? before : await start(files, options);
  if (options.export === true) {
    console.log(exportLine('KUBECONFIG', state.kubeconfig));
    return;
  }
  const how = state === before ? 'is up already' : `is up after ${formatDuration(performance.now() - began)}`;
  console.log(`${files.name} ${how}: Kubernetes ${state.version} at ${state.server}`);
  if (state.nodes !== options.nodes) console.log(`its nodes are ${state.nodes}; to change that, capstan down first`);
  console.log(`use it:  ${exportLine('KUBECONFIG', state.kubeconfig)}`);
  console.log(`stop it: capstan down${files.name === 'default' ? '' : ` --name ${files.name}`}`);
}

/** Starts the instance, unless another command has just done so. */
async function start(files: InstanceFiles, options: UpOptions): Promise<Running> {
  const line = progressLine(process.stderr);
  const work = async (): Promise<Running> => {
    const current = await readState(files);
    if (current?.phase === 'running') return current;
    await startKeeper(files, options.nodes, (progress) => line.show(progress)).finally(() => line.clear());
    const state = await readState(files);
    if (state?.phase === 'running') return state;
    throw new UserError(`${files.name} came up and ended again: see ${files.log}`);
  };
  return await withLock(files.lock, work, {
    onWait: (holder) => console.error(`waiting for process ${holder}, which is starting or stopping ${files.name}`),
  });
}
