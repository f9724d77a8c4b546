import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ClusterRole,
  createClient,
  Deployment,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  Namespace,
  type Role,
} from '@capstan/kube';
import { readManifests } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runProgram } from './run-program.ts';

const deploy = fileURLToPath(new URL('../../../deploy', import.meta.url));
const operators = ['streambus-operator', 'druid-operator', 'prism-operator'] as const;
const overlays = ['production', 'namespaced', 'openshift'] as const;
const namespace = 'kustomized';
/** How `kubectl apply` asks the API server, and changes nothing. */
const rehearsed = ['--server-side', '--dry-run=server', '--force-conflicts', '--field-manager=kustomize-test'];

let client: KubeClient;
let directory: string;

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } as const;
  await client.apply(Namespace, body, { fieldManager: 'kustomize-test' });
  directory = await mkdtemp(join(tmpdir(), 'capstan-kustomize-'));
});

afterAll(async () => {
  await client.delete(Namespace, { name: namespace });
  await client.close();
  await rm(directory, { recursive: true, force: true });
});

function kubectl(...args: readonly string[]) {
  return runProgram(inject('kubectl'), ['--kubeconfig', inject('kubeconfig'), ...args]);
}

async function built(folder: string): Promise<readonly KubeObject[]> {
  const { stdout } = await kubectl('kustomize', folder);
  return parseAllDocuments(stdout).map((document) => document.toJS());
}

function byName(objects: readonly KubeObject[]): Readonly<Record<string, KubeObject>> {
  return Object.fromEntries(
    objects.map((object) => [`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]),
  );
}

function only<T extends KubeObject>(objects: readonly KubeObject[], kind: { readonly kind: string }): T {
  const found = objects.filter((object) => object.kind === kind.kind);
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`there are ${found.length} of ${kind.kind}`);
  return first as T; // its kind was just compared
}

/** Each verb on each resource, on a line. */
function permissionsOf(role: KubeObject | undefined): readonly string[] {
  const { rules = [] } = (role ?? {}) as Partial<Role>; // a ClusterRole has the same rules
  return rules.flatMap(({ apiGroups = [], resources = [], resourceNames = ['*'], verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) => verbs.map((verb) => `${group} ${resource} ${name} ${verb}`)),
      ),
    ),
  );
}

/** A kustomization of somebody's own, over one of ours, in a namespace of theirs. */
async function own(operator: string, overlay: string): Promise<string> {
  const base = relative(directory, join(deploy, 'kustomize', operator, overlay));
  await writeFile(join(directory, 'kustomization.yaml'), `namespace: ${namespace}\nresources: ["${base}"]\n`);
  return directory;
}

describe.each(operators)('%s', (operator) => {
  it('is installed by its base as by its single file', async () => {
    const shipped = await readManifests(`${deploy}/${operator}.yaml`);
    expect(byName(await built(`${deploy}/kustomize/${operator}/base`))).toEqual(byName(shipped));
  });

  it('may do in its namespaced overlay what it may in its base, and only there', async () => {
    const all = await built(`${deploy}/kustomize/${operator}/overlays/namespaced`);
    const whole = only<ClusterRole>(await built(`${deploy}/kustomize/${operator}/base`), ClusterRole);
    const cluster = only<ClusterRole>(all, ClusterRole);
    const resources = byName(all)[`Role ${only(all, Deployment).metadata.namespace}/${operator}-resources`];
    const apart = [...permissionsOf(cluster), ...permissionsOf(resources)];
    expect(new Set(apart)).toEqual(new Set(permissionsOf(whole)));
    expect(permissionsOf(cluster).filter((each) => / (secrets|configmaps|services|pods) /.test(each))).toEqual([]);
    const args = only<Deployment>(all, Deployment).spec?.template?.spec?.containers[0]?.args;
    expect(args).toContain('--namespace=$(POD_NAMESPACE)');
  });

  it('has three replicas, a budget and secure metrics in production', async () => {
    const all = await built(`${deploy}/kustomize/${operator}/overlays/production`);
    const { spec } = only<Deployment>(all, Deployment);
    expect(spec?.replicas).toBe(3);
    expect(spec?.template?.spec?.containers[0]?.args).toContain('--metrics-secure');
    expect(all.map(({ kind }) => kind)).toContain('PodDisruptionBudget');
    expect(all.map(({ metadata }) => metadata.name)).toContain(`${operator}-metrics-reader`);
  });

  it('leaves users and groups to OpenShift, and stays restricted', async () => {
    const pod = only<Deployment>(await built(`${deploy}/kustomize/${operator}/overlays/openshift`), Deployment).spec
      ?.template?.spec;
    expect(pod?.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
  });

  it.each(['base', ...overlays.map((overlay) => `overlays/${overlay}`)])(
    'is taken by the API server from %s, in a namespace of one’s own',
    async (overlay) => {
      const folder = await own(operator, overlay);
      const everywhere = (await built(folder)).filter(({ metadata }) => metadata.namespace !== undefined);
      expect(new Set(everywhere.map(({ metadata }) => metadata.namespace))).toEqual(new Set([namespace]));
      const { stdout, stderr } = await kubectl('apply', ...rehearsed, '-k', folder);
      expect(stdout.trim().split('\n')).toHaveLength((await built(folder)).length);
      expect(stderr).toBe('');
    },
  );
});

describe('the folders of generated parts', () => {
  it.each(['crds', ...operators])(
    '%s is for kubectl apply -f as well, which passes its kustomization by',
    async (folder) => {
      const { stdout } = await kubectl('create', '--dry-run=client', '-o', 'name', '-f', `${deploy}/${folder}`);
      expect(stdout.trim().split('\n')).toHaveLength((await readManifests(`${deploy}/${folder}`)).length);
    },
  );

  it('are the kinds of all operators', async () => {
    expect(byName(await built(`${deploy}/crds`))).toEqual(byName(await readManifests(`${deploy}/crds`)));
  });
});
