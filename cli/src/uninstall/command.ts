import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { OperatorName } from '../doctor/installation.ts';
import { operatorNames } from '../doctor/installation.ts';
import type { UninstallFlags } from './uninstall-operator.ts';

/** `capstan uninstall`: takes an operator down, so that nothing waits for it and nothing is lost. */
export function uninstallCommand(): Command {
  return new Command('uninstall')
    .description('take an operator down; its custom resources, and all that it made for them, stay')
    .addArgument(new Argument('<operator>', 'which one').choices([...operatorNames]))
    .option('-n, --namespace <name>', 'where the operator is; the namespace of its manifest in deploy/ unless told')
    .option('--deployment <name>', 'the Deployment of the operator, where there are several')
    .option('--resources-in <namespace...>', 'let go of resources in these only; where the operator works unless told')
    .option('--release-only', 'take its finalizers off resources, and delete nothing')
    .option('--crds', 'delete its definitions as well, and with them every custom resource of theirs')
    .addOption(
      new Option('--timeout <seconds>', 'for what is being deleted, then for the operator to end')
        .argParser(wholeSeconds)
        .default(60),
    )
    .option('--force', 'go on where it would stop so that nothing is lost')
    .option('--dry-run', 'show what would be done, and change nothing')
    .option('-y, --yes', 'do not ask')
    .option('--kubeconfig <file>', 'kubeconfig to use; else $KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; else its current one')
    .addHelpText('after', '\nExit code: 0 done, 1 something remains, or nothing was done')
    .action(async (operator: OperatorName, flags: UninstallFlags) => {
      const { uninstallOperator } = await import('./uninstall-operator.ts');
      process.exitCode = await uninstallOperator(operator, flags);
    });
}

function wholeSeconds(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number of seconds, from 1 to 99999.');
}
