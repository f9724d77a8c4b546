import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { eventually } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wantedCluster } from './open-bus-world.ts';
import { type Stage, setStage } from './stage.ts';

const main = fileURLToPath(new URL('../../../operators/streambus/src/main.ts', import.meta.url));

let stage: Stage;

beforeAll(async () => {
  stage = await setStage();
});

afterAll(async () => {
  await stage?.[Symbol.asyncDispose]();
});

interface Running {
  readonly process: ChildProcess;
  /** What it has written so far, a line each. */
  readonly lines: () => readonly string[];
}

function startProcess(...flags: readonly string[]): Running {
  const anywhere = ['--metrics-bind-address=127.0.0.1:0', '--health-probe-bind-address=127.0.0.1:0'];
  const child = spawn(process.execPath, [main, ...anywhere, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  return { process: child, lines: () => output.split('\n').filter((line) => line !== '') };
}

describe('the operator as a process', () => {
  it('does its work, and ends by itself with exit code 0 soon after SIGTERM', async () => {
    const operator = startProcess('--kubeconfig', stage.operatorKubeconfig);
    const bus = {
      apiVersion: 'streambus.io/v1alpha1',
      kind: 'StreamBusCluster',
      ...wantedCluster('bus', { replicas: 1 }),
    };
    await stage.admin.create(StreamBusCluster, StreamBusCluster.withDefaults(bus));
    await eventually(
      async () => {
        const found = await stage.admin.get(StreamBusCluster, { name: 'bus' });
        expect(found?.status?.phase).toBe('Running');
      },
      { timeout: 30_000 },
    );
    const exit = once(operator.process, 'exit');
    operator.process.kill('SIGTERM');
    // A timer or socket left open would keep it here far beyond the time a pod is given.
    expect(await exit).toEqual([0, null]);
    expect(JSON.parse(operator.lines().at(-1) ?? '')).toMatchObject({ level: 'info', msg: 'stopped' });
  }, 45_000);

  it('ends with exit code 1 and a sentence that names the file when its kubeconfig is missing', async () => {
    const operator = startProcess('--kubeconfig', '/does/not/exist');
    expect(await once(operator.process, 'exit')).toEqual([1, null]);
    const last = JSON.parse(operator.lines().at(-1) ?? '');
    expect(last.level).toBe('fatal');
    expect(last.err.message).toContain('/does/not/exist');
  });
});
