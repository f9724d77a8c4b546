import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultLingerImage } from './children/linger-container.ts';

const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** What the operator is told on its command line. */
interface Flags {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Empty: every namespace. */
  readonly namespaces: readonly string[];
  readonly logLevel: (typeof logLevels)[number];
  readonly concurrency: number;
  readonly lingerImage: string;
}

/**
 * Reads the command line (without the program's name). `--help` and mistakes print and end the process.
 *
 * @example
 * ```ts
 * parseFlags(['--namespace', 'shop', '--log-level', 'debug']).namespaces // ['shop']
 * ```
 */
export function parseFlags(args: readonly string[]): Flags {
  const command = flagsCommand().parse([...args], { from: 'user' });
  const { namespace: namespaces, ...rest } = command.opts<
    Omit<Flags, 'namespaces'> & { namespace: readonly string[] }
  >();
  return { ...rest, namespaces };
}

/** The command with its flags; only to be parsed, or to be described in documentation. */
export function flagsCommand(): Command {
  return new Command('streambus-operator')
    .description('Runs StreamBus clusters on Kubernetes.')
    .option(
      '--kubeconfig <file>',
      'kubeconfig to use; else $KUBECONFIG, ~/.kube/config, or the service account of the pod',
    )
    .option('--context <name>', 'context of the kubeconfig; else its current one')
    .addOption(new Option('--namespace <name...>', 'work in these namespaces only').default([], 'all of them'))
    .addOption(new Option('--log-level <level>', 'least important lines to log').choices(logLevels).default('info'))
    .option('--concurrency <number>', 'clusters worked on at the same time', positiveInteger, 16)
    .option('--linger-image <image>', 'image of the container that outlives a broker', defaultLingerImage)
    .allowExcessArguments(false);
}

function positiveInteger(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
}
