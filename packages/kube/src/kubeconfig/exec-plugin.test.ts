import { access, chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { firstPair, secondPair } from './certificate-pairs.fixture.ts';
import { aDirectory, aKubeConfig, answering, aPlugin, aStillClock, authorizationOf } from './kubeconfig.fixture.ts';
import { loadKubeConfig } from './load-kube-config.ts';

const v1 = 'client.authentication.k8s.io/v1';

async function load(
  exec: object,
  more: { cluster?: object; clock?: ReturnType<typeof aStillClock>; stdinIsTerminal?: boolean } = {},
) {
  const dir = await aDirectory({
    config: aKubeConfig({ user: { exec }, ...(more.cluster && { cluster: more.cluster }) }),
  });
  const clock = more.clock ?? aStillClock();
  const stdinIsTerminal = more.stdinIsTerminal ?? false;
  return loadKubeConfig({ path: join(dir, 'config'), env: { PATH: process.env['PATH'] }, clock, stdinIsTerminal });
}

/** A plugin that notes each of its runs in a file and answers token-1, token-2 ... */
async function aCountingPlugin(expirationTimestamp?: string) {
  const dir = await aDirectory({ runs: '' });
  const runs = join(dir, 'runs');
  const status = { token: 'TOKEN', ...(expirationTimestamp && { expirationTimestamp }) };
  const script = `
    const fs = require('node:fs');
    fs.appendFileSync(${JSON.stringify(runs)}, '.');
    const count = fs.readFileSync(${JSON.stringify(runs)}, 'utf8').length;
    const answer = ${JSON.stringify({ apiVersion: v1, kind: 'ExecCredential', status })};
    answer.status.token = 'token-' + count;
    console.log(JSON.stringify(answer));`;
  return { exec: aPlugin(script), runs: async () => (await readFile(runs, 'utf8')).length };
}

describe('an exec plugin', () => {
  it('is run once and its answer kept for good when it names no expiry', async () => {
    const plugin = await aCountingPlugin();
    const clock = aStillClock();
    const connection = await load(plugin.exec, { clock });
    await Promise.all([authorizationOf(connection), authorizationOf(connection)]);
    clock.pass(86_400_000);
    expect(await authorizationOf(connection)).toBe('Bearer token-1');
    expect(await plugin.runs()).toBe(1);
  });

  it('is not run before somebody asks', async () => {
    const plugin = await aCountingPlugin();
    await load(plugin.exec);
    expect(await plugin.runs()).toBe(0);
  });

  it('is run again when its answer has expired', async () => {
    const plugin = await aCountingPlugin('2026-01-01T00:10:00Z');
    const clock = aStillClock();
    const connection = await load(plugin.exec, { clock });
    expect(await authorizationOf(connection)).toBe('Bearer token-1');
    clock.pass(599_999);
    expect(await authorizationOf(connection)).toBe('Bearer token-1');
    clock.pass(1);
    expect(await authorizationOf(connection)).toBe('Bearer token-2');
  });

  it('is run again after a refusal, once for all that were refused', async () => {
    const plugin = await aCountingPlugin();
    const clock = aStillClock();
    const connection = await load(plugin.exec, { clock });
    await authorizationOf(connection);
    clock.pass(60_000);
    const retried = await Promise.all(
      [1, 2, 3].map(async () => (await connection.credentials.renew()) && authorizationOf(connection)),
    );
    expect(retried).toEqual(['Bearer token-2', 'Bearer token-2', 'Bearer token-2']);
    expect(await connection.credentials.renew()).toBe(true);
    expect(await authorizationOf(connection)).toBe('Bearer token-2');
  });

  it('may answer a client certificate', async () => {
    const status = { clientCertificateData: firstPair.cert, clientKeyData: firstPair.key };
    const connection = await load(aPlugin(answering(status)));
    expect(await connection.credentials.current()).toEqual({ headers: {}, clientCertificate: firstPair });
  });

  it('does not run where a token is given', async () => {
    const config = aKubeConfig({ user: { token: 'abc', exec: aPlugin('process.exit(1)') } });
    const dir = await aDirectory({ config });
    const connection = await loadKubeConfig({ path: join(dir, 'config'), env: {} });
    expect(await authorizationOf(connection)).toBe('Bearer abc');
  });

  it('is told the cluster when it asks for it, and nothing of it otherwise', async () => {
    const echo = `console.log(JSON.stringify({ ...JSON.parse(process.env.KUBERNETES_EXEC_INFO), status: { token: Buffer.from(process.env.KUBERNETES_EXEC_INFO).toString('base64url') } }))`;
    const cluster = {
      'certificate-authority-data': Buffer.from(firstPair.cert).toString('base64'),
      'tls-server-name': 'kubernetes',
      'proxy-url': 'http://proxy:3128',
      extensions: [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'acme' } }],
    };
    const told = async (provideClusterInfo: boolean) => {
      const connection = await load(aPlugin(echo, { provideClusterInfo }), { cluster });
      const token = String(await authorizationOf(connection)).replace('Bearer ', '');
      return JSON.parse(Buffer.from(token, 'base64url').toString());
    };
    expect(await told(false)).toEqual({ apiVersion: v1, kind: 'ExecCredential', spec: { interactive: false } });
    expect((await told(true)).spec.cluster).toEqual({
      server: 'https://10.0.0.1:6443',
      'tls-server-name': 'kubernetes',
      'certificate-authority-data': Buffer.from(firstPair.cert).toString('base64'),
      'proxy-url': 'http://proxy:3128',
      config: { audience: 'acme' },
    });
  });

  it.each([
    { interactiveMode: 'Never', stdinIsTerminal: true, interactive: false },
    { interactiveMode: 'IfAvailable', stdinIsTerminal: false, interactive: false },
    { interactiveMode: 'IfAvailable', stdinIsTerminal: true, interactive: true },
    { interactiveMode: 'Always', stdinIsTerminal: true, interactive: true },
  ])(
    'in mode $interactiveMode with a terminal: $stdinIsTerminal may ask: $interactive',
    async ({ interactiveMode, stdinIsTerminal, interactive }) => {
      const script = `console.log(JSON.stringify({ apiVersion: '${v1}', kind: 'ExecCredential', status: { token: String(JSON.parse(process.env.KUBERNETES_EXEC_INFO).spec.interactive) } }))`;
      const connection = await load(aPlugin(script, { interactiveMode }), { stdinIsTerminal });
      expect(await authorizationOf(connection)).toBe(`Bearer ${interactive}`);
    },
  );

  it('that does not answer within a minute is stopped, even when a program of its own goes on', async () => {
    const started = join(await aDirectory({}), 'started');
    // Holds the pipe open, and ends when nobody reads it any more.
    const holder = `require('node:fs').writeFileSync(${JSON.stringify(started)}, ''); setInterval(() => process.stdout.write(' '), 20)`;
    const script = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(holder)}], { stdio: ['ignore', 'inherit', 'ignore'] })`;
    const clock = aStillClock();
    const answer = authorizationOf(await load(aPlugin(script), { clock })).catch(String);
    await expect
      .poll(() =>
        access(started).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    clock.pass(60_000);
    expect(await answer).toMatch(/did not answer within 60 s and was stopped/);
  });

  it('gets arguments, its own environment and ours', async () => {
    const script = `console.log(JSON.stringify({ apiVersion: '${v1}', kind: 'ExecCredential', status: { token: [process.argv[1], process.env.WHO, Boolean(process.env.PATH)].join('-') } }))`;
    const connection = await load(
      aPlugin(script, { args: ['-e', script, 'argument'], env: [{ name: 'WHO', value: 'jane' }] }),
    );
    expect(await authorizationOf(connection)).toBe('Bearer argument-jane-true');
  });

  it('is found beside the kubeconfig when its command is a relative path', async () => {
    const dir = await aDirectory({
      config: aKubeConfig({ user: { exec: aPlugin('', { command: './plugin', args: [] }) } }),
      plugin: `#!${process.execPath}\n${answering({ token: 'beside' })}\n`,
    });
    await chmod(join(dir, 'plugin'), 0o755);
    const connection = await loadKubeConfig({ path: join(dir, 'config'), env: {}, clock: aStillClock() });
    expect(await authorizationOf(connection)).toBe('Bearer beside');
  });

  it('of version v1beta1 need not say whether it asks a person', async () => {
    const version = 'client.authentication.k8s.io/v1beta1';
    const plugin = aPlugin(answering({ token: 'beta' }, version), { apiVersion: version, interactiveMode: undefined });
    expect(await authorizationOf(await load(plugin))).toBe('Bearer beta');
  });

  it.each([
    {
      says: 'a version of the past',
      exec: aPlugin('', { apiVersion: 'client.authentication.k8s.io/v1alpha1' }),
      field: 'exec.apiVersion',
    },
    { says: 'no version', exec: aPlugin('', { apiVersion: undefined }), field: 'exec.apiVersion' },
    { says: 'no command', exec: aPlugin('', { command: undefined }), field: 'exec.command' },
    {
      says: 'v1 without interactiveMode',
      exec: aPlugin('', { interactiveMode: undefined }),
      field: 'exec.interactiveMode',
    },
    {
      says: 'another interactiveMode',
      exec: aPlugin('', { interactiveMode: 'Sometimes' }),
      field: 'exec.interactiveMode',
    },
    {
      says: 'a person needed where there is none',
      exec: aPlugin('', { interactiveMode: 'Always' }),
      field: 'exec.interactiveMode',
    },
  ])('with $says is refused when it is loaded', async ({ exec, field }) => {
    await expect(load(exec)).rejects.toMatchObject({ context: 'main', field: `users["me"].${field}` });
  });

  it('that is missing says how to install it', async () => {
    const installHint = 'Install it with:\n  \u001b[31mbrew install acme-auth\u0007';
    const connection = await load(aPlugin('', { command: 'acme-auth-that-is-not-there', installHint }));
    await expect(authorizationOf(connection)).rejects.toThrow(
      /config: context "main": users\["me"\]\.exec\.command: "acme-auth-that-is-not-there" was not found: install the program, or put it in PATH\. Install it with:\n {2}\[31mbrew install acme-auth$/,
    );
  });

  it.each([
    { says: 'ends with an error', script: 'console.log("s3cr3t"); process.exit(3)', message: /ended with exit code 3/ },
    { says: 'prints no JSON', script: 'console.log("s3cr3t")', message: /did not print one JSON object/ },
    {
      says: 'prints half of it',
      script: `console.log('{"status":{"token":"s3cr3t')`,
      message: /did not print one JSON object/,
    },
    {
      says: 'answers another version',
      script: answering({ token: 's3cr3t' }, 'client.authentication.k8s.io/v1beta1'),
      message: /another kind or version/,
    },
    { says: 'answers no credential', script: answering({}), message: /neither a token nor a certificate/ },
    {
      says: 'answers a certificate without a key',
      script: answering({ clientCertificateData: secondPair.cert }),
      message: /only one of certificate and key/,
    },
    {
      says: 'answers a time that is none',
      script: answering({ token: 's3cr3t', expirationTimestamp: 's3cr3t' }),
      message: /not an RFC 3339 time/,
    },
    {
      says: 'never stops printing',
      script: `process.stdout.on('error', () => {}); setInterval(() => process.stdout.write('s3cr3t'.repeat(1e5)), 0)`,
      message: /more than 1048576 bytes/,
    },
  ])('that $says is named in the error, with nothing it printed', async ({ script, message }) => {
    const error = await authorizationOf(await load(aPlugin(script))).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      name: 'KubeConfigError',
      field: 'users["me"].exec.command',
      message: expect.stringMatching(message),
    });
    expect(String(error)).not.toContain('s3cr3t');
  });
});
