import { operatorInstalls } from '../operator-installs.ts';
import type { GeneratedFile } from './generated-file.ts';
import { argoHealthFiles } from './gitops/argo-health.ts';
import { kustomizeFiles } from './kustomize/kustomize-files.ts';
import { olmFiles } from './olm/olm-files.ts';

/** The generated files of `deploy/` beside CRDs, single-file installs and dashboards: for kustomize, Argo CD and OLM. */
export function deployFiles(): readonly GeneratedFile[] {
  const operators = Object.values(operatorInstalls);
  return [...kustomizeFiles(operators), ...argoHealthFiles(operators), ...olmFiles(operators)];
}
