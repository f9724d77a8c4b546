import type { PolicyRule, Service } from '@capstan/kube';
import { Feed } from '../feed.ts';
import { namedRule } from '../named-rule.ts';
import type { HealthCheck } from '../observe/health-server.ts';
import type { MetricSet } from '../observe/metrics/meter.ts';
import type { ManagerContext, Runnable, RunnableFactory } from '../runnable.ts';
import type { WebhookAddress } from './configuration-target.ts';
import type { Webhook } from './webhook.ts';
import type { WebhookCall } from './webhook-endpoints.ts';
import { webhookMetrics } from './webhook-metrics.ts';
import { webhookSecretName, webhookServiceName } from './webhook-names.ts';

export interface WebhooksOptions {
  /** The operator's name: that of its configurations and of the Secret `<name>-webhook-tls`. */
  readonly name: string;
  readonly webhooks: readonly Webhook[];
  /** Where the server listens, such as `:9443`. Without it there are no webhooks. */
  readonly bindAddress: string | undefined;
  /**
   * The operator's own namespace: the Secret is there, and no webhook is ever asked about objects in it. That of the pod, or
   * of the kubeconfig's context, unless told.
   */
  readonly namespace?: string | undefined;
  /** The namespaces the operator works in; every one unless told. */
  readonly namespaces?: readonly string[] | undefined;
  /** Where API servers call: the Service `<name>-webhook` in that namespace, at port 443, unless told. */
  readonly address?: WebhookAddress | undefined;
  /**
   * The ClusterRole of the operator, that of its own name unless told: the configurations of its webhooks belong to it, so that
   * they go with the operator. Where there is none, as for an operator outside a cluster, they belong to the definitions.
   */
  readonly ownerRole?: string | undefined;
  /**
   * Certificates that somebody else makes, instead of the operator: a directory with `tls.crt` and `tls.key`; and whom API
   * servers are to trust, as `namespace/name` of a cert-manager Certificate. Without that somebody else tells them.
   */
  readonly mounted?: { readonly directory: string; readonly injectedFrom?: string | undefined } | undefined;
  /** Told once it listens. */
  readonly onListening?: (url: string) => void;
}

/** The parts of an operator that webhooks add to. */
export interface WebhooksParts {
  /** For `ManagerOptions.beside`. */
  readonly beside: readonly RunnableFactory[];
  /** For `HealthServerOptions.checks`. */
  readonly checks: readonly HealthCheck[];
  /** For `MetricsServerOptions.further`. */
  readonly metrics: readonly MetricSet[];
}

/**
 * Everything that serving webhooks takes: an HTTPS server, certificates that renew themselves, the configurations by which
 * API servers find both, readiness and metrics. No parts where there is nothing to serve or nowhere to listen.
 *
 * @example
 * ```ts
 * const webhooks = webhooksFor({ name: 'cache-operator', bindAddress: ':9443', webhooks: [validating(Cache)] });
 * new Manager({ ...options, beside: [...webhooks.beside, healthServer({ bindAddress: ':8081', checks: webhooks.checks })] });
 * ```
 * @throws {TypeError} for two webhooks of one role and kind, or an address that cannot be read
 */
export function webhooksFor(options: WebhooksOptions): WebhooksParts {
  const { bindAddress, webhooks } = options;
  if (bindAddress === undefined || webhooks.length === 0) return { beside: [], checks: [], metrics: [] };
  const calls = new Feed<WebhookCall>(() => {}); // The only listeners are counters of ours.
  let made: LazyWebhooks | undefined;
  const runnable = (context: ManagerContext) => {
    made = new LazyWebhooks({ ...options, bindAddress }, calls, context);
    return made;
  };
  const problem = () => (made === undefined ? notServed : made.problem);
  return { beside: [runnable], checks: [{ name: 'webhooks', problem }], metrics: [webhookMetrics(calls)] };
}

const notServed = 'they are not served yet';

/** Loads what serves webhooks when it is started: an operator without them need not pay for it. */
class LazyWebhooks implements Runnable {
  readonly name = 'webhooks';
  readonly #options: WebhooksOptions & { readonly bindAddress: string };
  readonly #calls: Feed<WebhookCall>;
  readonly #context: ManagerContext;
  #running: import('./webhook-runnable.ts').WebhookRunnable | undefined;

  constructor(
    options: WebhooksOptions & { readonly bindAddress: string },
    calls: Feed<WebhookCall>,
    context: ManagerContext,
  ) {
    this.#options = options;
    this.#calls = calls;
    this.#context = context;
  }

  get problem(): string | undefined {
    return this.#running === undefined ? notServed : this.#running.problem;
  }

  async start(): Promise<void> {
    const { WebhookRunnable } = await import('./webhook-runnable.ts');
    this.#running = new WebhookRunnable(this.#options, this.#calls, this.#context);
    await this.#running.start();
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
  }
}

/**
 * The Service by which API servers call the webhooks of an operator.
 *
 * With a conversion among them it leads to pods that are not ready, too: a replica whose caches wait for a conversion
 * becomes ready only by converting. Without, it does not: while replicas come and go, a call to one that does not listen
 * yet would be refused, and with it what a user applies.
 *
 * @param at the port of `--webhook-bind-address` as `targetPort`, and the pods of the operator
 */
export function webhookService(
  name: string,
  webhooks: readonly Webhook[],
  at: { readonly namespace: string; readonly selector: Readonly<Record<string, string>>; readonly targetPort: number },
): Service {
  const converts = webhooks.some(({ role }) => role === 'convert');
  const { namespace, selector, targetPort } = at;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: webhookServiceName(name), namespace },
    spec: {
      selector,
      ...(converts && { publishNotReadyAddresses: true }),
      ports: [{ name: 'webhooks', port: 443, targetPort }],
    },
  };
}

/** The permissions that webhooks need: these names and no others. */
export interface WebhookRules {
  /** For a ClusterRole. */
  readonly cluster: readonly PolicyRule[];
  /** For a Role in the operator's own namespace. */
  readonly own: readonly PolicyRule[];
}

/**
 * The permissions that an operator's webhooks need, for its manifests. Every rule names its objects: server-side apply asks
 * for the name also where it creates, so that even `create` is confined to it.
 *
 * `delete` of the configurations is what the OwnerReferencesPermissionEnforcement admission plug-in (on in OpenShift) asks of
 * everybody who changes the owner of an object; the operator deletes none.
 *
 * @param ownerRole the ClusterRole that these rules get into, as `ownerRole` of {@link WebhooksOptions}
 */
export function webhookRules(
  name: string,
  webhooks: readonly Webhook[],
  certificates: 'managed' | 'mounted' = 'managed',
  ownerRole: string = name,
): WebhookRules {
  const watched = ['list', 'watch', 'patch'];
  const crds = (of: readonly Webhook[]) => [...new Set(of.map(({ kind }) => `${kind.plural}.${kind.group}`))];
  const conversions = webhooks.filter(({ role }) => role === 'convert');
  const admissions = webhooks.filter(({ role }) => role !== 'convert');
  const hasSecret = webhooks.length > 0 && certificates === 'managed';
  const configurations = [
    ...(webhooks.some(({ role }) => role === 'validate') ? ['validatingwebhookconfigurations'] : []),
    ...(webhooks.some(({ role }) => role === 'mutate') ? ['mutatingwebhookconfigurations'] : []),
  ];
  return {
    cluster: [
      ...namedRule('admissionregistration.k8s.io', configurations, [name], [...watched, 'create', 'delete']),
      ...namedRule(
        'rbac.authorization.k8s.io',
        configurations.length > 0 ? ['clusterroles'] : [],
        [ownerRole],
        ['get'],
      ),
      ...namedRule('apiextensions.k8s.io', ['customresourcedefinitions'], crds(conversions), watched),
      ...namedRule('apiextensions.k8s.io', ['customresourcedefinitions'], crds(admissions), ['get']),
    ],
    own: hasSecret ? namedRule('', ['secrets'], [webhookSecretName(name)], [...watched, 'create']) : [],
  };
}
