import type { Progress } from '@capstan/controlplane';
import { formatDuration } from './duration.ts';

/** Where progress is shown: stderr, or a stand-in in tests. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Shows progress to a person as it comes. */
export interface ProgressLine {
  show(progress: Progress): void;
  /** Takes the line away, so that what follows starts on an empty one. */
  clear(): void;
}

/** Lines in a log that say nothing new are worse than a quiet minute. */
const LOG_EVERY_MS = 30_000;

/**
 * Shows progress as one line that is written over in a terminal, and as a line per step (and per 30 s in a long one)
 * where there is no terminal.
 */
export function progressLine(output: ProgressOutput): ProgressLine {
  return output.isTTY === true ? overwrittenLine(output) : loggedLines(output);
}

/** `Building kube-apiserver (2 of 7), 1 min 5 s so far, about 3 min to go`. */
export function describeProgress(progress: Progress): string {
  const { title, step, steps, elapsedMs, remainingMs } = progress;
  const toGo = remainingMs === undefined ? '' : `, about ${formatDuration(Math.max(1_000, remainingMs))} to go`;
  return `${title} (${step} of ${steps}), ${formatDuration(elapsedMs)} so far${toGo}`;
}

function overwrittenLine(output: ProgressOutput): ProgressLine {
  return {
    show: (progress) => output.write(`\r\x1b[2K${describeProgress(progress).slice(0, (output.columns ?? 80) - 1)}`),
    clear: () => output.write('\r\x1b[2K'),
  };
}

function loggedLines(output: ProgressOutput): ProgressLine {
  let [title, loggedAt] = ['', 0];
  return {
    show(progress) {
      const news = progress.title !== title || progress.elapsedMs - loggedAt >= LOG_EVERY_MS;
      if (!news || progress.done) return;
      [title, loggedAt] = [progress.title, progress.elapsedMs];
      output.write(`${describeProgress(progress)}\n`);
    },
    clear() {},
  };
}
