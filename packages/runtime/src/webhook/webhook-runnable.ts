import type { Clock } from '@capstan/kube';
import type { Logger } from 'pino';
import type { Feed } from '../feed.ts';
import type { ListeningRunnable } from '../observe/metrics-server.ts';
import type { ManagerContext } from '../runnable.ts';
import { CertificateSwap } from './certificate-swap.ts';
import type { Certificates, Offer } from './certificates/certificates.ts';
import { ManagedCertificates } from './certificates/managed-certificates.ts';
import { MountedCertificates } from './certificates/mounted-certificates.ts';
import { ConfigurationKeeper } from './configuration-keeper.ts';
import { ConfigurationOwners } from './configuration-owners.ts';
import { configurationTargets, type Trust, type WebhookAddress } from './configuration-target.ts';
import { type WebhookCall, webhookEndpoints } from './webhook-endpoints.ts';
import { webhookSecretName, webhookServiceName } from './webhook-names.ts';
import { WebhookServer } from './webhook-server.ts';
import type { WebhooksOptions } from './webhooks.ts';

/**
 * Serves webhooks on every replica, leading or not: the server, its certificates, and what API servers are told of both.
 * It is at work when it listens; certificates and configurations follow as soon as the API server lets them, and again
 * whenever they must.
 */
export class WebhookRunnable implements ListeningRunnable {
  readonly name = 'webhooks';
  readonly #options: WebhooksOptions;
  readonly #server: WebhookServer;
  readonly #certificates: Certificates;
  readonly #keepers: readonly ConfigurationKeeper[];
  readonly #swap: CertificateSwap;
  readonly #log: Logger;
  /** The operator's own. */
  readonly #namespace: string;
  readonly #end = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  /** @throws {TypeError} for two webhooks of one role and kind, or an address that cannot be read */
  constructor(
    options: WebhooksOptions & { readonly bindAddress: string },
    calls: Feed<WebhookCall>,
    context: ManagerContext,
  ) {
    const { name, namespace = context.connection.namespace, namespaces, bindAddress, webhooks } = options;
    const { client, clock, random, log, fence } = context;
    const address = options.address ?? { service: { namespace, name: webhookServiceName(name), port: 443 } };
    this.#options = options;
    this.#log = log;
    this.#namespace = namespace;
    this.#server = new WebhookServer({
      bindAddress,
      log,
      endpoints: webhookEndpoints({ webhooks, calls, log, clock }),
    });
    this.#certificates = certificatesFor({ ...options, namespace }, address, context);
    this.#swap = this.#makeSwap(clock, log);
    const onMended = () => this.#swap.review();
    const owners = new ConfigurationOwners(client, options.ownerRole ?? name, log);
    this.#keepers = configurationTargets(webhooks, { name, namespace, namespaces, address }).map(
      (target) => new ConfigurationKeeper({ client, clock, random, log, fence, target, owners, onMended }),
    );
  }

  get url(): string | undefined {
    return this.#server.port === undefined ? undefined : `https://127.0.0.1:${this.#server.port}`;
  }

  /** What is not as it should be, for readiness; `undefined` when all is well. */
  get problem(): string | undefined {
    return (
      this.#swap.problem ??
      this.#certificates.problem ??
      this.#keepers.map(({ problem }) => problem).find((problem) => problem !== undefined)
    );
  }

  async start(): Promise<void> {
    await this.#server.start();
    const { signal } = this.#end;
    this.#running = Promise.all([
      this.#certificates.run(signal, (offer) => this.#offered(offer)),
      ...this.#keepers.map((keeper) => keeper.run(signal)),
    ]);
    if (this.url !== undefined) this.#options.onListening?.(this.url);
    if (this.#options.webhooks.some(({ role }) => role !== 'convert'))
      this.#log.info(
        { namespace: this.#namespace },
        'no webhook is asked about objects in the namespace of the operator',
      );
  }

  async stop(): Promise<void> {
    this.#end.abort();
    this.#swap.close();
    await this.#server.stop();
    await this.#running;
  }

  #makeSwap(clock: Clock, log: Logger): CertificateSwap {
    return new CertificateSwap({
      clock,
      log,
      use: (leaf) => this.#server.use(leaf),
      isTrusted: (trusted) => {
        const trust = this.#trustFor(trusted);
        return trust === undefined || this.#keepers.every((keeper) => keeper.isTrusting(trust));
      },
    });
  }

  #offered(offer: Offer): void {
    const trust = this.#trustFor(offer.trusted);
    if (trust !== undefined) for (const keeper of this.#keepers) keeper.want(trust);
    this.#swap.offer(offer);
  }

  #trustFor(trusted: readonly string[] | undefined): Trust | undefined {
    const { injectedFrom } = this.#options.mounted ?? {};
    if (trusted !== undefined) return { trusted };
    return injectedFrom === undefined ? undefined : { injectedFrom };
  }
}

function certificatesFor(
  { name, namespace, mounted }: WebhooksOptions & { readonly namespace: string },
  address: WebhookAddress,
  { client, clock, random, log }: ManagerContext,
): Certificates {
  if (mounted !== undefined) return new MountedCertificates({ directory: mounted.directory, clock, log });
  const secret = { namespace, name: webhookSecretName(name) };
  return new ManagedCertificates({ client, clock, random, log, name, secret, hosts: hostsOf(address) });
}

/** By which names API servers call, and so for which the certificate must be. */
function hostsOf(address: WebhookAddress): readonly [string, ...string[]] {
  if ('url' in address) return [new URL(address.url).hostname];
  const { namespace, name } = address.service;
  return [`${name}.${namespace}.svc`, `${name}.${namespace}.svc.cluster.local`];
}
