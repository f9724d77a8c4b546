import type { CustomResourceDefinition, KubeObject } from '@capstan/kube';
import type { Installation, WantedDefinition } from './installation.ts';
import { installations } from './installations.ts';
import type { Excerpt, Read } from './read.ts';
import type { Survey } from './survey.ts';

/** What the operators would install. */
export const everyInstallation: readonly Installation[] = await installations();

/** When surveys of tests are taken. */
export const surveyedAt = Date.parse('2026-03-01T12:00:00Z');

/** Something that was read. */
export function seen<T>(value: T): Read<T> {
  return { seen: true, value };
}

/** All of a collection. */
export function whole<T extends KubeObject>(...items: readonly T[]): Read<Excerpt<T>> {
  return seen({ items, isWhole: true });
}

/** A read that was refused. */
export const forbidden: Read<never> = { seen: false, why: 'User "ann" cannot do that' };

/** A survey of a cluster with nothing in it, and what a test says of it. */
export function survey(parts: Partial<Survey> = {}): Survey {
  return {
    installations: everyInstallation,
    now: surveyedAt,
    version: seen('v1.36.3'),
    definitions: seen([]),
    definitionNames: seen([]),
    classes: seen([]),
    namespaces: seen([]),
    admission: seen([]),
    services: new Map(),
    leases: seen([]),
    deployments: whole(),
    statefulSets: whole(),
    access: [],
    resources: [],
    served: seen(new Set<string>()),
    nodes: whole(),
    ...parts,
  };
}

/** The definition of ours with this name, before anybody installed it. */
function wantedDefinition(name: string): WantedDefinition {
  const found = everyInstallation
    .flatMap(({ definitions }) => definitions)
    .find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`there is no definition ${name}`);
  return found;
}

/** The definition of ours with this name, as it is when it was installed, but for what is given. */
export function installed(
  name: string,
  parts: {
    readonly metadata?: Partial<CustomResourceDefinition['metadata']>;
    readonly spec?: Partial<CustomResourceDefinition['spec']>;
    readonly status?: CustomResourceDefinition['status'];
  } = {},
): CustomResourceDefinition {
  const { spec } = wantedDefinition(name);
  const storedVersions = spec.versions.filter(({ storage }) => storage).map((version) => version.name);
  return {
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name, ...parts.metadata },
    spec: { ...spec, ...parts.spec },
    status: { storedVersions, ...parts.status },
  };
}
