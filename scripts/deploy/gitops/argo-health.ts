import { readFileSync } from 'node:fs';
import type { OperatorInstall } from '../../install-manifests.ts';
import { type GeneratedFile, yamlFile } from '../generated-file.ts';

/** What Argo CD is told in its ConfigMap, so that it knows how our kinds are: the same script for each of them. */
export function argoHealthFiles(operators: readonly OperatorInstall[]): readonly GeneratedFile[] {
  const script = readFileSync(new URL('../../../deploy/gitops/argocd/health.lua', import.meta.url), 'utf8');
  const kinds = operators.flatMap(({ crds }) => crds.map(({ spec: { group, names } }) => `${group}_${names.kind}`));
  const configMap = {
    ...{ apiVersion: 'v1', kind: 'ConfigMap' },
    metadata: { name: 'argocd-cm', namespace: 'argocd' },
    data: Object.fromEntries(kinds.map((kind) => [`resource.customizations.health.${kind}`, script])),
  };
  return [
    yamlFile(
      'deploy/gitops/argocd/argocd-cm.yaml',
      [configMap],
      [
        'Adds to the ConfigMap that Argo CD has, and takes nothing out of it:',
        'kubectl apply --server-side --field-manager=capstan-health -f deploy/gitops/argocd/argocd-cm.yaml',
      ],
    ),
  ];
}
