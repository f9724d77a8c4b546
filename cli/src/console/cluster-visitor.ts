import {
  type Clock,
  type Connection,
  createClient,
  type KubeClient,
  type KubeObject,
  type ResourceType,
} from '@capstan/kube';
import type { Controller } from '@capstan/runtime';
import { detailOf } from './answers/detail.ts';
import type { PassesReader } from './answers/passes.ts';
import { planOf } from './answers/plan.ts';
import type { Detail, Overview, PlanView, Session } from './api.ts';
import { asRefused, expired, Refused } from './refused.ts';
import type { ObjectAddress, Visitor } from './visitor.ts';
import { ClusterWatch } from './watch/cluster-watch.ts';
import { watchedKinds } from './watch/watched-kinds.ts';

/** What is the same for all visitors of a console. */
export interface ConsoleFacts {
  readonly controllers: readonly Controller[];
  readonly clock: Clock;
  readonly mode: Session['mode'];
  readonly cluster: string;
  /** Of Capstan. */
  readonly version: string;
}

export interface ClusterVisitorOptions extends ConsoleFacts {
  /** Acts with the permissions of the visitor. */
  readonly connection: Connection;
  /** Every namespace unless told. */
  readonly namespace: string | undefined;
  readonly passes: (client: KubeClient) => PassesReader;
}

/** A visitor on a cluster: everything is asked with their own permissions, and nothing is written. */
export class ClusterVisitor implements Visitor, AsyncDisposable {
  readonly #options: ClusterVisitorOptions;
  readonly #client: KubeClient;
  readonly #passes: PassesReader;
  readonly #user: string;
  #following: { readonly watch: ClusterWatch; readonly run: Promise<void> } | undefined;

  private constructor(options: ClusterVisitorOptions, client: KubeClient, user: string) {
    this.#options = options;
    this.#client = client;
    this.#passes = options.passes(client);
    this.#user = user;
  }

  /**
   * Asks the API server who the visitor is.
   * @throws {Refused} 401 when it does not know, 502 when it does not answer
   */
  static async open(options: ClusterVisitorOptions): Promise<ClusterVisitor> {
    const client = createClient(options.connection, { userAgent: 'capstan-console' });
    try {
      return new ClusterVisitor(options, client, await userOf(client));
    } catch (error) {
      await client.close();
      throw refusalFor(options, error);
    }
  }

  /**
   * Makes sure that the API server still takes the credentials.
   * @throws {Refused} 401 when it does not
   */
  async check(): Promise<void> {
    await this.#refusing(userOf(this.#client));
  }

  async session(): Promise<Session> {
    const { mode, cluster, version } = this.#options;
    const kubernetesVersion = await this.#refusing(versionOf(this.#client));
    return { user: this.#user, cluster, mode, kubernetesVersion, version };
  }

  async *overviews(signal: AbortSignal): AsyncGenerator<Overview, void, void> {
    yield* this.#watch().overviews(signal);
  }

  async detail(address: ObjectAddress): Promise<Detail> {
    const watch = this.#watch();
    await watch.ready(AbortSignal.timeout(patienceMs));
    return await this.#refusing(detailOf(address, { client: this.#client, watch, passes: this.#passes }));
  }

  async plan(manifest: string): Promise<PlanView> {
    return await this.#refusing(planOf(manifest, this.#options));
  }

  /** Ends the watches. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#following?.watch.stop();
    await this.#following?.run;
    await this.#client.close();
  }

  async #refusing<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw refusalFor(this.#options, error);
    }
  }

  /** Begins to follow with the first who looks. */
  #watch(): ClusterWatch {
    if (this.#following === undefined) {
      const { controllers, namespace, clock, mode } = this.#options;
      const kinds = watchedKinds(controllers);
      const watch = new ClusterWatch({
        ...{ client: this.#client, kinds, namespace, clock },
        // Credentials of a kubeconfig are renewed elsewhere: what was seen stays, and is told to be old.
        ...(mode === 'token' && { refusal: expired }),
      });
      this.#following = { watch, run: watch.run() };
    }
    return this.#following.watch;
  }
}

/** For the first picture, which is there within 5 s. */
const patienceMs = 10_000;

/** Without a token of their own, a visitor has nothing else to log in with. */
function refusalFor({ mode }: Pick<ConsoleFacts, 'mode'>, error: unknown): unknown {
  const refused = asRefused(error);
  if (mode === 'token' || !(refused instanceof Refused) || refused.status !== 401) return refused;
  return new Refused(502, 'the API server does not know who you are: renew the credentials of your kubeconfig');
}

interface SelfSubjectReview extends KubeObject {
  readonly status?: { readonly userInfo?: { readonly username?: string } };
}

/** Everybody may ask who they are. https://kubernetes.io/docs/reference/access-authn-authz/authentication/#self-subject-review */
const SelfSubjectReview: ResourceType<SelfSubjectReview> = {
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'SelfSubjectReview',
  plural: 'selfsubjectreviews',
  namespaced: false,
};

async function userOf(client: KubeClient): Promise<string> {
  const { group, version, kind } = SelfSubjectReview;
  const body = { apiVersion: `${group}/${version}`, kind, metadata: {} };
  const { status } = await client.create(SelfSubjectReview, body);
  return status?.userInfo?.username ?? 'unknown';
}

async function versionOf(client: KubeClient): Promise<string> {
  const answer = await client.raw('/version');
  const isTold = typeof answer === 'object' && answer !== null && 'gitVersion' in answer;
  return isTold ? String(answer.gitVersion) : 'unknown';
}
