import { createHash } from 'node:crypto';
import { type Clock, type KubeClient, type PolicyRule, SubjectAccessReview, TokenReview } from '@capstan/kube';
import { type Millis, seconds } from '../../duration.ts';
import { HttpRefusal, type HttpRequest } from './http-server.ts';

/** How long an answer of the API server is believed: a scrape every few seconds is no request each. A "no" may soon be a "yes". */
const believed: { readonly yes: Millis; readonly no: Millis } = { yes: seconds(60), no: seconds(10) };

/** More askers than anybody has; beyond it the oldest answer is asked for again. */
const mostAnswers = 1_000;

/** How long the API server may take, in ms. */
const timeoutMs = seconds(10);

type Verdict = { readonly status: 200 } | { readonly status: 401 | 403; readonly message: string };

interface Answer {
  readonly verdict: Promise<Verdict>;
  until: number;
}

/** What a service account needs that checks others with {@link TokenAuthentication}. */
export const tokenAuthenticationRules: readonly PolicyRule[] = [
  { apiGroups: ['authentication.k8s.io'], resources: ['tokenreviews'], verbs: ['create'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
];

/**
 * Lets in who the API server knows and lets do this: bearer tokens are shown to it (TokenReview), and their owners need
 * the permission for the path (SubjectAccessReview; a rule with `nonResourceURLs`), as kube components and
 * controller-runtime do it. Answers are believed for a minute; tokens are kept as digests only.
 */
export class TokenAuthentication {
  readonly #client: KubeClient;
  readonly #clock: Clock;
  readonly #answers = new Map<string, Answer>();

  constructor(client: KubeClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** @throws {HttpRefusal} 401 without a valid token, 403 without the permission, 503 when the API server cannot be asked */
  async check({ headers, method, path }: HttpRequest): Promise<void> {
    const token = /^bearer +(\S+)$/i.exec(String(headers['authorization'] ?? ''))?.[1];
    if (token === undefined) throw refusal(401, 'send a bearer token of the cluster: Authorization: Bearer <token>');
    const verdict = await this.#verdict(token, method.toLowerCase(), path);
    if (verdict.status !== 200) throw refusal(verdict.status, verdict.message);
  }

  async #verdict(token: string, verb: string, path: string): Promise<Verdict> {
    const key = createHash('sha256')
      .update(JSON.stringify([token, verb, path]))
      .digest('base64');
    const known = this.#answers.get(key);
    if (known !== undefined && this.#clock.monotonic() < known.until) return known.verdict;
    const answer: Answer = { verdict: this.#ask(token, verb, path), until: Number.POSITIVE_INFINITY };
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    this.#forgetOldest();
    try {
      const verdict = await answer.verdict;
      answer.until = this.#clock.monotonic() + (verdict.status === 200 ? believed.yes : believed.no);
      return verdict;
    } catch (cause) {
      this.#answers.delete(key);
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new HttpRefusal(503, `the API server could not be asked who this is: ${why}`);
    }
  }

  async #ask(token: string, verb: string, path: string): Promise<Verdict> {
    const { status } = await this.#client.create(
      TokenReview,
      { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', metadata: {}, spec: { token } },
      { timeoutMs },
    );
    const user = status?.user;
    if (status?.authenticated !== true || user === undefined)
      return { status: 401, message: 'the API server does not know this token, or it has expired' };
    const { username, uid, groups, extra } = user;
    const spec = {
      ...(username !== undefined && { user: username }),
      ...(uid !== undefined && { uid }),
      ...(groups !== undefined && { groups }),
      ...(extra !== undefined && { extra }),
      nonResourceAttributes: { path, verb },
    };
    const access = await this.#client.create(
      SubjectAccessReview,
      { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {}, spec },
      { timeoutMs },
    );
    if (access.status?.allowed === true) return { status: 200 };
    const rule = `nonResourceURLs: ["${path}"], verbs: ["${verb}"]`;
    return { status: 403, message: `${username} may not ${verb} ${path}: grant it a ClusterRole with ${rule}` };
  }

  #forgetOldest(): void {
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > mostAnswers && oldest !== undefined) this.#answers.delete(oldest);
  }
}

function refusal(status: 401 | 403, message: string): HttpRefusal {
  return new HttpRefusal(status, message, status === 401 ? { 'www-authenticate': 'Bearer' } : {});
}
