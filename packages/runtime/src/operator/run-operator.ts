import { join } from 'node:path';
import { loadKubeConfig } from '@capstan/kube';
import type { Command } from 'commander';
import type { Controller } from '../controller/controller.ts';
import { LeadershipLost, unopposed } from '../leader/leadership.ts';
import { leaseElection } from '../leader/lease-election.ts';
import type { Rival } from '../leader/rival.ts';
import { RivalCensus } from '../leader/rival-census.ts';
import { rivalMetrics } from '../leader/rival-metrics.ts';
import { yielding } from '../leader/yielding-election.ts';
import { createLogger, type Logger } from '../log.ts';
import { Manager, type ManagerOptions } from '../manager.ts';
import { healthServer } from '../observe/health-server.ts';
import { toggleDebugOnSignal } from '../observe/log-level.ts';
import type { MetricSet } from '../observe/metrics/meter.ts';
import { type MetricsServerOptions, metricsServer } from '../observe/metrics-server.ts';
import { traceExporter } from '../observe/trace-exporter.ts';
import type { RunnableFactory } from '../runnable.ts';
import type { Webhook } from '../webhook/webhook.ts';
import { type WebhooksParts, webhooksFor } from '../webhook/webhooks.ts';
import { crashGuard } from './crash-guard.ts';
import { type OperatorFlags, parseOperatorFlags } from './operator-flags.ts';
import { stopSignal } from './stop-signal.ts';
import { runUninstall, uninstallWord } from './uninstall/uninstall-command.ts';
import type { Undone } from './uninstall/uninstall-options.ts';

/** An operator as a program. */
export interface OperatorProgram<Own extends object> {
  /** Of the program, and of its Lease: `streambus-operator`. */
  readonly name: string;
  /** One sentence, for `--help`. */
  readonly description: string;
  /** Of the program: `1.2.3`. */
  readonly version: string;
  readonly controllers: (flags: OperatorFlags & Own) => readonly Controller[];
  /** Adds the operator's own flags; `Own` says what they come to, as commander names them. */
  readonly flags?: (command: Command) => void;
  /** The operator's own metrics. */
  readonly metrics?: readonly MetricSet[];
  /** Other operators for the same resources: while one is at work, this one stands by. None unless told. */
  readonly rivals?: readonly Rival[];
  /** Served where `--webhook-bind-address` says; off unless told. */
  readonly webhooks?: readonly Webhook[];
  /** What is not cleaned up where the operator is uninstalled and its finalizers are taken off: told of each resource. */
  readonly undone?: Undone;
  /** What else runs on every replica. */
  readonly beside?: (flags: OperatorFlags & Own) => readonly RunnableFactory[];
  /** The command line without the program's name; that of the process unless told. */
  readonly args?: readonly string[];
}

/** Where the leader's debug endpoint listens, written on its Lease for `capstan explain`. */
const debugUrlAnnotation = 'capstan.dev/debug-url';

/** How long a stopped operator may linger before it is ended; the tidy way takes no time at all. */
const lingerMs = 5_000;

/**
 * Runs an operator as a process: reads its flags, serves metrics and health, takes part in the election, works until it is
 * told to stop. Resolves after a stop in order (SIGTERM, SIGINT). Everything else ends the process with code 1 and a line
 * in the log: a flag or a kubeconfig that is wrong, leadership that was lost, an error that nobody caught.
 *
 * With the word `uninstall` before its flags the program takes its operator down instead; flags of its own must then do without
 * being given.
 *
 * @example
 * ```ts
 * await runOperator<{ image: string }>({
 *   name: 'greeting-operator',
 *   description: 'Greets people.',
 *   version: '1.0.0',
 *   flags: (command) => command.option('--image <image>', 'what greets', 'greeter:1'),
 *   controllers: ({ concurrency, image }) => [greetings({ concurrency, image })],
 * });
 * ```
 */
export async function runOperator<Own extends object = object>(program: OperatorProgram<Own>): Promise<void> {
  const args = program.args ?? process.argv.slice(2);
  if (args[0] === uninstallWord) {
    process.exitCode = await uninstallOf(program, args.slice(1));
    return;
  }
  const flags = await flagsOf(program, args);
  const log = createLogger({ level: flags.logLevel });
  crashGuard(log);
  const stop = stopSignal(log);
  const forgetToggle = toggleDebugOnSignal(log);
  try {
    await new Manager(await managerOptions(program, flags, log)).run(stop);
  } catch (error) {
    tell(error, log);
    process.exit(1);
  } finally {
    forgetToggle();
  }
  endSoon(log);
}

function flagsOf<Own extends object>(
  program: OperatorProgram<Own>,
  args: readonly string[],
): Promise<OperatorFlags & Own> {
  const { webhooks = [], rivals = [] } = program;
  return parseOperatorFlags<Own>({ ...program, hasWebhooks: webhooks.length > 0, hasRivals: rivals.length > 0 }, args);
}

/** Which kinds and finalizers there are does not depend on flags. */
async function uninstallOf<Own extends object>(
  program: OperatorProgram<Own>,
  args: readonly string[],
): Promise<number> {
  const { name, version, webhooks = [], rivals = [], undone = {} } = program;
  const controllers = program.controllers(await flagsOf(program, []));
  return runUninstall({ version, operator: { name, controllers, webhooks, rivals, undone } }, args);
}

function tell(error: unknown, log: Logger): void {
  if (error instanceof LeadershipLost)
    log.fatal({ reason: error.message }, 'leadership is lost; the process ends, so that the next one starts clean');
  else log.fatal({ err: error }, 'the operator cannot go on');
}

/** Whatever an operator's own code left open does not keep a process alive that has nothing more to do. */
function endSoon(log: Logger): void {
  const end = () => {
    log.warn('something of the operator is still open after its end; the process ends all the same');
    process.exit(0);
  };
  setTimeout(end, lingerMs).unref();
}

async function managerOptions<Own extends object>(
  program: OperatorProgram<Own>,
  flags: OperatorFlags & Own,
  log: Logger,
): Promise<ManagerOptions> {
  const { kubeconfig: path, context, namespaces, deniedNamespaces } = flags;
  const { name, version } = program;
  let debugUrl: string | undefined;
  const onListening = (url: string) => {
    debugUrl = url;
  };
  const census = censusOf(program, flags, log);
  return {
    ...{ log, namespaces, deniedNamespaces, userAgent: `${name}/${version}` },
    connection: await loadKubeConfig({ path, context }),
    controllers: program.controllers(flags),
    beside: [...servers(program, flags, census, onListening), ...(program.beside?.(flags) ?? [])],
    election: electionOf(name, flags, census, () => debugUrl),
  };
}

/** Of nobody where the flags say so. */
function censusOf<Own extends object>(
  { name, rivals = [] }: OperatorProgram<Own>,
  flags: OperatorFlags,
  log: Logger,
): RivalCensus {
  if (rivals.some(({ lease }) => lease === name))
    throw new Error(`rivals: ${name} is the Lease of this operator itself, which would wait for itself`);
  if (flags.rivals !== undefined) return new RivalCensus(rivals);
  if (rivals.length > 0)
    log.warn(
      { rivals: rivals.map(({ what }) => what) },
      'not looking whether these operators are at work, as the flags say',
    );
  return new RivalCensus([]);
}

function electionOf(
  name: string,
  flags: OperatorFlags,
  census: RivalCensus,
  debugUrl: () => string | undefined,
): NonNullable<ManagerOptions['election']> {
  const { leaderElect, leaderElectNamespace, namespaces, rivals } = flags;
  const annotations = (): Readonly<Record<string, string>> => {
    const url = debugUrl();
    return url === undefined ? {} : { [debugUrlAnnotation]: url };
  };
  const elect = leaderElect
    ? leaseElection({ name, namespace: leaderElectNamespace, ...flags.leaseTerms, annotations })
    : () => unopposed;
  if (rivals === undefined) return elect;
  return yielding(elect, { census, namespaces: rivals.namespaces, ownNamespaces: namespaces });
}

function servers<Own extends object>(
  program: OperatorProgram<Own>,
  flags: OperatorFlags,
  census: RivalCensus,
  onListening: (url: string) => void,
): readonly RunnableFactory[] {
  const { name, version, metrics: own = [] } = program;
  const { healthProbeBindAddress, metricsBindAddress, leaderElect } = flags;
  const operator = { name, version };
  const { beside, checks, metrics } = webhooksOf(program, flags);
  const secure = flags.metricsSecure ? securityOf(flags) : {};
  const further = [...own, ...metrics, ...(census.rivals.length > 0 ? [rivalMetrics(census)] : [])];
  const lease = leaderElect ? name : undefined;
  return [
    ...(healthProbeBindAddress === undefined ? [] : [healthServer({ bindAddress: healthProbeBindAddress, checks })]),
    ...(metricsBindAddress === undefined
      ? []
      : [metricsServer({ bindAddress: metricsBindAddress, operator, lease, further, onListening, ...secure })]),
    ...beside,
    traceExporter({ operator }),
  ];
}

function securityOf({ metricsCertDir }: OperatorFlags): Pick<MetricsServerOptions, 'authentication' | 'tls'> {
  const tls =
    metricsCertDir === undefined
      ? 'self-made'
      : { certFile: join(metricsCertDir, 'tls.crt'), keyFile: join(metricsCertDir, 'tls.key') };
  return { authentication: 'token-review', tls };
}

function webhooksOf<Own extends object>(
  { name, webhooks = [] }: OperatorProgram<Own>,
  { namespaces, webhooks: told }: OperatorFlags,
): WebhooksParts {
  const { bindAddress, url, certDirectory, injectedFrom, ownerRole } = told ?? {};
  return webhooksFor({
    ...{ name, webhooks, bindAddress, ownerRole },
    ...(namespaces.length > 0 && { namespaces }),
    ...(url !== undefined && { address: { url } }),
    ...(certDirectory !== undefined && { mounted: { directory: certDirectory, injectedFrom } }),
  });
}
