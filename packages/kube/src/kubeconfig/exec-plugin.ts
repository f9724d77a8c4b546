import { spawn } from 'node:child_process';
import type { Clock } from '../clock.ts';
import type { ClientCertificate } from '../connection.ts';
import type { Fail } from './certificates.ts';
import { isMap } from './fields.ts';
import { codeOf } from './kubeconfig-error.ts';
import type { ExecEntry } from './kubeconfig-file.ts';
import type { Environment } from './proxy-from-environment.ts';
import type { Supply } from './rotating.ts';

/** What a plugin answered: a bearer token, a client certificate, or both. */
export interface ExecCredential {
  readonly token: string | undefined;
  readonly clientCertificate: ClientCertificate | undefined;
}

interface ExecPluginOptions {
  readonly entry: ExecEntry;
  /** The cluster in the shape of `ExecCredential.spec.cluster`, sent when the entry asks for `provideClusterInfo`. */
  readonly cluster: () => Promise<object>;
  readonly env: Environment;
  readonly clock: Clock;
  readonly fail: Fail;
  /** Whether somebody may type an answer. */
  readonly stdinIsTerminal: boolean;
  /** How long a run without a person at the terminal may take; 60 s unless told. */
  readonly timeoutMs?: number;
}

const API_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const INTERACTIVE_MODES = ['Never', 'IfAvailable', 'Always'];
const LARGEST_ANSWER_BYTES = 1024 * 1024;
/** After a refused credential the plugin is not run again sooner than this, or it would run once per refused request. */
const SHORTEST_RENEWAL_MS = 10_000;

/**
 * A supply of credentials from a program, run as `exec` of a kubeconfig says (client.authentication.k8s.io v1 and v1beta1):
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 *
 * The answer is kept until its expirationTimestamp, or for good when it names none; one run serves all who wait.
 * What the program writes to its standard error goes to ours, as with kubectl; nothing of its output is put into errors.
 */
export function execPlugin(options: ExecPluginOptions): Supply<ExecCredential> {
  const interactive = checkEntry(options);
  const { clock } = options;
  let held: (Answer & { readonly at: number }) | undefined;
  let running: Promise<ExecCredential> | undefined;

  const refresh = async (): Promise<ExecCredential> => {
    const answer = await run(options, interactive);
    held = { ...answer, at: clock.monotonic() };
    return answer.credential;
  };

  return {
    async current() {
      if (held !== undefined && clock.now() < held.expiresAt) return held.credential;
      running ??= refresh().finally(() => {
        running = undefined;
      });
      return running;
    },
    async renew() {
      const isFresh = held !== undefined && clock.monotonic() - held.at < SHORTEST_RENEWAL_MS;
      if (!isFresh && running === undefined) held = undefined;
      return true;
    },
  };
}

interface Answer {
  readonly credential: ExecCredential;
  /** Epoch ms; Infinity when the plugin did not say. */
  readonly expiresAt: number;
}

/** @returns whether the plugin gets our standard input */
function checkEntry({ entry, fail, stdinIsTerminal }: ExecPluginOptions): boolean {
  if (entry.command === undefined) throw fail('exec.command', 'is missing: name the program to run');
  if (entry.apiVersion === undefined || !API_VERSIONS.includes(entry.apiVersion)) {
    throw fail(
      'exec.apiVersion',
      `is ${quoted(entry.apiVersion)}, must be ${API_VERSIONS.join(' or ')}: update the plugin and this field`,
    );
  }
  const mode = entry.interactiveMode ?? (entry.apiVersion.endsWith('/v1beta1') ? 'IfAvailable' : undefined);
  if (mode === undefined || !INTERACTIVE_MODES.includes(mode)) {
    throw fail('exec.interactiveMode', `is ${quoted(mode)}, must be ${INTERACTIVE_MODES.join(', ')}`);
  }
  if (mode === 'Always' && !stdinIsTerminal) {
    throw fail(
      'exec.interactiveMode',
      'is Always, but standard input is not a terminal: use credentials that need nobody to answer',
    );
  }
  return mode !== 'Never' && stdinIsTerminal;
}

async function run(options: ExecPluginOptions, interactive: boolean): Promise<Answer> {
  const { entry, env } = options;
  const info = {
    apiVersion: entry.apiVersion,
    kind: 'ExecCredential',
    spec: { interactive, ...(entry.provideClusterInfo ? { cluster: await options.cluster() } : {}) },
  };
  const output = await outputOf(options, interactive, {
    ...env,
    ...entry.env,
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  });
  return answerFrom(output, options);
}

/** Everything the program printed. Ends by its end, by too much output, or, where nobody can be asked, by the time limit. */
function outputOf(options: ExecPluginOptions, interactive: boolean, env: Environment): Promise<string> {
  const { entry, clock, fail, timeoutMs = 60_000 } = options;
  const command = entry.command ?? '';
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...entry.args], {
      env: { ...env },
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
    });
    const stop = (problem: string) => {
      child.kill('SIGKILL');
      // A program it started in turn may hold the pipe open for as long as it likes.
      child.stdout?.destroy();
      end(() => reject(fail('exec.command', `"${command}" ${problem}`)));
    };
    const tooLong = `did not answer within ${timeoutMs / 1_000} s and was stopped: run it by hand to see why`;
    const limit = interactive ? undefined : clock.setTimeout(() => stop(tooLong), timeoutMs);
    const end = (settle: () => void) => {
      limit?.cancel();
      settle();
    };
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > LARGEST_ANSWER_BYTES)
        stop(`wrote more than ${LARGEST_ANSWER_BYTES} bytes: it is no credential plugin`);
    });
    child.on('error', (cause) => end(() => reject(fail('exec.command', notStarted(entry, cause), cause))));
    child.on('close', (code, signal) => {
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      if (code === 0) end(() => resolve(Buffer.concat(chunks).toString('utf8')));
      else end(() => reject(fail('exec.command', `"${command}" ended with ${how}: run it by hand to see why`)));
    });
  });
}

function notStarted(entry: ExecEntry, cause: Error): string {
  const code = codeOf(cause);
  const what =
    code === 'ENOENT' ? `"${entry.command}" was not found` : `"${entry.command}" could not be started (${code})`;
  const hint = entry.installHint === undefined ? '' : ` ${withoutControlCharacters(entry.installHint).trim()}`;
  return `${what}: install the program, or put it in PATH.${hint}`;
}

function answerFrom(output: string, { entry, fail }: ExecPluginOptions): Answer {
  const refuse = (problem: string) => fail('exec.command', `"${entry.command}" ${problem}`);
  const answer = parseJson(output);
  if (!isMap(answer)) throw refuse('did not print one JSON object: it must print an ExecCredential');
  if (answer['kind'] !== 'ExecCredential' || answer['apiVersion'] !== entry.apiVersion) {
    throw refuse(
      `answered another kind or version than ExecCredential of ${entry.apiVersion}: make exec.apiVersion and the plugin agree`,
    );
  }
  const status = answer['status'];
  if (!isMap(status)) throw refuse('answered without a status');
  const token = textIn(status, 'token');
  const cert = textIn(status, 'clientCertificateData');
  const key = textIn(status, 'clientKeyData');
  if (token === undefined && cert === undefined && key === undefined)
    throw refuse('answered neither a token nor a certificate');
  if ((cert === undefined) !== (key === undefined)) throw refuse('answered only one of certificate and key');
  const expiresAt = expiryOf(status['expirationTimestamp']);
  if (expiresAt === undefined) throw refuse('answered an expirationTimestamp that is not an RFC 3339 time');
  return {
    credential: { token, clientCertificate: cert === undefined || key === undefined ? undefined : { cert, key } },
    expiresAt,
  };
}

function expiryOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return Number.POSITIVE_INFINITY;
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** The parser's own error is dropped: it quotes what it read, and that may be a token. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textIn(map: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = map[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A hint comes from a file that somebody sent: it must not move the cursor of the terminal it is shown on. */
function withoutControlCharacters(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '');
}

function quoted(value: string | undefined): string {
  return value === undefined ? 'missing' : `"${value}"`;
}
