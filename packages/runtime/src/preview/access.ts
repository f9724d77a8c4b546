import { type KubeClient, type ResourceType, SelfSubjectAccessReview } from '@capstan/kube';

/** What one identity may do, asked once per verb, kind and namespace. */
export class Access {
  readonly #client: KubeClient;
  readonly #answers = new Map<string, Promise<boolean>>();

  constructor(client: KubeClient) {
    this.#client = client;
  }

  /**
   * Whether the API server's authorizer lets this identity do it. A refusal of something allowed is then admission's: about
   * the object, and not about who asks.
   */
  allows(verb: string, { group, plural }: ResourceType, namespace: string | undefined): Promise<boolean> {
    const key = `${verb} ${plural}.${group} ${namespace ?? ''}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const answer = this.#ask({ verb, group, resource: plural, ...(namespace !== undefined && { namespace }) });
    this.#answers.set(key, answer);
    return answer;
  }

  async #ask(resourceAttributes: Readonly<Record<string, string>>): Promise<boolean> {
    const review = await this.#client.create(SelfSubjectAccessReview, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      metadata: {},
      spec: { resourceAttributes },
    });
    return review.status?.allowed === true;
  }
}
