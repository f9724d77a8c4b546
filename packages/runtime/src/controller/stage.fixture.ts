import { customResource, k8s, type ResourceOf, Type } from '@capstan/crd';
import {
  ConfigMap,
  type Connection,
  CustomResourceDefinition,
  createClient,
  Event,
  type KubeClient,
  loadKubeConfig,
  Namespace,
} from '@capstan/kube';
import { untilServed } from '@capstan/testkit';
import { createLogger } from '../log.ts';
import { Manager, type ManagerOptions } from '../manager.ts';
import type { PassRecord } from '../observe/pass-record.ts';
import type { RunnerView } from './controller.ts';

/** A kind whose reconcilers differ from test to test. */
export const Errand = customResource({
  group: 'errand.capstan.dev',
  version: 'v1',
  kind: 'Errand',
  plural: 'errands',
  description: 'Something to be done.',
  spec: Type.Object({
    text: Type.String({ maxLength: 60, description: 'What to do.' }),
    names: Type.Optional(Type.Array(Type.String({ maxLength: 60 }), { maxItems: 5, description: 'Objects it names.' })),
  }),
  status: Type.Object({
    said: Type.Optional(Type.String({ description: 'What the last pass had to say.' })),
    conditions: Type.Optional(k8s.conditions({ maxItems: 16, description: 'How it is going.' })),
  }),
});
export type Errand = ResourceOf<typeof Errand>;

/** A manager at work in one namespace of its own, and what it does. */
export interface Stage extends AsyncDisposable {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Every pass that ended, oldest first. */
  readonly passes: readonly PassRecord[];
  /** Every log line, as fields. */
  readonly lines: readonly Record<string, unknown>[];
  readonly runner: RunnerView;
  want(name: string, spec: Partial<Errand['spec']>, metadata?: Partial<Errand['metadata']>): Promise<Errand>;
  get(name: string): Promise<Errand | undefined>;
  /** Sets annotations of an errand; `null` takes one away. */
  annotate(name: string, annotations: Readonly<Record<string, string | null>>): Promise<void>;
  /** The texts of the ConfigMaps there are, by name. */
  texts(): Promise<Readonly<Record<string, string | undefined>>>;
  /** Reasons of the events about an errand, one for each event. */
  events(name: string): Promise<readonly string[]>;
  condition(name: string, type: string): Promise<string | undefined>;
}

export interface StageOptions extends Pick<ManagerOptions, 'controllers' | 'deniedNamespaces' | 'userAgent'> {
  readonly kubeconfig: string;
  /** The name of the namespace, which is made. */
  readonly namespace: string;
  /** Further namespaces to work in, which are made too. */
  readonly alsoIn?: readonly string[];
  /** Who the manager is to the API server; an administrator unless told. */
  readonly user?: string;
}

/** Makes the namespace, installs the kind, and starts a manager that works there and nowhere else. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { kubeconfig, namespace, alsoIn = [], user, ...rest } = options;
  const connection = await loadKubeConfig({ path: kubeconfig });
  const client = createClient(connection);
  await install(client, [namespace, ...alsoIn]);
  const [passes, lines]: [PassRecord[], Record<string, unknown>[]] = [[], []];
  let runners: readonly RunnerView[] = [];
  const manager = new Manager({
    ...{ ...rest, namespaces: [namespace, ...alsoIn] },
    connection: user === undefined ? connection : impersonating(connection, user),
    log: createLogger({ level: 'debug', destination: { write: (line) => void lines.push(JSON.parse(line)) } }),
    beside: [
      (context) => {
        runners = context.runners;
        context.passes.subscribe((pass) => passes.push(pass));
        return { name: 'onlooker', start: async () => {}, stop: async () => {} };
      },
    ],
  });
  const [runner] = runners;
  if (runner === undefined) throw new Error('a stage needs a controller');
  const stop = new AbortController();
  const ended = manager.run(stop.signal);
  return {
    ...{ client, namespace, passes, lines, runner, ...verbs(client, namespace) },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await ended;
      await client.close();
    },
  };
}

async function install(client: KubeClient, namespaces: readonly string[]): Promise<void> {
  await client.apply(CustomResourceDefinition, Errand.manifest(), { fieldManager: 'test', force: true });
  await untilServed(client, Errand, anErrand('default', 'probe', {}), AbortSignal.timeout(30_000));
  for (const name of namespaces) {
    const body: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    await client.apply(Namespace, body, { fieldManager: 'test' });
  }
}

/** The same server, as this user. */
export function impersonating(connection: Connection, user: string): Connection {
  const current = async () => {
    const { headers, ...rest } = await connection.credentials.current();
    return { ...rest, headers: { ...headers, 'impersonate-user': user } };
  };
  return { ...connection, credentials: { ...connection.credentials, current } };
}

function anErrand(namespace: string, name: string, spec: Partial<Errand['spec']>): Errand {
  const metadata = { namespace, name };
  return { apiVersion: 'errand.capstan.dev/v1', kind: 'Errand', metadata, spec: { text: 'a', ...spec } };
}

function verbs(client: KubeClient, namespace: string) {
  const get = (name: string) => client.get(Errand, { namespace, name });
  return {
    get,
    want(name: string, spec: Partial<Errand['spec']>, metadata: Partial<Errand['metadata']> = {}): Promise<Errand> {
      const errand = anErrand(namespace, name, spec);
      const body = { ...errand, metadata: { ...errand.metadata, ...metadata } };
      return client.apply(Errand, body, { fieldManager: 'a-user', force: true });
    },
    async annotate(name: string, annotations: Readonly<Record<string, string | null>>): Promise<void> {
      await client.patch(Errand, { namespace, name }, { kind: 'merge', body: { metadata: { annotations } } });
    },
    async texts() {
      const { items } = await client.list(ConfigMap, { namespace });
      const ours = items.filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt');
      return Object.fromEntries(ours.map(({ metadata, data }) => [metadata.name, data?.['text']]));
    },
    async events(name: string) {
      const { items } = await client.list(Event, { namespace });
      return items.filter(({ regarding }) => regarding?.name === name).map(({ reason }) => reason ?? '');
    },
    async condition(name: string, type: string) {
      const found = (await get(name))?.status?.conditions?.find((condition) => condition.type === type);
      return found && `${found.status} ${found.reason}: ${found.message}`;
    },
  };
}

/** A ConfigMap as an errand makes it. */
export function aText(name: string, text: string): ConfigMap {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { text } };
}
