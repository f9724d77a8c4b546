/** One step of getting a control plane: how far it is, and about how long it still takes. */
export interface Progress {
  /** 1 for the first step. */
  readonly step: number;
  readonly steps: number;
  /** What is being done, such as `Building kube-apiserver`. */
  readonly title: string;
  /** Milliseconds since the first step began. */
  readonly elapsedMs: number;
  /** About how many milliseconds the rest will take, this step included; undefined when nobody can say. */
  readonly remainingMs: number | undefined;
  /** Whether this step has just ended. */
  readonly done: boolean;
}

/** Receives progress at the start and the end of each step, and every second between. */
export type ProgressListener = (progress: Progress) => void;

/** One thing to do, with the time it took where it was measured. */
export interface Step {
  readonly title: string;
  /** Milliseconds, measured cold on two cores; undefined when it depends on something unknown, such as a network. */
  readonly typicalMs: number | undefined;
  /** Whether the time says nothing about how fast this machine computes, because a network is waited for. */
  readonly network?: boolean;
  run(): Promise<void>;
}

/** Time as progress needs it; injected so that tests need no waiting. */
export interface ProgressClock {
  now(): number;
  /** Calls back every second until the returned function is called. */
  everySecond(callback: () => void): () => void;
}

/** The machine's clock. Its timer does not keep the process alive. */
const systemClock: ProgressClock = {
  now: () => performance.now(),
  everySecond(callback) {
    const timer = setInterval(callback, 1_000);
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** How much measured time it takes to believe this machine over the typical one. */
const TRUST_MS = 10_000;

/** Runs steps one after another and reports them. Rejects with the first step's error; later steps do not run. */
export async function runSteps(
  steps: readonly Step[],
  listener: ProgressListener,
  clock: ProgressClock = systemClock,
): Promise<void> {
  const began = clock.now();
  let [spentMs, expectedMs] = [0, 0];
  for (const [index, step] of steps.entries()) {
    const stepBegan = clock.now();
    const pace = (spentMs + TRUST_MS) / (expectedMs + TRUST_MS);
    const report = (done: boolean): void => {
      const inStepMs = clock.now() - stepBegan;
      const remainingMs = done
        ? remaining(steps.slice(index + 1), 0, pace)
        : remaining(steps.slice(index), inStepMs, pace);
      listener({
        step: index + 1,
        steps: steps.length,
        title: step.title,
        elapsedMs: clock.now() - began,
        remainingMs,
        done,
      });
    };
    report(false);
    const stopTicking = clock.everySecond(() => report(false));
    try {
      await step.run();
    } finally {
      stopTicking();
    }
    report(true);
    if (step.typicalMs === undefined || step.network === true) continue;
    spentMs += clock.now() - stepBegan;
    expectedMs += step.typicalMs;
  }
}

/**
 * The time that steps will take: what they typically take, times this machine's pace on the steps so far (1 = typical),
 * less what the first of them has used. A step that is over its time counts as nearly done, never as negative.
 */
export function remaining(
  steps: readonly Pick<Step, 'typicalMs'>[],
  inFirstMs: number,
  pace: number,
): number | undefined {
  let total = 0;
  for (const [index, step] of steps.entries()) {
    if (step.typicalMs === undefined) return undefined;
    total += Math.max(0, step.typicalMs * pace - (index === 0 ? inFirstMs : 0));
  }
  return total;
}
