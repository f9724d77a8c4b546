import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Draft, KubeObject, NetworkPolicy, PodTemplateSpec, PolicyRule } from '@capstan/kube';
import { podSecurityViolations } from '@capstan/resources';
import {
  leaseElectionRules,
  namespacedRulesOf,
  rbacRulesOf,
  rivalRules,
  tokenAuthenticationRules,
  uninstallRules,
  webhookRules,
} from '@capstan/runtime';
import { readManifests } from '@capstan/testkit';
import { describe, expect, it } from 'vitest';
import { helm } from '../../../scripts/go-tools/helm.ts';
import type { OperatorInstall } from '../../../scripts/install-manifests.ts';
import { operatorInstalls } from '../../../scripts/operator-installs.ts';
import { deploymentIn, grantedTo, ofKind, permissionsOf, type ReleaseValues, renderChart } from './rendered-chart.ts';
import { valueSets } from './value-sets.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const chartOf = (name: string) => `${root}charts/${name}`;

describe.each(Object.values(operatorInstalls))('the chart of the $name', (install) => {
  const { name, namespace, webhooks = [] } = install;
  const render = (values: ReleaseValues = {}, release: string = name, at: string = namespace) =>
    renderChart(chartOf(name), { release, namespace: at, values });

  it('passes the strict lint of Helm', async () => {
    expect(await helm(['lint', '--strict', chartOf(name)])).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it('installs by default what the single file installs', async () => {
    const rendered = (await render()).filter((object) => !isHook(object) && object.kind !== 'PodDisruptionBudget');
    const single = (await readManifests(`${root}deploy/${name}.yaml`)).filter(({ kind }) => kind !== 'Namespace');
    expect(byIdentity(rendered.map(withoutRelease))).toEqual(byIdentity(single.map(asOfRelease(install))));
  });

  describe.each(Object.entries(valueSets(name)))('with %s', (title, values) => {
    const namespaces = (values['namespaces'] ?? []) as readonly string[]; // As the sets of values are written.
    const rivals = values['rivals'] as
      | { readonly ignore?: boolean; readonly namespaces?: readonly string[] }
      | undefined;
    const isSecure = title.startsWith('everything');

    it('lets the operator do what its controllers declare, and nothing else', async () => {
      const granted = grantedTo({ namespace, name }, await render(values));
      const seeks = rivalRules(rivals?.ignore === true ? [] : (install.rivals ?? []));
      const expected = new Map<string, readonly PolicyRule[]>();
      const grant = (where: string, rules: readonly PolicyRule[]) => {
        if (rules.length > 0) expected.set(where, [...(expected.get(where) ?? []), ...rules]);
      };
      const { inEach, cluster } = namespacedRulesOf(...install.controllers);
      const ofWebhooks = webhookRules(name, webhooks, isSecure ? 'mounted' : 'managed');
      grant('', namespaces.length > 0 ? cluster : rbacRulesOf(...install.controllers));
      for (const each of namespaces)
        grant(
          each,
          inEach.map((rule) => inItself(rule, each)),
        );
      grant('', ofWebhooks.cluster);
      grant('', isSecure ? tokenAuthenticationRules : []);
      for (const each of rivals?.namespaces ?? ['']) grant(each, seeks);
      grant(namespace, [...leaseElectionRules(name), ...ofWebhooks.own]);
      expect(permissionsBy(granted)).toEqual(permissionsBy(expected));
    });

    it('lets the Job before an uninstallation do what it needs, and nothing else', async () => {
      const granted = grantedTo({ namespace, name: `${name}-uninstall` }, await render(values));
      const { work, cluster, own } = uninstallRules(install, name);
      const everywhere = namespaces.length > 0 ? cluster : [...work, ...cluster];
      const expected = new Map<string, readonly PolicyRule[]>([
        [namespace, own],
        ...namespaces.map((each) => [each, work] as const),
        ...(everywhere.length > 0 ? [['', everywhere] as const] : []),
      ]);
      expect(permissionsBy(granted)).toEqual(
        permissionsBy(new Map([...expected].filter(([, rules]) => rules.length > 0))),
      );
    });

    it('has pods that the restricted standard admits', async () => {
      const templates = podsOf(await render(values));
      expect(templates.map(podSecurityViolations)).toEqual(templates.map(() => []));
      expect(templates).toHaveLength(3);
      for (const { spec } of templates)
        expect(spec?.securityContext?.runAsUser).toBe(values['podSecurity'] === 'openshift' ? undefined : 65532);
    });

    it('has the same image in every pod', async () => {
      const images = podsOf(await render(values)).flatMap(
        ({ spec }) => spec?.containers.map(({ image }) => image) ?? [],
      );
      const version = await versionOf(install);
      const expected = isSecure
        ? `registry.example:5000/capstan/${name}@sha256:${'a'.repeat(64)}`
        : `capstan/${name}:${version}`;
      expect(images).toEqual([expected, expected, expected]);
    });
  });

  it.each(['no values', 'rivals ignored', 'everything', 'everything, in two namespaces'])(
    'gives the operator flags that it understands, with %s',
    async (set) => {
      const { args = [] } = deploymentIn(await render(valueSets(name)[set])).spec?.template.spec?.containers[0] ?? {};
      // Every flag is parsed before the last one, which then ends the program.
      expect(await operator(install, [...args, '--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
    },
  );

  it('gives the Job before an uninstallation flags that it understands', async () => {
    const [, job] = podsOf(await render(valueSets(name)['everything, in two namespaces']));
    const { args = [] } = job?.spec?.containers[0] ?? {};
    expect(args).toContain('uninstall');
    expect(await operator(install, [...args, '--help'])).toContain('--deployment');
  });

  it('lets in by its NetworkPolicy whoever asks at a port of the pods', async () => {
    const objects = await render({ networkPolicy: { enabled: true } });
    const [policy] = ofKind<NetworkPolicy>(objects, 'NetworkPolicy');
    const open = policy?.spec?.ingress?.flatMap(({ ports = [] }) => ports.map(({ port }) => port)) ?? [];
    const ports = deploymentIn(objects).spec?.template.spec?.containers[0]?.ports?.map(
      ({ containerPort }) => containerPort,
    );
    expect(open.toSorted()).toEqual(ports?.toSorted());
  });

  it('keeps definitions when the release goes, and leaves them out where another release has them', async () => {
    const crds = ofKind(await render(), 'CustomResourceDefinition');
    expect(crds.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      install.crds.map(({ metadata }) => metadata.name).toSorted(),
    );
    for (const { metadata } of crds) expect(metadata.annotations).toMatchObject({ 'helm.sh/resource-policy': 'keep' });
    const values = { crds: { install: false }, ...(webhooks.length > 0 && { webhooks: { enabled: false } }) };
    expect(ofKind(await render(values), 'CustomResourceDefinition')).toEqual([]);
  });

  it('shares no name with a release in another namespace', async () => {
    const { dashboards: _, ...values } = valueSets(name)['everything, in two namespaces'] ?? {};
    const rest = { ...values, crds: { install: false }, ...(webhooks.length > 0 && { webhooks: { enabled: false } }) };
    const a = await render(rest, name, 'one');
    const b = await render({ ...rest, namespaces: ['team-c'], rivals: { ignore: true } }, name, 'two');
    const names = (objects: readonly KubeObject[]) => Object.keys(byIdentity(objects));
    expect(names(a).filter((each) => names(b).includes(each))).toEqual([]);
  });

  it('shares the Role of the Lease with a second release in its namespace, so that Helm refuses that one', async () => {
    const leaders = async (release: string) =>
      ofKind(await render({}, release), 'Role').filter(({ metadata }) => metadata.name === `${name}-leader`);
    expect(await leaders('first')).toHaveLength(1);
    expect(await leaders('second')).toHaveLength(1);
  });

  it('names things after a release of another name', async () => {
    expect(deploymentIn(await render({}, 'blue')).metadata.name).toBe(`blue-${name}`);
    expect(deploymentIn(await render({ fullnameOverride: 'mine' }, 'blue')).metadata.name).toBe('mine');
  });

  it.each<[what: string, values: ReleaseValues, path: string]>([
    ['a number of replicas that is none', { replicaCount: 'three' }, '/replicaCount'],
    ['a value that nobody reads', { replicas: 3 }, "'replicas'"],
    ['a value that nobody reads, further down', { image: { name: 'x' } }, '/image'],
    ['a digest that is none', { image: { digest: 'sha256:abc' } }, '/image/digest'],
    ['a namespace that cannot be one', { namespaces: ['Team_A'] }, '/namespaces/0'],
    ['a level of the log that is none', { logLevel: 'loud' }, '/logLevel'],
    ['another security of pods', { podSecurity: 'privileged' }, '/podSecurity'],
    ['a flag that follows from another value', { extraArgs: ['--namespace=x'] }, '/extraArgs/0'],
    ['a variable without a name', { extraEnv: [{ value: 'x' }] }, '/extraEnv/0'],
  ])('refuses %s and says where it is', async (_what, values, path) => {
    await expect(render(values)).rejects.toThrow(path);
  });

  it('is a part of a chart of somebody else, who gives it global values and a condition', async () => {
    await expect(render({ global: { any: 1 }, enabled: true })).resolves.not.toEqual([]);
  });
});

it('the chart of the prism-operator refuses to leave definitions without anybody who converts them', async () => {
  const values = { webhooks: { enabled: false } };
  const rendering = renderChart(chartOf('prism-operator'), { release: 'prism', namespace: 'x', values });
  await expect(rendering).rejects.toThrow('set crds.install to false as well');
});

it('the chart of the streambus-operator has the dashboards of deploy/dashboards', async () => {
  const values = { dashboards: { enabled: true } };
  const objects = await renderChart(chartOf('streambus-operator'), { release: 'bus', namespace: 'x', values });
  const maps = ofKind<KubeObject & { readonly data: Readonly<Record<string, string>> }>(objects, 'ConfigMap');
  expect(maps).not.toEqual([]);
  for (const { metadata, data } of maps) {
    expect(metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    for (const [file, text] of Object.entries(data))
      expect(JSON.parse(text)).toEqual(JSON.parse(await readFile(`${root}deploy/dashboards/${file}`, 'utf8')));
  }
});

const hook = 'helm.sh/hook';

function isHook({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[hook] !== undefined;
}

/** The pods that a release has: of the operator, of the Job before an uninstallation, of the test. */
function podsOf(objects: readonly KubeObject[]): readonly PodTemplateSpec[] {
  type WithTemplate = KubeObject & { readonly spec: { readonly template: PodTemplateSpec } };
  const templates = ['Deployment', 'Job'].flatMap((kind) => ofKind<WithTemplate>(objects, kind));
  return [...templates.map(({ spec }) => spec.template), ...ofKind<KubeObject & PodTemplateSpec>(objects, 'Pod')];
}

function permissionsBy(
  granted: ReadonlyMap<string, readonly PolicyRule[]>,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...granted].map(([where, rules]) => [where, permissionsOf(rules)]));
}

/** A Role lets somebody look at its own namespace only; said by name, so that a reader need not know that. */
function inItself(rule: PolicyRule, namespace: string): PolicyRule {
  return rule.resources?.[0] === 'namespaces' ? { ...rule, resourceNames: [namespace] } : rule;
}

async function operator({ name }: OperatorInstall, args: readonly (string | undefined)[]): Promise<string> {
  const main = `${root}operators/${name.replace('-operator', '')}/src/main.ts`;
  const words = args.filter((word) => word !== undefined);
  return (await promisify(execFile)(process.execPath, [main, ...words])).stdout;
}

async function versionOf({ name }: OperatorInstall): Promise<string> {
  const { version } = JSON.parse(
    await readFile(`${root}operators/${name.replace('-operator', '')}/package.json`, 'utf8'),
  );
  return String(version);
}

function byIdentity<
  T extends Pick<Draft<KubeObject>, 'kind'> & {
    readonly metadata: { readonly name: string; readonly namespace?: string };
  },
>(objects: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(
    objects.map((object) => [`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`, object]),
  );
}

/** Labels that say of which release something is. */
const releaseLabels = [
  'app.kubernetes.io/instance',
  'app.kubernetes.io/managed-by',
  'app.kubernetes.io/version',
  'helm.sh/chart',
];

/** What Helm's release is told by, taken away wherever it stands. */
function withoutRelease(object: KubeObject): KubeObject {
  const text = JSON.stringify(object, (key, value) => {
    if (releaseLabels.includes(key) || key === 'helm.sh/resource-policy') return undefined;
    return key === 'annotations' && Object.keys(value).every((each) => each === 'helm.sh/resource-policy')
      ? undefined
      : value;
  });
  return JSON.parse(text);
}

/**
 * An object of the single file with all that a release of the chart says otherwise: definitions are labelled, what has no namespace
 * has a name that no other release has, and there are three replicas, which are spread.
 */
function asOfRelease({ name, namespace }: OperatorInstall): (object: KubeObject) => KubeObject {
  const renamed = `${namespace}:${name}`;
  return (object) => {
    const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'capstan' };
    switch (object.kind) {
      case 'CustomResourceDefinition':
        return { ...object, metadata: { ...object.metadata, labels } };
      case 'ClusterRole':
        return { ...object, metadata: { ...object.metadata, name: renamed } };
      case 'ClusterRoleBinding':
        return replaced({ ...object, metadata: { ...object.metadata, name: renamed } }, ['roleRef', 'name'], renamed);
      case 'Deployment': {
        const matchLabels = { 'app.kubernetes.io/name': name };
        const spread = [
          {
            ...{ maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
            labelSelector: { matchLabels },
          },
        ];
        const three = replaced(object, ['spec', 'replicas'], 3);
        return replaced(three, ['spec', 'template', 'spec', 'topologySpreadConstraints'], spread);
      }
      default:
        return object;
    }
  };
}

/** A copy with another value at a path. */
function replaced<T extends object>(object: T, [first = '', ...rest]: readonly string[], value: unknown): T {
  const inner: unknown = Reflect.get(object, first);
  const next = rest.length === 0 || typeof inner !== 'object' || inner === null ? value : replaced(inner, rest, value);
  return { ...object, [first]: next };
}
