import type { DruidIngestionStatus } from '../api/v1alpha1/druid-ingestion.ts';
import type { DynamicConfigOwner, Json, JsonObject } from '../druid/druid-api.ts';
import type { Ledger, StatusNotes } from './ledger.ts';

/** A field of a dynamic configuration that is ours to put back. */
export type OwnField = NonNullable<NonNullable<DruidIngestionStatus['dynamicConfig']>['coordinator']>[number];

/** The field of spec and status that is about a dynamic configuration. */
export const fieldOf = { Coordinator: 'coordinator', Overlord: 'overlord' } as const satisfies Record<
  DynamicConfigOwner,
  string
>;

/** The fields of a dynamic configuration that are ours, as the status says. */
export function ownFields(owner: DynamicConfigOwner, { dynamicConfig }: StatusNotes): readonly OwnField[] {
  return dynamicConfig?.[fieldOf[owner]] ?? [];
}

/** The value of a field; `undefined` where there is none, whatever it is called. */
export function valueIn(config: JsonObject, field: string): Json | undefined {
  return Object.hasOwn(config, field) ? config[field] : undefined;
}

/** Notes which fields of a dynamic configuration are ours from now on. */
export function noteFields(owner: DynamicConfigOwner, fields: readonly OwnField[], ledger: Ledger): void {
  const sorted = [...fields].sort((a, b) => (a.field < b.field ? -1 : 1));
  const of = (each: DynamicConfigOwner) => (each === owner ? sorted : ownFields(each, ledger.status));
  const [coordinator, overlord] = [of('Coordinator'), of('Overlord')];
  // In this order always: a status that only looks different would be written.
  const dynamicConfig = {
    ...(coordinator.length > 0 && { coordinator }),
    ...(overlord.length > 0 && { overlord }),
  };
  ledger.note({ dynamicConfig: Object.keys(dynamicConfig).length === 0 ? undefined : dynamicConfig });
}
