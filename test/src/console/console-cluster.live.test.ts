import { Pod } from '@capstan/kube';
import { StreamBusCluster } from '@capstan/streambus-operator';
import { createIdentity, eventually } from '@capstan/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type StreamBusWorld, streamBusWorld } from '../../../cli/src/capstan.fixture.ts';
import { type RunningConsole, startConsole } from '../../../cli/src/console/console.ts';
import { ConsoleBrowser, chromiumPath, type Visit } from './console-browser.fixture.ts';

const kubeconfig = inject('kubeconfig');
const namespace = 'console-page';
let world: StreamBusWorld;
let operator: AsyncDisposable;
let running: RunningConsole;
let browser: ConsoleBrowser;
let visit: Visit;

const row = (name: string | RegExp) => visit.page.getByRole('treeitem', { name });
const stored = async () =>
  (await world.client.get(StreamBusCluster, { namespace, name: 'orders' }))?.metadata.generation;

describe.skipIf(chromiumPath === undefined)('the page of the console, on a real cluster', () => {
  beforeAll(async () => {
    world = await streamBusWorld(kubeconfig);
    await world.namespace(namespace);
    operator = await world.operate(namespace);
    await world.readyCluster(namespace);
    running = await startConsole({ port: '0', bind: '127.0.0.1', kubeconfig });
    browser = await ConsoleBrowser.launch();
  }, 90_000);

  afterEach(async () => {
    await visit?.[Symbol.asyncDispose]();
  });

  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await running?.[Symbol.asyncDispose]();
    await operator?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  async function open(): Promise<void> {
    visit = await browser.visit(running.url);
    await visit.page.getByLabel('Namespace').fill(namespace);
    await visit.page.keyboard.press('Enter');
    // Clusters of this name in the namespaces of others are shown until the server has answered for this one alone.
    await eventually(async () => expect(await row(/^healthy orders Ready/).count()).toBe(1));
    await row(/^healthy orders Ready/).click();
    await visit.page.locator('.tabs').waitFor();
  }

  it('shows what becomes of a pod while one looks, up to the cluster that it belongs to', async () => {
    await open();
    await row(/^healthy orders/).focus();
    await visit.page.keyboard.press('ArrowRight');
    await row('healthy StatefulSet orders 3/3 ready').focus();
    await visit.page.keyboard.press('ArrowRight');
    await row('healthy Pod orders-1').waitFor();
    await behave('crash-loop');
    await row('failing Pod orders-1 CrashLoopBackOff').waitFor();
    await visit.page.getByRole('link', { name: 'Pod orders-1' }).first().waitFor();
    await behave('ready');
    await row('healthy StatefulSet orders 3/3 ready').waitFor();
    expect(visit.complaints).toEqual([]);
  });

  it('tells conditions, events and YAML, and plans an edit without a trace', async () => {
    await open();
    const before = await stored();
    await visit.page.locator('.condition', { hasText: 'Ready' }).first().waitFor();
    await visit.page.getByRole('tab', { name: 'Events' }).click();
    await visit.page.getByRole('tabpanel', { name: 'Events' }).locator('.event').first().waitFor();
    await visit.page.getByRole('tab', { name: 'YAML' }).click();
    await visit.page.getByText('phase: Running').waitFor();
    await visit.page.getByRole('tab', { name: 'Plan' }).click();
    const manifest = visit.page.getByLabel('Manifest');
    await manifest.fill((await manifest.inputValue()).replace('tag: latest', 'tag: v2'));
    await visit.page.keyboard.press('Control+Enter');
    await visit.page.getByText('1 to change; 3 pods restart').waitFor();
    await visit.page.locator('.diff .added', { hasText: 'image: streambus/broker:v2' }).waitFor();
    await manifest.fill('a: [1');
    await visit.page.keyboard.press('Control+Enter');
    await visit.page.getByRole('alert').getByText('line 1').waitFor();
    expect(await stored()).toBe(before);
    expect(visit.complaints.filter((complaint) => !/status of 400/.test(complaint))).toEqual([]);
  });

  it('shows a visitor with a token only what that token may see', async () => {
    const rules = [{ apiGroups: ['streambus.io'], resources: ['streambusclusters'], verbs: ['get', 'list', 'watch'] }];
    await using viewer = await createIdentity(world.client, { namespace, name: 'reader', rules, clusterWide: false });
    await using shared = await startConsole({ port: '0', bind: '127.0.0.1', kubeconfig, tokenMode: true });
    visit = await browser.visit(shared.url);
    await visit.page.getByLabel('Bearer token').fill(viewer.token);
    await visit.page.keyboard.press('Enter');
    await visit.page.getByText('If you may look into one namespace only').waitFor();
    await visit.page.getByLabel('Namespace').fill(namespace);
    await visit.page.keyboard.press('Enter');
    await row(/^healthy orders/).click();
    await visit.page.locator('.condition', { hasText: 'Ready' }).first().waitFor();
    await eventually(async () => expect((await visit.rows()).length).toBe(3));
    await visit.page.getByText(/^\d+ kinds are not shown/).click();
    await visit.page.getByText('you may not see it: ask for list and watch of secrets').waitFor();
    await visit.page.locator('#who', { hasText: viewer.user }).waitFor();
  });

  async function behave(behaviour: string): Promise<void> {
    const body = { metadata: { annotations: { 'capstan.dev/pod': behaviour } } };
    await world.client.patch(Pod, { namespace, name: 'orders-1' }, { kind: 'merge', body }, { fieldManager: 'test' });
  }
});
