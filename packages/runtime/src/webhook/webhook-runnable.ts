import type { Clock } from '@capstan/kube';
import type { Feed } from '../feed.ts';
import type { ListeningRunnable } from '../observe/metrics-server.ts';
import type { ManagerContext } from '../runnable.ts';
import { CertificateSwap } from './certificate-swap.ts';
import type { Certificates, Offer } from './certificates/certificates.ts';
import { ConfigurationKeeper } from './configuration-keeper.ts';
import { configurationTargets, type TargetOptions, type Trust } from './configuration-target.ts';
import type { Webhook } from './webhook.ts';
import { type WebhookCall, webhookEndpoints } from './webhook-endpoints.ts';
import { WebhookServer } from './webhook-server.ts';

export interface WebhookRunnableOptions {
  readonly bindAddress: string;
  readonly webhooks: readonly Webhook[];
  readonly target: TargetOptions;
  readonly calls: Feed<WebhookCall>;
  readonly certificates: (context: ManagerContext) => Certificates;
  /** `namespace/name` of the cert-manager Certificate that API servers are to trust, where the operator does not say it. */
  readonly injectedFrom?: string | undefined;
  readonly onListening?: ((url: string) => void) | undefined;
}

/**
 * Serves webhooks on every replica, leading or not: the server, its certificates, and what API servers are told of both.
 * It is at work when it listens; certificates and configurations follow as soon as the API server lets them, and again
 * whenever they must.
 */
export class WebhookRunnable implements ListeningRunnable {
  readonly name = 'webhooks';
  readonly #options: WebhookRunnableOptions;
  readonly #server: WebhookServer;
  readonly #certificates: Certificates;
  readonly #keepers: readonly ConfigurationKeeper[];
  readonly #swap: CertificateSwap;
  readonly #end = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: WebhookRunnableOptions, context: ManagerContext) {
    const { bindAddress, webhooks, calls, target, certificates } = options;
    const { client, clock, random, log, fence } = context;
    this.#options = options;
    this.#server = new WebhookServer({
      bindAddress,
      log,
      endpoints: webhookEndpoints({ webhooks, calls, log, clock }),
    });
    this.#certificates = certificates(context);
    this.#swap = this.#makeSwap(clock);
    this.#keepers = configurationTargets(webhooks, target).map(
      (each) =>
        new ConfigurationKeeper({
          client,
          clock,
          random,
          log,
          fence,
          target: each,
          onMended: () => this.#swap.review(),
        }),
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
  }

  async stop(): Promise<void> {
    this.#end.abort();
    this.#swap.close();
    await this.#server.stop();
    await this.#running;
  }

  #makeSwap(clock: Clock): CertificateSwap {
    return new CertificateSwap({
      clock,
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
    const { injectedFrom } = this.#options;
    if (trusted !== undefined) return { trusted };
    return injectedFrom === undefined ? undefined : { injectedFrom };
  }
}
