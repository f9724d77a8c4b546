import { Command, Option } from 'commander';
import type { DoctorOptions } from './doctor.ts';
import { operatorNames } from './installation.ts';

/** `capstan doctor`: what would go wrong, before it is installed or upgraded. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at a cluster, and say what would go wrong on installing or upgrading')
    .addOption(new Option('--operator <name...>', 'which operators; all unless told').choices([...operatorNames]))
    .option('-n, --namespace <name>', 'of custom resources; every namespace unless told')
    .option('--operator-namespace <name>', 'where the operator is, or is to be; that of its manifest unless told')
    .option('--as-operator', "ask what the operator's service account may do, even where it is not there yet")
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--kubeconfig <file>', 'kubeconfig to use; else $KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; else its current one')
    .addHelpText(
      'after',
      '\nExit code: 0 nothing is in the way, 1 problems, or nothing could be looked at, 2 warnings only',
    )
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./doctor.ts');
      process.exitCode = await doctor(options);
    });
}
