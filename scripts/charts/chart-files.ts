import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toYaml } from '@capstan/crd';
import type { GeneratedFile } from '../deploy/generated-file.ts';
import { versionOf } from '../install-manifests.ts';
import { chartReadme } from './chart-readme.ts';
import { ruleFiles } from './chart-rules.ts';
import type { OperatorChart } from './operator-chart.ts';
import { operatorValues } from './operator-values.ts';
import { valuesSchema } from './values/values-schema.ts';
import { valuesYaml } from './values/values-yaml.ts';

/**
 * The oldest Kubernetes that a chart is installed on. The rules of the definitions compare quantities, which API servers know
 * from 1.29 on; only from 1.30 on they let an object be edited that is not valid any more.
 */
const oldestKubernetes = '1.30.0';

const sources = fileURLToPath(new URL('.', import.meta.url));
const generated = 'Generated from scripts/charts by npm run generate; do not edit.';

/** Every file of a chart: equal input gives equal bytes. */
export function chartFiles(chart: OperatorChart): readonly GeneratedFile[] {
  const { name } = chart.install;
  const values = operatorValues(chart);
  const files: Readonly<Record<string, string>> = {
    'Chart.yaml': `# ${generated}\n${toYaml(metadataOf(chart))}`,
    'README.md': chartReadme(chart, values, generated),
    'values.yaml': `# ${generated}\n${valuesYaml(`Values of the chart ${name}.`, values)}`,
    'values.schema.json': valuesSchema(`Values of the chart ${name}`, values),
    'templates/_kinds.tpl': kindsTemplate(chart),
    ...sourceFiles(join(sources, 'shared'), name),
    ...sourceFiles(join(sources, name), name),
    ...ruleFiles(chart.install),
    ...crdFiles(chart),
    ...dashboardFiles(chart),
  };
  return Object.entries(files).map(([path, contents]) => ({ path: `charts/${name}/${path}`, contents }));
}

function metadataOf({ install: { name, crds }, description, keywords }: OperatorChart) {
  const version = versionOf(name);
  return {
    apiVersion: 'v2',
    type: 'application',
    ...{ name, description, keywords, version, appVersion: version },
    // Suffixes such as -gke.1 are pre-releases to Helm, which it leaves out unless told.
    kubeVersion: `>=${oldestKubernetes}-0`,
    annotations: {
      'artifacthub.io/license': 'Apache-2.0',
      'artifacthub.io/operator': 'true',
      'artifacthub.io/images': toYaml([{ name, image: `capstan/${name}:${version}` }]),
      'artifacthub.io/crds': toYaml(crds.flatMap(listedKinds)),
    },
  };
}

function listedKinds({ metadata, spec }: OperatorChart['install']['crds'][number]) {
  const { kind } = spec.names;
  const stored = spec.versions.filter(({ storage }) => storage);
  return stored.map((version) => ({
    ...{ kind, name: metadata.name, version: version.name, displayName: kind },
    description: version.schema?.openAPIV3Schema?.description ?? kind,
  }));
}

/** What templates know of the operator: it must not change with the name that a chart is given inside another one. */
function kindsTemplate({ install: { name, crds } }: OperatorChart): string {
  const stored = crds.flatMap(({ spec }) =>
    spec.versions
      .filter(({ storage }) => storage)
      .map((version) => `${spec.group}/${version.name}/${spec.names.plural}`),
  );
  const plurals = crds.map(({ spec }) => spec.names.plural);
  const defined = { operator: name, resources: stored.join(' '), plurals: plurals.join(',') };
  return Object.entries(defined)
    .map(([key, value]) => `{{- define "${name}.${key}" -}}\n${value}\n{{- end }}\n`)
    .join('\n');
}

/** Templates of all charts of a release share their names, so that each chart's own begin with the name of its operator. */
function sourceFiles(directory: string, name: string): Readonly<Record<string, string>> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.sort().map((file) => {
      const contents = readFileSync(file, 'utf8').replaceAll('"chart.', `"${name}.`);
      return [file.slice(directory.length + 1).replaceAll('\\', '/'), contents];
    }),
  );
}

function crdFiles({ install: { crds } }: OperatorChart): Readonly<Record<string, string>> {
  return Object.fromEntries(crds.map((crd) => [`files/crds/${crd.metadata.name}.yaml`, toYaml(crd)]));
}

/** In one line: they are there for Grafana; those who read them find them in deploy/dashboards. */
function dashboardFiles({ dashboards = {} }: OperatorChart): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(dashboards).map(([file, dashboard]) => [
      `files/dashboards/${file}`,
      `${JSON.stringify(dashboard)}\n`,
    ]),
  );
}
