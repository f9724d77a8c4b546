import { Command } from 'commander';
import type { ConsoleOptions } from './console.ts';

/** `capstan console`: every custom resource and what belongs to it, in a browser, live. */
export function consoleCommand(): Command {
  return new Command('console')
    .description('show every custom resource and what belongs to it in a browser, live; changes nothing')
    .option('--port <number>', 'port to listen on; 0 takes a free one', '8001')
    .option('-n, --namespace <name>', 'the only namespace to show; every namespace unless told')
    .option('--operator <module...>', 'modules that export further controllers: files, or names of packages')
    .option('--token-mode', 'ask each visitor for a bearer token, and act with it; for a console that many use')
    .option('--bind <address>', 'address to listen on; others than loopback only with --token-mode', '127.0.0.1')
    .option(
      '--certificate-authority <file>',
      "with --token-mode in a pod: who signed the API server's certificate, instead of a kubeconfig",
    )
    .option('--kubeconfig <file>', 'kubeconfig to use; else $KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; else its current one')
    .addHelpText(
      'after',
      '\nCtrl-C ends it. Its address holds a key of this start: whoever has it sees what you may see.',
    )
    .action(async (options: ConsoleOptions) => {
      const { runConsole } = await import('./console.ts');
      process.exitCode = await runConsole(options);
    });
}
