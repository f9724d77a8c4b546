import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createClient, type KubeClient, Lease, loadKubeConfig, Namespace } from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';

const program = fileURLToPath(new URL('bare-operator.fixture.ts', import.meta.url));
const anywhere = ['--metrics-bind-address=127.0.0.1:0', '--health-probe-bind-address=127.0.0.1:0'];
const nowhere = ['--metrics-bind-address=0', '--health-probe-bind-address=0'];
const namespace = 'run-operator';

let admin: KubeClient;
const started: ChildProcess[] = [];

beforeAll(async () => {
  admin = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  const body: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await admin.apply(Namespace, body, { fieldManager: 'test' });
});

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

afterAll(() => admin.close());

/** A process of the operator, and what it says. */
class Running {
  readonly exit: Promise<unknown[]>;
  readonly #process: ChildProcess;
  #out = '';
  #errors = '';

  constructor(...flags: readonly string[]) {
    const args = ['--disable-warning=ExperimentalWarning', program, '--kubeconfig', inject('kubeconfig'), ...flags];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    started.push(child);
    this.#process = child;
    child.stdout.on('data', (chunk) => {
      this.#out += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      this.#errors += String(chunk);
    });
    this.exit = once(child, 'close');
  }

  get lines(): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.#out.split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line));
  }

  get errors(): string {
    return this.#errors;
  }

  send(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** The line that says this, as soon as it is there. */
  said(text: string): Promise<Readonly<Record<string, unknown>>> {
    return eventually(() => {
      const line = this.lines.find(({ msg }) => msg === text);
      if (line === undefined) throw new Error(`it did not say "${text}", but ${this.#out}${this.#errors}`);
      return line;
    });
  }

  async urlOf(server: string): Promise<string> {
    return String((await this.said(`serving ${server}`))['url']);
  }
}

function leaseOf(name: string): Promise<Lease | undefined> {
  return admin.get(Lease, { namespace, name });
}

describe('an operator as a process', () => {
  it('serves health and metrics, tells on its Lease where, and ends in order', async () => {
    const operator = new Running(...anywhere, '--leader-elect', '--leader-elect-namespace', namespace);
    await operator.said('leading');
    const [health, metrics] = [await operator.urlOf('health'), await operator.urlOf('metrics')];
    expect((await fetch(`${health}/readyz`)).status).toBe(200);
    const exposition = await (await fetch(`${metrics}/metrics`)).text();
    expect(exposition).toContain('leader_election_master_status{name="bare-operator"} 1');
    expect((await leaseOf('bare-operator'))?.metadata.annotations).toEqual({ 'capstan.dev/debug-url': metrics });
    operator.send('SIGTERM');
    expect(await operator.exit).toEqual([0, null]);
    const released = await leaseOf('bare-operator');
    expect(released?.spec).toMatchObject({ holderIdentity: '', leaseTransitions: 0 });
    expect(released?.metadata.annotations).toBeUndefined();
    expect(operator.lines.at(-1)).toMatchObject({ level: 'info', msg: 'stopped' });
    for (const { level, ts, msg } of operator.lines) {
      expect(level).toMatch(/^(debug|info|warn|error|fatal)$/);
      expect(ts).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(msg).toEqual(expect.any(String));
    }
  });

  it('ends with code 1 when a promise was rejected and nobody looked', async () => {
    const operator = new Running(...nowhere, '--fail-after', '50');
    expect(await operator.exit).toEqual([1, null]);
    expect(operator.lines.at(-1)).toMatchObject({
      level: 'fatal',
      msg: 'a promise was rejected and nobody looked; the process ends',
      err: { message: 'nobody looks at this' },
    });
  });

  it('ends with code 1 and one sentence when a flag is wrong', async () => {
    const operator = new Running('--metrics-bind-address', '8080');
    expect(await operator.exit).toEqual([1, null]);
    expect(operator.errors.trim().split('\n')).toHaveLength(1);
    expect(operator.errors).toContain('"8080" is no address to listen on');
    expect(operator.lines).toEqual([]);
  });

  it('ends with code 1 when it cannot listen where it should', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const operator = new Running('--metrics-bind-address=0', `--health-probe-bind-address=127.0.0.1:${port}`);
    expect(await operator.exit).toEqual([1, null]);
    const fatal = operator.lines.find(({ level }) => level === 'fatal');
    expect(JSON.stringify(fatal)).toContain(`127.0.0.1:${port}`);
    taken.close();
  });

  it('stands by without working, and a stop ends that, too', async () => {
    const flags = [...nowhere, '--leader-elect', '--leader-elect-namespace', namespace];
    const leader = new Running(...flags);
    await leader.said('leading');
    const standby = new Running(...flags);
    await standby.said('another process leads; standing by');
    standby.send('SIGINT');
    expect(await standby.exit).toEqual([0, null]);
    expect((await leaseOf('bare-operator'))?.spec?.holderIdentity).not.toBe('');
  });
});
