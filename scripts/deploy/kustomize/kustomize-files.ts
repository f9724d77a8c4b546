import type { CustomResourceDefinition } from '@capstan/crd';
import type { OperatorInstall } from '../../install-manifests.ts';
import { type GeneratedFile, yamlFile } from '../generated-file.ts';
import { components } from './components.ts';
import { grantFiles } from './grant.ts';
import { component, kustomization } from './kustomization.ts';

/**
 * What makes `deploy/` usable by `kubectl apply -k`. kustomize reads no file outside the folder of a kustomization, but other
 * kustomizations: so the folders of generated parts each get one, named so that `kubectl apply -f <folder>` passes it by.
 */
export function kustomizeFiles(operators: readonly OperatorInstall[]): readonly GeneratedFile[] {
  const crds = operators.flatMap((operator) => operator.crds);
  return [
    yamlFile(
      'deploy/crds/Kustomization',
      [kustomization({ resources: crds.map(crdFile).toSorted() })],
      ['The kinds of all operators: kubectl apply --server-side -k deploy/crds'],
    ),
    ...operators.flatMap((operator) => operatorFiles(operator, crds)),
  ];
}

function operatorFiles(operator: OperatorInstall, crds: readonly CustomResourceDefinition[]): readonly GeneratedFile[] {
  const { name } = operator;
  const folder = `deploy/kustomize/${name}`;
  const parts = components(operator);
  return [
    yamlFile(
      `deploy/${name}/Kustomization`,
      [kustomization({ resources: ['account.yaml', 'deployment.yaml'] })],
      [`The ${name} without its kinds.`],
    ),
    yamlFile(
      `${folder}/base/kustomization.yaml`,
      [base(operator, crds)],
      [`The ${name} with its kinds, as deploy/${name}.yaml installs them.`],
    ),
    ...grantFiles(operator, folder),
    ...parts.flatMap(({ name: part, about, content, files = [] }) => [
      yamlFile(`${folder}/components/${part}/kustomization.yaml`, [component(content)], about),
      ...files.map((file) => yamlFile(`${folder}/components/${part}/${file.name}`, file.documents)),
    ]),
    ...overlays.map(({ name: overlay, about, of }) =>
      yamlFile(
        `${folder}/overlays/${overlay}/kustomization.yaml`,
        [kustomization({ resources: ['../../base'], components: of.map((part) => `../../components/${part}`) })],
        [about, `kubectl apply --server-side -k ${folder}/overlays/${overlay}`],
      ),
    ),
  ];
}

const overlays = [
  {
    name: 'production',
    about: 'Three replicas, and metrics for those who may.',
    of: ['three-replicas', 'secure-metrics'],
  },
  {
    name: 'namespaced',
    about: 'Works in its own namespace only, with no more permissions than that takes.',
    of: ['namespaced'],
  },
  {
    name: 'openshift',
    about: 'For OpenShift: three replicas, users and groups given by the platform.',
    of: ['three-replicas', 'openshift'],
  },
] as const;

/** kustomize cannot pick files of another folder, so the kinds of other operators are left out by their names. */
function base({ name, crds }: OperatorInstall, all: readonly CustomResourceDefinition[]): object {
  const own = new Set(crds.map(({ metadata }) => metadata.name));
  const others = all.map(({ metadata }) => metadata.name).filter((each) => !own.has(each));
  return kustomization({
    resources: ['../../../crds', `../../../${name}`],
    patches: others.map((other) => ({
      patch: `$patch: delete\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: ${other}\n`,
    })),
  });
}

/** As controller-gen names them: `prism.io_prismclusters.yaml`. */
function crdFile({ spec: { group, names } }: CustomResourceDefinition): string {
  return `${group}_${names.plural}.yaml`;
}
