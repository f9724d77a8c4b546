import { type Clock, systemClock } from '../clock.ts';
import type { Connection } from '../connection.ts';
import { KubeConfigError } from './kubeconfig-error.ts';
import { mergeKubeConfigs, parseKubeConfig } from './kubeconfig-file.ts';
import { connectionOf, contextOf, type Resolved } from './load-kube-config.ts';
import type { Environment } from './proxy-from-environment.ts';

export interface InlineKubeConfigOptions {
  /** Where the text is from, for errors, such as `Secret/west: kubeconfig`. */
  readonly source: string;
  /** The context to use instead of the current one. */
  readonly context?: string;
  /** Where a proxy is looked up that the kubeconfig does not name; nowhere unless told. */
  readonly env?: Environment;
  readonly clock?: Clock;
}

/**
 * A connection from the text of a kubeconfig that came from elsewhere, such as out of a Secret. Whoever wrote it must get nothing of
 * the machine it is used on: it may run no program, read no file, and not leave open who answers.
 *
 * @throws {KubeConfigError} naming context and field, for an exec plugin, the path of a file and a server that is not verified by TLS
 *
 * @example
 * ```ts
 * const connection = await inlineKubeConfig(text, { source: 'Secret/west: kubeconfig' });
 * ```
 */
export async function inlineKubeConfig(
  text: string,
  { source, context, env = {}, clock = systemClock }: InlineKubeConfigOptions,
): Promise<Connection> {
  const config = mergeKubeConfigs([parseKubeConfig(text, source)]);
  const resolved = contextOf(config, context, source);
  for (const { field, isGiven, problem } of reachesOut(resolved))
    if (isGiven) throw new KubeConfigError({ file: source, context: resolved.context.name, field, problem });
  return connectionOf(resolved, { env, clock, stdinIsTerminal: false });
}

interface Reach {
  readonly field: string;
  readonly isGiven: boolean;
  readonly problem: string;
}

function reachesOut({ cluster, user }: Resolved): readonly Reach[] {
  const inCluster = (field: string) => `clusters["${cluster.name}"].${field}`;
  const inUser = (field: string) => `users["${user.name}"].${field}`;
  const noFile = 'names a file, and no file may be read for this kubeconfig: put the data in its place';
  const noProgram = 'runs a program, which this kubeconfig may not: give a token or a client certificate';
  const noTrust = 'lets anybody answer for the server: give certificate-authority-data';
  const noTls = 'must be an https address';
  return [
    { field: inUser('exec'), isGiven: user.exec !== undefined, problem: noProgram },
    { field: inUser('tokenFile'), isGiven: user.tokenFile !== undefined, problem: noFile },
    { field: inUser('client-certificate'), isGiven: user.clientCertificate !== undefined, problem: noFile },
    { field: inUser('client-key'), isGiven: user.clientKey !== undefined, problem: noFile },
    { field: inCluster('certificate-authority'), isGiven: cluster.certificateAuthority !== undefined, problem: noFile },
    { field: inCluster('insecure-skip-tls-verify'), isGiven: cluster.insecureSkipTlsVerify, problem: noTrust },
    { field: inCluster('server'), isGiven: isPlain(cluster.server), problem: noTls },
  ];
}

function isPlain(server: string | undefined): boolean {
  return server !== undefined && !/^https:/i.test(server);
}
