import { stringify } from 'yaml';
import { interruptedExitCode, listenForInterrupt } from '../terminal/interrupt.ts';
import type { Showable } from './showable.ts';
import { type OutputFormat, openStage, painted, type Stage } from './stage.ts';

export interface ShowOptions {
  readonly output: OutputFormat;
  readonly watch?: boolean;
}

/** Changes come in bursts. */
const gatherMs = 200;

/**
 * Prints something, and with `watch` again at every change, until Ctrl-C or until it is gone.
 * @returns the exit code: 0, or 130 after Ctrl-C
 */
export async function show<T>(shown: Showable<T>, { output, watch = false }: ShowOptions): Promise<number> {
  if (!watch) {
    print(shown, output);
    return 0;
  }
  const interrupted = listenForInterrupt();
  using stage = openStage(shown, output);
  await keepShowing(shown, stage, interrupted);
  return interrupted.aborted ? interruptedExitCode : 0;
}

function print<T>(shown: Showable<T>, output: OutputFormat): void {
  const value = shown.now();
  if (value === undefined) return;
  if (output === 'json') console.log(JSON.stringify(value, undefined, 2));
  else if (output === 'yaml') process.stdout.write(stringify(value));
  else for (const line of shown.lines(value, Date.now())) console.log(painted(line));
}

/** Shows every change on a stage until the signal aborts or the thing is gone; never rejects but for a defect. */
export async function keepShowing<T>(shown: Showable<T>, stage: Stage<T>, signal: AbortSignal): Promise<void> {
  const gone = new AbortController();
  const update = () => {
    const value = shown.now();
    if (value === undefined) gone.abort();
    else stage.show(value);
  };
  let pending: NodeJS.Timeout | undefined;
  const onChange = () => {
    pending ??= setTimeout(() => {
      pending = undefined;
      update();
    }, gatherMs);
  };
  update();
  await shown.follow(AbortSignal.any([signal, gone.signal]), {
    onChange,
    onProblem: (error) => stage.tell(`${error instanceof Error ? error.message : String(error)}; trying again`),
  });
  clearTimeout(pending);
  if (gone.signal.aborted) stage.tell('it is gone');
}
