import { apiVersionOf, CustomResourceDefinition, type KubeObject, type ResourceType } from '@capstan/kube';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type CommandOutcome, capstan } from '../capstan.fixture.ts';
import { type ConvertedCrates, convertedCrates, OldParcel, Parcel } from './converted-crates.fixture.ts';

let world: ConvertedCrates;

beforeAll(async () => {
  world = await convertedCrates(inject('kubeconfig'));
  await world.startWebhook();
  await make(OldParcel, 'old', { width: 3, colour: 'red' });
  await make(Parcel, 'new', { size: { width: 4, depth: 7 } });
}, 120_000);
afterAll(() => world?.[Symbol.asyncDispose]());

function make(type: ResourceType, name: string, spec: object): Promise<unknown> {
  const metadata = { namespace: 'default', name };
  const body = { apiVersion: apiVersionOf(type), kind: type.kind, metadata, spec };
  return world.client.create(type, body);
}

function migrateStorage(...args: readonly string[]): Promise<CommandOutcome> {
  return capstan(['migrate-storage', '--kubeconfig', inject('kubeconfig'), world.name, ...args]);
}

async function storedVersions(): Promise<readonly string[] | undefined> {
  return (await world.client.get(CustomResourceDefinition, { name: world.name }))?.status?.storedVersions;
}

async function specs<T extends KubeObject & { readonly spec: object }>(
  type: ResourceType<T>,
): Promise<Readonly<Record<string, object>>> {
  const { items } = await world.client.list(type, { namespace: 'default' });
  return Object.fromEntries(items.map(({ metadata, spec }) => [metadata.name, spec]));
}

const asOld = { old: { width: 3, colour: 'red' }, new: { width: 4 } };
const asNew = { old: { size: { width: 3 } }, new: { size: { width: 4, depth: 7 } } };

describe('a kind that a webhook converts', () => {
  test('is upgraded with objects of both versions, nothing lost', async () => {
    await world.store('v1');
    expect(await storedVersions()).toEqual(['v1alpha1', 'v1']);
    const { code, stdout, stderr } = await migrateStorage();
    expect({ code, stdout }, stderr).toEqual({
      code: 0,
      stdout: `${world.name}: every object is stored in v1 now: 2 objects rewritten\n`,
    });
    expect(await storedVersions()).toEqual(['v1']);
    expect([await specs(OldParcel), await specs(Parcel)]).toEqual([asOld, asNew]);
  });

  test.each([[[]], [['--dry-run']]])(
    'is refused while the webhook does not answer, and nothing is written: %j',
    async (args) => {
      await world.store('v1alpha1');
      await world.stopWebhook();
      const { code, stdout } = await migrateStorage(...args);
      expect(code).toBe(1);
      expect(stdout).toContain(
        `${world.name}: not migrated: its conversion webhook (${world.url}/convert) does not answer, or cannot convert an object: `,
      );
      expect(stdout).toContain('Nothing was written: see that its operator runs, then run this again');
      expect(await storedVersions()).toEqual(['v1', 'v1alpha1']);
    },
  );

  test('is downgraded with objects of both versions once it answers again, nothing lost', async () => {
    await world.startWebhook();
    const { code, stdout, stderr } = await migrateStorage();
    expect({ code, stdout }, stderr).toEqual({
      code: 0,
      stdout: `${world.name}: every object is stored in v1alpha1 now: 2 objects rewritten\n`,
    });
    expect(await storedVersions()).toEqual(['v1alpha1']);
    expect([await specs(OldParcel), await specs(Parcel)]).toEqual([asOld, asNew]);
  });
});
