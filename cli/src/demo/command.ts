import { Command, InvalidArgumentError } from 'commander';

interface CommandOptions {
  readonly exitWhenReady?: boolean;
  readonly druid?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** `capstan demo`: operators and their samples on a control plane of their own, live. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('watch operators bring up their samples on a control plane of its own')
    .option(
      '--druid',
      'start a real Druid and Kafka as well, and suspend and resume an ingestion (Java 17, 2 GB of memory)',
    )
    .option('--exit-when-ready', 'stop everything once all has been shown, and print one last line')
    .option('--timeout <seconds>', 'give up when something waited for takes this long', positiveSeconds, 180)
    .action(async ({ exitWhenReady = false, druid = false, timeout }: CommandOptions) => {
      const [{ demo }, { exhibitsFor }] = await Promise.all([import('./demo.ts'), import('./exhibits/exhibits.ts')]);
      const exhibits = await exhibitsFor({ druid });
      process.exitCode = await demo({ exhibits, exitWhenReady, timeoutMs: timeout * 1_000 });
    });
}

function positiveSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError('It must be a number of seconds above 0.');
  return seconds;
}
