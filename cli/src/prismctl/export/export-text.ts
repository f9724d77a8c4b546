import { stringify } from 'yaml';
import type { ClusterDraft } from './cluster-draft.ts';
import type { Finding } from './finding.ts';
import type { SecretDraft } from './secret-draft.ts';

/** The cluster as a file, with what a reader has to know on top. */
export function clusterYaml(cluster: ClusterDraft, namespaces: readonly string[]): string {
  const flags = namespaces.map((namespace) => `--namespace ${namespace}`).join(' ');
  return [
    `# What runs in namespace ${namespaces.join(', ')}, as a PrismCluster. Nothing has been changed yet.`,
    '# Applied, it takes over the objects that spec.adoption names, as they are: no pod restarts.',
    `# See first what that would change: prismctl kubernetes export ${flags} --dry-run=plan`,
    stringify(cluster, { lineWidth: 0, aliasDuplicateObjects: false }),
  ].join('\n');
}

/** The Secrets as a file. Only those with a known login are in it. */
export function secretsYaml(secrets: readonly SecretDraft[]): string {
  return secrets
    .flatMap(({ backend, name, namespace, values }) =>
      values === undefined
        ? []
        : [
            `# CREDENTIALS of ${backend}, in the clear: apply it, then delete this file. Never commit it.\n${stringify({
              ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace } },
              ...{ type: 'Opaque', stringData: values },
            })}`,
          ],
    )
    .join('---\n');
}

const headings: Readonly<Record<Finding['kind'], string>> = {
  LeftOut: 'Looks like Prism, and is left out:',
  Differs: 'Differs from a new cluster, and stays so:',
  LeftAlone: 'Left alone:',
};

/** What was found, a line each, the weightiest first. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  return (Object.keys(headings) as readonly Finding['kind'][]).flatMap((kind) => {
    const own = findings.filter((finding) => finding.kind === kind);
    if (own.length === 0) return [];
    return [headings[kind], ...own.map(({ about, message }) => `  ${about}: ${message}`)];
  });
}

/** How to come by the Secrets that the cluster refers to. */
export function secretLines(secrets: readonly SecretDraft[], file: string | undefined): readonly string[] {
  if (secrets.length === 0) return [];
  return [
    'The cluster refers to Secrets that are to be made first:',
    ...secrets.map(({ backend, name, namespace, keys, values }) => {
      const title = `  Secret ${namespace}/${name} with the login of ${backend} (${keys.join(', ')})`;
      if (values === undefined) return `${title}: ${byHand({ name, namespace, keys })}`;
      return file === undefined
        ? `${title}: --secret-file FILE writes it with the login that was found`
        : `${title}: it is in ${file}; kubectl apply -f ${file}`;
    }),
  ];
}

/** Values are read from files, so that they are in no history of a shell. */
function byHand({ name, namespace, keys }: Pick<SecretDraft, 'name' | 'namespace' | 'keys'>): string {
  const sources = keys.map((key) => `--from-file=${key}=FILE`).join(' ');
  return `its login was not found; kubectl create secret generic ${name} -n ${namespace} ${sources}`;
}
