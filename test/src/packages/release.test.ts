import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { baseImageOf, NoDigest, resolveDigest } from '../../../scripts/release/base-image.ts';
import { buildRelease, type ReleaseManifest } from '../../../scripts/release/build-release.ts';
import { changelogSection } from '../../../scripts/release/changelog.ts';
import { partsNamed } from '../../../scripts/release/parts.ts';
import { publishCommands } from '../../../scripts/release/publish-commands.ts';
import { versionProblems } from '../../../scripts/release/version-check.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'capstan-release-'));
});

afterEach(() => rm(dir, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  }
}

describe('the section of a version in the changelog', () => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-11-28\n\n### Added\n\n- A.\n\n## [0.1.0]\n\n- B.\n';

  it('is what lies between its heading and the next', () => {
    expect(changelogSection(changelog, '0.2.0')).toEqual({
      version: '0.2.0',
      date: '2026-11-28',
      text: '### Added\n\n- A.',
    });
  });

  it.each([
    ['0.3.0', 'no section "## [0.3.0]'],
    ['0.1.0', 'gives 0.1.0 no date'],
  ])('of %s is missed: %s', (version, problem) => {
    expect(() => changelogSection(changelog, version)).toThrow(problem);
  });

  it('is missed when it says nothing', () => {
    expect(() => changelogSection('## [1.0.0] - 2027-01-01\n\n## [0.9.0] - 2026-12-01\n- A.', '1.0.0')).toThrow(
      'nothing',
    );
  });
});

describe('versions', () => {
  const manifest = (version: string, dependencies = {}) =>
    JSON.stringify({ name: '@capstan/kube', version, dependencies });
  const right = {
    'packages/kube/package.json': manifest('0.2.0'),
    'operators/prism/package.json': JSON.stringify({
      name: '@capstan/prism-operator',
      version: '0.2.0',
      devDependencies: { '@capstan/kube': '0.2.0', yaml: '2.9.1' },
    }),
    'cli/templates/operator/package.json': manifest('0.1.0', { '@capstan/kube': '0.2.0' }),
    'charts/prism-operator/Chart.yaml': 'apiVersion: v2\nversion: 0.2.0\nappVersion: "0.2.0"\n',
    'deploy/prism-operator.yaml': 'image: capstan/prism-operator:0.2.0\nimage: capstan/agent:0.1.0\n',
    'CHANGELOG.md': '## [0.2.0] - 2026-11-28\n\n- A.\n',
  };

  it('are in order when each place agrees', async () => {
    await write(right);
    expect(await versionProblems(dir, '0.2.0')).toEqual([]);
  });

  it.each([
    ['packages/kube/package.json', manifest('0.1.0'), 'has version 0.1.0, not 0.2.0'],
    ['operators/prism/package.json', manifest('0.2.0', { '@capstan/kube': '^0.2.0' }), 'needs @capstan/kube at ^0.2.0'],
    [
      'cli/templates/operator/package.json',
      manifest('0.1.0', { '@capstan/kube': '0.1.0' }),
      'needs @capstan/kube at 0.1.0',
    ],
    ['charts/prism-operator/Chart.yaml', 'version: 0.2.0\nappVersion: 0.1.0\n', 'says "appVersion: 0.1.0"'],
    ['deploy/prism-operator.yaml', 'image: capstan/prism-operator:0.1.0\n', 'prism-operator:0.1.0'],
    ['CHANGELOG.md', '## [Unreleased]\n', 'no section'],
  ])('are not when %s tells another', async (path, text, problem) => {
    await write({ ...right, [path]: text });
    expect(await versionProblems(dir, '0.2.0')).toEqual([expect.stringContaining(problem)]);
    expect((await versionProblems(dir, '0.2.0'))[0]).toContain(path);
  });
});

describe('a release', () => {
  const source = { commit: 'abc', date: '2026-11-28T00:00:00.000Z', changes: [' M a.ts'] };
  const part = (files: Readonly<Record<string, string>>) => ({
    name: 'npm',
    title: 'npm packages',
    build: async (outdir: string) => {
      for (const [path, text] of Object.entries(files)) await writeFile(join(outdir, path), text);
    },
  });

  it('tells what there is, and its checksums find what was changed afterwards', async () => {
    const outdir = join(dir, 'release');
    const { manifest } = await buildRelease({
      version: '0.2.0',
      source,
      outdir,
      parts: [part({ 'a.tgz': 'A', b: '' })],
    });
    expect(manifest.artefacts.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['npm/a.tgz', 1],
      ['npm/b', 0],
    ]);
    expect(manifest.dirty).toBe(true);
    const check = () => promisify(execFile)('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: outdir });
    expect((await check()).stdout).toBe('npm/a.tgz: OK\nnpm/b: OK\nrelease-notes.md: OK\nrelease.json: OK\n');
    await writeFile(join(outdir, 'npm/a.tgz'), 'B');
    await expect(check()).rejects.toMatchObject({ stdout: expect.stringContaining('npm/a.tgz: FAILED') });
  });

  it('takes the place of an earlier one, and of nothing else', async () => {
    const outdir = join(dir, 'release');
    await buildRelease({ version: '0.2.0', source, outdir, parts: [part({ old: '' })] });
    await buildRelease({ version: '0.2.0', source, outdir, parts: [part({ young: '' })] });
    expect(await readFile(join(outdir, 'SHA256SUMS'), 'utf8')).not.toContain('npm/old');
    await writeFile(join(outdir, 'thesis.doc'), '');
    const build = buildRelease({ version: '0.2.0', source, outdir, parts: [] });
    await expect(build).rejects.toThrow('holds thesis.doc, which is no part of a release');
    expect(await readFile(join(outdir, 'npm/young'), 'utf8')).toBe('');
  });

  it('has no part that nobody knows', () => {
    expect(() => partsNamed(['npm', 'wheels'])).toThrow(
      'no part "wheels" of a release; there are install, npm, charts, images',
    );
    expect(partsNamed(undefined).map(({ name }) => name)).toEqual(['install', 'npm', 'charts', 'images']);
  });
});

describe('the base of an image', () => {
  const digest = `sha256:${'ab'.repeat(32)}`;
  let server: Server | undefined;

  afterEach(() => server?.close());

  /** A registry on this machine that answers as told. */
  async function registry(answer: RequestListener): Promise<string> {
    const listening = createServer(answer);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const { port } = listening.address() as AddressInfo; // a TCP server's address is never a string
    return `127.0.0.1:${port}`;
  }

  it.each([
    ['node24@$BASE', { name: 'registry.example/node24', tag: 'latest', argument: 'BASE' }],
    ['node24:nonroot@$BASE', { name: 'registry.example/node24', tag: 'nonroot', argument: 'BASE' }],
    ['node24@$' + '{BASE:?is_missing:_say_it}', { name: 'registry.example/node24', tag: 'latest', argument: 'BASE' }],
  ])('is read from a Containerfile that pins it by an argument: %s', (image, base) => {
    expect(baseImageOf(`ARG BASE\nFROM registry.example/${image}\nCOPY a /a\n`, 'Containerfile')).toEqual(base);
  });

  it('is missed where any image of that name would do', () => {
    expect(() => baseImageOf('FROM node:24\n', 'x/Containerfile')).toThrow('x/Containerfile does not pin its base');
  });

  it('has the digest that the registry gives, with the token that it asks for', async () => {
    const host = await registry((request, response) => {
      const { method, url = '', headers } = request;
      if (url.startsWith('/token?')) response.end(JSON.stringify({ token: url.split('?')[1] }));
      else if (headers.authorization === undefined) {
        const realm = `http://${headers.host}/token`;
        const challenge = `Bearer realm="${realm}",service="s",scope="repository:base/node:pull"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      } else if (
        `${method} ${url}` === 'HEAD /v2/base/node/manifests/24' &&
        headers.authorization.startsWith('Bearer service=s')
      )
        response.writeHead(200, { 'docker-content-digest': digest }).end();
      else response.writeHead(404).end();
    });
    expect(await resolveDigest({ name: `${host}/base/node`, tag: '24', argument: 'BASE' })).toBe(digest);
  });

  it.each<readonly [problem: string, answer: RequestListener]>([
    ['answered 404', (_, response) => response.writeHead(404).end()],
    ['without a digest', (_, response) => response.writeHead(200, { 'docker-content-digest': 'sha256:1' }).end()],
    ['it wants an account', (_, response) => response.writeHead(401, { 'www-authenticate': 'Basic' }).end()],
    ['was not reached', (_, response) => response.destroy()],
  ])('is never guessed: %s', async (problem, answer) => {
    const host = await registry(answer);
    const asked = resolveDigest({ name: `${host}/base/node`, tag: '24', argument: 'BASE' });
    await expect(asked).rejects.toThrow(NoDigest);
    await expect(asked).rejects.toThrow(problem);
    await expect(asked).rejects.toThrow(`run this where ${host} is reachable`);
  });
});

describe('publishing', () => {
  const file = (path: string) => ({ path, bytes: 1, sha256: '' });
  const manifest: ReleaseManifest = {
    name: 'capstan',
    version: '0.2.0',
    commit: 'abc',
    date: '2026-11-28T00:00:00.000Z',
    dirty: false,
    artefacts: [file('charts/index.yaml'), file('charts/prism-operator-0.2.0.tgz'), file('npm/capstan-pki-0.2.0.tgz')],
  };
  const outdir = 'dist/release';
  const destination = { imageRegistry: 'registry.example/capstan', chartRegistry: 'registry.example/charts' };
  const npmOrder = ['npm/capstan-pki-0.2.0.tgz'];

  it('is a list of commands that begins with a check and ends with the tag', () => {
    const bases = new Map([['prism', { name: 'n', tag: '24', argument: 'BASE', digest: 'sha256:1' }]]);
    expect(publishCommands({ manifest, outdir, destination, bases, npmOrder })).toEqual([
      '(cd dist/release && sha256sum --check SHA256SUMS)',
      'npm publish dist/release/npm/capstan-pki-0.2.0.tgz --access public',
      'npm run build --workspace @capstan/prism-operator',
      'podman build --file operators/prism/Containerfile --build-arg BASE=sha256:1 --build-arg VERSION=0.2.0 --build-arg REVISION=abc --tag registry.example/capstan/prism-operator:0.2.0 operators/prism',
      'podman push registry.example/capstan/prism-operator:0.2.0',
      'helm push dist/release/charts/prism-operator-0.2.0.tgz oci://registry.example/charts',
      'git tag --sign v0.2.0 --message "Capstan 0.2.0" abc',
      'git push origin v0.2.0',
    ]);
  });

  it.each(globSync('operators/*/Containerfile', { cwd: root }))('says all that %s asks for', async (path) => {
    const text = await readFile(join(root, path), 'utf8');
    const bases = new Map([['x', { ...baseImageOf(text, path), digest: 'sha256:1' }]]);
    const commands = publishCommands({ manifest, outdir, destination, bases, npmOrder }).join('\n');
    const needed = [...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name);
    expect(needed).not.toEqual([]);
    for (const name of needed) expect(commands).toContain(`--build-arg ${name}=`);
  });
});
