import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pickPort } from './free-port.ts';
import { type ControlPlane, ControlPlaneError, startControlPlane, type UnexpectedExit } from './index.ts';
import { kubectl } from './kubectl.fixture.ts';
import { identifyProcess } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

const WITHIN = { timeoutMs: 20_000, intervalMs: 50 };

/** Linux alone has this program that tells who listens where. */
const hasSs =
  existsSync('/usr/bin/ss') || existsSync('/usr/sbin/ss') || existsSync('/sbin/ss') || existsSync('/bin/ss');

async function allGone(pids: readonly number[]): Promise<boolean> {
  return (await Promise.all(pids.map(identifyProcess))).every((found) => found === undefined);
}

/** Every process whose command line names this directory: components, and the watchers beside them. */
async function processesOf(dir: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'pid=,args=']);
  return stdout.split('\n').filter((line) => line.includes(dir) && !line.includes('parent.fixture.ts'));
}

async function statusWithoutCredentials(server: string, path: string): Promise<number | undefined> {
  const sent = request(new URL(path, server), { rejectUnauthorized: false }).end();
  const [reply] = await once(sent, 'response');
  reply.resume();
  return reply.statusCode;
}

describe('one control plane', () => {
  let plane: ControlPlane;
  const exits: UnexpectedExit[] = [];
  beforeAll(async () => {
    plane = await startControlPlane({ nodes: 'none', audit: true, onUnexpectedExit: (exit) => exits.push(exit) });
  });
  afterAll(() => plane.stop());

  test('serves the version it was asked for', async () => {
    expect(JSON.parse(await kubectl(plane, ['get', '--raw', '/version']))).toMatchObject({
      gitVersion: `v${plane.version}`,
      major: '1',
      minor: '36',
    });
  });

  test.each(['/readyz', '/api/v1/namespaces', '/version'])('answers nobody without credentials: %s', async (path) => {
    expect(await statusWithoutCredentials(plane.server, path)).toBe(401);
  });

  test('keeps its keys and kubeconfigs from other users', async () => {
    expect((await stat(plane.dir)).mode & 0o777).toBe(0o700);
    expect((await stat(plane.kubeconfig)).mode & 0o777).toBe(0o600);
    for (const file of await readdir(join(plane.dir, 'pki'))) {
      expect([file, (await stat(join(plane.dir, 'pki', file))).mode & 0o777]).toEqual([file, 0o600]);
    }
  });

  test.skipIf(!hasSs)('listens on nothing but one port of 127.0.0.1', async () => {
    const { stdout } = await promisify(execFile)('ss', ['-ltnpH']);
    const ours = stdout
      .split('\n')
      .filter((line) => Object.values(plane.pids).some((pid) => line.includes(`pid=${pid},`)));
    expect(ours.map((line) => line.split(/\s+/)[3])).toEqual([new URL(plane.server).host]);
  });

  test('makes a kubeconfig for any user and its groups, which RBAC then judges', async () => {
    const kubeconfig = await plane.kubeconfigFor({ user: 'jane', groups: ['team-a', 'team-b'] });
    const jane = { ...plane, kubeconfig, binaries: plane.binaries };
    expect(JSON.parse(await kubectl(jane, ['auth', 'whoami', '-o', 'json'])).status.userInfo).toMatchObject({
      username: 'jane',
      groups: ['team-a', 'team-b', 'system:authenticated'],
    });
    await expect(kubectl(jane, ['get', 'secrets'])).rejects.toThrow(/Forbidden/);
    expect((await stat(kubeconfig)).mode & 0o777).toBe(0o600);
  });

  test('makes a kubeconfig for a service account', async () => {
    await kubectl(plane, ['create', 'serviceaccount', 'robot']);
    const kubeconfig = await plane.serviceAccountKubeconfig({ namespace: 'default', name: 'robot' });
    const whoami = await kubectl({ kubeconfig, binaries: plane.binaries }, ['auth', 'whoami', '-o', 'json']);
    expect(JSON.parse(whoami).status.userInfo.username).toBe('system:serviceaccount:default:robot');
  });

  test('refuses a kubeconfig for a service account that does not exist', async () => {
    await expect(plane.serviceAccountKubeconfig({ namespace: 'default', name: 'nobody' })).rejects.toThrow(
      'token for service account default/nobody: HTTP 404: serviceaccounts "nobody" not found',
    );
  });

  test('has written the audit line of a request when its answer comes', async () => {
    const kubeconfig = await plane.kubeconfigFor({ user: 'auditee', groups: ['system:masters'] });
    await kubectl({ kubeconfig, binaries: plane.binaries }, [
      'create',
      'configmap',
      'counted',
      '--from-literal=secret=canary-7f3a',
    ]);
    const log = await readFile(plane.auditLog ?? '', 'utf8');
    const lines = log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    const writes = lines.filter((line) => line.user.username === 'auditee' && line.verb === 'create');
    expect(
      writes.map(({ stage, verb, objectRef, responseStatus }) => ({
        stage,
        verb,
        objectRef,
        code: responseStatus.code,
      })),
    ).toEqual([
      {
        stage: 'ResponseComplete',
        verb: 'create',
        objectRef: { resource: 'configmaps', namespace: 'default', name: 'counted', apiVersion: 'v1' },
        code: 201,
      },
    ]);
    expect(log).not.toContain('canary-7f3a');
  });

  test('brings a killed API server back on the same port with the same objects', async () => {
    const { server } = plane;
    await kubectl(plane, ['create', 'configmap', 'survivor']);
    await plane.killApiServer();
    await expect(kubectl(plane, ['get', 'configmap', 'survivor'])).rejects.toThrow(/refused/);
    await plane.startApiServer();
    expect(plane.server).toBe(server);
    expect(await kubectl(plane, ['get', 'configmap', 'survivor', '-o', 'name'])).toBe('configmap/survivor\n');
  });

  test('restarts the API server gracefully', async () => {
    const before = plane.pids['kube-apiserver'];
    await plane.restartApiServer();
    expect(plane.pids['kube-apiserver']).not.toBe(before);
    expect(await kubectl(plane, ['get', '--raw', '/readyz'])).toBe('ok');
  });

  test('makes etcd forget old revisions on request, which a restarted API server then answers with 410', async () => {
    const path = '/api/v1/namespaces/default/configmaps?limit=1';
    const { continue: token } = JSON.parse(await kubectl(plane, ['get', '--raw', path])).metadata;
    await kubectl(plane, ['create', 'configmap', 'later']);
    await plane.compactEtcd();
    await plane.killApiServer();
    await plane.startApiServer();
    await expect(kubectl(plane, ['get', '--raw', `${path}&continue=${token}`])).rejects.toThrow(
      /continue parameter is too old/,
    );
  });

  test('tells when a component ends that nobody stopped', async () => {
    const pid = plane.pids['kube-controller-manager'];
    if (pid === undefined) throw new Error('kube-controller-manager does not run');
    // A controller-manager that was just starting when an earlier test killed the API server has ended, and said so.
    exits.length = 0;
    process.kill(pid, 'SIGKILL');
    expect(await waitUntil(async () => exits.length > 0, WITHIN)).toBe(true);
    expect(exits).toEqual([
      {
        component: 'kube-controller-manager',
        how: 'signal SIGKILL',
        logFile: join(plane.dir, 'logs', 'kube-controller-manager.log'),
      },
    ]);
  });
});

describe('several control planes', () => {
  test('run side by side, and leave nothing behind when they stop', async () => {
    const planes = await Promise.all([
      startControlPlane({ nodes: 'none', controllers: false }),
      startControlPlane({ nodes: 'none', controllers: false }),
    ]);
    const [first, second] = planes;
    await kubectl(first, ['create', 'namespace', 'only-in-first']);
    await expect(kubectl(second, ['get', 'namespace', 'only-in-first'])).rejects.toThrow(/not found/);
    const pids = planes.flatMap((plane) => Object.values(plane.pids));
    expect(pids).toHaveLength(4);
    await Promise.all(planes.map((plane) => plane.stop()));
    expect(await allGone(pids)).toBe(true);
    expect(planes.map((plane) => existsSync(plane.dir))).toEqual([false, false]);
    expect((await Promise.all(planes.map((plane) => processesOf(plane.dir)))).flat()).toEqual([]);
  });
});

describe('a directory of its own, with a path longer than a socket may have', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), `capstan-test-${'long-'.repeat(20)}`));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test('keeps objects, keys and port from one run to the next', async () => {
    const first = await startControlPlane({ nodes: 'none', controllers: false, dir, durable: true });
    await kubectl(first, ['create', 'namespace', 'kept']);
    const kubeconfig = await readFile(first.kubeconfig, 'utf8');
    await expect(startControlPlane({ nodes: 'none', dir })).rejects.toMatchObject({ code: 'InvalidOption' });
    await first.stop();
    await using second = await startControlPlane({ nodes: 'none', controllers: false, dir });
    expect(second.server).toBe(first.server);
    expect(await kubectl(second, ['get', 'namespace', 'kept', '-o', 'name'])).toBe('namespace/kept\n');
    expect(authorityOf(await readFile(second.kubeconfig, 'utf8'))).toBe(authorityOf(kubeconfig));
  });

  function authorityOf(kubeconfig: string): string | undefined {
    return /certificate-authority-data: (\S+)/.exec(kubeconfig)?.[1];
  }
});

describe('kill -9', () => {
  let dir: string;
  let parent: ChildProcess;
  let pids: Record<string, number>;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'capstan-test-'));
    const script = fileURLToPath(new URL('./parent.fixture.ts', import.meta.url));
    parent = spawn(process.execPath, [script, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(parent.stdout ?? parent, 'data');
    pids = JSON.parse(String(line));
  });
  afterAll(async () => {
    parent.kill('SIGKILL');
    await rm(dir, { recursive: true, force: true });
  });

  test('of the process that started it ends every component and every watcher', async () => {
    expect(Object.keys(pids).sort()).toEqual([
      'etcd',
      'kube-apiserver',
      'kube-controller-manager',
      'kube-scheduler',
      'kwok',
    ]);
    expect(await processesOf(dir)).not.toEqual([]);
    parent.kill('SIGKILL');
    expect(await waitUntil(async () => (await processesOf(dir)).length === 0, WITHIN)).toBe(true);
    expect(await allGone(Object.values(pids))).toBe(true);
  });

  test('does not stop the next run in the same directory', async () => {
    await using next = await startControlPlane({ nodes: 'none', controllers: false, dir });
    expect(await kubectl(next, ['get', 'nodes', '-o', 'name'])).toBe('node/node-1\n');
  });
});

describe('what cannot work', () => {
  test('is refused when pods could never start', async () => {
    const refused = startControlPlane({ nodes: 'kwok', controllers: false });
    await expect(refused).rejects.toThrow(ControlPlaneError);
    await expect(refused).rejects.toMatchObject({ code: 'InvalidOption' });
  });

  test('is a port that somebody else has', async () => {
    await using first = await startControlPlane({ nodes: 'none', controllers: false, port: await pickPort() });
    const port = Number(new URL(first.server).port);
    await expect(startControlPlane({ nodes: 'none', port })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is in use: stop what listens there, or name another port`,
    );
  });

  test('leaves nothing behind when starting is given up', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'capstan-test-'));
    const giveUp = new AbortController();
    const starting = startControlPlane({
      nodes: 'none',
      dir,
      signal: giveUp.signal,
      onProgress: ({ step }) => {
        if (step === 2) giveUp.abort(new Error('changed my mind'));
      },
    });
    await expect(starting).rejects.toThrow('changed my mind');
    expect(await processesOf(dir)).toEqual([]);
    await rm(dir, { recursive: true });
  });
});
