import {
  CustomResourceDefinition,
  MutatingWebhookConfiguration,
  type ResourceType,
  ValidatingWebhookConfiguration,
  type WebhookClientConfig,
} from '@capstan/kube';
import { isRecord } from '../../engine/json-value.ts';
import { redactText } from '../../redact.ts';
import { webhookServiceName } from '../../webhook/webhook-names.ts';
import { convertedKinds } from './converted-kinds.ts';
import type { Uninstalling } from './uninstall-options.ts';

type Configuration = ValidatingWebhookConfiguration | MutatingWebhookConfiguration;

const kinds: Readonly<Record<'validate' | 'mutate', ResourceType<Configuration>>> = {
  validate: ValidatingWebhookConfiguration,
  mutate: MutatingWebhookConfiguration,
};

/**
 * Deletes the operator's configurations of admission webhooks: without anybody who answers they refuse every write. One that leads
 * to another namespace is of another install, and left.
 * @returns what could not be deleted, a line each
 */
export async function removeConfigurations(uninstalling: Uninstalling): Promise<readonly string[]> {
  const roles = new Set((uninstalling.operator.webhooks ?? []).map(({ role }) => role));
  const types = (['validate', 'mutate'] as const).filter((role) => roles.has(role)).map((role) => kinds[role]);
  const ends = await Promise.all(types.map((type) => removeConfiguration(type, uninstalling)));
  return ends.flat();
}

async function removeConfiguration(
  type: ResourceType<Configuration>,
  { client, operator: { name }, namespace, tell, isDryRun = false }: Uninstalling,
): Promise<readonly string[]> {
  try {
    const live = await client.get(type, { name });
    if (live === undefined) return [];
    const other = (live.webhooks ?? []).map(({ clientConfig }) => elsewhere(clientConfig, namespace)).find(Boolean);
    if (other !== undefined) {
      tell(`${type.kind} ${name}: leads to Service ${other} of another install, and is left`);
      return [];
    }
    if (!isDryRun) await client.delete(type, { name }, { preconditions: { uid: live.metadata.uid } });
    tell(`${type.kind} ${name}: ${isDryRun ? 'to be deleted' : 'deleted'}`);
    return [];
  } catch (error) {
    return [`${type.kind} ${name}: ${textOf(error)}`];
  }
}

/** The Service in another namespace that it leads to. What leads to a URL was told by an operator outside the cluster, which is ours. */
function elsewhere({ service }: WebhookClientConfig, namespace: string): string | undefined {
  return service === undefined || service.namespace === namespace ? undefined : `${service.namespace}/${service.name}`;
}

/**
 * Says of each kind that the operator converts what can be done with its objects from now on. The definition goes on naming the
 * operator: a version that nobody converts is refused then, where the strategy `None` would take it with fields that are lost.
 * @returns what could not be done, a line each
 */
export async function leaveConversions(uninstalling: Uninstalling): Promise<readonly string[]> {
  const { client, operator, tell } = uninstalling;
  const remains: string[] = [];
  for (const { definition: name } of convertedKinds(operator)) {
    const definition = await client.get(CustomResourceDefinition, { name });
    if (definition === undefined) continue;
    const versions = definition.spec.versions.filter(({ served }) => served);
    const stored = versions.filter(({ storage }) => storage).map((version) => version.name);
    const others = versions.filter(({ storage }) => !storage).map((version) => version.name);
    if (others.length > 0)
      tell(
        `CustomResourceDefinition ${name}: objects are read and written in ${stored.join()} as before, in ` +
          `${others.join(', ')} not before an operator converts them again`,
      );
    remains.push(...(await forgetUrl(definition, uninstalling)));
  }
  return remains;
}

/**
 * An operator outside the cluster had itself called by a URL; beside that the Service of a manifest could not be applied. A URL
 * that the manifest itself has stays, for the next one brings it again.
 */
async function forgetUrl(
  { metadata: { name, managedFields = [] }, spec }: CustomResourceDefinition,
  { client, operator, namespace, tell, isDryRun = false }: Uninstalling,
): Promise<readonly string[]> {
  if (spec.conversion?.webhook?.clientConfig?.url === undefined) return [];
  if (managedFields.some(({ manager, fieldsV1 }) => manager !== operator.name && ownsUrl(fieldsV1))) return [];
  const service = { namespace, name: webhookServiceName(operator.name), path: '/convert', port: 443 };
  const body = { spec: { conversion: { webhook: { clientConfig: { url: null, service } } } } };
  try {
    const options = { fieldManager: operator.name, dryRun: isDryRun };
    await client.patch(CustomResourceDefinition, { name }, { kind: 'merge', body }, options);
    const end = isDryRun ? 'to name' : 'names';
    tell(`CustomResourceDefinition ${name}: ${end} Service ${namespace}/${service.name} again, and no URL`);
    return [];
  } catch (error) {
    return [`CustomResourceDefinition ${name}: ${textOf(error)}`];
  }
}

/** Whether a manager set where the conversion is called by a URL; `fieldsV1` as the API server writes it. */
function ownsUrl(fieldsV1: unknown): boolean {
  const path = ['f:spec', 'f:conversion', 'f:webhook', 'f:clientConfig', 'f:url'];
  let fields = fieldsV1;
  for (const field of path) fields = isRecord(fields) ? fields[field] : undefined;
  return fields !== undefined;
}

function textOf(error: unknown): string {
  return redactText(error instanceof Error ? error.message : String(error));
}
