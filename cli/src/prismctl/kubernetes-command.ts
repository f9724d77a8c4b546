import { Command, Option } from 'commander';
import type { DescribeOptions } from './describe.ts';
import type { GetOptions } from './get.ts';
import type { StatusOptions } from './status.ts';

/** `prismctl kubernetes`: Prism clusters as Kubernetes runs them. */
export function kubernetesCommand(): Command {
  return new Command('kubernetes')
    .description('Prism clusters on Kubernetes')
    .addCommand(getCommand())
    .addCommand(statusCommand())
    .addCommand(describeCommand());
}

function getCommand(): Command {
  return withPlace(new Command('get'))
    .description('list the clusters, and how they are')
    .option('-A, --all-namespaces', 'of every namespace')
    .action(async (options: GetOptions) => {
      const { get } = await import('./get.ts');
      process.exitCode = await get(options);
    });
}

function statusCommand(): Command {
  return withPlace(new Command('status'))
    .description('show the tree of a cluster: its parts, workloads and pods, and what holds it back')
    .argument('<name>', 'of the PrismCluster')
    .option('--exit-code', 'end with 2 when the cluster is not Ready')
    .addHelpText('after', '\nExit code: 0, 1 on an error, 2 not Ready (with --exit-code), 130 after Ctrl-C')
    .action(async (name: string, options: StatusOptions) => {
      const { status } = await import('./status.ts');
      process.exitCode = await status(name, options);
    });
}

function describeCommand(): Command {
  return withPlace(new Command('describe'))
    .description('show the tree of a cluster, its conditions and events, and what to do next')
    .argument('<name>', 'of the PrismCluster')
    .action(async (name: string, options: DescribeOptions) => {
      const { describe } = await import('./describe.ts');
      process.exitCode = await describe(name, options);
    });
}

function withPlace(command: Command): Command {
  return command
    .option('-n, --namespace <name>', "namespace; else the kubeconfig's")
    .option('-w, --watch', 'show it again at every change, until Ctrl-C')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json', 'yaml']).default('text'))
    .option('--kubeconfig <file>', 'kubeconfig to use; else $KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; else its current one');
}
