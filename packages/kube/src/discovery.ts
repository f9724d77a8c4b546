import { ApiError } from './api-error.ts';
import type { CallOptions, KubeClient } from './client.ts';
import { isRecord, listIn, recordIn, stringIn } from './json.ts';
import { AGGREGATED_DISCOVERY } from './media-type.ts';
import type { ResourceType } from './resource-type.ts';

/** A kind that the server serves, and what may be done with it. */
export interface ServedType extends ResourceType {
  /** Such as `get`, `list`, `watch`, `patch`. */
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  /** Such as `status`, `scale`. */
  readonly subresources: readonly string[];
}

/** Everything that the server serves, each group's preferred version first. */
export interface ServedTypes {
  readonly types: readonly ServedType[];
  /** `group/version` of aggregated APIs that did not answer: what they serve is not known now. */
  readonly unavailable: readonly string[];
}

interface Discovered extends ServedTypes {
  readonly types: ServedType[];
  readonly unavailable: string[];
}

/**
 * Asks the server for every kind it serves, in every version: two requests (aggregated discovery), or one per group
 * version on servers before 1.26. Nothing is kept: the caller decides how long the answer holds.
 */
export async function discover(client: KubeClient, options: CallOptions = {}): Promise<ServedTypes> {
  const accept = { ...options, accept: AGGREGATED_DISCOVERY };
  const [core, groups] = await Promise.all([client.raw('/api', accept), client.raw('/apis', accept)]);
  const found: Discovered = { types: [], unavailable: [] };
  for (const answer of [core, groups]) {
    if (stringIn(answer, 'kind') === 'APIGroupDiscoveryList') addAggregated(found, answer);
    else await addGroupByGroup(found, client, groupVersionsIn(answer), options);
  }
  return found;
}

/**
 * One kind in the version that the server prefers, or `undefined` when the server does not serve it: two small requests.
 * Meant for kinds that may be missing, such as those of an optional CRD.
 */
export async function servedType(
  client: KubeClient,
  wanted: { readonly group: string; readonly kind: string },
  options: CallOptions = {},
): Promise<ServedType | undefined> {
  for (const groupVersion of await versionsOf(client, wanted.group, options)) {
    const types = await typesOf(client, groupVersion, options);
    const type = types?.find(({ kind }) => kind === wanted.kind);
    if (type !== undefined) return type;
  }
  return undefined;
}

/** The versions of a group, the preferred one first; none when the group is not served. */
async function versionsOf(client: KubeClient, group: string, options: CallOptions): Promise<readonly string[]> {
  if (group === '') return ['v1'];
  const answer = await unlessMissing(client.raw(`/apis/${group}`, options));
  const preferred = stringIn(recordIn(answer, 'preferredVersion'), 'groupVersion');
  const all = listIn(answer, 'versions').flatMap((version) => stringIn(version, 'groupVersion') ?? []);
  return preferred === undefined ? all : [preferred, ...all.filter((version) => version !== preferred)];
}

function groupVersionsIn(answer: unknown): readonly string[] {
  const core = listIn(answer, 'versions').filter((version) => typeof version === 'string');
  const grouped = listIn(answer, 'groups').flatMap((group) => listIn(group, 'versions'));
  return [...core, ...grouped.flatMap((version) => stringIn(version, 'groupVersion') ?? [])];
}

async function addGroupByGroup(
  found: Discovered,
  client: KubeClient,
  groupVersions: readonly string[],
  options: CallOptions,
): Promise<void> {
  const answers = await Promise.all(
    groupVersions.map((groupVersion) => unlessUnavailable(typesOf(client, groupVersion, options))),
  );
  groupVersions.forEach((groupVersion, index) => {
    const types = answers[index];
    if (types === undefined) found.unavailable.push(groupVersion);
    else found.types.push(...types);
  });
}

async function typesOf(
  client: KubeClient,
  groupVersion: string,
  options: CallOptions,
): Promise<readonly ServedType[] | undefined> {
  const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
  const answer = await unlessMissing(client.raw(path, options));
  return answer === undefined ? undefined : typesInResourceList(groupVersion, listIn(answer, 'resources'));
}

/** The resources of an `APIResourceList`, where subresources stand beside their parents as `pods/status`. */
function typesInResourceList(groupVersion: string, resources: readonly unknown[]): readonly ServedType[] {
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  const names = resources.map((resource) => stringIn(resource, 'name') ?? '');
  return resources.flatMap((resource, index) => {
    const plural = names[index] ?? '';
    if (plural === '' || plural.includes('/')) return [];
    const subresources = names.filter((name) => name.startsWith(`${plural}/`));
    return {
      group,
      version,
      kind: stringIn(resource, 'kind') ?? '',
      plural,
      namespaced: isRecord(resource) && resource['namespaced'] === true,
      verbs: stringsIn(resource, 'verbs'),
      shortNames: stringsIn(resource, 'shortNames'),
      subresources: subresources.map((name) => name.slice(plural.length + 1)),
    };
  });
}

/** Adds an `APIGroupDiscoveryList` (apidiscovery.k8s.io/v2), whose versions come in the order of preference. */
function addAggregated(found: Discovered, answer: unknown): void {
  for (const item of listIn(answer, 'items')) {
    const group = stringIn(recordIn(item, 'metadata'), 'name') ?? '';
    for (const entry of listIn(item, 'versions')) {
      const version = stringIn(entry, 'version') ?? '';
      if (stringIn(entry, 'freshness') === 'Stale') found.unavailable.push(`${group}/${version}`);
      for (const resource of listIn(entry, 'resources')) found.types.push(aggregatedType(group, version, resource));
    }
  }
}

function aggregatedType(group: string, version: string, resource: unknown): ServedType {
  return {
    group,
    version,
    kind: stringIn(recordIn(resource, 'responseKind'), 'kind') ?? '',
    plural: stringIn(resource, 'resource') ?? '',
    namespaced: stringIn(resource, 'scope') === 'Namespaced',
    verbs: stringsIn(resource, 'verbs'),
    shortNames: stringsIn(resource, 'shortNames'),
    subresources: listIn(resource, 'subresources').flatMap((entry) => stringIn(entry, 'subresource') ?? []),
  };
}

function stringsIn(value: unknown, key: string): readonly string[] {
  return listIn(value, key).filter((entry) => typeof entry === 'string');
}

async function unlessMissing(answer: Promise<unknown>): Promise<unknown> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.isNotFound) return undefined;
    throw error;
  }
}

/** An aggregated API whose own server is down answers 503; the others are still there. */
async function unlessUnavailable<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status >= 500) return undefined;
    throw error;
  }
}
