import { Command, Option } from 'commander';
import type { DescribeOptions } from './describe.ts';
import type { ExportOptions } from './export/export.ts';
import type { GetOptions } from './get.ts';
import type { ReleaseOptions } from './release/release.ts';
import type { StatusOptions } from './status.ts';

/** `prismctl kubernetes`: Prism clusters as Kubernetes runs them. */
export function kubernetesCommand(): Command {
  return new Command('kubernetes')
    .description('Prism clusters on Kubernetes')
    .addCommand(getCommand())
    .addCommand(statusCommand())
    .addCommand(describeCommand())
    .addCommand(exportCommand())
    .addCommand(releaseCommand());
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

function exportCommand(): Command {
  return withKubeconfig(new Command('export'))
    .description('print what was deployed without the operator as a PrismCluster; nothing is changed')
    .option('-n, --namespace <name...>', "namespace of Prism, and of its backends; else the kubeconfig's", collect)
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['yaml', 'json']).default('yaml'))
    .option('--name <name>', 'of the PrismCluster', 'prism-local')
    .option('--secret-file <file>', 'new file for the Secrets with the logins that were found')
    .addOption(new Option('--dry-run <what>', 'print what the operator would do with it').choices(['plan']))
    .addHelpText(
      'after',
      '\nFindings go to stderr. Exit code: 0, 1 on an error, 2 when something that looks like Prism was left out',
    )
    .action(async (options: ExportOptions) => {
      const { exportCluster } = await import('./export/export.ts');
      process.exitCode = await exportCluster(options);
    });
}

/** Several namespaces, each after a flag of its own or all after one. */
function collect(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}

function releaseCommand(): Command {
  return withKubeconfig(new Command('release'))
    .description('delete a PrismCluster and leave all that it consists of running, owned by nobody')
    .argument('<name>', 'of the PrismCluster')
    .option('-n, --namespace <name>', "namespace; else the kubeconfig's")
    .option('--dry-run', 'only list what would be given back')
    .option('-y, --yes', 'do not ask')

    .addHelpText(
      'after',
      '\nRun it again when it was interrupted: it goes on where it stopped. Exit code: 0, 1 on an error, 130 after Ctrl-C',
    )
    .action(async (name: string, options: ReleaseOptions) => {
      const { release } = await import('./release/release.ts');
      process.exitCode = await release(name, options);
    });
}

function withPlace(command: Command): Command {
  return withKubeconfig(command)
    .option('-n, --namespace <name>', "namespace; else the kubeconfig's")
    .option('-w, --watch', 'show it again at every change, until Ctrl-C')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json', 'yaml']).default('text'));
}

function withKubeconfig(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'kubeconfig to use; else $KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; else its current one');
}
