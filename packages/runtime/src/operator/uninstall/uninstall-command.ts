import { createClient, loadKubeConfig } from '@capstan/kube';
import type { Command } from 'commander';
import { type Millis, seconds } from '../../duration.ts';
import { redactText } from '../../redact.ts';
import { addConnectionFlags, durationParser, listed } from '../flag-parsers.ts';
import { uninstall } from './uninstall.ts';
import type { UninstalledOperator } from './uninstall-options.ts';

/** The first word of the command line by which a program takes its operator down, instead of being it. */
export const uninstallWord = 'uninstall';

interface Flags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace: readonly string[];
  readonly operatorNamespace?: string;
  readonly leaderElectNamespace?: string;
  readonly deployment?: string;
  readonly timeout: Millis;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/** What the program tells of itself. */
export interface UninstallProgram {
  readonly version: string;
  readonly operator: UninstalledOperator;
}

/**
 * Takes an operator down as its command line says, and prints a line for each step.
 * @param args those after `uninstall`; `--help` and mistakes print and end the process, mistakes with code 1
 * @returns the exit code: 0 when nothing waits for the operator any more, 1 when something remains, told on standard error
 */
export async function runUninstall({ operator, version }: UninstallProgram, args: readonly string[]): Promise<number> {
  const command = (await uninstallCommand(operator.name)).parse([...args], { from: 'user' });
  const flags = command.opts<Flags>();
  const connection = await loadKubeConfig({ path: flags.kubeconfig, context: flags.context });
  const client = createClient(connection, { userAgent: `${operator.name}/${version} uninstall` });
  if (flags.dryRun) tell('a dry run: nothing is changed');
  try {
    const remains = await uninstall({
      ...{ client, operator, namespace: flags.operatorNamespace ?? connection.namespace },
      ...{ leaseNamespace: flags.leaderElectNamespace, deployment: flags.deployment, namespaces: flags.namespace },
      ...{ timeoutMs: flags.timeout, isForced: flags.force, isDryRun: flags.dryRun },
      tell,
    });
    for (const line of remains) complain(`remains: ${line}`);
    if (remains.length === 0 && !flags.dryRun) tell('nothing waits for the operator any more');
    return remains.length === 0 ? 0 : 1;
  } catch (error) {
    complain(`${operator.name}: ${redactText(error instanceof Error ? error.message : String(error))}`);
    return 1;
  } finally {
    await client.close();
  }
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function uninstallCommand(name: string): Promise<Command> {
  const { Command, Option } = await import('commander');
  const command = new Command(`${name} ${uninstallWord}`)
    .description('stop the operator for good: nothing waits for it any more, and everything that it made stays')
    .allowExcessArguments(false);
  addConnectionFlags(command);
  const duration = await durationParser();
  return command
    .addOption(
      new Option('--namespace <name...>', 'let go of the resources of these namespaces only')
        .argParser(listed)
        .default([], 'all of them'),
    )
    .option('--deployment <name>', "the operator's, which is scaled to zero; without it only its Lease is waited for")
    .option('--operator-namespace <name>', 'where that is; else the namespace of the pod or of the context')
    .option('--leader-elect-namespace <name>', 'where the Lease lies, if not there')
    .addOption(
      new Option('--timeout <time>', 'for what is being deleted, then for the operator to end')
        .argParser(duration)
        .default(seconds(60), '60s'),
    )
    .option('--force', 'go on where it would stop so that nothing is lost', false)
    .option('--dry-run', 'tell what would be done, and change nothing', false);
}
