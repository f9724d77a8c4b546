import { type Connection, loadKubeConfig, systemClock } from '@capstan/kube';
import packageJson from '../../package.json' with { type: 'json' };
import { reportFailure, UserError } from '../failure.ts';
import { loadControllers } from '../operators.ts';
import { listenForInterrupt } from '../terminal/interrupt.ts';
import { operatorPasses, passesOfNobody } from './answers/passes.ts';
import { ClusterVisitor, type ConsoleFacts } from './cluster-visitor.ts';
import { serverForTokens, withToken } from './doors/connections.ts';
import { KeyDoor } from './doors/key-door.ts';
import { TokenDoor } from './doors/token-door.ts';
import { VisitorPool } from './doors/visitor-pool.ts';
import { isLoopbackAddress } from './http/guard.ts';
import { Refused } from './refused.ts';
import { readPage } from './serve-page.ts';
import { ConsoleServer } from './server.ts';
import type { Door } from './visitor.ts';

export interface ConsoleOptions {
  /** As written: a whole number. */
  readonly port: string;
  readonly bind: string;
  readonly tokenMode?: boolean;
  readonly namespace?: string;
  readonly operator?: readonly string[];
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly certificateAuthority?: string;
}

/** A console at work. */
export interface RunningConsole extends AsyncDisposable {
  /** What to open in a browser; has the key in its fragment where one is needed. */
  readonly url: string;
}

/**
 * Serves the console until Ctrl-C.
 * @returns the exit code: 0
 */
export async function runConsole(options: ConsoleOptions): Promise<number> {
  const interrupted = listenForInterrupt();
  await using running = await startConsole(options);
  console.log(`the console is at ${running.url}`);
  if (options.tokenMode === true && !isLoopbackAddress(options.bind))
    console.error(
      'capstan: tokens of visitors come over plain http: put something with TLS in front, or use kubectl port-forward',
    );
  await new Promise<void>((resolve) => {
    if (interrupted.aborted) resolve();
    else interrupted.addEventListener('abort', () => resolve(), { once: true });
  });
  return 0;
}

/**
 * Starts the console.
 * @throws {UserError} when an option does not fit, the port is taken, or the cluster cannot be reached
 */
export async function startConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const port = portOf(options);
  const controllers = await loadControllers(options.operator ?? []);
  await using building = new AsyncDisposableStack();
  const onDefect = (error: unknown) => void reportFailure(error);
  const pool = building.use(new VisitorPool({ clock: systemClock, onDefect }));
  const facts = { controllers, clock: systemClock, version: packageJson.version };
  const door = options.tokenMode === true ? await tokenDoor(options, pool, facts) : await keyDoor(options, pool, facts);
  const page = await readPage();
  const isPublic = options.tokenMode === true;
  const { bind } = options;
  const server = building.use(
    await listening(ConsoleServer.start({ door, page, bind, port, isPublic, onDefect }), port),
  );
  const fragment = door instanceof KeyDoor ? `#key=${door.key}` : '';
  const rest = building.move();
  return { url: `${server.url}/${fragment}`, [Symbol.asyncDispose]: () => rest.disposeAsync() };
}

type Facts = Omit<ConsoleFacts, 'mode' | 'cluster'>;

/** Everybody acts as the one who started it. */
async function keyDoor(options: ConsoleOptions, pool: VisitorPool, facts: Facts): Promise<KeyDoor> {
  const { kubeconfig, context } = options;
  const connection = await loadKubeConfig({ path: kubeconfig, context });
  const place = { ...(kubeconfig !== undefined && { kubeconfig }), ...(context !== undefined && { context }) };
  const door = new KeyDoor(pool, (asked) =>
    ClusterVisitor.open({
      ...{ ...facts, connection, mode: 'kubeconfig', cluster: clusterOf(options, connection) },
      namespace: chosenNamespace(asked, options.namespace),
      passes: (client) => operatorPasses({ client, connection, clock: facts.clock, place }),
    }),
  );
  await reached(door);
  return door;
}

/** Each acts as themselves. */
async function tokenDoor(options: ConsoleOptions, pool: VisitorPool, facts: Facts): Promise<Door> {
  const server = await serverForTokens(options, process.env);
  return new TokenDoor(pool, (token, asked) =>
    ClusterVisitor.open({
      ...{ ...facts, connection: withToken(server, token), mode: 'token', cluster: clusterOf(options, server) },
      namespace: chosenNamespace(asked, options.namespace),
      passes: () => passesOfNobody,
    }),
  );
}

/** A person who starts it is told now that it cannot work, and not by the page. */
async function reached(door: KeyDoor): Promise<void> {
  try {
    await (await door.admit({ bearer: door.key, namespace: undefined })).session();
  } catch (error) {
    throw error instanceof Refused ? new UserError(error.message) : error;
  }
}

function clusterOf({ context }: ConsoleOptions, { server }: Connection): string {
  return context === undefined ? server : `${context} (${server})`;
}

function chosenNamespace(asked: string | undefined, only: string | undefined): string | undefined {
  if (asked === undefined || only === undefined || asked === only) return asked ?? only;
  throw new Refused(403, `this console shows the namespace ${only} only`);
}

function portOf({ port, bind, tokenMode = false }: ConsoleOptions): number {
  const number = Number(port);
  if (!Number.isInteger(number) || number < 0 || number > 65_535)
    throw new UserError(`--port ${port}: a whole number from 0 to 65535`);
  if (tokenMode || isLoopbackAddress(bind)) return number;
  throw new UserError(
    `--bind ${bind}: others could then act as you. Only 127.0.0.1 and ::1 are taken; --token-mode asks each visitor for a token of their own`,
  );
}

async function listening(starting: Promise<ConsoleServer>, port: number): Promise<ConsoleServer> {
  try {
    return await starting;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'EADDRINUSE') throw new UserError(`port ${port} is taken: choose another with --port`);
    if (error.code === 'EACCES')
      throw new UserError(`port ${port} is not for everybody: choose one above 1023 with --port`);
    if (error.code === 'EADDRNOTAVAIL') throw new UserError('--bind names no address of this machine');
    throw error;
  }
}
