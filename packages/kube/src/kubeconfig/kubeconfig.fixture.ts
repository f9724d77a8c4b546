import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type { Clock } from '../clock.ts';
import type { Connection } from '../connection.ts';

/** What differs from a kubeconfig with one context `main`, cluster `here`, user `me` and a token. */
interface KubeConfigOverrides {
  readonly cluster?: object;
  readonly user?: object;
  readonly context?: object;
  readonly more?: object;
}

/** The YAML of a kubeconfig; `user` replaces the whole user, the others add to what is there. */
export function aKubeConfig({ cluster, user, context, more }: KubeConfigOverrides = {}): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'here', cluster: { server: 'https://10.0.0.1:6443', ...cluster } }],
    users: [{ name: 'me', user: user ?? { token: 'abc' } }],
    contexts: [{ name: 'main', context: { cluster: 'here', user: 'me', ...context } }],
    'current-context': 'main',
    ...more,
  });
}

/** Writes files into a new directory, which is gone after the test, and returns its path. */
export async function aDirectory(files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(dir, name), text)));
  return dir;
}

/** The header that proves who we are, as it would be sent now. */
export async function authorizationOf(connection: Connection): Promise<string | string[] | undefined> {
  return (await connection.credentials.current()).headers['authorization'];
}

/** A clock that stands still until it is told how much time has passed. */
export function aStillClock(): Clock & { pass(ms: number): void } {
  let time = Date.parse('2026-01-01T00:00:00Z');
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  return {
    now: () => time,
    monotonic: () => time,
    setTimeout(callback, ms) {
      const timer = { at: time + ms, callback };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    sleep() {
      throw new Error('nothing here sleeps');
    },
    pass(ms) {
      time += ms;
      for (const timer of [...timers].filter(({ at }) => at <= time)) {
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

/** An exec entry that runs a line of JavaScript as the plugin. */
export function aPlugin(script: string, overrides: object = {}): object {
  return {
    apiVersion: 'client.authentication.k8s.io/v1',
    command: process.execPath,
    args: ['-e', script],
    interactiveMode: 'Never',
    ...overrides,
  };
}

/** The script of a plugin that answers with this status. */
export function answering(status: object, apiVersion = 'client.authentication.k8s.io/v1'): string {
  return `console.log(${JSON.stringify(JSON.stringify({ apiVersion, kind: 'ExecCredential', status }))})`;
}
