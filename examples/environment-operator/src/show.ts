/**
 * Shows the operator at work: starts a control plane, runs the operator against it, applies a sample, edits what it made,
 * and stays until Ctrl-C. With `--exit` it ends as soon as everything was shown.
 */
import { once } from 'node:events';
import { type ProgressListener, startControlPlane } from '@capstan/controlplane';
import { ConfigMap, createClient, type KubeClient, loadKubeConfig } from '@capstan/kube';
import { createLogger, Manager } from '@capstan/runtime';
import { eventually, installKinds } from '@capstan/testkit';
import { Environment, environments } from './environment-operator.ts';

const ref = { namespace: 'default', name: 'staging' };
const sample = {
  apiVersion: 'example.capstan.dev/v1',
  kind: 'Environment',
  metadata: ref,
  spec: { region: 'eu-north', settings: { LOG_LEVEL: 'debug' } },
};

await show(!process.argv.includes('--exit'));

async function show(stays: boolean): Promise<void> {
  const interrupt = interruption();
  await using cleanup = new AsyncDisposableStack();
  const plane = cleanup.use(await startControlPlane({ nodes: 'none', onProgress: steps(), signal: interrupt }));
  tell(`a control plane runs at ${plane.server}`);
  const connection = await loadKubeConfig({ path: plane.kubeconfig });
  const client = createClient(connection);
  cleanup.defer(() => client.close());
  await installKinds(client, [Environment]);
  tell('the kind Environment is installed');

  const stop = new AbortController();
  const manager = new Manager({ connection, controllers: [environments], log: createLogger({ level: 'error' }) });
  const ended = manager.run(stop.signal);
  cleanup.defer(async () => {
    stop.abort();
    await ended;
  });
  await eventually(() => must(manager.isReady, 'the caches are not filled'));
  tell('the operator is at work');

  await showLife(client);
  if (!stays) return;
  tell(`look around: export KUBECONFIG=${plane.kubeconfig}; ${plane.binaries.kubectl} get environments,configmaps`);
  tell('Ctrl-C ends everything');
  await once(interrupt, 'abort');
}

/** Creation, a change by the user, and an edit by somebody else. */
async function showLife(client: KubeClient): Promise<void> {
  const user = { fieldManager: 'a-user', force: true };
  await client.apply(Environment, sample, user);
  tell(`applied Environment/staging: ${JSON.stringify(sample.spec)}`);
  await shown(client, 'debug', 'made');
  await client.apply(Environment, { ...sample, spec: { ...sample.spec, settings: { LOG_LEVEL: 'info' } } }, user);
  tell('changed LOG_LEVEL to info');
  await shown(client, 'info', 'changed');
  await client.patch(ConfigMap, ref, { kind: 'merge', body: { data: { data: 'oops' } } });
  tell('overwrote the ConfigMap by hand');
  await shown(client, 'info', 'put right');
  const ready = await eventually(async () => {
    const { status } = (await client.get(Environment, ref)) ?? {};
    return must(
      status?.conditions?.find(({ type, status: is }) => type === 'Ready' && is === 'True'),
      'not Ready',
    );
  });
  tell(`Environment/staging is Ready: ${ready.message}`);
}

async function shown(client: KubeClient, content: string, what: string): Promise<void> {
  const started = performance.now();
  const text = await eventually(
    async () => {
      const data = (await client.get(ConfigMap, ref))?.data?.['data'];
      return must(data?.includes(content) === true ? data : undefined, `the ConfigMap does not say ${content}`);
    },
    { interval: 5 },
  );
  tell(`ConfigMap/staging was ${what} within ${Math.ceil(performance.now() - started)} ms: ${text}`);
}

function must<T>(value: T | undefined | false, problem: string): T {
  if (value === undefined || value === false) throw new Error(problem);
  return value;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Every step towards a control plane, once: the first one on a machine has its programs downloaded or built, for minutes. */
function steps(): ProgressListener {
  let told = '';
  return ({ title, step, steps }) => {
    if (title !== told) tell(`${title} (${step} of ${steps}) ...`);
    told = title;
  };
}

function interruption(): AbortSignal {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => interrupt.abort());
  return interrupt.signal;
}
