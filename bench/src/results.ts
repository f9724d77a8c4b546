import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { Section } from './measure.ts';

/** What a run found and under which circumstances: the content of `bench/results/latest.json`. */
export interface BenchResults {
  /** RFC 3339. */
  readonly date: string;
  readonly versions: { readonly capstan: string; readonly node: string; readonly kubernetes: string };
  readonly machine: { readonly os: string; readonly cpu: string; readonly cores: number; readonly memoryBytes: number };
  readonly clusters: number;
  readonly sections: readonly Section[];
  /** Figures that were wanted and could not be had, with the reason. */
  readonly notMeasured: readonly string[];
}

/** Describes this machine, as far as it bears on the figures. */
export function thisMachine(): BenchResults['machine'] {
  const processors = cpus();
  return {
    os: `${process.platform} ${process.arch}`,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
  };
}

/** Writes results as JSON, making the directory where it is missing. A figure that is unknown is null. */
export async function writeResults(path: string, results: BenchResults): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unknownAsNull = (_: string, value: unknown): unknown => (value === undefined ? null : value);
  await writeFile(path, `${JSON.stringify(results, unknownAsNull, 2)}\n`);
}
