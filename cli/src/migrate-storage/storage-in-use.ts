import { createHash } from 'node:crypto';
import { type KubeClient, type ResourceType, systemClock } from '@capstan/kube';

/** How long an API server may take to follow a definition, in ms; it takes about a second. */
const patienceMs = 30_000;
const askEveryMs = 250;

interface Discovery {
  readonly resources?: readonly { readonly name?: string; readonly storageVersionHash?: string }[];
}

/**
 * Waits until the API server stores objects of a kind in a version, as its discovery tells: right after a definition was changed it
 * still stores them as before. Of several API servers only the one that answers is asked.
 * @param signal ends the waiting
 * @returns false when it still did not after 30 s; true also where a server does not tell
 */
export async function untilStoredIn(
  client: KubeClient,
  type: ResourceType,
  storage: string,
  signal: AbortSignal,
): Promise<boolean> {
  const wanted = storageVersionHash({ ...type, version: storage });
  const deadline = systemClock.monotonic() + patienceMs;
  while (!signal.aborted) {
    const told = await toldHash(client, type);
    if (told === undefined || told === wanted) return true;
    if (systemClock.monotonic() >= deadline) return false;
    await systemClock.sleep(askEveryMs);
  }
  return true;
}

/** What an API server calls a storage version: https://github.com/kubernetes/apiserver/blob/master/pkg/endpoints/discovery/storageversionhash.go */
export function storageVersionHash({ group, version, kind }: Pick<ResourceType, 'group' | 'version' | 'kind'>): string {
  return createHash('sha256').update(`${group}/${version}/${kind}`).digest().subarray(0, 8).toString('base64');
}

async function toldHash(client: KubeClient, type: ResourceType): Promise<string | undefined> {
  const { group, version, plural } = type;
  // The shape of an APIResourceList; every field is looked at as if it might be missing.
  const found = (await client.raw(`/apis/${group}/${version}`)) as Discovery;
  return found.resources?.find(({ name }) => name === plural)?.storageVersionHash;
}
