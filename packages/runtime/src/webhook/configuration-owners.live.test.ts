import {
  ClusterRole,
  CustomResourceDefinition,
  createClient,
  type KubeClient,
  loadKubeConfig,
  type OwnerReference,
  ValidatingWebhookConfiguration,
} from '@capstan/kube';
import { connectionWith, createIdentity, eventually, type OperatorIdentity, pickPort } from '@capstan/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { Manager } from '../manager.ts';
import { validating } from './validating.ts';
import { ballastKind, installed, keptLog, madeNamespace } from './webhooks.fixture.ts';
import { webhookRules, webhooksFor } from './webhooks.ts';

const Anchor = ballastKind('Anchor');
const name = 'anchor-operator';
const crd = `${Anchor.plural}.${Anchor.group}`;
const webhooks = [validating(Anchor)];
const patiently = { timeout: 45_000 } as const;

let client: KubeClient;
let namespace: string;
let identity: OperatorIdentity;
let stopRunning: () => Promise<void> = async () => {};

beforeAll(async () => {
  client = createClient(await loadKubeConfig({ path: inject('kubeconfig') }));
  namespace = await madeNamespace(client, 'webhook-owners');
  await installed(client, Anchor);
  const { cluster, own } = webhookRules(name, webhooks);
  identity = await createIdentity(client, { namespace, name, rules: [...cluster, ...own], clusterWide: true });
});

afterEach(async () => {
  await stopRunning();
  stopRunning = async () => {};
  await client.delete(ClusterRole, { name });
  await client.delete(ValidatingWebhookConfiguration, { name });
});

afterAll(async () => {
  await identity?.[Symbol.asyncDispose]();
  await client.close();
});

/** As an account that may do what `webhookRules` says: the API server asks who may change owners. */
async function run(): Promise<void> {
  const stop = new AbortController();
  const bindAddress = `127.0.0.1:${await pickPort()}`;
  const { beside } = webhooksFor({
    ...{ name, namespace, bindAddress, webhooks },
    address: { url: `https://${bindAddress}` },
  });
  const direct = await loadKubeConfig({ path: inject('kubeconfig') });
  const connection = connectionWith(identity.token, direct);
  const running = new Manager({ connection, controllers: [], log: keptLog().log, beside }).run(stop.signal);
  stopRunning = async () => {
    stop.abort();
    await running;
  };
}

async function makeRole(): Promise<string | undefined> {
  const body: ClusterRole = {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name } },
    rules: [],
  };
  const { metadata } = await client.apply(ClusterRole, body, { fieldManager: 'installer', force: true });
  return metadata.uid;
}

async function owners(): Promise<readonly OwnerReference[] | undefined> {
  const live = await client.get(ValidatingWebhookConfiguration, { name });
  return live?.metadata.ownerReferences;
}

describe('the configuration of admission webhooks', () => {
  it('goes with the ClusterRole of the operator, and comes to no harm while that is there', async () => {
    const uid = await makeRole();
    await run();
    const owner = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name, uid };
    await eventually(async () => expect(await owners()).toEqual([owner]), patiently);
    await client.delete(ClusterRole, { name });
    await eventually(async () => expect(await owners()).toBeUndefined(), patiently);
    // Whoever installs the operator again has it back.
    const again = await makeRole();
    await stopRunning();
    await run();
    await eventually(async () => expect((await owners())?.map((each) => each.uid)).toEqual([again]), patiently);
  });

  it('of an earlier release, which belonged to the definition, comes to belong to the ClusterRole', async () => {
    await run();
    const definition = await client.get(CustomResourceDefinition, { name: crd });
    const former = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: crd,
      uid: definition?.metadata.uid,
    };
    await eventually(async () => expect(await owners()).toEqual([former]), patiently);
    await stopRunning();
    const uid = await makeRole();
    await run();
    await eventually(async () => expect((await owners())?.map((each) => each.uid)).toEqual([uid]), patiently);
  });
});
