import {
  type CustomResourceDefinition,
  EndpointSlice,
  type KubeClient,
  type LabelSelector,
  MutatingWebhookConfiguration as MutatingConfiguration,
  type MutatingWebhookConfiguration,
  type RuleWithOperations,
  Service,
  ValidatingWebhookConfiguration as ValidatingConfiguration,
  type ValidatingWebhookConfiguration,
  type WebhookClientConfig,
} from '@capstan/kube';

/** One webhook, whatever kind it is of. */
export interface SeenWebhook {
  readonly role: 'validates' | 'mutates' | 'converts';
  /** Such as `ValidatingWebhookConfiguration policies, webhook pods.policy.example.com`. */
  readonly where: string;
  readonly client: WebhookClientConfig;
  /** Whether what it decides about is refused when it does not answer. */
  readonly mustAnswer: boolean;
  /** Nothing for one that converts: it is told which kind by `where`. */
  readonly rules: readonly RuleWithOperations[];
  readonly namespaceSelector?: LabelSelector;
}

/** What is behind a Service: is it there, and does anything answer for it? */
export interface ServiceSight {
  readonly exists: boolean;
  readonly readyEndpoints: number;
}

type Configuration = ValidatingWebhookConfiguration | MutatingWebhookConfiguration;

/** Reads every admission webhook there is. */
export async function readAdmission(client: KubeClient): Promise<readonly SeenWebhook[]> {
  const [validating, mutating] = await Promise.all([
    client.list(ValidatingConfiguration),
    client.list(MutatingConfiguration),
  ]);
  return [...validating.items, ...mutating.items].flatMap(webhooksOf);
}

function webhooksOf({ kind, metadata, webhooks = [] }: Configuration): readonly SeenWebhook[] {
  return webhooks.map(({ name, clientConfig, failurePolicy, rules = [], namespaceSelector }) => ({
    role: kind === 'ValidatingWebhookConfiguration' ? 'validates' : 'mutates',
    where: `${kind} ${metadata.name}, webhook ${name}`,
    client: clientConfig,
    mustAnswer: failurePolicy !== 'Ignore',
    rules,
    ...(namespaceSelector !== undefined && { namespaceSelector }),
  }));
}

/** The webhooks that convert objects of these definitions. */
export function conversionsOf(definitions: readonly CustomResourceDefinition[]): readonly SeenWebhook[] {
  return definitions.flatMap(({ metadata, spec }) => {
    const client = spec.conversion?.webhook?.clientConfig;
    if (spec.conversion?.strategy !== 'Webhook' || client === undefined) return [];
    const where = `CustomResourceDefinition ${metadata.name}, conversion`;
    return [{ role: 'converts', where, client, mustAnswer: true, rules: [] }] as const;
  });
}

/** The Service a webhook is reached by, as `namespace/name`; `undefined` for one behind a URL. */
export function serviceOf({ client: { service } }: SeenWebhook): string | undefined {
  return service === undefined ? undefined : `${service.namespace}/${service.name}`;
}

/** Looks behind one Service. @param path `namespace/name` */
export async function seeService(client: KubeClient, path: string): Promise<ServiceSight> {
  const [namespace = '', name = ''] = path.split('/');
  const [service, slices] = await Promise.all([
    client.get(Service, { namespace, name }, { metadataOnly: true }),
    client.list(EndpointSlice, { namespace, labelSelector: `kubernetes.io/service-name=${name}` }),
  ]);
  const endpoints = slices.items.flatMap(({ endpoints = [] }) => endpoints);
  // An endpoint that says nothing is taken for ready, as kube-proxy does.
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false);
  return { exists: service !== undefined, readyEndpoints: ready.length };
}
