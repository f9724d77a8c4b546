import { heldResources, pathOf } from './held-resources.ts';
import type { OperatorAtWork } from './operator-at-work.ts';
import type { UninstalledController, Uninstalling } from './uninstall-options.ts';

/** Resources told by name, at most. */
const mostTold = 5;

/** Gives the operator time to let go what is being deleted already: nobody else can clean up for it. */
export async function letDepart(operator: OperatorAtWork, uninstalling: Uninstalling): Promise<void> {
  const { tell, timeoutMs } = uninstalling;
  const before = await departing(uninstalling);
  if (before.length === 0 || (await operator.holder()) === undefined) return;
  tell(`${countOf(before)} being deleted: the operator is given ${timeoutMs / 1_000} s for ${namesOf(before)}`);
  await operator.untilIdle(async () => (await departing(uninstalling)).length === 0);
  const after = await departing(uninstalling);
  tell(after.length === 0 ? 'all of them are gone' : `${countOf(after)} still being deleted`);
}

async function departing(uninstalling: Uninstalling): Promise<readonly string[]> {
  const names = new Set<string>();
  for await (const { resource } of heldResources(uninstalling, finalizersOf, true))
    if (resource.metadata.deletionTimestamp !== undefined) names.add(pathOf(resource));
  return [...names];
}

/** Everything that a controller takes off. */
export function finalizersOf({ finalizer, formerFinalizers = [] }: UninstalledController): readonly string[] {
  return finalizer === undefined ? formerFinalizers : [finalizer, ...formerFinalizers];
}

function countOf({ length }: readonly string[]): string {
  return length === 1 ? '1 resource is' : `${length} resources are`;
}

function namesOf(all: readonly string[]): string {
  const more = all.length - mostTold;
  return `${all.slice(0, mostTold).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
