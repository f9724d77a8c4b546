import { pickPort } from '@capstan/controlplane';
import { customResource, type ResourceOf, spoke, Type, versionedResource } from '@capstan/crd';
import {
  type Connection,
  CustomResourceDefinition,
  createClient,
  type KubeClient,
  loadKubeConfig,
  Namespace,
} from '@capstan/kube';
import { converting, createLogger, Manager, webhooksFor } from '@capstan/runtime';
import { eventually } from '@capstan/testkit';

const names = { group: 'storage.capstan.dev', kind: 'Parcel', plural: 'parcels', description: 'A parcel.' };
const status = Type.Object({ seen: Type.Optional(Type.String({ description: 'What the operator saw.' })) });

/** The newer version: its size is an object. */
export const Parcel = customResource({
  ...names,
  version: 'v1',
  spec: Type.Object({
    size: Type.Object(
      {
        width: Type.Integer({ description: 'Width.' }),
        depth: Type.Optional(Type.Integer({ description: 'Depth.' })),
      },
      { description: 'Size.' },
    ),
  }),
  status,
});
export type Parcel = ResourceOf<typeof Parcel>;

/** The older version, which has no place for a depth. */
export const OldParcel = customResource({
  ...names,
  version: 'v1alpha1',
  spec: Type.Object({
    width: Type.Integer({ description: 'Width.' }),
    colour: Type.Optional(Type.String({ description: 'The newer version has no place for it.' })),
  }),
  status,
});
export type OldParcel = ResourceOf<typeof OldParcel>;

const old = spoke(OldParcel, Parcel).by({
  toHub: ({ spec, status: now }) => ({ spec: { size: { width: spec.width } }, status: now }),
  fromHub: ({ spec, status: now }) => ({ spec: { width: spec.size.width }, status: now }),
});
const storedAs = (storage: 'v1' | 'v1alpha1') => versionedResource({ hub: Parcel, storage, spokes: [old] });

/** A kind that is converted by the webhook of an operator, which can be started and stopped. */
export interface ConvertedCrates extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly client: KubeClient;
  /** Makes a version the storage version. */
  store(storage: 'v1' | 'v1alpha1'): Promise<void>;
  startWebhook(): Promise<void>;
  stopWebhook(): Promise<void>;
}

/** Installs the kind, stored in its older version; nobody converts yet. */
export async function convertedCrates(kubeconfig: string): Promise<ConvertedCrates> {
  const connection = await loadKubeConfig({ path: kubeconfig });
  const client = createClient(connection);
  const namespace = 'storage-webhook';
  const place: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
  await client.apply(Namespace, place, { fieldManager: 'test' });
  const url = `https://127.0.0.1:${await pickPort()}`;
  const name = 'parcels.storage.capstan.dev';
  let running: AsyncDisposable | undefined;
  const stopWebhook = async () => {
    await running?.[Symbol.asyncDispose]();
    running = undefined;
  };
  const store = async (storage: 'v1' | 'v1alpha1') => {
    const manifest = storedAs(storage).manifest({ url: `${url}/convert` });
    await client.apply(CustomResourceDefinition, manifest, { fieldManager: 'test', force: true });
  };
  await store('v1alpha1');
  return {
    ...{ name, url, client, store, stopWebhook },
    startWebhook: async () => {
      running = serve(connection, { namespace, url });
      await eventually(() => canConvert(client), { timeout: 30_000 });
    },
    [Symbol.asyncDispose]: async () => {
      await stopWebhook();
      await client.delete(CustomResourceDefinition, { name });
      await client.close();
    },
  };
}

/** Objects of a version that is not stored are converted even when they are only tried. */
async function canConvert(client: KubeClient): Promise<void> {
  const metadata = { namespace: 'default', name: 'probe' };
  const [probe, oldProbe]: [Parcel, OldParcel] = [
    { apiVersion: 'storage.capstan.dev/v1', kind: 'Parcel', metadata, spec: { size: { width: 1 } } },
    { apiVersion: 'storage.capstan.dev/v1alpha1', kind: 'Parcel', metadata, spec: { width: 1 } },
  ];
  await client.create(Parcel, probe, { dryRun: true });
  await client.create(OldParcel, oldProbe, { dryRun: true });
}

/** An operator that does nothing but convert. */
function serve(
  connection: Connection,
  { namespace, url }: { readonly namespace: string; readonly url: string },
): AsyncDisposable {
  const stop = new AbortController();
  const { beside } = webhooksFor({
    ...{ name: 'parcel-operator', namespace, webhooks: [converting(storedAs('v1'))] },
    ...{ bindAddress: new URL(url).host, address: { url } },
  });
  const log = createLogger({ level: 'error' });
  const ended = new Manager({ connection, controllers: [], log, beside }).run(stop.signal);
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await ended;
    },
  };
}
