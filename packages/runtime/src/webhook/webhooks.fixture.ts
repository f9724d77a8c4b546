import { customResource, type ResourceOf, Type } from '@capstan/crd';
import {
  ApiError,
  type Clock,
  CustomResourceDefinition,
  type KubeClient,
  type KubeObject,
  Namespace,
  sleepOn,
  systemClock,
  type Timer,
} from '@capstan/kube';
import { untilServed } from '@capstan/testkit';
import { createLogger, type Logger } from '../log.ts';

/** A log that keeps what it is told: lines as fields, and their text. */
export function keptLog(): { readonly log: Logger; readonly lines: readonly string[] } {
  const lines: string[] = [];
  return {
    log: createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } }),
    lines,
  };
}

/** Makes a namespace, whether or not there is one already. */
export async function madeNamespace(client: KubeClient, name: string): Promise<string> {
  const object: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  await client.apply(Namespace, object, { fieldManager: 'test' });
  return name;
}

/** What the API server refused, or undefined where it did not. */
export async function refusalOf(request: Promise<unknown>): Promise<ApiError | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/**
 * The machine's clock, which can be set forward: wall and monotonic time jump, and timers that fall due fire once, as they
 * do in a process that was paused.
 */
export class JumpingClock implements Clock {
  #ahead: number;
  readonly #timers = new Set<{ readonly at: number; readonly fire: () => void }>();

  /** @param ahead ms by which wall time differs from the machine's at the start */
  constructor(ahead = 0) {
    this.#ahead = ahead;
  }

  now(): number {
    return systemClock.now() + this.#ahead;
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#ahead;
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const end = () => {
      this.#timers.delete(pending);
      timer.cancel();
    };
    const pending = {
      at: this.monotonic() + ms,
      fire: () => {
        end();
        callback();
      },
    };
    const timer = systemClock.setTimeout(pending.fire, ms);
    this.#timers.add(pending);
    return { cancel: end, unref: () => timer.unref?.() };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  jump(ms: number): void {
    this.#ahead += ms;
    for (const timer of [...this.#timers]) if (timer.at <= this.monotonic()) timer.fire();
  }
}

const about = (description: string): { description: string } => ({ description });

/** A kind of a test of its own: what a webhook of one does must not meet another's. */
export function ballastKind(kind: string) {
  return customResource({
    group: 'webhooks.capstan.dev',
    version: 'v1',
    kind,
    plural: `${kind.toLowerCase()}s`,
    description: 'A weight.',
    spec: Type.Object({
      weight: Type.Integer({ minimum: 0, ...about('How heavy.') }),
      limit: Type.Optional(Type.Integer(about('How heavy it may become; twice the weight unless told.'))),
      secret: Type.Optional(Type.String(about('Not to be told.'))),
      keep: Type.Optional(Type.Boolean(about('Whether it must not be deleted.'))),
    }),
    status: Type.Object({ verdict: Type.Optional(Type.String(about('What was said of it.'))) }),
  });
}

export type Ballast = ResourceOf<ReturnType<typeof ballastKind>>;

/** Installs a kind and resolves when its objects can be made. */
export async function installed(client: KubeClient, kind: ReturnType<typeof ballastKind>): Promise<void> {
  await client.apply(CustomResourceDefinition, kind.manifest(), { fieldManager: 'test', force: true });
  const sample: KubeObject & { spec: object } = {
    apiVersion: `${kind.group}/${kind.version}`,
    kind: kind.kind,
    metadata: { namespace: 'default', name: 'sample' },
    spec: { weight: 1 },
  };
  await untilServed(client, kind, sample, AbortSignal.timeout(30_000));
}
