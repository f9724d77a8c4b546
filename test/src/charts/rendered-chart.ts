import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@capstan/crd';
import type { Deployment, KubeObject, PolicyRule } from '@capstan/kube';
import { readManifests } from '@capstan/testkit';
import { helm } from '../../../scripts/go-tools/helm.ts';

/** Values of a release, as a file of them says it. */
export type ReleaseValues = Readonly<Record<string, Json>>;

export interface RenderOptions {
  readonly release: string;
  readonly namespace: string;
  readonly values?: ReleaseValues;
}

const rendered = new Map<string, Promise<readonly KubeObject[]>>();

/**
 * What a release of a chart consists of, hooks included, as the real Helm renders it. Equal questions are asked once.
 * @throws {Error} with what Helm said, where it refuses the values
 */
export function renderChart(chart: string, options: RenderOptions): Promise<readonly KubeObject[]> {
  const question = JSON.stringify([chart, options]);
  const known = rendered.get(question) ?? template(chart, options);
  rendered.set(question, known);
  return known;
}

async function template(chart: string, { release, namespace, values = {} }: RenderOptions) {
  await using scratch = await temporaryDirectory();
  const valuesFile = join(scratch.path, 'values.json');
  const manifests = join(scratch.path, 'rendered.yaml');
  await writeFile(valuesFile, JSON.stringify(values));
  await writeFile(manifests, await helm(['template', release, chart, '-n', namespace, '-f', valuesFile]));
  return await readManifests(manifests);
}

/** A directory that is gone with its user. */
export async function temporaryDirectory(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'capstan-charts-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The objects of one kind. */
export function ofKind<T extends KubeObject = KubeObject>(objects: readonly KubeObject[], kind: string): readonly T[] {
  // A chart renders objects of Kubernetes, which a test that asks for a kind knows the shape of.
  return objects.filter((object) => object.kind === kind) as readonly KubeObject[] as readonly T[];
}

/** The Deployment of the operator. */
export function deploymentIn(objects: readonly KubeObject[]): Deployment {
  const [deployment] = ofKind<Deployment>(objects, 'Deployment');
  if (deployment === undefined) throw new Error('nothing deploys the operator');
  return deployment;
}

type WithRules = KubeObject & { readonly rules: readonly PolicyRule[] };
type Bound = KubeObject & {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly { readonly name: string; readonly namespace: string }[];
};

/** What an account may do where: in a namespace, or everywhere (`''`), by the roles that are bound to it. */
export function grantedTo(
  account: { readonly namespace: string; readonly name: string },
  objects: readonly KubeObject[],
): ReadonlyMap<string, readonly PolicyRule[]> {
  const granted = new Map<string, readonly PolicyRule[]>();
  for (const kind of ['Role', 'ClusterRole']) {
    for (const binding of ofKind<Bound>(objects, `${kind}Binding`)) {
      if (!binding.subjects.some((to) => to.name === account.name && to.namespace === account.namespace)) continue;
      const namespace = binding.metadata.namespace ?? '';
      const role = ofKind<WithRules>(objects, binding.roleRef.kind).find(
        ({ metadata }) => metadata.name === binding.roleRef.name && (metadata.namespace ?? '') === namespace,
      );
      if (role === undefined) throw new Error(`${binding.metadata.name} binds a role that is not there`);
      granted.set(namespace, [...(granted.get(namespace) ?? []), ...role.rules]);
    }
  }
  return granted;
}

/** Rules as single permissions, sorted, each once: in which rule a permission stands says nothing. */
export function permissionsOf(rules: readonly PolicyRule[]): readonly string[] {
  const single = rules.flatMap(
    ({ verbs, apiGroups = [], resources = [], resourceNames = ['*'], nonResourceURLs = [] }) =>
      verbs.flatMap((verb) => [
        ...nonResourceURLs.map((url) => `${verb} ${url}`),
        ...apiGroups.flatMap((group) =>
          resources.flatMap((resource) => resourceNames.map((name) => `${verb} ${group}/${resource} ${name}`)),
        ),
      ]),
  );
  return [...new Set(single)].toSorted();
}
