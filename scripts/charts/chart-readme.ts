import type { OperatorChart } from './operator-chart.ts';
import type { Values } from './values/value.ts';
import { valuesTable } from './values/values-table.ts';

/** The README of a chart: how to install it, and every value. */
export function chartReadme(chart: OperatorChart, values: Values, generated: string): string {
  const { install, description, remarks } = chart;
  const { name, namespace, crds } = install;
  const kinds = crds.map(({ spec }) => spec.names.kind).join(', ');
  const lines = [
    `<!-- ${generated} -->`,
    '',
    `# ${name}`,
    '',
    `${description}: ${kinds}.`,
    '',
    '```sh',
    `helm install ${name} charts/${name} --namespace ${namespace} --create-namespace`,
    `helm test ${name} --namespace ${namespace}`,
    '```',
    '',
    'Installing, upgrading and uninstalling, and what to decide before: [the guide](../../docs/guide/helm.md).',
    ...remarks.flatMap((remark) => ['', remark]),
    '',
    '## Values',
    '',
    'A value that is not in this table is refused.',
    '',
    ...valuesTable(values),
  ];
  return `${lines.join('\n')}\n`;
}
