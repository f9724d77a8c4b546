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
 * the machine it is used on: it may run no program, read no file, and not leave open who answers. Errors repeat nothing of the text, not
 * even names: all of it may be secret.
 *
 * @throws {KubeConfigError} naming the field, for an exec plugin, the path of a file and a server that is not verified by TLS
 *
 * @example
 * ```ts
 * const text = 'apiVersion: v1 ...';
 * const connection = await inlineKubeConfig(text, { source: 'Secret/west: kubeconfig' });
 * ```
 */
export async function inlineKubeConfig(
  text: string,
  { source, context, env = {}, clock = systemClock }: InlineKubeConfigOptions,
): Promise<Connection> {
  try {
    const config = mergeKubeConfigs([parseKubeConfig(text, source)]);
    const resolved = contextOf(config, context, source);
    for (const { field, isGiven, problem } of reachesOut(resolved))
      if (isGiven) throw new KubeConfigError({ file: source, field, problem });
    return await connectionOf(resolved, { env, clock, stdinIsTerminal: false });
  } catch (error) {
    throw error instanceof KubeConfigError ? withoutValues(error, source) : error;
  }
}

/** Fields that errors may name; others have a name that somebody chose. */
const fields = new Set([
  ...['kind', 'current-context', 'contexts', 'clusters', 'users', 'context', 'cluster', 'user', 'name', 'namespace'],
  ...['server', 'tls-server-name', 'insecure-skip-tls-verify', 'proxy-url', 'disable-compression', 'extensions'],
  ...['certificate-authority', 'certificate-authority-data', 'client-certificate', 'client-certificate-data'],
  ...['client-key', 'client-key-data', 'token', 'tokenFile', 'username', 'password', 'auth-provider', 'exec'],
  ...['as', 'as-uid', 'as-groups', 'as-user-extra'],
]);

/** The same error without what stands in the kubeconfig: names of entries, and values that it quotes. */
function withoutValues({ message, file, context, field }: KubeConfigError, source: string): KubeConfigError {
  const where = [file, context === undefined ? undefined : `context "${context}"`, field];
  const prefix = where.filter((part) => part !== undefined && part !== '').join(': ');
  const problem = message.slice(prefix.length + ': '.length);
  const isQuoting = problem.includes('"') || problem.includes('name one of the contexts');
  const key = field?.split('.').at(-1) ?? '';
  const noContext = context !== undefined && field === undefined;
  return new KubeConfigError({
    file: source,
    field: noContext ? 'current-context' : fields.has(key) ? key : undefined,
    problem: isQuoting ? 'is not there, not unique, or nothing that can be used: correct it' : problem,
  });
}

interface Reach {
  readonly field: string;
  readonly isGiven: boolean;
  readonly problem: string;
}

function reachesOut({ cluster, user }: Resolved): readonly Reach[] {
  const noFile = 'names a file, and no file may be read for this kubeconfig: put the data in its place';
  const noProgram = 'runs a program, which this kubeconfig may not: give a token or a client certificate';
  const noTrust = 'lets anybody answer for the server: give certificate-authority-data';
  const noTls = 'must be an https address';
  return [
    { field: 'exec', isGiven: user.exec !== undefined, problem: noProgram },
    { field: 'tokenFile', isGiven: user.tokenFile !== undefined, problem: noFile },
    { field: 'client-certificate', isGiven: user.clientCertificate !== undefined, problem: noFile },
    { field: 'client-key', isGiven: user.clientKey !== undefined, problem: noFile },
    { field: 'certificate-authority', isGiven: cluster.certificateAuthority !== undefined, problem: noFile },
    { field: 'insecure-skip-tls-verify', isGiven: cluster.insecureSkipTlsVerify, problem: noTrust },
    { field: 'server', isGiven: isPlain(cluster.server), problem: noTls },
  ];
}

function isPlain(server: string | undefined): boolean {
  return server !== undefined && !/^https:/i.test(server);
}
