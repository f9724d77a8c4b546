import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, Deployment, Job, loadKubeConfig, Namespace, Pod, Secret } from '@capstan/kube';
import { describe, expect, inject, it } from 'vitest';
import { eventually } from '../eventually.ts';
import { LoadBalancer } from './load-balancer.ts';
import { ProcessNode } from './process-node.ts';

/** Serves its readiness, and what it was told, on the port it is given; fails to be ready while told so. */
const server = `
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
const port = Number(process.argv.find((a) => a.startsWith('--port=')).slice(7));
const told = { pod: process.env.POD_NAME, word: process.env.WORD, file: readFileSync(process.argv[2] + '/word', 'utf8'), home: process.env.CI ?? '' };
createServer((request, response) => response.end(JSON.stringify(told))).listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

async function openNode() {
  const stack = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), 'capstan-node-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  stack.defer(() => client.close());
  const namespace = `node-${crypto.randomUUID().slice(0, 6)}`;
  await client.create(Namespace, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  stack.defer(async () => void (await client.delete(Namespace, { name: namespace })));
  const script = join(dir, 'server.mjs');
  await writeFile(script, server);
  const image = { entrypoint: [process.execPath, script], files: { '/node': process.execPath } };
  const balancer = stack.use(await LoadBalancer.start());
  const node = stack.use(
    await ProcessNode.start({
      ...{ client, namespace, dir },
      imageOf: (name) => (name === 'server:1' ? image : undefined),
      kubeconfigOf: async () => inject('kubeconfig'),
      argumentsFor: (_, ports) => [...ports.values()].map((port) => `--port=${port}`),
      onReadiness: (ready) => balancer.aimAt(ready.flatMap(({ ports }) => [...ports.values()])),
    }),
  );
  return { client, namespace, node, balancer, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function deployment(namespace: string, replicas: number) {
  const labels = { app: 'server' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace, name: 'server' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 5,
          volumes: [{ name: 'words', secret: { secretName: 'words' } }],
          containers: [
            {
              name: 'server',
              image: 'server:1',
              args: ['/words'],
              ports: [{ containerPort: 80 }],
              env: [
                { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                { name: 'WORD', valueFrom: { secretKeyRef: { name: 'words', key: 'word' } } },
              ],
              volumeMounts: [{ name: 'words', mountPath: '/words' }],
              readinessProbe: { httpGet: { path: '/', port: 80 } },
            },
          ],
        },
      },
    },
  } as const;
}

describe('a node of processes', () => {
  it('runs the pods of a Deployment with what they are told, restarts what crashes, and ends what is deleted', async () => {
    await using world = await openNode();
    const { client, namespace, node, balancer } = world;
    await client.create(Deployment, deployment(namespace, 2), {});
    const pods = async () => (await client.list(Pod, { namespace })).items;
    const waiting = async () =>
      (await pods()).map(({ status }) => status?.containerStatuses?.[0]?.state?.waiting?.message);
    await eventually(async () =>
      expect(await waiting()).toEqual(
        (await pods()).map(({ metadata }) => `pod ${metadata.name} names secret words, which does not exist`),
      ),
    );
    const metadata = { namespace, name: 'words' };
    await client.create(Secret, { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { word: 'hello' } });
    const available = async () =>
      (await client.get(Deployment, { namespace, name: 'server' }))?.status?.availableReplicas;
    await eventually(async () => expect(await available()).toBe(2), { timeout: 20_000 });
    const told = async () => {
      const answer = await fetch(`http://127.0.0.1:${balancer.port}`, { headers: { connection: 'close' } });
      // The script above answers so.
      return (await answer.json()) as Readonly<Record<string, string>>;
    };
    const answers = [await told(), await told()];
    expect(answers.map((answer) => answer['pod']).sort()).toEqual(
      (await pods()).map((pod) => pod.metadata.name).sort(),
    );
    expect(answers[0]).toMatchObject({ word: 'hello', file: 'hello', home: '' });

    const [first] = [...node.processes.values()];
    const pidBefore = first?.pid;
    await first?.kill();
    await eventually(
      async () => {
        const pod = (await pods()).find((each) => each.metadata.name === first?.name);
        expect(pod?.status?.containerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true });
      },
      { timeout: 20_000 },
    );
    expect(first?.pid).not.toBe(pidBefore);

    await client.patch(Deployment, { namespace, name: 'server' }, { kind: 'merge', body: { spec: { replicas: 0 } } });
    await eventually(async () => expect([(await pods()).length, node.processes.size]).toEqual([0, 0]), {
      timeout: 20_000,
    });
    await expect(told()).rejects.toThrow();
  }, 90_000);

  it.each([
    ['0', 'Complete'],
    ['3', 'Failed'],
  ])(
    'ends the pod of a Job whose process exits with code %s, and the Job is %s',
    async (code, condition) => {
      await using world = await openNode();
      const { client, namespace } = world;
      const container = { name: 'task', image: 'server:1', command: ['/node', '-e', `process.exit(${code})`] };
      const spec = {
        backoffLimit: 0,
        template: { spec: { restartPolicy: 'Never' as const, containers: [container] } },
      };
      await client.create(Job, { apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace, name: 'task' }, spec });
      await eventually(
        async () => {
          const job = await client.get(Job, { namespace, name: 'task' });
          expect(job?.status?.conditions?.filter(({ status }) => status === 'True').map(({ type }) => type)).toContain(
            condition,
          );
        },
        { timeout: 30_000 },
      );
    },
    60_000,
  );
});
