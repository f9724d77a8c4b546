import { Command, Option } from 'commander';
import type { ExplainOptions } from './explain.ts';

/** `capstan explain`: why an operator worked on a resource lately, and what it did. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('show why and how an operator worked on a resource lately')
    .argument('<kind/name>', 'such as streambuscluster/orders')
    .option('-n, --namespace <name>', "namespace; else the kubeconfig's")
    .option('-v, --verbose', 'everything that is known of each pass')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--url <url>', "of the operator's metrics server; else the one that its Lease tells")
    .option(
      '--operator-namespace <name>',
      'where the Lease of the operator lies; else every namespace is looked through',
    )
    .option('--token-file <file>', 'bearer token for an operator that asks who you are')
    .option('--certificate-authority <file>', 'who signed the certificate of the operator; else the system decides')
    .option('--insecure-skip-tls-verify', 'take any certificate')
    .option('--kubeconfig <file>', 'kubeconfig to use; else $KUBECONFIG or ~/.kube/config')
    .option('--context <name>', 'context of the kubeconfig; else its current one')
    .action(async (what: string, options: ExplainOptions) => {
      const { explain } = await import('./explain.ts');
      await explain(what, options);
    });
}
