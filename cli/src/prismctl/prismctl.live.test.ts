import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pod, type PolicyRule } from '@capstan/kube';
import { PrismCluster, prismController } from '@capstan/prism-operator';
import { createIdentity, openWorld, readManifests, type Wanted, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { CommandOutcome } from '../capstan.fixture.ts';
import { prismctl, watchingPrismctl } from './prismctl.fixture.ts';

let world: World;
let directory: string;
const name = 'prism-local';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prismctl-'));
  // Pods under kwok have no processes: nobody answers for prism-admin.
  const adminMetrics = { ask: () => Promise.reject(new Error('there is nobody')) };
  world = await openWorld({ controllers: [prismController({ adminMetrics })], name: 'prismctl' });
  const sample = fileURLToPath(new URL('../../../deploy/samples/prism/prism-local.yaml', import.meta.url));
  const [shipped] = await readManifests(sample);
  const { spec } = shipped as unknown as Wanted<typeof PrismCluster>; // the sample is a PrismCluster, by its own test
  await world.apply(PrismCluster, { metadata: { name }, spec });
  await world.untilCondition(PrismCluster, name, 'Ready', 'True', { timeout: 100_000 });
}, 150_000);
afterAll(async () => {
  await world?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

function run(...args: readonly string[]): Promise<CommandOutcome> {
  return prismctl([...args, '-n', world.namespace, '--kubeconfig', inject('kubeconfig')]);
}

/** A tree without ages and without the spaces that only align it. */
function untimed(text: string): readonly string[] {
  return text.split('\n').map((line) =>
    line
      .replaceAll(/\b\d+ (s|min|h)( \d+ s)?(?= |$)/g, '')
      .replaceAll(/(?<=\S) {2,}/g, '  ')
      .trimEnd(),
  );
}

describe('a cluster that runs', () => {
  test('is a line of the table, in its namespace and among all', async () => {
    const line = new RegExp(`^${world.namespace} +prism-local +Running +1/1 +2/2 +4/4 +3/3 +\\S.*$`, 'm');
    expect((await run('get')).stdout).toMatch(line);
    const all = await prismctl(['get', '-A', '--kubeconfig', inject('kubeconfig')]);
    expect([all.code, all.stdout]).toEqual([0, expect.stringMatching(line)]);
  });

  test('is shown as a tree of parts, workloads and pods', async () => {
    const { code, stdout, stderr } = await run('status', name, '--exit-code');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = untimed(stdout);
    expect(lines[0]).toBe(`PrismCluster ${world.namespace}/prism-local is Ready: Everything runs as the spec says.`);
    expect(lines).toEqual(
      expect.arrayContaining([
        'PrismCluster/prism-local  Running',
        '├─ backends  3/3',
        '│  ├─ StatefulSet/prism-local-redis  1/1  Ready',
        '│  │  └─ Pod/prism-local-redis-0  Ready  0',
        '│  └─ StatefulSet/prism-local-minio  1/1  Ready',
        '├─ proxy  1/1',
        '│  └─ Deployment/prism-local-prism-proxy  2/2  Ready',
        '├─ patterns  4/4',
        '│  └─ StatefulSet/prism-local-mailbox-runner  1/1  Ready',
        '└─ ingress',
        '   └─ Ingress/prism-local-prism-proxy  Waiting  http://prism.local; no controller of class nginx has taken it up',
      ]),
    );
    expect(stdout).toMatch(/HorizontalPodAutoscaler\/prism-local-prism-proxy +Inactive +2 to 10 pods, 2 now; /);
    expect(stdout.match(/Pod\//g)).toHaveLength(12);
    expect(stdout).not.toContain('\u001b[');
  });

  test('is described with its conditions and events', async () => {
    const { stdout } = await run('describe', name);
    expect(stdout).toMatch(/^Conditions:\n {2}TYPE +STATUS +REASON +SINCE +MESSAGE\n/m);
    expect(stdout).toMatch(/^ {2}IngressReady +False +Waiting /m);
    expect(stdout).toMatch(/^ {2}\S+ \S+.* PrismCluster\/prism-local +\S+ +Everything runs/m);
    expect(stdout).toMatch(/^What to do next:\n {2}nothing: it is Ready\n/m);
  });

  test('has one shape in JSON and YAML', async () => {
    const json = JSON.parse((await run('status', name, '-o', 'json')).stdout);
    expect(parse((await run('status', name, '-o', 'yaml')).stdout)).toEqual(json);
    expect(json).toMatchObject({ name, ready: true, holdUps: [], patterns: '4/4', notShown: [] });
    expect(json.components[0]).toMatchObject({
      name: 'redis',
      part: 'backends',
      workloads: [{ pods: [{ ready: true }] }],
    });
  });

  test('is read by one list a kind, whatever it consists of, and by nothing else', async () => {
    const viewer = await createIdentity(world.admin, {
      namespace: world.namespace,
      name: 'viewer',
      rules,
      clusterWide: false,
    });
    await using _ = viewer;
    const start = world.audit.position();
    const { code, stdout } = await prismctl(['status', name, '--kubeconfig', await kubeconfigOf(viewer.token)]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('not shown: horizontalpodautoscalers: you may not list them'),
    ]);
    const requests = world.audit.since(start, { user: viewer.user });
    expect(
      requests
        .map(({ verb, resource }) => `${verb} ${resource}`)
        .filter((each) => !each.startsWith('get '))
        .toSorted(),
    ).toEqual(
      expect.arrayContaining(['list deployments', 'list horizontalpodautoscalers', 'list pods', 'list prismclusters']),
    );
    expect(requests.filter(({ resource }) => resource === 'pods')).toHaveLength(1);
  });
});

/** Everything but autoscalers. */
const rules: readonly PolicyRule[] = [
  {
    apiGroups: ['prism.io'],
    resources: ['prismclusters', 'prismpatterns', 'prismnamespaces'],
    verbs: ['get', 'list', 'watch'],
  },
  { apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: ['list', 'watch'] },
];

/** A kubeconfig of somebody with a token, in the namespace of the world. */
async function kubeconfigOf(token: string): Promise<string> {
  const config = parse(await readFile(inject('kubeconfig'), 'utf8'));
  const path = join(directory, 'kubeconfig.yaml');
  const contexts = config.contexts.map((entry: { readonly context: object }) => ({
    ...entry,
    context: { ...entry.context, namespace: world.namespace },
  }));
  const users = config.users.map((entry: object) => ({ ...entry, user: { token } }));
  await writeFile(path, stringify({ ...config, contexts, users }), { mode: 0o600 });
  return path;
}

describe('what keeps it from working', () => {
  test('a name that does not exist is told with the nearest', async () => {
    expect(await run('status', 'prism-locale')).toEqual({
      code: 1,
      stdout: '',
      stderr: `prismctl: there is no PrismCluster prism-locale in namespace ${world.namespace}: did you mean prism-local?\n`,
    });
  });

  test('a permission that is missing is told', async () => {
    const nobody = await createIdentity(world.admin, {
      namespace: world.namespace,
      name: 'nobody',
      rules: [],
      clusterWide: false,
    });
    await using _ = nobody;
    const { code, stderr } = await prismctl(['get', '--kubeconfig', await kubeconfigOf(nobody.token)]);
    expect([code, stderr]).toEqual([
      1,
      `prismctl: you may not list prismclusters.prism.io in namespace ${world.namespace}: ask for get, list and watch of it\n`,
    ]);
  });

  test('an API server that does not answer is told', async () => {
    const config = parse(await readFile(inject('kubeconfig'), 'utf8'));
    const path = join(directory, 'nowhere.yaml');
    const clusters = [{ ...config.clusters[0], cluster: { server: 'http://127.0.0.1:9' } }];
    await writeFile(path, stringify({ ...config, clusters }));
    const { code, stderr } = await prismctl(['get', '--kubeconfig', path]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^prismctl: http:\/\/127\.0\.0\.1:9 cannot be reached \(.+\): see that/),
    ]);
  });
});

describe('a cluster that changes', () => {
  test('is told change by change where nobody can redraw, and ends at Ctrl-C', async () => {
    const watching = watchingPrismctl(['status', name, '-n', world.namespace, '--kubeconfig', inject('kubeconfig')]);
    await world.eventually(() => expect(watching.lines.join('\n')).toContain('Ingress/prism-local-prism-proxy'), {
      timeout: 30_000,
    });
    await world.newPodsAre('image-pull');
    await world.delete(Pod, 'prism-local-redis-0');
    await world.eventually(
      () =>
        expect(watching.lines.join('\n')).toMatch(/^\d\d:\d\d:\d\d {2}Pod\/prism-local-redis-0 {2}\w*Image\w* {2}\S/m),
      { timeout: 60_000 },
    );
    expect(await watching.interrupt()).toBe(130);
    expect(watching.lines.filter((line) => /^\d\d:.*(nats|minio)-0/.test(line))).toEqual([]);
  });

  test('is not Ready then, says why, and what to do', async () => {
    await world.eventually(async () => expect((await run('status', name, '--exit-code')).code).toBe(2), {
      timeout: 60_000,
    });
    expect((await run('status', name)).code).toBe(0);
    const { stdout } = await run('describe', name);
    expect(stdout).toContain(`PrismCluster ${world.namespace}/prism-local is not Ready\n  `);
    expect(stdout).toMatch(/^│ {2}│ {2}└─ Pod\/prism-local-redis-0 +\w*Image\w* +0 /m);
    expect(stdout).toContain(
      `See that the image exists, and that the nodes may pull it: kubectl describe pod prism-local-redis-0 -n ${world.namespace}`,
    );
  });
});
