import type { Command } from 'commander';
import { type Millis, millis } from '../duration.ts';

/** The flags that say which API server is meant. */
export function addConnectionFlags(command: Command): void {
  command
    .option(
      '--kubeconfig <file>',
      'kubeconfig to use; else $KUBECONFIG, ~/.kube/config, or the service account of the pod',
    )
    .option('--context <name>', 'context of the kubeconfig; else its current one');
}

/** Names may be given one by one, or with commas between them. */
export function listed(text: string, before: readonly string[]): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...before, ...names.filter((name) => name !== '')];
}

/** Reads `15s`, `500ms` or `2m`. */
export async function durationParser(): Promise<(text: string) => Millis> {
  const { InvalidArgumentError } = await import('commander');
  return (text) => {
    const found = durationOf(text);
    if (found === undefined) throw new InvalidArgumentError('It must be a time such as 15s, 500ms or 2m.');
    return found;
  };
}

const unitMs = { ms: 1, s: 1_000, m: 60_000 } as const;

function durationOf(text: string): Millis | undefined {
  const [, count = '', unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m)$/.exec(text) ?? [];
  return unit === 'ms' || unit === 's' || unit === 'm' ? millis(Number(count) * unitMs[unit]) : undefined;
}
