import type { DynamicConfigOwner } from '../druid/druid-api.ts';
import { needingConfig } from './needing-config.ts';
import { fieldOf, ownFields } from './own-fields.ts';
import { restoreFields } from './restore-fields.ts';
import type { Work } from './work.ts';

/** Where a resource that goes is cleared away. */
type Clearing = Pick<Work, 'druid' | 'ledger' | 'alone'>;

/**
 * Removes the lookups that a resource has made, and puts the dynamic configuration back that it has set.
 *
 * @throws {NotAnswered} when Druid does not answer, or lets the operator do nothing
 */
export async function clearClusterSettings(clearing: Clearing): Promise<void> {
  await needingConfig('Lookups', () => removeLookups(clearing));
  await needingConfig('Dynamic configurations', async () => {
    for (const owner of ['Coordinator', 'Overlord'] as const)
      await clearing.alone(`dynamic configuration ${owner}`, () => putBack(owner, clearing));
  });
}

async function removeLookups({ druid, ledger }: Clearing): Promise<void> {
  for (const { tier, name } of ledger.status.lookups ?? []) {
    const answer = await druid.settle((api) => api.removeLookup(tier, name));
    if (answer.kind === 'Refused') {
      const message = `Druid refuses to remove lookup ${name} of ${tier}: ${answer.message}`;
      ledger.block({ reason: 'LookupRejected', message });
    } else ledger.tell('Removed', `Removed lookup ${name} of ${tier}`);
  }
}

async function putBack(owner: DynamicConfigOwner, { druid, ledger }: Clearing): Promise<void> {
  const refusal = await restoreFields(owner, ownFields(owner, ledger.status), { druid, ledger });
  if (refusal === undefined) return;
  const message = `Druid refuses to have the ${fieldOf[owner]}'s dynamic configuration put back: ${refusal}`;
  ledger.block({ reason: 'DynamicConfigRejected', message });
}
