import { kindNameOf } from '@capstan/kube';
import type { RunnerView, Watching } from '../controller/controller.ts';
import { type Millis, minutes } from '../duration.ts';
import type { ManagerContext } from '../runnable.ts';
import type { ListeningRunnable } from './metrics-server.ts';
import { HttpRefusal, type HttpReply, type HttpRequest, ObservingServer } from './serving/http-server.ts';

/** One thing that has to be right before the operator counts as ready. */
export interface HealthCheck {
  /** Its line and the end of its path: `informer/Pod`, `webhook`. */
  readonly name: string;
  /** Why it is not right; `undefined` when it is. Must not wait: it is asked every few seconds. */
  readonly problem: () => string | undefined;
}

export interface HealthServerOptions {
  /** `:8081`, `127.0.0.1:0`; port 0 takes a free one. */
  readonly bindAddress: string;
  /** How long the API server may not have been heard by a watch; 5 minutes unless told, which is how long a watch lives at most. */
  readonly staleAfterMs?: Millis;
  /** What else has to be right for readiness. */
  readonly checks?: readonly HealthCheck[];
  /** Told once it listens. */
  readonly onListening?: (url: string) => void;
}

const defaultStaleAfter: Millis = minutes(5);

/**
 * Serves `/healthz` (and `/livez`): the event loop turns, whatever the API server does; and `/readyz`: every cache is complete
 * and fresh. Lines are those of kube components: `[+]informer/Pod ok`, `[-]informer/Pod stale: not heard for 312 s`. A replica
 * that does not lead is ready: its caches are warm. `?verbose` tells every check, `/readyz/informer/Pod` asks for one.
 */
export function healthServer(options: HealthServerOptions): (context: ManagerContext) => ListeningRunnable {
  return (context) => new HealthServer(options, context);
}

class HealthServer implements ListeningRunnable {
  readonly name = 'health';
  readonly #options: HealthServerOptions;
  readonly #context: ManagerContext;
  readonly #server: ObservingServer;

  constructor(options: HealthServerOptions, context: ManagerContext) {
    this.#options = options;
    this.#context = context;
    const { bindAddress } = options;
    this.#server = new ObservingServer({
      ...{ name: this.name, bindAddress, log: context.log, handler: (request) => this.#answer(request) },
    });
  }

  get url(): string | undefined {
    return this.#server.url;
  }

  async start(): Promise<void> {
    await this.#server.start();
    if (this.url !== undefined) this.#options.onListening?.(this.url);
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  #answer({ method, path, query }: HttpRequest): HttpReply {
    if (method !== 'GET' && method !== 'HEAD')
      throw new HttpRefusal(405, `${method} is not done here`, { allow: 'GET, HEAD' });
    const [, root = '', one] = /^\/(healthz|livez|readyz)(?:\/(.+))?$/.exec(path) ?? [];
    if (root === '') throw new HttpRefusal(404, 'there are /healthz, /livez and /readyz');
    const checks = root === 'readyz' ? this.#readiness() : [ping];
    const asked = one === undefined ? checks : checks.filter(({ name }) => name === decoded(one));
    if (asked.length === 0) throw new HttpRefusal(404, `there is no check "${one}" at /${root}`);
    return report(root, asked, query.has('verbose'));
  }

  #readiness(): readonly HealthCheck[] {
    const { staleAfterMs = defaultStaleAfter, checks = [] } = this.#options;
    return [ping, ...informerChecks(this.#context.runners, staleAfterMs), ...checks];
  }
}

/** That it is answered is the answer: the event loop turns. */
const ping: HealthCheck = { name: 'ping', problem: () => undefined };

/** One check per kind, over all controllers and namespaces that watch it. */
export function informerChecks(
  runners: readonly Pick<RunnerView, 'informers'>[],
  staleAfterMs: number,
): readonly HealthCheck[] {
  const informers = runners.flatMap((runner) => runner.informers());
  const byKind = Map.groupBy(informers, ({ type }) => kindNameOf(type));
  return [...byKind].map(([kind, group]) => ({
    name: `informer/${kind}`,
    problem: () => group.map((informer) => problemOf(informer, staleAfterMs)).find((problem) => problem !== undefined),
  }));
}

type Watched = Pick<Watching, 'isSynced' | 'namespace' | 'health'>;

function problemOf(informer: Watched, staleAfterMs: number): string | undefined {
  const { isSynced, namespace } = informer;
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  if (!isSynced) return `not synced${where}: the first snapshot is not complete`;
  const { lastContactAgeMs = 0 } = informer.health();
  if (lastContactAgeMs <= staleAfterMs) return undefined;
  return `stale${where}: the API server was not heard for ${Math.round(lastContactAgeMs / 1_000)} s`;
}

function report(root: string, checks: readonly HealthCheck[], isVerbose: boolean): HttpReply {
  const lines = checks.map(({ name, problem }) => ({ name, problem: problem() }));
  const isWell = lines.every(({ problem }) => problem === undefined);
  if (isWell && !isVerbose) return { status: 200, body: 'ok\n' };
  const told = lines.map(({ name, problem }) => (problem === undefined ? `[+]${name} ok` : `[-]${name} ${problem}`));
  return {
    status: isWell ? 200 : 503,
    body: `${[...told, `${root} check ${isWell ? 'passed' : 'failed'}`].join('\n')}\n`,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new HttpRefusal(400, 'the path is not well encoded');
  }
}
