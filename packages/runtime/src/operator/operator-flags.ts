import type { Command } from 'commander';
import type { Millis } from '../duration.ts';
import { type LeaseTerms, leaseTerms } from '../leader/lease-terms.ts';
import { type LogLevel, logLevels } from '../log.ts';
import { parseBindAddress } from '../observe/serving/bind-address.ts';
import { addConnectionFlags, durationParser, listed } from './flag-parsers.ts';
import { uninstallWord } from './uninstall/uninstall-command.ts';

/** What every operator is told on its command line. */
export interface OperatorFlags {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  /** Empty: every namespace. */
  readonly namespaces: readonly string[];
  /** Left alone. */
  readonly deniedNamespaces: readonly string[];
  readonly leaderElect: boolean;
  /** That of the kubeconfig, or of the pod, unless told. */
  readonly leaderElectNamespace: string | undefined;
  readonly leaseTerms: LeaseTerms;
  /** `undefined`: no other operators are looked for. */
  readonly rivals: RivalFlags | undefined;
  /** `undefined`: no metrics are served. */
  readonly metricsBindAddress: string | undefined;
  /** HTTPS, and only for those whom the API server knows and lets. */
  readonly metricsSecure: boolean;
  /** A directory with `tls.crt` and `tls.key` that somebody else renews; a certificate made at start unless told. */
  readonly metricsCertDir: string | undefined;
  /** `undefined`: health is not served. */
  readonly healthProbeBindAddress: string | undefined;
  /** `undefined`: there are no webhooks, or they are not served. */
  readonly webhooks: WebhookFlags | undefined;
  readonly logLevel: LogLevel;
  /** Resources each controller works on at the same time. */
  readonly concurrency: number;
}

/** Where other operators are looked for; only for operators that know some. */
export interface RivalFlags {
  /** Empty: every namespace. */
  readonly namespaces: readonly string[];
}

/** Where and how webhooks are served; only for operators that have some. */
export interface WebhookFlags {
  readonly bindAddress: string;
  /** Where API servers call an operator outside the cluster; its Service unless told. */
  readonly url: string | undefined;
  /** A directory with `tls.crt` and `tls.key` that somebody else renews; certificates of the operator's own unless told. */
  readonly certDirectory: string | undefined;
  /** `namespace/name` of the cert-manager Certificate that API servers are to trust. */
  readonly injectedFrom: string | undefined;
  /** The ClusterRole with which their configurations go; that of the operator's name unless told. */
  readonly ownerRole: string | undefined;
}

/** What a program tells of itself, and its own flags. */
export interface FlagsOptions {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** Whether the operator has webhooks, and so the flags for them. */
  readonly hasWebhooks?: boolean;
  /** Whether the operator knows others that it must not work beside, and so has the flags for them. */
  readonly hasRivals?: boolean;
  /** Adds the operator's own flags to the command. */
  readonly flags?: ((command: Command) => void) | undefined;
}

/** The address of a server that is not wanted. */
const nowhere = '0';

/** Absent where the operator has no webhooks. */
interface RawWebhookFlags {
  readonly webhookBindAddress?: string | undefined;
  readonly webhookUrl?: string | undefined;
  readonly webhookCertDir?: string | undefined;
  readonly webhookInjectCaFrom?: string | undefined;
  readonly webhookOwnerRole?: string | undefined;
}

/** Absent where the operator knows no rivals. */
interface RawRivalFlags {
  readonly ignoreRivals?: boolean | undefined;
  readonly rivalNamespaces?: readonly string[] | undefined;
}

/** Parsed options as commander names them. */
interface RawFlags
  extends RawWebhookFlags,
    RawRivalFlags,
    Omit<OperatorFlags, 'leaseTerms' | 'namespaces' | 'deniedNamespaces' | 'rivals' | 'webhooks'> {
  readonly namespace: readonly string[];
  readonly denyNamespaces: readonly string[];
  readonly leaderElectLeaseDuration: Millis;
  readonly leaderElectRenewDeadline: Millis;
  readonly leaderElectRetryPeriod: Millis;
}

/**
 * Reads the command line (without the program's name). commander is loaded here, not before. `--help`, `--version` and
 * mistakes print and end the process, mistakes with code 1.
 *
 * @returns the runtime's flags, together with the operator's own as commander names them
 */
export async function parseOperatorFlags<Own extends object>(
  options: FlagsOptions,
  args: readonly string[],
): Promise<OperatorFlags & Own> {
  const command = (await operatorCommand(options)).parse([...args], { from: 'user' });
  // What the flags of `operatorCommand` parse to; for `Own` the operator's word is taken.
  const { namespace, denyNamespaces, ...rest } = command.opts<RawFlags & Own>();
  refuseHalves(command, rest);
  return {
    ...rest,
    namespaces: namespace,
    deniedNamespaces: denyNamespaces,
    rivals: rivalFlagsOf(rest),
    webhooks: webhookFlagsOf(rest),
    metricsBindAddress: rest.metricsBindAddress === nowhere ? undefined : rest.metricsBindAddress,
    healthProbeBindAddress: rest.healthProbeBindAddress === nowhere ? undefined : rest.healthProbeBindAddress,
    leaseTerms: soundTerms(command, rest),
  } as unknown as OperatorFlags & Own; // A spread of a type parameter loses its name; all of its fields are in it.
}

/** A flag that only counts with another one would be ignored in silence: somebody believes that it works. */
function refuseHalves(
  command: Command,
  raw: RawWebhookFlags & RawRivalFlags & Pick<RawFlags, 'metricsCertDir' | 'metricsSecure'>,
): void {
  if (raw.ignoreRivals === true && (raw.rivalNamespaces ?? []).length > 0)
    command.error('error: --rival-namespaces is of no use with --ignore-rivals');
  if (raw.metricsCertDir !== undefined && !raw.metricsSecure)
    command.error('error: --metrics-cert-dir is of no use without --metrics-secure');
  if (raw.webhookInjectCaFrom !== undefined && raw.webhookCertDir === undefined)
    command.error(
      'error: --webhook-inject-ca-from is of no use without --webhook-cert-dir, where that certificate is mounted',
    );
}

/** The command with its flags; only to be parsed, or to be described in documentation. */
export async function operatorCommand({
  name,
  description,
  version,
  hasWebhooks = false,
  hasRivals = false,
  flags,
}: FlagsOptions): Promise<Command> {
  const { Command } = await import('commander');
  const command = new Command(name).description(description).version(version).allowExcessArguments(false);
  command.addHelpText(
    'after',
    `\n"${name} ${uninstallWord}" takes the operator down instead; ${uninstallWord} --help tells how`,
  );
  await addClusterFlags(command);
  await addElectionFlags(command);
  if (hasRivals) await addRivalFlags(command);
  await addServingFlags(command);
  if (hasWebhooks) await addWebhookFlags(command);
  flags?.(command);
  return command;
}

async function addClusterFlags(command: Command): Promise<void> {
  const { Option, InvalidArgumentError } = await import('commander');
  const positiveInteger = (text: string): number => {
    if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
    throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
  };
  addConnectionFlags(command);
  command
    .addOption(
      new Option('--namespace <name...>', 'work in these namespaces only').argParser(listed).default([], 'all of them'),
    )
    .addOption(
      new Option('--deny-namespaces <name...>', 'leave the resources of these namespaces alone')
        .argParser(listed)
        .default([], 'none'),
    )
    .addOption(new Option('--log-level <level>', 'least important lines to log').choices(logLevels).default('info'))
    .option('--concurrency <number>', 'resources each controller works on at the same time', positiveInteger, 16);
}

async function addElectionFlags(command: Command): Promise<void> {
  const { Option } = await import('commander');
  const isOn = await booleanParser();
  const duration = await durationParser();
  const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = leaseTerms();
  const time = (flag: string, what: string, usual: Millis) =>
    new Option(`${flag} <time>`, what).argParser(duration).default(usual, `${usual / 1_000}s`);
  command
    .option(
      '--leader-elect [boolean]',
      'work only while holding a Lease, so that several processes may run',
      isOn,
      false,
    )
    .option('--leader-elect-namespace <name>', 'where the Lease lies; else the namespace of the pod or of the context')
    .addOption(time('--leader-elect-lease-duration', 'how long others wait for a silent leader', leaseDurationMs))
    .addOption(time('--leader-elect-renew-deadline', 'how long the leader trusts a renewal', renewDeadlineMs))
    .addOption(time('--leader-elect-retry-period', 'pause between renewals', retryPeriodMs));
}

async function addRivalFlags(command: Command): Promise<void> {
  const { Option } = await import('commander');
  const isOn = await booleanParser();
  command
    .addOption(
      new Option('--rival-namespaces <name...>', 'look for other operators of these resources in these namespaces only')
        .argParser(listed)
        .default([], 'all of them'),
    )
    .option(
      '--ignore-rivals [boolean]',
      'work although another operator of these resources may be at work: both would write to the same objects',
      isOn,
      false,
    );
}

function rivalFlagsOf({
  ignoreRivals = true,
  rivalNamespaces: namespaces = [],
}: RawRivalFlags): RivalFlags | undefined {
  return ignoreRivals ? undefined : { namespaces };
}

async function addServingFlags(command: Command): Promise<void> {
  const isOn = await booleanParser();
  const address = await addressParser();
  command
    .option('--metrics-bind-address <address>', 'where metrics are served; 0: nowhere', address, ':8080')
    .option('--metrics-secure [boolean]', 'serve metrics by HTTPS, to those whom the API server lets', isOn, false)
    .option(
      '--metrics-cert-dir <directory>',
      'tls.crt and tls.key for --metrics-secure; else a certificate made at start, which nobody can verify',
    )
    .option('--health-probe-bind-address <address>', 'where health is served; 0: nowhere', address, ':8081');
}

/** Off unless told: an operator on somebody's machine must not tell a cluster to call it. */
async function addWebhookFlags(command: Command): Promise<void> {
  const address = await addressParser();
  command
    .option(
      '--webhook-bind-address <address>',
      'where webhooks are served, such as :9443; 0: nowhere, and API servers are told of none',
      address,
      nowhere,
    )
    .option(
      '--webhook-url <url>',
      'where API servers call them; else the Service of the operator',
      await webhookUrlParser(),
    )
    .option('--webhook-cert-dir <directory>', 'tls.crt and tls.key to use; else certificates of its own')
    .option('--webhook-inject-ca-from <namespace/name>', 'cert-manager Certificate that API servers are to trust')
    .option(
      '--webhook-owner-role <name>',
      "ClusterRole with which configurations of webhooks go; else that of the operator's name",
    );
}

function webhookFlagsOf(raw: RawWebhookFlags): WebhookFlags | undefined {
  const {
    webhookBindAddress: bindAddress = nowhere,
    webhookUrl,
    webhookCertDir,
    webhookInjectCaFrom,
    webhookOwnerRole,
  } = raw;
  if (bindAddress === nowhere) return undefined;
  return {
    ...{ bindAddress, url: webhookUrl, certDirectory: webhookCertDir },
    ...{ injectedFrom: webhookInjectCaFrom, ownerRole: webhookOwnerRole },
  };
}

async function addressParser(): Promise<(text: string) => string> {
  const { InvalidArgumentError } = await import('commander');
  return (text) => {
    try {
      if (text !== nowhere) parseBindAddress(text);
      return text;
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? `${error.message}; 0 serves nothing.` : '');
    }
  };
}

/** What an API server would refuse, and hosts that no certificate can be made for. */
async function webhookUrlParser(): Promise<(text: string) => string> {
  const { InvalidArgumentError } = await import('commander');
  return (text) => {
    const url = URL.parse(text);
    if (url === null || url.protocol !== 'https:') throw new InvalidArgumentError('It must be an https:// address.');
    if (url.hostname.startsWith('['))
      throw new InvalidArgumentError('It must name the host: no certificate is made for an IPv6 address.');
    if (url.pathname !== '/' || url.search + url.hash + url.username + url.password !== '')
      throw new InvalidArgumentError('It must be https://host:port and nothing more.');
    return text.replace(/\/$/, '');
  };
}

/** `--flag`, `--flag=true` and `--flag=false`, as Go programs take them; the first needs no parser. */
async function booleanParser(): Promise<(text: string) => boolean> {
  const { InvalidArgumentError } = await import('commander');
  return (text) => {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new InvalidArgumentError('It must be true or false.');
  };
}

function soundTerms(command: Command, raw: RawTerms): LeaseTerms {
  try {
    return leaseTerms({
      leaseDurationMs: raw.leaderElectLeaseDuration,
      renewDeadlineMs: raw.leaderElectRenewDeadline,
      retryPeriodMs: raw.leaderElectRetryPeriod,
    });
  } catch (error) {
    return command.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  }
}

type RawTerms = Pick<RawFlags, 'leaderElectLeaseDuration' | 'leaderElectRenewDeadline' | 'leaderElectRetryPeriod'>;
