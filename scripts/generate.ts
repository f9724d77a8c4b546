/**
 * `npm run generate`: writes every generated file of the repository. With `--check` it writes nothing, names each file
 * that is missing, stale or abandoned, and ends with code 1 if there is one.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CustomResourceDefinition, toYaml } from '@capstan/crd';
import { DruidIngestion, druidIngestions, druidRivals } from '@capstan/druid-operator';
import {
  PrismCluster,
  PrismFederation,
  PrismNamespace,
  PrismPattern,
  PrismPatterns,
  prismClusters,
  prismFederations,
  prismNamespaces,
  prismPatterns,
  prismRivals,
  prismWebhooks,
} from '@capstan/prism-operator';
import { rbacRulesOf, webhookServiceName } from '@capstan/runtime';
import { StreamBusCluster, streamBusClusters, streamBusRivals } from '@capstan/streambus-operator';
import { generatedFiles as templateFiles } from '../cli/templates/operator/scripts/generated-files.ts';
import { dashboards } from '../operators/streambus/scripts/dashboards/dashboards.ts';
import { fieldReference } from './field-reference.ts';
import {
  accountManifests,
  deploymentManifest,
  type OperatorInstall,
  secureMetricsManifests,
  webhookManifests,
} from './install-manifests.ts';
import { abandonedPages, referencePages } from './reference.ts';

/** Field references are of the version that is stored. */
const kinds = [StreamBusCluster, DruidIngestion, PrismCluster, PrismPattern, PrismNamespace, PrismFederation];

const root = fileURLToPath(new URL('..', import.meta.url));

interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly contents: string;
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const pages = [...(await referencePages(root)), ...kinds.map((kind) => fieldReference(kind.manifest()))];
  const stale = [...generatedFiles(), ...pages].filter(({ path, contents }) => current(path) !== contents);
  const abandoned = await abandonedPages(root, pages);
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
  const streambus: OperatorInstall = {
    name: streamBusClusters.name,
    namespace: 'streambus-system',
    rules: rbacRulesOf(streamBusClusters),
    rivals: streamBusRivals,
  };
  const druid: OperatorInstall = {
    name: druidIngestions.name,
    namespace: 'druid-operator-system',
    rules: rbacRulesOf(druidIngestions),
    rivals: druidRivals,
  };
  const prism: OperatorInstall = {
    name: prismClusters.name,
    namespace: 'prism-system',
    rules: rbacRulesOf(prismClusters, prismPatterns, prismNamespaces, prismFederations),
    webhooks: prismWebhooks,
    rivals: prismRivals,
    memoryLimit: '512Mi',
  };
  const template = templateFiles().map(({ path, contents }) => ({ path: `cli/templates/operator/${path}`, contents }));
  return [
    ...operatorFiles(streambus, [StreamBusCluster.manifest()]),
    ...operatorFiles(druid, [DruidIngestion.manifest()]),
    ...operatorFiles(prism, [
      PrismCluster.manifest(),
      PrismPatterns.manifest({ service: { ...conversionService(prism), path: '/convert', port: 443 } }),
      PrismNamespace.manifest(),
      PrismFederation.manifest(),
    ]),
    ...dashboardFiles(),
    ...template,
  ];
}

function dashboardFiles(): readonly GeneratedFile[] {
  return Object.entries(dashboards()).map(([name, dashboard]) => {
    return { path: `deploy/dashboards/${name}`, contents: `${JSON.stringify(dashboard, null, 2)}\n` };
  });
}

/** Each part for those who install with care (in the order of their names), and all of it in one file for the others. */
function operatorFiles(install: OperatorInstall, crds: readonly CustomResourceDefinition[]): readonly GeneratedFile[] {
  const account = accountManifests(install);
  const deployment = [...webhookManifests(install), deploymentManifest(install)];
  return [
    ...crds.map((crd) => yamlFile(`deploy/crds/${crdFileName(crd)}.yaml`, [crd])),
    yamlFile(`deploy/${install.name}/account.yaml`, account),
    yamlFile(`deploy/${install.name}/deployment.yaml`, deployment),
    yamlFile(`deploy/${install.name}.yaml`, [...crds, ...account, ...deployment]),
    yamlFile(`deploy/${install.name}-secure-metrics.yaml`, secureMetricsManifests(install)),
  ];
}

/** Where API servers find it is the operator's business; the CRD cannot be made without an answer. */
function conversionService({ name, namespace }: OperatorInstall): {
  readonly namespace: string;
  readonly name: string;
} {
  return { namespace, name: webhookServiceName(name) };
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
