import { ApiError, type KubeClient, type KubeObject, type ListOptions, type ResourceType } from '@capstan/kube';
import type { Observation } from './finding.ts';

/** What was read, or why it could not be. */
export type Read<T> = { readonly seen: true; readonly value: T } | { readonly seen: false; readonly why: string };

/** The first objects of a collection, and whether these are all. */
export interface Excerpt<T extends KubeObject = KubeObject> {
  readonly items: readonly T[];
  readonly isWhole: boolean;
}

/** Objects of a kind that are looked at, at most. */
export const excerptSize = 2_000;

/** Turns what the API server refuses into something to be told. No answer at all is thrown: then there is nothing to look at. */
export async function readingOf<T>(work: Promise<T>): Promise<Read<T>> {
  try {
    return { seen: true, value: await work };
  } catch (error) {
    if (error instanceof ApiError && error.status !== 401) return { seen: false, why: error.serverMessage };
    throw error;
  }
}

/**
 * Reads a collection page by page, and no more than `excerptSize` objects of it.
 * @throws {ApiError} like `pages` of the client
 */
export async function excerptOf<T extends KubeObject>(
  client: KubeClient,
  type: ResourceType<T>,
  options: ListOptions = {},
): Promise<Excerpt<T>> {
  const items: T[] = [];
  for await (const page of client.pages(type, options)) {
    items.push(...page.items);
    if (items.length > excerptSize) break;
  }
  return { items: items.slice(0, excerptSize), isWhole: items.length <= excerptSize };
}

/** Judges what was read; what could not be read is a warning, since nobody knows what is there. */
export function whenSeen<T>(
  read: Read<T>,
  where: string,
  judge: (value: T) => readonly Observation[],
): readonly Observation[] {
  return read.seen ? judge(read.value) : [unseen(where, read.why)];
}

/** That something could not be looked at. */
export function unseen(where: string, why: string): Observation {
  return { level: 'warning', where, says: `could not be looked at: ${why}`, remedy: 'run this as somebody who may' };
}

/** That only the first objects of a large collection were looked at; nothing where these are all. */
export function notWhole(where: string, { isWhole }: Excerpt): readonly Observation[] {
  if (isWhole) return [];
  return [{ level: 'warning', where, says: `only the first ${excerptSize.toLocaleString('en-GB')} were looked at` }];
}
