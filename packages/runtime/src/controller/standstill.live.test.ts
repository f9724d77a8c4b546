import { ConfigMap, createClient, loadKubeConfig } from '@capstan/kube';
import { eventually } from '@capstan/testkit';
import { describe, expect, inject, it } from 'vitest';
import type { Election } from '../leader/leadership.ts';
import { createLogger } from '../log.ts';
import { Manager } from '../manager.ts';
import type { PassRecord } from '../observe/pass-record.ts';
import { controller } from './controller.ts';
import { owned } from './reconciler.ts';
import { aText, Errand, openStage } from './stage.fixture.ts';

const kubeconfig = inject('kubeconfig');

const errands = controller<Errand>(Errand, {
  name: 'standstill-operator',
  owns: [owned(ConfigMap)],
  reconcile: async ({ metadata: { name }, spec: { text } }, pass) => {
    await pass.apply({ steps: [{ name: 'text', objects: [aText(name, text)] }] });
    return pass.report({ status: { said: text } });
  },
});

describe('work begun while leadership was in doubt', () => {
  it('is done once it is certain again, for it was not lost', async () => {
    const namespace = 'standstill';
    // Makes the kind and the namespace, and is gone again.
    await (await openStage({ kubeconfig, namespace, controllers: [errands] }))[Symbol.asyncDispose]();
    let isHeld = false;
    const lost = new AbortController().signal;
    const tenure = {
      get isHeld() {
        return isHeld;
      },
      ...{ lost, term: 1, release: async () => {} },
    };
    const election: Election = { campaign: async () => tenure };
    const connection = await loadKubeConfig({ path: kubeconfig });
    const client = createClient(connection);
    const passes: PassRecord[] = [];
    const manager = new Manager({
      ...{ connection, controllers: [errands], namespaces: [namespace] },
      log: createLogger({ level: 'error' }),
      election: () => election,
      beside: [
        (context) => {
          context.passes.subscribe((pass) => passes.push(pass));
          return { name: 'onlooker', start: async () => {}, stop: async () => {} };
        },
      ],
    });
    const stop = new AbortController();
    const ended = manager.run(stop.signal);
    const errand = { apiVersion: 'errand.capstan.dev/v1', kind: 'Errand', metadata: { namespace, name: 'a' } } as const;
    await client.apply(Errand, { ...errand, spec: { text: 'a' } }, { fieldManager: 'a-user', force: true });
    await eventually(() => expect(passes.at(0)).toMatchObject({ result: 'Retried', calls: [] }));
    isHeld = true;
    await eventually(async () => {
      expect((await client.get(ConfigMap, { namespace, name: 'a' }))?.data).toEqual({ text: 'a' });
      expect((await client.get(Errand, { namespace, name: 'a' }))?.status?.said).toBe('a');
    });
    stop.abort();
    await ended;
    await client.close();
  });
});
