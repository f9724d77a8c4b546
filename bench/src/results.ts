import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { Section } from './measure.ts';

/** What the figures were measured on. */
export interface Machine {
  readonly os: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Over the minute before the run: processes that wanted a core. More than a few tenths makes times worthless. */
  readonly loadAverage: number;
}

/** What a run found and under which circumstances: the content of a file in `bench/results`. */
export interface BenchResults {
  /** Which was measured, as in `operators/<operator>`. */
  readonly operator: string;
  /** RFC 3339. */
  readonly date: string;
  readonly versions: { readonly capstan: string; readonly node: string; readonly kubernetes: string };
  readonly machine: Machine;
  readonly clusters: number;
  readonly sections: readonly Section[];
  /** Figures that were wanted and could not be had, with the reason. */
  readonly notMeasured: readonly string[];
}

/** Describes this machine, as far as it bears on the figures. */
export function thisMachine(): Machine {
  const [loadAverage = 0] = loadavg();
  return {
    os: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    loadAverage,
  };
}

/** Writes results as JSON, making the directory where it is missing. A figure that is unknown is null. */
export async function writeResults(path: string, results: BenchResults): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unknownAsNull = (_: string, value: unknown): unknown => (value === undefined ? null : value);
  await writeFile(path, `${JSON.stringify(results, unknownAsNull, 2)}\n`);
}
