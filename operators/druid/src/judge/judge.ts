import type { DruidIngestion } from '../api/v1alpha1/druid-ingestion.ts';
import { dataSourceSettingsMustBeSafe } from './data-source-settings-must-be-safe.ts';
import { dynamicConfigMustBePlain } from './dynamic-config-must-be-plain.ts';
import { endpointMustBeAllowed } from './endpoint-must-be-allowed.ts';
import { endpointMustStay } from './endpoint-must-stay.ts';
import type { Guard, Judged, Policy, Refusal } from './guard.ts';
import { lookupsMustBeSafe } from './lookups-must-be-safe.ts';
import { mustBeTheOnlyOne } from './must-be-the-only-one.ts';
import { secretsMustBeOwn } from './secrets-must-be-own.ts';
import { sourceMustBeThere } from './source-must-be-there.ts';
import { specMustBeSafe } from './spec-must-be-safe.ts';
import { specMustBeUnderstood } from './spec-must-be-understood.ts';
import { specMustBeValid } from './spec-must-be-valid.ts';

/** The order is the policy: the first refusal is the one the user sees. */
const guards: readonly Guard[] = [
  specMustBeValid, // everything below reads the spec and may trust its shape
  secretsMustBeOwn, // before anything is done with credentials
  endpointMustBeAllowed,
  endpointMustStay,
  sourceMustBeThere,
  specMustBeUnderstood,
  specMustBeSafe,
  dataSourceSettingsMustBeSafe,
  lookupsMustBeSafe,
  dynamicConfigMustBePlain,
  mustBeTheOnlyOne, // last, because a spec that is wrong anyway is nobody's rival
];

/** The reason why this spec is not carried out, or `undefined` when it may be. */
export function judge(ingestion: DruidIngestion, observed: Judged, policy: Policy): Refusal | undefined {
  for (const guard of guards) {
    const refusal = guard(ingestion, observed, policy);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
