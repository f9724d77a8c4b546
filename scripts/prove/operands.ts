import { type KubeClient, type KubeObject, PersistentVolumeClaim, Pod, type ResourceType, Secret } from '@capstan/kube';

/** What must not change when an operator is replaced by another version of itself. */
export interface Operands {
  /** UIDs and restarts of pods by `namespace/name`. */
  readonly pods: ReadonlyMap<string, string>;
  /** UIDs of claims and Secrets by `kind namespace/name`. */
  readonly data: ReadonlyMap<string, string>;
  /** The specs of custom resources by `kind namespace/name`, as JSON. */
  readonly specs: ReadonlyMap<string, string>;
}

/** Reads the operands in some namespaces as they are now. */
export async function operandsIn(
  client: KubeClient,
  namespaces: readonly string[],
  kinds: readonly ResourceType[],
): Promise<Operands> {
  const listed = async (type: ResourceType<KubeObject>) =>
    (await Promise.all(namespaces.map((namespace) => client.list(type, { namespace })))).flatMap(({ items }) => items);
  const pods = (await Promise.all(namespaces.map((namespace) => client.list(Pod, { namespace })))).flatMap(
    ({ items }) => items,
  );
  const data = [PersistentVolumeClaim, Secret];
  const dataObjects = await Promise.all(
    data.map(async (type) => (await listed(type)).map((each) => named(type, each))),
  );
  const resources = await Promise.all(
    kinds.map(async (type) => (await listed(type)).map((each) => [nameOf(type, each), specOf(each)] as const)),
  );
  return {
    pods: new Map(
      pods.filter(isAlive).map((pod) => [at(pod), `${pod.metadata.uid} restarted ${restartsOf(pod)} times`]),
    ),
    data: new Map(dataObjects.flat()),
    specs: new Map(resources.flat()),
  };
}

/** What differs, one line each: pods that were replaced or restarted, data that is gone, specs with other fields. */
export function differences(
  before: Operands,
  after: Operands,
  declared: (pod: string) => boolean = () => false,
): readonly string[] {
  const changed = (what: string, from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>) =>
    [...from].flatMap(([name, value]) =>
      to.get(name) === value ? [] : [`${what} ${name}: ${value} -> ${to.get(name) ?? 'gone'}`],
    );
  return [
    ...changed('pod', new Map([...before.pods].filter(([name]) => !declared(name))), after.pods),
    ...changed('data', before.data, after.data),
    ...changed('spec', before.specs, after.specs),
  ];
}

function isAlive({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

function restartsOf({ status }: Pod): number {
  return (status?.containerStatuses ?? []).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

function at({ metadata: { namespace = '', name } }: KubeObject): string {
  return `${namespace}/${name}`;
}

function nameOf({ kind }: ResourceType, object: KubeObject): string {
  return `${kind} ${at(object)}`;
}

function named(type: ResourceType, object: KubeObject): readonly [string, string] {
  return [nameOf(type, object), object.metadata.uid ?? ''];
}

function specOf(object: KubeObject): string {
  return JSON.stringify('spec' in object ? object.spec : undefined);
}
