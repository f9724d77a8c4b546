import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { helm } from '../go-tools/helm.ts';
import { operatorCharts } from './operator-charts.ts';
import { withFixedTimes } from './reproducible-archive.ts';

const charts = fileURLToPath(new URL('../../charts', import.meta.url));

/**
 * Packages every chart of the repository with Helm, as `<name>-<version>.tgz`. Equal charts give equal bytes.
 * @returns the paths of the packages
 * @throws {Error} where Helm refuses a chart, with what it says
 */
export async function packageCharts(outdir: string): Promise<readonly string[]> {
  await mkdir(outdir, { recursive: true });
  const packages: string[] = [];
  for (const { install } of operatorCharts) packages.push(await packageChart(join(charts, install.name), outdir));
  return packages;
}

/**
 * Writes `index.yaml` for the packages in a directory, which is then what `helm repo add <url>` takes.
 * @param url where the directory is served
 * @returns the path of the index
 */
export async function repositoryIndex(directory: string, url: string): Promise<string> {
  await helm(['repo', 'index', directory, '--url', url]);
  return join(directory, 'index.yaml');
}

async function packageChart(chart: string, outdir: string): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'capstan-chart-'));
  try {
    const said = await helm(['package', chart, '--destination', scratch]);
    const path = /saved it to: (.+\.tgz)/.exec(said)?.[1];
    if (path === undefined) throw new Error(`helm package does not say where its package is: ${said}`);
    const final = join(outdir, basename(path));
    await writeFile(final, await withFixedTimes(await readFile(path)));
    return final;
  } finally {
    await rm(scratch, { recursive: true });
  }
}
