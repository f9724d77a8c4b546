import type { ProgressListener } from '@capstan/controlplane';
import type { Login } from './druid-call.ts';
import type { DruidUsers } from './druid-users.ts';
import { bringUpDruid } from './real/bring-up-druid.ts';

/** What to start. */
export interface DruidOptions {
  /** A directory that is kept with data, ports and passwords; a temporary one that goes at the end unless told. */
  readonly dir?: string;
  /** Whether a Kafka broker is started as well. */
  readonly kafka?: boolean;
  /** `basic` has users with passwords; `none`, where everybody may do everything, unless told. */
  readonly security?: 'none' | 'basic';
  /** Whether the router serves HTTPS, with a certificate of its own. */
  readonly tls?: boolean;
  readonly onProgress?: ProgressListener;
  readonly signal?: AbortSignal;
}

/** The Kafka broker beside a Druid. */
export interface RealKafka {
  /** Such as `127.0.0.1:20000`, without TLS and without users. */
  readonly bootstrapServers: string;
  /** Creates a topic with so many partitions, 1 unless told. Throws `ToolFailed` when it exists. */
  createTopic(topic: string, partitions?: number): Promise<void>;
  /** Sends each line as one record; resolves when the broker has them all, 1 to 3 s later. */
  produce(topic: string, lines: readonly string[]): Promise<void>;
  /** Ends the broker, so that Druid cannot reach its stream. */
  stop(): Promise<void>;
  /** Starts it again on the same port with the same records. */
  start(): Promise<void>;
}

/**
 * A running Druid: ZooKeeper, a coordinator that is the overlord as well, an indexer that runs tasks, a router, and perhaps Kafka.
 * Nothing answers queries. Disposing ends all.
 */
export interface RealDruid extends AsyncDisposable {
  /** What an operator calls; `https` with TLS. */
  readonly router: string;
  /** The overlord itself, without TLS. */
  readonly overlord: string;
  /** The same process as the overlord. */
  readonly coordinator: string;
  /** PEM of what to trust; undefined without TLS. */
  readonly ca: string | undefined;
  /** Who may do everything; undefined without security. */
  readonly admin: Login | undefined;
  /** Adds users and changes passwords; undefined without security. */
  readonly users: DruidUsers | undefined;
  readonly kafka: RealKafka | undefined;
  /** Where each process logs to `<name>.log`. */
  readonly logs: string;
  /** Process ids by name, for measuring memory. */
  readonly pids: Readonly<Record<string, number>>;
  /** Ends overlord and coordinator in order, or as a crash does. Tasks go on meanwhile. */
  stopOverlord(how?: 'stop' | 'kill'): Promise<void>;
  /** Starts them again on the same port. Resolves when the router finds them. */
  startOverlord(): Promise<void>;
  /** Stops and starts them. */
  restartOverlord(): Promise<void>;
  /** Ends all processes in order, and removes what was temporary. */
  stop(): Promise<void>;
}

/**
 * Starts a real Apache Druid 33 on free ports of 127.0.0.1, and resolves when the router answers: 10 to 20 s with its jars in the
 * cache, two minutes more to fetch them first. Its processes end with this one, whatever ends it.
 * @throws {DruidError} `Missing` without Java 17, `FetchFailed` when Maven fails, `StartFailed` when a process ends or stays silent
 *
 * @example
 * ```ts
 * await using druid = await startDruid({ kafka: true });
 * await druid.kafka?.createTopic('clicks');
 * ```
 */
export async function startDruid(options: DruidOptions = {}): Promise<RealDruid> {
  return await bringUpDruid(options);
}
