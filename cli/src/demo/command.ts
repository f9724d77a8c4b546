import { Command, InvalidArgumentError } from 'commander';

interface CommandOptions {
  readonly exitWhenReady?: boolean;
  /** Undefined where neither `--druid` nor `--no-druid` is given. */
  readonly druid?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** `capstan demo`: operators and their samples on a control plane of their own, live. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('watch operators bring up their samples on a control plane of its own')
    .option('--druid', 'fetch what a real Druid and Kafka need and is not here yet (Java 17, Maven, 2 GB of memory)')
    .option('--no-druid', 'leave out the real Druid and Kafka, which are shown where all they need is here')
    .option('--exit-when-ready', 'stop everything once all has been shown, and print one last line')
    .option('--timeout <seconds>', 'give up when something waited for takes this long', positiveSeconds, 180)
    .action(async ({ exitWhenReady = false, druid, timeout }: CommandOptions) => {
      const [{ demo }, { exhibitsFor }] = await Promise.all([import('./demo.ts'), import('./exhibits/exhibits.ts')]);
      const exhibits = await exhibitsFor({ druid: druid === undefined ? 'if-there' : druid ? 'asked' : 'left-out' });
      process.exitCode = await demo({ exhibits, exitWhenReady, timeoutMs: timeout * 1_000 });
    });
}

function positiveSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError('It must be a number of seconds above 0.');
  return seconds;
}
