import { namespacedRulesOf } from '@capstan/runtime';
import type { OperatorInstall } from '../../install-manifests.ts';
import { type GeneratedFile, yamlFile } from '../generated-file.ts';
import { kustomization } from './kustomization.ts';

/** What the operator may do in one namespace that it works in, as a kustomization of its own: one for each further namespace. */
export function grantFiles(operator: OperatorInstall, folder: string): readonly GeneratedFile[] {
  const { name, namespace, controllers } = operator;
  const metadata = {
    ...{ name: `${name}-resources`, namespace },
    labels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'capstan' },
  };
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const documents = [
    { apiVersion, kind: 'Role', metadata, rules: namespacedRulesOf(...controllers).inEach },
    {
      ...{ apiVersion, kind: 'RoleBinding', metadata },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name, namespace }],
    },
  ];
  return [
    yamlFile(
      `${folder}/grant/kustomization.yaml`,
      [kustomization({ resources: ['role.yaml'] })],
      [
        `What the ${name} may do in one namespace. Set "namespace:" over it for another one than its own,`,
        'and name that one in its flag --namespace as well.',
      ],
    ),
    yamlFile(`${folder}/grant/role.yaml`, documents),
  ];
}
