import { Command, Option } from 'commander';
import type { PlanOptions } from './plan.ts';

/** `capstan plan`: what the operators would change, before anything changes. */
export function planCommand(): Command {
  return new Command('plan')
    .description('show what the operators would change, and change nothing')
    .argument('[what]', 'of what is live: <kind>/<name>, or <kind>; all of the namespace unless told')
    .option('-f, --filename <path...>', 'as if these files were applied: files, directories, or - for standard input')
    .option('-n, --namespace <name>', "namespace; else the kubeconfig's")
    .option('-A, --all-namespaces', 'what is live in every namespace')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--brief', 'one line per object, without diffs')
    .option('--offline', 'without a cluster: the objects that a new resource would have')
    .option('--operator <module...>', 'modules that export controllers: files, or names of packages')
    .option('--kubeconfig <file>', 'kubeconfig to use; else $KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; else its current one')
    .addHelpText('after', '\nExit code: 0 nothing to do, 2 changes, 1 something would be refused or went wrong')
    .action(async (what: string | undefined, options: PlanOptions) => {
      const { plan } = await import('./plan.ts');
      process.exitCode = await plan({ ...options, ...(what !== undefined && { what }) });
    });
}
