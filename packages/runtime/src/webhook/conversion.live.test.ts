import {
  ConversionError,
  customResource,
  listMap,
  type ResourceOf,
  spoke,
  Type,
  versionedResource,
  withDefault,
} from '@capstan/crd';
import {
  type Connection,
  CustomResourceDefinition,
  createClient,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  type ResourceType,
} from '@capstan/kube';
import { eventually, pickPort } from '@capstan/testkit';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { controller } from '../controller/controller.ts';
import { Manager } from '../manager.ts';
import { converting } from './webhook.ts';
import { keptLog, madeNamespace, refusalOf } from './webhooks.fixture.ts';
import { webhooksFor } from './webhooks.ts';

const about = (description: string): { description: string } => ({ description });
const names = { group: 'webhooks.capstan.dev', kind: 'Crate', plural: 'crates', description: 'A crate.' };
const name = Type.String({ maxLength: 30, ...about('A name.') });
const status = Type.Object({ seen: Type.Optional(Type.String(about('What the operator saw.'))) });

const Crate = customResource({
  ...names,
  version: 'v1',
  spec: Type.Object({
    size: withDefault(
      Type.Object(
        { width: Type.Integer(about('Width.')), depth: withDefault(Type.Integer(about('Depth.')), 1) },
        about('Size.'),
      ),
      { width: 1 },
    ),
    items: Type.Optional(
      listMap(
        Type.Object({ name, fragile: Type.Optional(Type.Boolean(about('Fragile.'))) }),
        ['name'],
        about('Items.'),
      ),
    ),
  }),
  status,
});
type Crate = ResourceOf<typeof Crate>;

const OldCrate = customResource({
  ...names,
  version: 'v1alpha1',
  spec: Type.Object({
    width: Type.Integer(about('Width.')),
    items: Type.Optional(listMap(Type.Object({ name }), ['name'], about('Items.'))),
    colour: Type.Optional(Type.String(about('v1 has no place for it.'))),
  }),
  status,
});
type OldCrate = ResourceOf<typeof OldCrate>;

const Crates = versionedResource({
  hub: Crate,
  // Stored as the old version, so that nothing at all works without the webhook.
  storage: 'v1alpha1',
  spokes: [
    spoke(OldCrate, Crate).by({
      toHub: ({ spec, status: now }) => {
        if (spec.width > 99) throw new ConversionError('spec.width: must be at most 99');
        if (spec.width === 99) throw new Error('crate 99 is kept in vault 8f2a');
        return { spec: { size: { width: spec.width }, ...(spec.items && { items: spec.items }) }, status: now };
      },
      fromHub: ({ spec, status: now }) => ({
        spec: { width: spec.size.width, ...(spec.items && { items: spec.items.map((item) => ({ name: item.name })) }) },
        status: now,
      }),
    }),
  ],
});

const crates = controller<Crate>(Crate, {
  name: 'crate-operator',
  owns: [],
  reconcile: ({ spec: { size } }, pass) => pass.report({ status: { seen: `${size.width} by ${size.depth}` } }),
});

let connection: Connection;
let client: KubeClient;
let namespace: string;
const { log, lines } = keptLog();
const stop = new AbortController();
let ended: Promise<void> = Promise.resolve();

const old = (called: string, spec: OldCrate['spec']): OldCrate => ({
  apiVersion: 'webhooks.capstan.dev/v1alpha1',
  kind: 'Crate',
  metadata: { namespace, name: called },
  spec,
});
const crate = (called: string, spec: Crate['spec']): Crate => ({
  ...old(called, { width: 1 }),
  apiVersion: 'webhooks.capstan.dev/v1',
  spec,
});
const specOf = async <T extends KubeObject & { readonly spec: unknown }>(type: ResourceType<T>, called: string) =>
  (await client.get(type, { namespace, name: called }))?.spec;

beforeAll(async () => {
  connection = await loadKubeConfig({ path: inject('kubeconfig') });
  client = createClient(connection);
  namespace = await madeNamespace(client, 'webhook-conversion');
  const url = `https://127.0.0.1:${await pickPort()}`;
  await client.apply(CustomResourceDefinition, Crates.manifest({ url: `${url}/convert` }), {
    fieldManager: 'test',
    force: true,
  });
  const parts = webhooksFor({
    ...{ name: 'crate-operator', namespace: await madeNamespace(client, 'webhook-operator') },
    ...{ webhooks: [converting(Crates)], bindAddress: new URL(url).host, address: { url } },
  });
  const manager = new Manager({ connection, controllers: [crates], log, beside: parts.beside });
  ended = manager.run(stop.signal);
  // The API server serves a new kind about two seconds after it was installed.
  await eventually(
    async () => void (await client.create(Crate, crate('probe', { size: { width: 1, depth: 1 } }), { dryRun: true })),
    { timeout: 30_000 },
  );
});

afterAll(async () => {
  stop.abort();
  await ended;
  await client.delete(CustomResourceDefinition, { name: 'crates.webhooks.capstan.dev' });
  await client.close();
});

describe('a kind in two versions', () => {
  it('is read in either, whichever it was written in', async () => {
    await client.create(OldCrate, old('from-old', { width: 3, items: [{ name: 'cup' }] }));
    expect(await specOf(Crate, 'from-old')).toEqual({ size: { width: 3, depth: 1 }, items: [{ name: 'cup' }] });
    await client.create(Crate, crate('from-new', { size: { width: 4, depth: 2 } }));
    expect(await specOf(OldCrate, 'from-new')).toEqual({ width: 4 });
  });

  it('keeps what the other version cannot hold, through storage and back', async () => {
    const spec = { size: { width: 4, depth: 7 }, items: [{ name: 'cup', fragile: true }, { name: 'book' }] };
    await client.create(Crate, crate('whole', spec));
    expect(await specOf(Crate, 'whole')).toEqual(spec);
    await client.create(OldCrate, old('coloured', { width: 1, colour: 'red' }));
    expect(await specOf(OldCrate, 'coloured')).toEqual({ width: 1, colour: 'red' });
  });

  it('keeps it through an edit in the other version, which is kept as well', async () => {
    await client.create(
      Crate,
      crate('edited', { size: { width: 4, depth: 7 }, items: [{ name: 'cup', fragile: true }] }),
    );
    const items = [{ name: 'book' }, { name: 'cup' }];
    await client.patch(OldCrate, { namespace, name: 'edited' }, { kind: 'merge', body: { spec: { width: 5, items } } });
    expect(await specOf(Crate, 'edited')).toEqual({
      size: { width: 5, depth: 7 },
      items: [{ name: 'book' }, { name: 'cup', fragile: true }],
    });
  });

  it('keeps it through server-side apply in the other version', async () => {
    await client.create(Crate, crate('applied', { size: { width: 4, depth: 7 } }));
    await client.apply(OldCrate, old('applied', { width: 6 }), { fieldManager: 'a-user', force: true });
    expect(await specOf(Crate, 'applied')).toEqual({ size: { width: 6, depth: 7 } });
  });

  it('changes no metadata but one annotation, and that only where it is needed', async () => {
    const made = await client.create(OldCrate, old('plain', { width: 1 }));
    const seen = await client.get(Crate, made.metadata);
    expect(seen?.metadata.uid).toBe(made.metadata.uid);
    expect(seen?.metadata.annotations).toBeUndefined();
    const coloured = await client.get(Crate, { namespace, name: 'coloured' });
    expect(Object.keys(coloured?.metadata.annotations ?? {})).toEqual(['webhooks.capstan.dev/conversion-data']);
  });

  it('is listed in either version', async () => {
    const [inOld, inNew] = [await client.list(OldCrate, { namespace }), await client.list(Crate, { namespace })];
    expect(inOld.items.map(({ metadata }) => metadata.name)).toEqual(inNew.items.map(({ metadata }) => metadata.name));
    expect(inOld.items.length).toBeGreaterThan(3);
    expect(inNew.items.every(({ spec }) => spec.size.width > 0)).toBe(true);
  });

  it('is driven by a controller that knows the hub alone', async () => {
    await client.create(OldCrate, old('driven', { width: 8 }));
    await eventually(async () => {
      expect((await client.get(OldCrate, { namespace, name: 'driven' }))?.status).toEqual({ seen: '8 by 1' });
    });
  });
});

describe('an object that cannot be converted', () => {
  it('is named, with the words that were written for its user', async () => {
    await client.create(OldCrate, old('wide', { width: 100 }));
    const refusal = await refusalOf(client.get(Crate, { namespace, name: 'wide' }));
    expect(refusal?.serverMessage).toContain(
      'Crate webhook-conversion/wide cannot be converted to webhooks.capstan.dev/v1: spec.width: must be at most 99',
    );
    await client.delete(OldCrate, { namespace, name: 'wide' });
  });

  it('is named without the words of any other error, which only the log has', async () => {
    await client.create(OldCrate, old('broken', { width: 99 }));
    const refusal = await refusalOf(client.get(Crate, { namespace, name: 'broken' }));
    expect(refusal?.serverMessage).toContain('Crate webhook-conversion/broken cannot be converted');
    expect(refusal?.serverMessage).not.toContain('8f2a');
    expect(lines.some((line) => line.includes('8f2a'))).toBe(true);
    await client.delete(OldCrate, { namespace, name: 'broken' });
  });
});

describe('the definition', () => {
  it('is told again who converts when an installer has overwritten it', async () => {
    const ref = { name: 'crates.webhooks.capstan.dev' };
    const before = (await client.get(CustomResourceDefinition, ref))?.spec.conversion;
    const clientConfig = { caBundle: null, url: 'https://127.0.0.1:1/convert' };
    await client.patch(CustomResourceDefinition, ref, {
      kind: 'merge',
      body: { spec: { conversion: { webhook: { clientConfig } } } },
    });
    await eventually(async () =>
      expect((await client.get(CustomResourceDefinition, ref))?.spec.conversion).toEqual(before),
    );
    await eventually(async () => expect(await specOf(Crate, 'from-old')).toBeDefined());
  });
});
