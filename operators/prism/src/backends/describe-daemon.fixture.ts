import { describe } from 'vitest';
import { missingKafka } from './java-server.fixture.ts';
import { type Daemon, missingDaemon } from './running-server.fixture.ts';

/** Describes what a daemon does; where it cannot be run here that is skipped, with a line that says so. */
export function describeDaemon(daemon: Daemon, title: string, body: () => void): void {
  describeUnless(missingDaemon(daemon), title, body);
}

/** Describes what Kafka does; where it cannot be run here that is skipped, with a line that says so. */
export function describeKafka(title: string, body: () => void): void {
  describeUnless(missingKafka(), title, body);
}

function describeUnless(why: string | undefined, title: string, body: () => void): void {
  if (why !== undefined) process.stderr.write(`${why}: what it does with what the operator renders is not shown\n`);
  describe.skipIf(why !== undefined)(title, body);
}
