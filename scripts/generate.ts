/**
 * `npm run generate`: writes every generated file of the repository. With `--check` it writes nothing, names each file
 * that is missing, stale or abandoned, and ends with code 1 if there is one.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CustomResourceDefinition, toYaml } from '@capstan/crd';
import { DruidIngestion } from '@capstan/druid-operator';
import { PrismCluster, PrismFederation, PrismNamespace, PrismPattern } from '@capstan/prism-operator';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { generatedFiles as templateFiles } from '../cli/templates/operator/scripts/generated-files.ts';
import { dashboards } from '../operators/streambus/scripts/dashboards/dashboards.ts';
import { chartFiles } from './charts/chart-files.ts';
import { operatorCharts } from './charts/operator-charts.ts';
import { consoleFile } from './console-manifests.ts';
import { deployFiles } from './deploy/deploy-files.ts';
import type { GeneratedFile } from './deploy/generated-file.ts';
import { fieldReference } from './field-reference.ts';
import {
  accountManifests,
  deploymentManifest,
  type OperatorInstall,
  secureMetricsManifests,
  webhookManifests,
} from './install-manifests.ts';
import { operatorInstalls } from './operator-installs.ts';
import { abandonedPages, referencePages } from './reference.ts';

/** Field references are of the version that is stored. */
const kinds = [StreamBusCluster, DruidIngestion, PrismCluster, PrismPattern, PrismNamespace, PrismFederation];

const root = fileURLToPath(new URL('..', import.meta.url));

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const pages = [...(await referencePages(root)), ...kinds.map((kind) => fieldReference(kind.manifest()))];
  const files = generatedFiles();
  const stale = [...files, ...pages].filter(({ path, contents }) => current(path) !== contents);
  const abandoned = [...(await abandonedPages(root, pages)), ...abandonedChartFiles(files)];
  if (args.includes('--check')) {
    for (const { path } of stale) console.error(`${path} is stale: run "npm run generate" and commit it`);
    for (const path of abandoned) console.error(`${path} is made from nothing any more: run "npm run generate"`);
    return stale.length + abandoned.length === 0 ? 0 : 1;
  }
  for (const { path, contents } of stale) write(path, contents);
  for (const path of abandoned) rmSync(join(root, path));
  const done = [...stale.map(({ path }) => `wrote ${path}`), ...abandoned.map((path) => `removed ${path}`)];
  console.log(done.length === 0 ? 'every generated file is fresh' : done.join('\n'));
  return 0;
}

function generatedFiles(): readonly GeneratedFile[] {
  const template = templateFiles().map(({ path, contents }) => ({ path: `cli/templates/operator/${path}`, contents }));
  return [
    ...Object.values(operatorInstalls).flatMap(operatorFiles),
    ...operatorCharts.flatMap(chartFiles),
    ...deployFiles(),
    consoleFile(),
    ...dashboardFiles(),
    ...template,
  ];
}

/** What lies in a chart is shipped, and so may not outlive what it was made from. */
function abandonedChartFiles(files: readonly GeneratedFile[]): readonly string[] {
  const made = new Set(files.map(({ path }) => path));
  const entries = readdirSync(join(root, 'charts'), { recursive: true, withFileTypes: true });
  const present = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return present.map((file) => relative(root, file)).filter((path) => !made.has(path));
}

function dashboardFiles(): readonly GeneratedFile[] {
  return Object.entries(dashboards()).map(([name, dashboard]) => {
    return { path: `deploy/dashboards/${name}`, contents: `${JSON.stringify(dashboard, null, 2)}\n` };
  });
}

/** Each part for those who install with care (in the order of their names), and all of it in one file for the others. */
function operatorFiles(install: OperatorInstall): readonly GeneratedFile[] {
  const { name, crds } = install;
  const account = accountManifests(install);
  const deployment = [...webhookManifests(install), deploymentManifest(install)];
  return [
    ...crds.map((crd) => yamlFile(`deploy/crds/${crdFileName(crd)}.yaml`, [crd])),
    yamlFile(`deploy/${name}/account.yaml`, account),
    yamlFile(`deploy/${name}/deployment.yaml`, deployment),
    yamlFile(`deploy/${name}.yaml`, [...crds, ...account, ...deployment]),
    yamlFile(`deploy/${name}-secure-metrics.yaml`, secureMetricsManifests(install)),
  ];
}

/** As controller-gen names them: `prism.io_prismclusters`. */
function crdFileName({ spec: { group, names } }: CustomResourceDefinition): string {
  return `${group}_${names.plural}`;
}

function yamlFile(path: string, documents: readonly object[]): GeneratedFile {
  return { path, contents: `# Generated by scripts/generate.ts; do not edit.\n${toYaml(...documents)}` };
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

function write(path: string, contents: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), contents);
}
