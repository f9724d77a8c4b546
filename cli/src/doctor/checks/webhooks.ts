import type { ResourceType, RuleWithOperations } from '@capstan/kube';
import { bundleTrouble } from '../certificate-bundle.ts';
import type { Observation } from '../finding.ts';
import { controllersOf } from '../installations.ts';
import { type Read, unseen, whenSeen } from '../read.ts';
import { conversionsOf, type SeenWebhook, type ServiceSight, serviceOf } from '../seen-webhooks.ts';
import { selects } from '../selects.ts';
import { type Survey, workNamespaces } from '../survey.ts';

type Input = Pick<
  Survey,
  | 'admission'
  | 'definitions'
  | 'services'
  | 'namespaces'
  | 'installations'
  | 'resources'
  | 'namespace'
  | 'operatorNamespace'
  | 'now'
>;

/** Whether the webhooks that decide about what the operators write, or convert their kinds, can answer. */
export function checkWebhooks(survey: Input): readonly Observation[] {
  return [
    ...whenSeen(survey.admission, 'admission webhooks', (found) =>
      found.filter((each) => concerns(each, survey)).flatMap((each) => ofWebhook(each, survey)),
    ),
    // That definitions cannot be read is told where they are looked at.
    ...(survey.definitions.seen ? conversionsOf(survey.definitions.value) : []).flatMap((each) =>
      ofWebhook(each, survey),
    ),
  ];
}

type Written = Pick<ResourceType, 'group' | 'plural'>;

/** A webhook concerns us when it decides about something that we write, in a namespace where we write. */
function concerns({ rules, namespaceSelector }: SeenWebhook, survey: Input): boolean {
  const pods: Written = { group: '', plural: 'pods' };
  const written = survey.installations.flatMap((installation) =>
    controllersOf(installation).flatMap(({ kind, owns }): readonly Written[] => [
      kind,
      ...owns.map(({ type }) => type),
    ]),
  );
  if (![pods, ...written].some((type) => rules.some((rule) => matches(rule, type)))) return false;
  if (namespaceSelector === undefined || !survey.namespaces.seen) return true;
  const places = new Set([
    ...survey.installations.map(({ namespace }) => survey.operatorNamespace ?? namespace),
    ...workNamespaces(survey),
  ]);
  const labels = survey.namespaces.value
    .filter(({ metadata }) => places.has(metadata.name))
    .map(({ metadata }) => metadata.labels ?? {});
  // Of namespaces that are not there yet, nobody knows the labels.
  return labels.length === 0 || labels.some((each) => selects(namespaceSelector, each));
}

function matches({ apiGroups = [], resources = [], operations = [] }: RuleWithOperations, type: Written): boolean {
  const isWriting = operations.some((operation) => ['*', 'CREATE', 'UPDATE'].includes(operation));
  const isGroup = apiGroups.includes('*') || apiGroups.includes(type.group);
  return isWriting && isGroup && resources.some((resource) => ['*', '*/*', type.plural].includes(resource));
}

function ofWebhook(webhook: SeenWebhook, survey: Input): readonly Observation[] {
  const troubles = [...ofService(webhook, survey.services), ...ofBundle(webhook, survey.now)];
  if (troubles.length > 0) return troubles;
  const path = serviceOf(webhook);
  const says = path === undefined ? 'is outside of the cluster, and was not called' : `Service ${path} has endpoints`;
  return [{ level: path === undefined ? 'note' : 'ok', where: webhook.where, says: `${says}; ${stakes(webhook)}` }];
}

function ofService(webhook: SeenWebhook, services: Survey['services']): readonly Observation[] {
  const path = serviceOf(webhook);
  const read: Read<ServiceSight> | undefined = path === undefined ? undefined : services.get(path);
  if (path === undefined || read === undefined) return [];
  const { where } = webhook;
  if (!read.seen) return [unseen(where, read.why)];
  const { exists, readyEndpoints } = read.value;
  if (exists && readyEndpoints > 0) return [];
  const says = exists ? `nothing answers for Service ${path}` : `Service ${path} does not exist`;
  const level = webhook.mustAnswer ? 'problem' : 'warning';
  return [{ level, where, says: `${says}: ${stakes(webhook)}`, remedy: serviceRemedy(webhook, path) }];
}

/** What happens when it does not answer. */
function stakes({ role, mustAnswer }: SeenWebhook): string {
  if (role === 'converts') return 'without it, objects of other versions cannot be read';
  return mustAnswer ? 'without it, what it decides about is refused' : 'without it, every call waits for nothing';
}

function serviceRemedy({ role, where }: SeenWebhook, path: string): string {
  const [namespace = '', name = ''] = path.split('/');
  if (role === 'converts') return `start the operator behind it: kubectl -n ${namespace} get service,deployment,pod`;
  const [kind = '', configuration = ''] = where.split(/[ ,]/);
  return `start what is behind it (kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}), or, if nobody needs it, kubectl delete ${kind.toLowerCase()} ${configuration}`;
}

function ofBundle({ role, where, client, mustAnswer }: SeenWebhook, now: number): readonly Observation[] {
  const trouble = bundleTrouble(client.caBundle, now);
  const level = mustAnswer ? 'problem' : 'warning';
  const remedy = 'whoever installed it has to write its CA anew; of ours, the running operator does';
  switch (trouble?.kind) {
    case undefined:
      return [];
    case 'Absent':
      // For admission the certificates of the system count then; a conversion is hardly ever signed by those.
      return role === 'converts'
        ? [{ level: 'warning', where, says: 'has no CA bundle yet: no API server trusts it', remedy }]
        : [];
    case 'Unreadable':
      return [{ level, where, says: 'its CA bundle is no certificate', remedy }];
    case 'Expired':
      return [{ level, where, says: `its CA expired at ${trouble.at}`, remedy }];
    case 'ExpiresSoon':
      return [{ level: 'warning', where, says: `its CA expires at ${trouble.at}`, remedy }];
  }
}
