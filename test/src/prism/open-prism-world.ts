import { fileURLToPath } from 'node:url';
import { Deployment, Pod, StatefulSet } from '@capstan/kube';
import {
  PrismCluster,
  type PrismClusterStatus,
  type PrismControllerOptions,
  prismClusters,
  prismController,
  prismFederations,
  prismNamespaces,
  prismPatterns,
} from '@capstan/prism-operator';
import { openWorld, readManifests, type Wanted, type World, type WorldOptions } from '@capstan/testkit';
import { expect } from 'vitest';

export interface PrismWorldOptions extends Omit<WorldOptions, 'controllers'> {
  /** What the operator's flags would say, and who answers for prism-admin; nobody does unless told. */
  readonly operator?: PrismControllerOptions;
}

/** Nobody answers in pods that have no processes; asking their addresses would only take time. */
const nobody = { ask: () => Promise.reject(new Error('there is nobody')) };

/** All that the program of the operator runs; it waits for the kinds of each. */
const ofProgram = [prismClusters, prismPatterns, prismNamespaces, prismFederations];

/** A world with the controller of Prism clusters at work in it, or with the operator's program. */
export function openPrismWorld({ operator, ...options }: PrismWorldOptions = {}): Promise<World> {
  const controllers =
    options.program === undefined ? [prismController({ adminMetrics: nobody, ...operator })] : ofProgram;
  return openWorld({ controllers, name: 'prism', ...options });
}

export type WantedPrism = Wanted<typeof PrismCluster>;

const [shipped] = await readManifests(
  fileURLToPath(new URL('../../../deploy/samples/prism/prism-local.yaml', import.meta.url)),
);

/** The requirement's own sample, in the namespace of the world. */
export function sample(): WantedPrism {
  const { metadata, spec } = shipped as unknown as WantedPrism; // a unit test looks at its shape
  return { metadata: { name: metadata.name ?? '' }, spec };
}

/** A cluster with two backends and two patterns, with what a test cares about over it. */
export function wantedPrism(name: string, spec: Partial<WantedPrism['spec']> = {}): WantedPrism {
  return {
    metadata: { name },
    spec: {
      backends: { redis: {}, nats: {} },
      patterns: [
        { name: 'keyvalue', type: 'StatefulSet', backends: ['redis'] },
        { name: 'consumer', backends: ['nats'] },
      ],
      ...spec,
    },
  };
}

/** Patterns count as available after 15 seconds, and a step waits for the one before. */
export const patiently = { timeout: 90_000 } as const;

/** Applies a cluster and waits until everything of it runs. */
export async function bringUp(world: World, wanted: WantedPrism): Promise<void> {
  await world.apply(PrismCluster, wanted);
  await untilPhase(world, wanted.metadata.name ?? '', 'Running');
}

/** Waits until a cluster is in a phase, and nothing of the spec is still to be carried out. */
export async function untilPhase(world: World, name: string, phase: PrismClusterStatus['phase']): Promise<void> {
  await world.eventually(async () => {
    const found = await world.get(PrismCluster, name);
    expect(found?.status?.phase).toBe(phase);
    expect(found?.status?.observedGeneration).toBe(found?.metadata.generation);
    // A pattern that was added may still be on its way.
    if (phase === 'Running')
      expect(found?.status?.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'True' }));
  }, patiently);
}

/** `False Reason: message` of a condition; `undefined` when there is none. */
export async function told(world: World, name: string, type: string): Promise<string | undefined> {
  const found = (await world.conditions(PrismCluster, name)).find((condition) => condition.type === type);
  return found && `${found.status} ${found.reason}: ${found.message}`;
}

/** The names of the workloads there are, sorted. */
export async function workloads(world: World): Promise<readonly string[]> {
  const all = [...(await world.list(Deployment)), ...(await world.list(StatefulSet))];
  return all.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort();
}

/** Which pods there are of a component: another UID is another pod. */
export async function podUids(world: World, component: string): Promise<readonly (string | undefined)[]> {
  const pods = await world.list(Pod);
  return pods
    .filter(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === component)
    .map(({ metadata }) => metadata.uid)
    .sort();
}
