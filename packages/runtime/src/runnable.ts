import type { CallObservation, Clock, Connection, KubeClient } from '@capstan/kube';
import type { Logger } from 'pino';
import type { RunnerView } from './controller/controller.ts';
import type { Feed } from './feed.ts';
import type { Fence } from './leader/leadership.ts';
import type { TracePropagation } from './observe/pass-headers.ts';
import type { PassRecord } from './observe/pass-record.ts';

/** What stands beside the controllers and knows of them: every part of a manager that is not one of its controllers. */
export interface ManagerContext {
  readonly connection: Connection;
  /** Reads and writes whether this process leads or not; controllers have a fenced one. */
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly runners: readonly RunnerView[];
  /** Every pass that ended. */
  readonly passes: Feed<PassRecord>;
  /** Each minute in which a resource was reconciled over and over for nothing: the pass that made it too many. */
  readonly hotLoops: Feed<PassRecord>;
  /** Every call to the API server that ended. */
  readonly calls: Feed<CallObservation>;
  readonly fence: Fence;
  /** Names the program in the API server's audit log. */
  readonly userAgent: string;
  /** Whether requests of a pass carry its trace; switched on by whoever exports traces. */
  readonly propagation: TracePropagation;
}

/** Something a manager runs on every replica, leading or not: a server of metrics, of health, of webhooks. */
export interface Runnable {
  readonly name: string;
  /** Resolves when it is at work. Throws when it cannot be: the manager then ends with that error. */
  start(): Promise<void>;
  /** Resolves when it has ended. Called once, also after a failed start. */
  stop(): Promise<void>;
}

/** Makes a runnable once the manager stands. */
export type RunnableFactory = (context: ManagerContext) => Runnable;
