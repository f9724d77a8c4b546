import { checkApiServer } from './checks/api-server.ts';
import { checkDefinitions } from './checks/definitions.ts';
import { checkNodes } from './checks/nodes.ts';
import { checkOptionalKinds } from './checks/optional-kinds.ts';
import { checkOtherOperators } from './checks/other-operators.ts';
import { checkPermissions } from './checks/permissions.ts';
import { checkPodSecurity } from './checks/pod-security.ts';
import { checkResources } from './checks/resources.ts';
import { checkStorage } from './checks/storage.ts';
import { checkStuck } from './checks/stuck.ts';
import { checkWebhooks } from './checks/webhooks.ts';
import { type CheckName, checkNames, type Finding, type Observation } from './finding.ts';
import type { Survey } from './survey.ts';

const checks: Readonly<Record<CheckName, (survey: Survey) => readonly Observation[]>> = {
  'api-server': checkApiServer,
  definitions: checkDefinitions,
  storage: checkStorage,
  'pod-security': checkPodSecurity,
  webhooks: checkWebhooks,
  'other-operators': checkOtherOperators,
  permissions: checkPermissions,
  resources: checkResources,
  stuck: checkStuck,
  'optional-kinds': checkOptionalKinds,
  nodes: checkNodes,
};

/** Has every check judge what was read, in the order of the report. */
export function examine(survey: Survey): readonly Finding[] {
  return checkNames.flatMap((check) => checks[check](survey).map((observation) => ({ check, ...observation })));
}
