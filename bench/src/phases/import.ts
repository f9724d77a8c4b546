import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle } from '../bundle-operator.ts';
import { megabytesOf, type Section } from '../measure.ts';
import { repositoryPath } from '../repository-path.ts';

const runtime = repositoryPath('packages/runtime');
const runtimeSource = join(runtime, 'src/index.ts');
/** Odd, so that the median is a run that happened. */
const runs = 9;

/** What one process told: how long its import took, and what it had in memory afterwards. */
interface Import {
  readonly ms: number;
  readonly rss: number;
}

/** Imports the runtime in processes of their own: bundled as an image has it, and from its source with types stripped. */
export async function importRuntime(): Promise<Section> {
  const dir = await mkdtemp(join(tmpdir(), 'capstan-bench-import-'));
  try {
    const empty = join(dir, 'empty.mjs');
    await writeFile(empty, '');
    const bundled = await bundle(runtime, 'src/index.ts', dir);
    return sectionOf({
      bare: median(timesOf(empty)),
      bundled: median(timesOf(bundled)),
      source: median(timesOf(runtimeSource)),
    });
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function timesOf(module: string): readonly Import[] {
  const program = `
    const began = performance.now();
    await import(${JSON.stringify(pathToFileURL(module).href)});
    const ms = performance.now() - began;
    console.log(JSON.stringify({ ms, rss: process.memoryUsage.rss() }));
  `;
  return Array.from({ length: runs }, () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    if (stdout === '') throw new Error(`the runtime could not be imported: ${stderr}`);
    return JSON.parse(stdout);
  });
}

/** The run whose time is the median, with its memory. */
function median(imports: readonly Import[]): Import {
  const sorted = imports.toSorted((a, b) => a.ms - b.ms);
  return sorted[Math.floor(sorted.length / 2)] ?? { ms: Number.NaN, rss: Number.NaN };
}

function sectionOf({ bare, bundled, source }: Readonly<Record<'bare' | 'bundled' | 'source', Import>>): Section {
  const how = `median of ${runs} processes, import() to its end`;
  const above = (rss: number) => megabytesOf(rss - bare.rss);
  return {
    title: 'Importing the runtime',
    measures: [
      { id: 'import.bundled', label: 'import, bundled', value: Math.round(bundled.ms), unit: 'ms', how },
      { id: 'import.source', label: 'import, from source', value: Math.round(source.ms), unit: 'ms', how },
      { id: 'import.empty', label: 'import of an empty module', value: Math.round(bare.ms), unit: 'ms', how },
      {
        id: 'import.bundledMemory',
        label: 'memory above bare Node, bundled',
        value: above(bundled.rss),
        unit: 'MB',
        how: 'resident memory right after the import, less that after an empty one',
      },
      {
        id: 'import.sourceMemory',
        label: 'memory above bare Node, from source',
        value: above(source.rss),
        unit: 'MB',
        how: 'the same; most of it is what strips types',
      },
    ],
  };
}
