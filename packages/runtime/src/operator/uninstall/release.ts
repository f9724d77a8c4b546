import { ApiError, type KubeObject, Lease } from '@capstan/kube';
import { seconds } from '../../duration.ts';
import { removeFinalizers } from '../../finalizer.ts';
import { holderOf } from '../../leader/lease-record.ts';
import { redactText } from '../../redact.ts';
import { dataGoingWith } from './data-going-with.ts';
import { finalizersOf } from './departures.ts';
import { type HeldResource, heldResources, pathOf } from './held-resources.ts';
import type { UninstalledController, Uninstalling } from './uninstall-options.ts';

/** How often a write is tried of a resource that somebody else writes at the same time. */
const mostTries = 5;
/** A Lease that was renewed within this time, by our clock, has somebody at work behind it. */
const recently = seconds(120);

/**
 * Takes the finalizers off every resource, each told before it goes, with what nobody cleans up then.
 * @returns what could not be let go, a line each
 */
export async function releaseAll(uninstalling: Uninstalling): Promise<readonly string[]> {
  const { tell } = uninstalling;
  const remains: string[] = [];
  const namesOf = await finalizersToRelease(uninstalling);
  let released = 0;
  try {
    for await (const held of heldResources(uninstalling, namesOf)) {
      const obstacle = await release(held, uninstalling);
      if (obstacle === undefined) released += 1;
      else remains.push(`${pathOf(held.resource)}: ${obstacle}`);
    }
  } catch (error) {
    remains.push(`not everything could be read: ${textOf(error)}`);
  }
  if (released === 0 && remains.length === 0) tell('no resource has a finalizer of the operator');
  return remains;
}

/** Those of an operator that came before and is at work again are its own. */
async function finalizersToRelease(
  uninstalling: Uninstalling,
): Promise<(controller: UninstalledController) => readonly string[]> {
  const rival = await rivalAtWork(uninstalling);
  if (rival === undefined) return finalizersOf;
  uninstalling.tell(`${rival} is at work: its finalizers are left to it`);
  return ({ finalizer }) => (finalizer === undefined ? [] : [finalizer]);
}

async function rivalAtWork({ client, operator, clock }: Uninstalling): Promise<string | undefined> {
  for (const { lease, what } of operator.rivals ?? []) {
    const { items } = await client.list(Lease, { fieldSelector: `metadata.name=${lease}` });
    const isFresh = ({ spec }: Lease) => clock.now() - Date.parse(spec?.renewTime ?? '') < recently;
    if (items.some((each) => holderOf(each) !== undefined && isFresh(each))) return what;
  }
  return undefined;
}

/** @returns why it could not be let go */
async function release(held: HeldResource, uninstalling: Uninstalling): Promise<string | undefined> {
  const { tell, isForced = false, isDryRun = false } = uninstalling;
  try {
    const going = isForced ? [] : await dataGoingWith(held, uninstalling);
    if (going.length > 0)
      return `is being deleted, and would take ${going.join(', ')} along: have the operator clean up, or --force`;
    const end = isDryRun ? 'to be taken off' : 'taken off';
    tell(`${pathOf(held.resource)}: ${held.finalizers.join(', ')} ${end}; ${undoneOf(held, uninstalling)}`);
    if (!isDryRun) await takeOff(held, uninstalling);
    return undefined;
  } catch (error) {
    return textOf(error);
  }
}

function undoneOf({ resource, finalizers }: HeldResource, { operator }: Uninstalling): string {
  const { undone = {} } = operator;
  const told = finalizers.flatMap((name) => undone[name]?.(resource) ?? []);
  return told.length === 0 ? 'nothing is cleaned up for it' : told.join('; ');
}

async function takeOff(
  { controller: { kind }, resource, finalizers }: HeldResource,
  { client, operator }: Uninstalling,
): Promise<void> {
  let latest = resource;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await removeFinalizers(client, kind, latest, finalizers, { fieldManager: operator.name });
      return;
    } catch (error) {
      if (!(error instanceof ApiError) || !error.isConflict || attempt === mostTries) throw error;
    }
    const again = await client.get<KubeObject>(kind, resource.metadata);
    if (again === undefined || again.metadata.uid !== resource.metadata.uid) return;
    latest = again;
  }
}

function textOf(error: unknown): string {
  return redactText(error instanceof Error ? error.message : String(error));
}
