import { type ConfigMap, type Draft, Event, type KubeObject, type ResourceType } from '@capstan/kube';
import type { World } from '@capstan/testkit';
import { expect } from 'vitest';

/** One child of a kind, and an edit of it that the operator puts right. */
export interface TornChild {
  readonly type: ResourceType;
  readonly name: string;
  readonly edit: object;
  /** An object of the same kind as an earlier version of the operator may have made it, without its metadata. */
  readonly former: Omit<Draft<KubeObject>, 'metadata'> & Pick<ConfigMap, 'data'> & { readonly spec?: object };
}

/** An operator at work on one resource that is Ready. */
export interface Scenario {
  readonly type: ResourceType;
  readonly name: string;
  /** One of every kind that the operator owns. */
  readonly children: readonly TornChild[];
  /** The field manager of the operator. */
  readonly fieldManager: string;
  /** What it watches besides its own kind and its children, by plural. */
  readonly watched?: readonly string[];
}

/**
 * Brings about everything that an operator asks of the API server for one resource: repairs, deletions, refusals, a server that
 * cannot stream its lists. The world must have its fault proxy.
 */
export async function useEveryPermission(world: World, scenario: Scenario): Promise<void> {
  // The same repair twice is one event that counts.
  await repairs(world, scenario);
  await repairs(world, scenario);
  await deletions(world, scenario);
  await refusals(world, scenario);
  await listing(world, scenario);
}

async function repairs(world: World, { children }: Scenario): Promise<void> {
  for (const { type, name, edit } of children) {
    const { metadata } = await world.edit(type, name, edit);
    await world.eventually(async () => {
      const { resourceVersion } = (await world.get(type, name))?.metadata ?? {};
      expect(resourceVersion, `${type.kind}/${name}`).not.toBe(metadata.resourceVersion);
    });
  }
  await world.eventually(async () => expect(await world.list(Event)).not.toEqual([]));
}

async function deletions(world: World, { type, name, children, fieldManager }: Scenario): Promise<void> {
  const [first] = children;
  if (first === undefined) throw new Error('a scenario needs a child');
  // A deleted child is made anew, once the API server said that its owner stands.
  await world.delete(first.type, first.name);
  await world.eventually(async () => expect(await world.get(first.type, first.name)).toBeDefined());
  // What is owned and not wanted is pruned.
  const owner = await world.get(type, name);
  if (owner === undefined) throw new Error(`${type.kind}/${name} is not there`);
  const { apiVersion, kind, metadata } = owner;
  const ownerReferences = [{ apiVersion, kind, name, uid: metadata.uid ?? '', controller: true }];
  for (const child of children) {
    const former = { ...child.former, metadata: { name: 'former', namespace: world.namespace, ownerReferences } };
    await world.admin.apply(child.type, former, { fieldManager, force: true });
  }
  await world.eventually(async () => {
    for (const child of children) expect(await world.get(child.type, 'former'), child.type.kind).toBeUndefined();
  });
}

/** An apply that is refused is looked into by reading the child. */
async function refusals(world: World, { children }: Scenario): Promise<void> {
  for (const { type, name, edit } of children) {
    const start = world.audit.position();
    const on = { verb: 'patch', resource: type.plural, name };
    world.faults.inject({ on, fault: { do: 'answer', status: 422 } });
    await world.edit(type, name, edit);
    await world.eventually(() => {
      const reads = world.requests(start).filter(({ verb, resource }) => verb === 'get' && resource === type.plural);
      expect(reads.map((read) => read.name)).toContain(name);
    });
  }
}

/** A server that cannot stream its lists is asked for them page by page. */
async function listing(world: World, { type, children, watched = [] }: Scenario): Promise<void> {
  await world.stopOperator();
  world.faults.calm();
  for (const resource of [type.plural, ...children.map((child) => child.type.plural), ...watched])
    world.faults.inject({ on: { verb: 'watch', resource }, times: 1, fault: { do: 'answer', status: 422 } });
  await world.startOperator();
  await world.settled();
}
