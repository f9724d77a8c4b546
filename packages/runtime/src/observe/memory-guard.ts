import { type Clock, kindNameOf, type Timer } from '@capstan/kube';
import type { Logger } from 'pino';
import type { RunnerView, Watching } from '../controller/controller.ts';
import { type Millis, minutes } from '../duration.ts';

/** What a process may take and takes, in bytes; no limit: `undefined`. */
export interface MemoryUse {
  readonly rss: number;
  readonly limit: number | undefined;
}

export interface MemoryGuardOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly runners: readonly RunnerView[];
  /** That of this process and its cgroup unless told. */
  readonly memory?: () => MemoryUse;
}

const mebibyte = 1_024 * 1_024;
const lookEvery: Millis = minutes(1);

/** A cache of so many objects, or so large, is worth a line; and another when it has doubled. */
const notable = { objects: 5_000, bytes: 32 * mebibyte };

/** Parts of the limit: told at the first, told again only after it was below the second. */
const tight = { from: 0.85, until: 0.7 };

/** Looks once a minute how much memory the process and its caches take, and names the line to change when it is much. */
export class MemoryGuard {
  readonly #options: MemoryGuardOptions;
  readonly #memory: () => MemoryUse;
  /** How large each cache was when it was last told of, in objects. */
  readonly #told = new Map<string, number>();
  #isTight = false;
  #timer: Timer | undefined;

  constructor(options: MemoryGuardOptions) {
    this.#options = options;
    this.#memory = options.memory ?? memoryOfProcess;
  }

  start(): void {
    const look = () => {
      this.look();
      this.start();
    };
    this.#timer = this.#options.clock.setTimeout(look, lookEvery);
    this.#timer.unref?.();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  look(): void {
    for (const runner of this.#options.runners)
      for (const informer of runner.informers()) this.#lookAt(runner, informer);
    this.#lookAtProcess();
  }

  #lookAt(runner: RunnerView, informer: Watching): void {
    // Small ones are not measured: that is nearly all of them.
    if (informer.size < notable.objects / 10) return;
    const key = `${runner.name} ${kindNameOf(informer.type)} ${informer.namespace ?? ''}`;
    if (informer.size < 2 * (this.#told.get(key) ?? 0)) return;
    const bytes = informer.approximateBytes();
    if (informer.size < notable.objects && bytes < notable.bytes) return;
    this.#told.set(key, informer.size);
    const { kind } = informer.type;
    const amount = `${informer.size.toLocaleString('en')} ${kind} objects, about ${inMebibytes(bytes)}`;
    this.#options.log.warn(
      { controller: runner.name, kind, objects: informer.size, bytes },
      `${amount}: ${adviceFor(runner, informer)}`,
    );
  }

  #lookAtProcess(): void {
    const { rss, limit } = this.#memory();
    if (limit === undefined) return;
    const part = rss / limit;
    if (part >= tight.from && !this.#isTight) {
      this.#isTight = true;
      this.#options.log.warn(
        { rss, limit },
        `${inMebibytes(rss)} of ${inMebibytes(limit)} are in use: at the limit the process is killed; raise resources.limits.memory of its Deployment, or watch less`,
      );
    }
    if (part < tight.until) this.#isTight = false;
  }
}

/** Which line to change for a cache that is large. */
function adviceFor({ name, kind: primary }: RunnerView, { type, mode }: Watching): string {
  const { kind } = type;
  const fewer = 'or run the operator for fewer namespaces (--namespace)';
  if (kindNameOf(type) === kindNameOf(primary)) return `the kind that ${name} drives; ${fewer.slice(3)}`;
  if (mode === 'metadata') return `only their metadata is watched already (in ${name}); ${fewer.slice(3)}`;
  return `owns: ownedWithStatus(${kind}) in ${name}: watch metadata only with owned(${kind}) if its status is not read, ${fewer}`;
}

function inMebibytes(bytes: number): string {
  return `${Math.round(bytes / mebibyte).toLocaleString('en')} MiB`;
}

function memoryOfProcess(): MemoryUse {
  // 0, or a number beyond any machine's memory, where there is no limit.
  const limit = process.constrainedMemory();
  return { rss: process.memoryUsage.rss(), limit: limit > 0 && limit < 2 ** 50 ? limit : undefined };
}
