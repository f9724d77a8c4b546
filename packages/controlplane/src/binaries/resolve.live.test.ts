import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runSteps } from '../progress.ts';
import { type DownloadOrder, downloadSteps, isDownloadReachable } from './download.ts';
import { PROGRAMS } from './programs.ts';
import type { ReleaseHosts } from './release-sources.ts';
import { resolveBinaries } from './resolve.ts';

const linux = { os: 'linux', arch: 'amd64' } as const;
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'capstan-test-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

describe('downloads', () => {
  /** What the stand-in for the release hosts serves, by path. */
  const served = new Map<string, Buffer | string>();
  let server: Server;
  let hosts: ReleaseHosts;
  beforeAll(async () => {
    server = createServer((request, reply) => {
      const body = served.get(request.url ?? '');
      reply.writeHead(body === undefined ? 404 : 200).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    hosts = { kubernetes: at, github: at, githubApi: at };
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

  async function order(
    ...missing: DownloadOrder['missing'] extends ReadonlySet<infer P> ? P[] : never
  ): Promise<DownloadOrder> {
    const destination = await mkdtemp(join(scratch, 'cache-'));
    const workDir = join(destination, 'work');
    await mkdir(workDir);
    return { version: '1.36.3', platform: linux, missing: new Set(missing), destination, workDir, hosts };
  }

  test('a program with the published digest is installed and may be run', async () => {
    const program = '#!/bin/sh\necho scheduler\n';
    served.set('/release/v1.36.3/bin/linux/amd64/kube-scheduler', program);
    served.set('/release/v1.36.3/bin/linux/amd64/kube-scheduler.sha256', sha256(program));
    const wanted = await order('kube-scheduler');
    await runSteps(downloadSteps(wanted), () => {});
    expect(execFileSync(join(wanted.destination, 'kube-scheduler'), { encoding: 'utf8' })).toBe('scheduler\n');
  });

  test('etcd is taken out of its archive', async () => {
    const name = 'etcd-v3.6.16-linux-amd64';
    await mkdir(join(scratch, name));
    await writeFile(join(scratch, name, 'etcd'), '#!/bin/sh\necho etcd\n');
    execFileSync('tar', ['-czf', join(scratch, 'etcd.tar.gz'), '-C', scratch, name]);
    const archive = await readFile(join(scratch, 'etcd.tar.gz'));
    const release = '/etcd-io/etcd/releases/download/v3.6.16';
    served.set(`${release}/${name}.tar.gz`, archive);
    served.set(`${release}/SHA256SUMS`, `${sha256(archive)}  ${name}.tar.gz\n`);
    const wanted = await order('etcd');
    await runSteps(downloadSteps(wanted), () => {});
    expect(execFileSync(join(wanted.destination, 'etcd'), { encoding: 'utf8' })).toBe('etcd\n');
  });

  test('a program with another digest is not installed', async () => {
    served.set('/release/v1.36.3/bin/linux/amd64/kubectl', 'tampered');
    served.set('/release/v1.36.3/bin/linux/amd64/kubectl.sha256', sha256('genuine'));
    const wanted = await order('kubectl');
    await expect(runSteps(downloadSteps(wanted), () => {})).rejects.toMatchObject({
      code: 'DownloadFailed',
      message: expect.stringContaining(`has SHA-256 ${sha256('tampered')}, but ${sha256('genuine')} was published`),
    });
    expect(await readdir(wanted.destination)).toEqual(['work']);
  });

  test('a program that is not there is named with its address', async () => {
    const wanted = await order('kwok');
    await expect(runSteps(downloadSteps(wanted), () => {})).rejects.toThrow(
      `${hosts.githubApi}/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0: HTTP 404`,
    );
  });

  test.each([
    ['when every host answers', linux, {}, true],
    ['not when it is switched off', linux, { CAPSTAN_DOWNLOAD: 'never' }, false],
    ['not for macOS, which has no official servers', { os: 'darwin', arch: 'arm64' } as const, {}, false],
  ])('are tried %s', async (_, platform, env, expected) => {
    expect(await isDownloadReachable(platform, env, hosts)).toBe(expected);
  });

  test('are not tried when a host does not answer', async () => {
    expect(await isDownloadReachable(linux, {}, { ...hosts, github: 'http://127.0.0.1:1' })).toBe(false);
  });
});

describe('programs', () => {
  async function assetsWith(programs: readonly string[], version = 'v1.36.3'): Promise<string> {
    const dir = await mkdtemp(join(scratch, 'assets-'));
    for (const program of programs)
      await writeFile(join(dir, program), `#!/bin/sh\necho Kubernetes ${version}\n`, { mode: 0o755 });
    return dir;
  }

  test('in KUBEBUILDER_ASSETS are used before any other', async () => {
    const dir = await assetsWith(PROGRAMS);
    const found = await resolveBinaries({
      version: '1.36.3',
      env: { KUBEBUILDER_ASSETS: dir, CAPSTAN_CACHE: join(scratch, 'none') },
    });
    expect(found).toEqual(Object.fromEntries(PROGRAMS.map((program) => [program, join(dir, program)])));
  });

  test('in KUBEBUILDER_ASSETS are not mixed with controllers of another version', async () => {
    const dir = await assetsWith(['etcd', 'kube-apiserver', 'kubectl'], 'v1.33.1');
    await expect(resolveBinaries({ version: '1.36.3', env: { KUBEBUILDER_ASSETS: dir } })).rejects.toThrow(
      `KUBEBUILDER_ASSETS ${dir} holds kube-apiserver v1.33.1 but no kube-controller-manager and no kube-scheduler, and those of 1.36.3 do not fit it`,
    );
  });

  test('that can be neither downloaded nor built are missed in one sentence that says what to do', async () => {
    const env = { CAPSTAN_CACHE: join(scratch, 'empty'), CAPSTAN_DOWNLOAD: 'never', PATH: scratch };
    await expect(resolveBinaries({ version: '1.36.3', env })).rejects.toMatchObject({
      code: 'BinariesUnavailable',
      message: expect.stringMatching(
        /are not here yet: CAPSTAN_DOWNLOAD=never forbids to download them, and there is no Go \(1\.21 or newer\) on the PATH to build them; install Go from go\.dev\/dl, or set KUBEBUILDER_ASSETS/,
      ),
    });
  });

  test('of a version that is not built in are not built', async () => {
    const env = { ...process.env, CAPSTAN_CACHE: join(scratch, 'other'), CAPSTAN_DOWNLOAD: 'never' };
    await expect(resolveBinaries({ version: '1.30.0', env })).rejects.toThrow(
      /^Kubernetes 1\.30\.0 can only be downloaded/,
    );
  });
});

describe('a build', () => {
  /** A stand-in for Go: notes what it is asked, and `builds` a program that says its name. */
  async function fakeGo(
    build = 'echo "#!/bin/sh" > "$out"',
  ): Promise<{ env: NodeJS.ProcessEnv; asked: () => Promise<string[]> }> {
    const dir = await mkdtemp(join(scratch, 'go-'));
    const log = join(dir, 'asked');
    const script = [
      '#!/bin/sh',
      'case "$1 $2" in "env GOVERSION") echo go1.26.8; exit;; esac',
      `echo "$1" "$(eval echo \\\${$#})" >> ${log}`,
      'while [ $# -gt 0 ]; do [ "$1" = -o ] && out=$2; shift; done',
      `[ -z "$out" ] || { ${build}; }`,
    ];
    await writeFile(join(dir, 'go'), `${script.join('\n')}\n`, { mode: 0o755 });
    const env = { PATH: `${dir}:/usr/bin:/bin`, CAPSTAN_CACHE: join(dir, 'cache'), CAPSTAN_DOWNLOAD: 'never' };
    return { env, asked: async () => (await readFile(log, 'utf8')).trim().split('\n') };
  }

  async function leftBehind(env: NodeJS.ProcessEnv): Promise<string[]> {
    const left = await readdir(join(env['CAPSTAN_CACHE'] ?? '', 'binaries'), { recursive: true });
    return left.filter((name) => name.includes('.lock') || name.includes('.unfinished'));
  }

  test('is made once for two who need it at the same time, and never again', async () => {
    const { env, asked } = await fakeGo();
    const [first, second] = await Promise.all([
      resolveBinaries({ version: '1.36.3', env }),
      resolveBinaries({ version: '1.36.3', env }),
    ]);
    expect(second).toEqual(first);
    expect(await resolveBinaries({ version: '1.36.3', env })).toEqual(first);
    expect(await asked()).toEqual([
      'mod download',
      'build k8s.io/kubernetes/cmd/kube-apiserver',
      'build go.etcd.io/etcd/server/v3',
      'build k8s.io/kubernetes/cmd/kube-controller-manager',
      'build k8s.io/kubernetes/cmd/kube-scheduler',
      'build k8s.io/kubernetes/cmd/kubectl',
      'build sigs.k8s.io/kwok/cmd/kwok',
    ]);
    expect(await leftBehind(env)).toEqual([]);
  });

  test('tells its seven steps', async () => {
    const { env } = await fakeGo();
    const titles = new Set<string>();
    await resolveBinaries({
      version: '1.36.3',
      env,
      onProgress: ({ step, steps, title }) => titles.add(`${step}/${steps} ${title}`),
    });
    expect([...titles]).toEqual([
      '1/7 Fetching Go modules',
      '2/7 Building kube-apiserver',
      '3/7 Building etcd',
      '4/7 Building kube-controller-manager',
      '5/7 Building kube-scheduler',
      '6/7 Building kubectl',
      '7/7 Building kwok',
    ]);
  });

  test.each([
    ['a full disk', 'echo "write: no space left on device" >&2; exit 1', { code: 'DiskFull' }],
    [
      'anything else',
      'echo "undefined: x" >&2; exit 1',
      {
        code: 'BuildFailed',
        message: expect.stringMatching(/^go build of .*kube-apiserver failed:\n {2}undefined: x$/),
      },
    ],
  ])('that fails because of %s says so and leaves nothing half done', async (_, build, expected) => {
    const { env } = await fakeGo(build);
    await expect(resolveBinaries({ version: '1.36.3', env })).rejects.toMatchObject(expected);
    expect(await leftBehind(env)).toEqual([]);
  });

  test('that is given up ends Go at once, and what is built stays for the next', async () => {
    const { env, asked } = await fakeGo('case $out in *etcd) sleep 600;; *) : > "$out";; esac');
    const giveUp = new AbortController();
    const given = resolveBinaries({
      version: '1.36.3',
      env,
      signal: giveUp.signal,
      onProgress: ({ title }) => {
        if (title === 'Building etcd') giveUp.abort(new Error('enough'));
      },
    });
    await expect(given).rejects.toThrow('enough');
    expect(await leftBehind(env)).toEqual([]);
    expect((await asked()).filter((line) => line.endsWith('kube-apiserver'))).toHaveLength(1);
    const built = await readdir(join(env['CAPSTAN_CACHE'] ?? '', 'binaries'), { recursive: true });
    expect(built.map((name) => name.split('/')[1]).filter((name) => name !== undefined)).toEqual(['kube-apiserver']);
  });
});
