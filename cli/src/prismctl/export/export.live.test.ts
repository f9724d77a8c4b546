import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  type KubeObject,
  Pod,
  type ResourceType,
  Secret,
  Service,
  StatefulSet,
} from '@capstan/kube';
import { PrismCluster, prismController } from '@capstan/prism-operator';
import { createIdentity, openWorld, type World } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { backendsOf, deployByHand } from '../taken-over.fixture.ts';

const launcher = fileURLToPath(new URL('../../../bin/prismctl.mjs', import.meta.url));

const patiently = { timeout: 90_000 } as const;

/** Pods under kwok have no processes: nobody answers for prism-admin. */
const adminMetrics = { ask: () => Promise.reject(new Error('there is nobody')) };

let world: World;
let directory: string;
let backends: string;
let byHand: AsyncDisposable;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function run(file: string, args: readonly string[], input = ''): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = execFile(file, [...args, '--kubeconfig', inject('kubeconfig')], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

const kubectl = (args: readonly string[], input?: string) => run(inject('kubectl'), args, input);
const prismctl = (...args: readonly string[]) => run(process.execPath, [launcher, 'kubernetes', ...args]);
const exported = (...args: readonly string[]) => prismctl('export', '-n', world.namespace, '-n', backends, ...args);

/** A login stands before an address in a list of variables, which must not matter. */
function withLoginFirst(text: string): string {
  const endpoint = /^ +- \{ name: S3_ENDPOINT.*\n/m.exec(text)?.[0] ?? '';
  const key = /^ +- \{ name: S3_SECRET_KEY.*\n/m.exec(text)?.[0] ?? '';
  return text.replace(endpoint, '').replace(key, `${key}${endpoint}`);
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'prism-export-'));
  world = await openWorld({ controllers: [prismController({ adminMetrics })], name: 'by-hand' });
  backends = backendsOf(world);
  byHand = await deployByHand(world, withLoginFirst);
}, 150_000);

afterAll(async () => {
  await byHand?.[Symbol.asyncDispose]();
  await world?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

describe('what was deployed by hand', () => {
  test('is printed as a PrismCluster that the API server takes, in YAML and JSON alike', async () => {
    const [yaml, json] = [await exported(), await exported('-o', 'json')];
    expect([yaml.code, json.code, yaml.stderr]).toEqual([0, 0, json.stderr]);
    expect(parse(yaml.stdout)).toEqual(JSON.parse(json.stdout));
    expect(parse(yaml.stdout)).toMatchObject({
      metadata: { name: 'prism-local', namespace: world.namespace },
      spec: {
        proxy: { image: 'prism-proxy:latest', autoscaling: { targetCPU: 70 } },
        backends: { redis: { external: { endpoint: `redis.${backends}.svc:6379` } } },
      },
    });
    for (const { stdout } of [yaml, json]) {
      const dry = await kubectl(['apply', '--dry-run=server', '-f', '-'], stdout);
      expect(dry).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('prismcluster.prism.io/prism-local created'),
      });
    }
  });

  test('has its logins in no output, and in a file for its owner alone where one is asked for', async () => {
    const path = join(directory, 'secrets.yaml');
    const { code, stdout, stderr } = await exported('--secret-file', path);
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`).not.toContain('minioadmin');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toContain('rootPassword: minioadmin');
    expect(await exported('--secret-file', path)).toEqual({
      ...{ code: 1, stdout: '' },
      stderr: `prismctl: ${path} exists, and is never overwritten: name another file with --secret-file\n`,
    });
  });

  test('is told of on stderr, a line for each thing that a new cluster would have otherwise', async () => {
    const { stderr } = await exported();
    const { namespace } = world;
    expect(stderr).toContain(`  Ingress ${namespace}/prism-ingress: it leads further (/admin to prism-admin)`);
    expect(stderr).toContain(`  ConfigMap ${namespace}/prism-admin-config: Deployment/prism-admin reads it`);
    expect(stderr).toContain(`Secret ${namespace}/prism-local-minio-login with the login of minio`);
    expect(stderr).not.toContain('left out');
  });

  test('would keep all of its pods, as the plan says, and the plan shows no login either', async () => {
    const { stdout, code } = await exported('--dry-run=plan');
    expect(stdout).toContain('PrismCluster');
    expect(stdout).toContain('\nNo pod would restart.\n');
    expect(stdout).not.toContain('minioadmin');
    expect(code).toBe(0);
  });

  test('in a namespace without Prism is nothing', async () => {
    expect(await prismctl('export', '-n', backends)).toMatchObject({
      ...{ code: 1, stdout: '' },
      stderr: expect.stringContaining(`there is nothing of Prism in namespace ${backends}: --namespace looks`),
    });
  });
});

/** Everything that is taken over, as it is apart from what an operator writes for itself. */
async function plainState(): Promise<object> {
  const kinds: readonly ResourceType[] = [Deployment, StatefulSet, Service, Ingress, HorizontalPodAutoscaler];
  const lists = await Promise.all(
    kinds.map((kind) => world.list(kind as ResourceType<KubeObject & { spec?: object }>)),
  );
  return Object.fromEntries(
    lists
      .flat()
      .map(({ kind, metadata: { name, annotations, ownerReferences }, spec }) => [
        `${kind}/${name}`,
        { spec: templateOf(spec), owners: ownerReferences ?? [], marks: marksIn(annotations) },
      ]),
  );
}

/** Of a workload the pods, of anything else all: an autoscaler sets the number of pods when it likes to. */
function templateOf(spec: object | undefined): unknown {
  return spec !== undefined && 'template' in spec ? spec.template : spec;
}

function marksIn(annotations: object = {}): readonly string[] {
  return Object.keys(annotations).filter((name) => name.startsWith('prism.io/'));
}

async function podUids(): Promise<readonly (string | undefined)[]> {
  return (await world.list(Pod)).map(({ metadata }) => metadata.uid).toSorted();
}

describe('a cluster that was taken over', () => {
  let before: object;
  let pods: readonly (string | undefined)[];

  beforeAll(async () => {
    [before, pods] = [await plainState(), await podUids()];
    const path = join(directory, 'for-real.yaml');
    const { stdout } = await exported('--secret-file', path);
    expect((await kubectl(['apply', '-f', path])).code).toBe(0);
    expect((await kubectl(['apply', '-f', '-'], stdout)).code).toBe(0);
    await world.eventually(async () => {
      const all = [...(await world.list(Deployment)), ...(await world.list(StatefulSet))];
      const owners = all.map(({ metadata }) => metadata.ownerReferences?.[0]?.kind);
      expect(owners).toEqual(Array.from({ length: 6 }, () => 'PrismCluster'));
    }, patiently);
    await world.settled();
  });

  test('has the pods that it had before', async () => {
    expect(await podUids()).toEqual(pods);
  });

  test('is part of that cluster, and left out of another export', async () => {
    const { code, stderr } = await exported();
    expect(code).toBe(2);
    expect(stderr).toContain(
      `Deployment ${world.namespace}/prism-proxy: it is part of PrismCluster/prism-local already`,
    );
  });

  test('is not given back while its data could go, nor without anybody to ask', async () => {
    await world.edit(PrismCluster, 'prism-local', { spec: { deletionPolicy: 'Delete' } });
    const release = () => prismctl('release', 'prism-local', '-n', world.namespace);
    expect(await release()).toMatchObject({ code: 1, stderr: expect.stringContaining('has deletionPolicy Delete') });
    await world.edit(PrismCluster, 'prism-local', { spec: { deletionPolicy: 'Retain' } });
    expect(await release()).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes does it without asking') });
    expect(await world.get(PrismCluster, 'prism-local')).toBeDefined();
  });

  test('is only listed by a dry run', async () => {
    const { code, stdout } = await prismctl('release', 'prism-local', '-n', world.namespace, '--dry-run');
    expect([code, stdout]).toEqual([0, expect.stringContaining('\n  Deployment/prism-proxy\n')]);
    expect((await world.get(Deployment, 'prism-proxy'))?.metadata.ownerReferences).toHaveLength(1);
  });

  test('is given back as it was, with the same pods, and bears no mark of the operator', async () => {
    await world.settled();
    const { code, stdout } = await prismctl('release', 'prism-local', '-n', world.namespace, '--yes');
    expect(stdout).toMatch(/^Deployment +prism-proxy +given back$/m);
    expect(code).toBe(0);
    expect(await world.get(PrismCluster, 'prism-local')).toBeUndefined();
    const after = await plainState();
    expect(after).toMatchObject(before);
    expect(await podUids()).toEqual(pods);
    for (const object of Object.values(after)) expect(object).toMatchObject({ owners: [], marks: [] });
    const { metadata } = (await world.get(Deployment, 'prism-proxy')) ?? {};
    expect(metadata?.managedFields?.map(({ manager }) => manager)).not.toContain('prism-operator');
    expect(metadata?.labels).not.toHaveProperty('app.kubernetes.io/managed-by');
    expect((await world.get(Secret, 'prism-local-minio-login'))?.data).toBeDefined();
  });

  test('that is gone is finished by another release, for what still bears marks', async () => {
    await world.edit(Service, 'prism-proxy', {
      metadata: { annotations: { 'prism.io/applied': 'x' }, labels: { 'app.kubernetes.io/instance': 'prism-local' } },
    });
    const release = () => prismctl('release', 'prism-local', '-n', world.namespace, '--yes');
    expect(await release()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Service +prism-proxy +given back$/m),
    });
    expect(await release()).toMatchObject({ code: 1, stderr: expect.stringContaining('there is no PrismCluster') });
  });
});

test('whoever may not list workloads is told which', async () => {
  const account = { namespace: world.namespace, name: 'nobody', rules: [], clusterWide: false };
  await using nobody = await createIdentity(world.admin, account);
  const args = ['config', 'view', '--raw', '-o', 'json'];
  const config = JSON.parse((await kubectl(args)).stdout);
  const users = config.users.map((entry: object) => ({ ...entry, user: { token: nobody.token } }));
  const path = join(directory, 'nobody.json');
  await writeFile(path, JSON.stringify({ ...config, users }), { mode: 0o600 });
  const outcome = await new Promise<Outcome>((resolve) => {
    const command = [launcher, 'kubernetes', 'export', '-n', world.namespace, '--kubeconfig', path];
    execFile(process.execPath, command, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
  expect(outcome).toEqual({
    ...{ code: 1, stdout: '' },
    stderr: `prismctl: you may not list deployments in namespace ${world.namespace}, statefulsets in namespace ${world.namespace}: ask for list of deployments and statefulsets there\n`,
  });
});
