import { Command, InvalidArgumentError } from 'commander';

interface CommandOptions {
  readonly exitWhenReady?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

/** `capstan demo`: the StreamBus operator and the sample clusters on a control plane of their own, live. */
export function demoCommand(): Command {
  return new Command('demo')
    .description('watch the StreamBus operator bring up the sample clusters on a control plane of its own')
    .option('--exit-when-ready', 'stop everything once all clusters that can be ready are, and print one last line')
    .option('--timeout <seconds>', 'give up when clusters are not ready after this long', positiveSeconds, 180)
    .action(async ({ exitWhenReady = false, timeout }: CommandOptions) => {
      const { demo } = await import('./demo.ts');
      process.exitCode = await demo({ exitWhenReady, timeoutMs: timeout * 1_000 });
    });
}

function positiveSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError('It must be a number of seconds above 0.');
  return seconds;
}
